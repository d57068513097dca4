#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <curl/curl.h>

#include "base/buf.h"
#include "net/mail.h"

#define MESSAGE_MAX (8 << 20)
#define ADDRESS 320

struct post {
	CURL *easy;
	struct curl_slist *to;
	struct buf text;		/* with CR LF */
	size_t at;
	bool only_here;			/* no TLS: not over the net */
	bool went_out;			/* an address that is not here */
};

static bool
is_here(const struct curl_sockaddr *to)
{
	struct sockaddr_in6 six;
	struct sockaddr_in four;

	if (to->family == AF_INET && to->addrlen >= sizeof(four)) {
		memcpy(&four, &to->addr, sizeof(four));
		return ntohl(four.sin_addr.s_addr) >> 24 == 127;
	}
	if (to->family != AF_INET6)
		return false;
	/* addr has room for more than a struct sockaddr. */
	memcpy(&six, (const void *)&to->addr, sizeof(six));
	return IN6_IS_ADDR_LOOPBACK(&six.sin6_addr);
}

static curl_socket_t
open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *to)
{
	struct post *p = arg;
	int fd;

	(void)purpose;
	if (p->only_here && !is_here(to)) {
		p->went_out = true;
		return CURL_SOCKET_BAD;
	}
	fd = socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
	return fd < 0 ? CURL_SOCKET_BAD : fd;
}

static size_t
give(char *to, size_t one, size_t n, void *arg)
{
	struct post *p = arg;
	size_t left = p->text.len - p->at, room = one * n;

	if (left > room)
		left = room;
	memcpy(to, p->text.data + p->at, left);
	p->at += left;
	return left;
}

/* Nothing of what a server says is ours to print. */
static size_t
ignore(char *data, size_t one, size_t n, void *arg)
{
	(void)data;
	(void)arg;
	return one * n;
}

#define SET(option, value) \
	(void)(bad = bad ? bad : curl_easy_setopt(p->easy, option, value))

static CURLcode
set(struct post *p, const struct mail_how *h, const char *from)
{
	CURLcode bad = CURLE_OK;

	SET(CURLOPT_NOSIGNAL, 1L);
	SET(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	SET(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
	SET(CURLOPT_PROXY, "");
	SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	SET(CURLOPT_URL, h->url);
	SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	SET(CURLOPT_CONNECTTIMEOUT_MS, (long)h->total_ms);
	SET(CURLOPT_TIMEOUT_MS, (long)h->total_ms);
	SET(CURLOPT_MAIL_FROM, from);
	SET(CURLOPT_MAIL_RCPT, p->to);
	SET(CURLOPT_UPLOAD, 1L);
	SET(CURLOPT_INFILESIZE_LARGE, (curl_off_t)p->text.len);
	SET(CURLOPT_READFUNCTION, give);
	SET(CURLOPT_READDATA, (void *)p);
	SET(CURLOPT_WRITEFUNCTION, ignore);
	SET(CURLOPT_OPENSOCKETFUNCTION, open_socket);
	SET(CURLOPT_OPENSOCKETDATA, (void *)p);
	SET(CURLOPT_USE_SSL, p->only_here ? (long)CURLUSESSL_NONE :
	    (long)CURLUSESSL_ALL);
	if (h->ca_file) {
		SET(CURLOPT_CAINFO, h->ca_file);
		SET(CURLOPT_CAPATH, NULL);
	}
	if (h->user) {
		SET(CURLOPT_USERNAME, h->user);
		SET(CURLOPT_PASSWORD, h->password);
	}
	return bad;
}

static void
wrap(char out[ADDRESS], const char *address)
{
	snprintf(out, ADDRESS, "<%s>", address);
}

static void
add_lines(struct buf *out, const struct mail *m)
{
	size_t i;

	for (i = 0; i < m->n; i++) {
		if (m->text[i] == '\n')
			buf_addc(out, '\r');
		buf_addc(out, m->text[i]);
	}
}

/* The address may only be known once it is called: then TLS is insisted on. */
static int
run(struct post *p, const struct mail_how *h, const char *from, bool only_here,
    struct err *e)
{
	CURLcode bad;
	long code = 0;

	p->at = 0;
	p->only_here = only_here;
	p->went_out = false;
	curl_easy_reset(p->easy);
	bad = set(p, h, from);
	if (!bad)
		bad = curl_easy_perform(p->easy);
	if (!bad)
		return 0;
	curl_easy_getinfo(p->easy, CURLINFO_RESPONSE_CODE, &code);
	if (code >= 400)
		return err_set(e, E_not_delivered, "the mail server says %ld",
		    code);
	return err_set(e, E_not_delivered, "no mail server: %s",
	    curl_easy_strerror(bad));
}

static int
deliver(struct post *p, const struct mail_how *h, const char *from,
    struct err *e)
{
	bool plain = !strncasecmp(h->url, "smtp://", 7);

	if (!plain || run(p, h, from, true, e)) {
		if (plain && !p->went_out)
			return -1;
		return run(p, h, from, false, e);
	}
	return 0;
}

int
mail_url(const char *url, struct err *e)
{
	return strncasecmp(url, "smtp://", 7) &&
	    strncasecmp(url, "smtps://", 8) ? err_set(e, E_bad_conf,
	    "a mail server is smtp:// or smtps:// and a host") : 0;
}

int
mail_send(const struct mail_how *h, const struct mail *m, struct err *e)
{
	struct post p = { .text = BUF_INIT(MESSAGE_MAX) };
	char from[ADDRESS], to[ADDRESS];
	int rc;

	if (mail_url(h->url, e))
		return -1;
	if (curl_global_init(CURL_GLOBAL_DEFAULT))
		return err_set(e, E_io_error, "cannot set libcurl up");
	wrap(from, m->from);
	wrap(to, m->to);
	add_lines(&p.text, m);
	p.to = curl_slist_append(NULL, to);
	p.easy = curl_easy_init();
	rc = !p.to || !p.easy || p.text.full ? err_set(e, E_io_error,
	    "cannot set libcurl up") : deliver(&p, h, from, e);
	if (p.easy)
		curl_easy_cleanup(p.easy);
	curl_slist_free_all(p.to);
	buf_release(&p.text);
	curl_global_cleanup();
	return rc;
}
