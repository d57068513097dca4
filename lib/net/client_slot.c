#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/addr.h"
#include "base/clock.h"
#include "net/client_impl.h"

#define HEADS_MOST (16 * 1024)	/* bytes of fields, as of requests to us */
#define BUFFER 4096L		/* libcurl's own, for each connection */

/* --- what libcurl calls back ---------------------------------------------- */

/* The address, as text and as what may be called or not. */
static bool
name_address(struct client_slot *s, const struct curl_sockaddr *to,
    struct addr *out)
{
	struct sockaddr_in6 six;
	struct sockaddr_in four;

	*out = (struct addr){ 0 };
	if (to->family == AF_INET && to->addrlen >= sizeof(four)) {
		memcpy(&four, &to->addr, sizeof(four));
		memcpy(out->b, &four.sin_addr, 4);
	} else if (to->family == AF_INET6) {
		/* addr has room for more than a struct sockaddr. */
		memcpy(&six, (const void *)&to->addr, sizeof(six));
		memcpy(out->b, &six.sin6_addr, 16);
		out->six = true;
	} else {
		return false;
	}
	return inet_ntop(to->family, out->b, s->ip, sizeof(s->ip)) != NULL;
}

static bool
is_ours(int errnum)
{
	return errnum == EMFILE || errnum == ENFILE || errnum == ENOBUFS ||
	    errnum == ENOMEM || errnum == EPERM || errnum == EACCES;
}

/*
 * Here the address is known that the connection is going to: no answer of the
 * DNS can be another one later.  The first is the only one.
 */
static curl_socket_t
open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *to)
{
	struct client_slot *s = arg;
	struct addr addr;
	int fd;

	(void)purpose;
	if (s->opened || s->forbidden)
		return CURL_SOCKET_BAD;
	if (!name_address(s, to, &addr) ||
	    (!s->how->allow_private && !addr_global(&addr))) {
		s->forbidden = true;
		return CURL_SOCKET_BAD;
	}
	s->opened = true;
	fd = socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
	s->fd = fd;
	if (fd < 0 && is_ours(errno))
		s->local = errno;
	return fd < 0 ? CURL_SOCKET_BAD : fd;
}

static size_t
take_field(char *data, size_t one, size_t n, void *arg)
{
	struct client_slot *s = arg;

	(void)data;
	s->heads += one * n;
	s->flooded = s->heads > HEADS_MOST;
	return s->flooded ? 0 : one * n;
}

static size_t
take_body(char *data, size_t one, size_t n, void *arg)
{
	struct client_slot *s = arg;

	s->large = one * n > s->how->body_max - s->body.len;
	if (s->large)
		return 0;
	buf_add(&s->body, data, one * n);
	return one * n;
}

/* --- a handle ------------------------------------------------------------- */

/* One that was refused refuses the slot. */
#define SET(option, value) \
	(void)(bad = bad ? bad : curl_easy_setopt(s->easy, option, value))

static CURLcode
set_calls(struct client_slot *s)
{
	CURLcode bad = CURLE_OK;

	SET(CURLOPT_PRIVATE, (void *)s);
	SET(CURLOPT_ERRORBUFFER, s->why);
	SET(CURLOPT_OPENSOCKETFUNCTION, open_socket);
	SET(CURLOPT_OPENSOCKETDATA, (void *)s);
	SET(CURLOPT_HEADERFUNCTION, take_field);
	SET(CURLOPT_HEADERDATA, (void *)s);
	SET(CURLOPT_WRITEFUNCTION, take_body);
	SET(CURLOPT_WRITEDATA, (void *)s);
	return bad;
}

/*
 * Sessions of TLS are not taken up again, or no certificate would be shown.
 * A name that is still being looked up when time is over is left to its
 * thread: libcurl would wait for that, and everybody with it.
 */
static CURLcode
set_how(struct client_slot *s, const struct curl_slist *fields)
{
	const struct client_how *h = s->how;
	CURLcode bad = CURLE_OK;

	SET(CURLOPT_NOSIGNAL, 1L);
	SET(CURLOPT_QUICK_EXIT, 1L);
	SET(CURLOPT_PROTOCOLS_STR, "http,https");
	SET(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
	SET(CURLOPT_PROXY, "");
	SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	SET(CURLOPT_FOLLOWLOCATION, 0L);
	SET(CURLOPT_HTTP_CONTENT_DECODING, 0L);
	SET(CURLOPT_FRESH_CONNECT, 1L);
	SET(CURLOPT_FORBID_REUSE, 1L);
	SET(CURLOPT_DNS_CACHE_TIMEOUT, 0L);
	SET(CURLOPT_SSL_SESSIONID_CACHE, 0L);
	SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	SET(CURLOPT_CERTINFO, 1L);
	SET(CURLOPT_BUFFERSIZE, BUFFER);
	SET(CURLOPT_TCP_NODELAY, 0L);	/* there is but one thing to say */
	SET(CURLOPT_HAPPY_EYEBALLS_TIMEOUT_MS, (long)h->total_ms);
	SET(CURLOPT_CONNECTTIMEOUT_MS, (long)h->connect_ms);
	SET(CURLOPT_TIMEOUT_MS, (long)h->total_ms);
	SET(CURLOPT_HTTPHEADER, fields);
	if (h->agent)
		SET(CURLOPT_USERAGENT, h->agent);
	if (h->post) {
		SET(CURLOPT_POST, 1L);
		SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)h->post_n);
		SET(CURLOPT_POSTFIELDS, h->post);
	}
	if (h->ca_file) {
		SET(CURLOPT_CAINFO, h->ca_file);
		SET(CURLOPT_CAPATH, NULL);
	}
	return bad;
}

int
client_slot_open(struct client_slot *s, const struct client_how *how,
    const struct curl_slist *fields, struct err *e)
{
	CURLcode bad;

	*s = (struct client_slot){
		.how = how, .fields = fields,
		.url = BUF_INIT(CLIENT_URL), .body = BUF_INIT(how->body_max),
		.easy = curl_easy_init(),
	};
	if (!s->easy)
		return err_set(e, E_io_error, "cannot set libcurl up");
	bad = set_calls(s);
	if (!bad)
		bad = set_how(s, fields);
	return bad ? err_set(e, E_io_error, "cannot set libcurl up: %s",
	    curl_easy_strerror(bad)) : 0;
}

void
client_slot_close(struct client_slot *s)
{
	if (s->easy)
		curl_easy_cleanup(s->easy);
	curl_slist_free_all(s->own);
	buf_release(&s->url);
	buf_release(&s->body);
}

static CURLcode
add_own(struct client_slot *s, const char *line)
{
	struct curl_slist *more = curl_slist_append(s->own, line);

	if (more)
		s->own = more;
	return more ? CURLE_OK : CURLE_OUT_OF_MEMORY;
}

/* Those of all asks, and its own. */
static CURLcode
set_own(struct client_slot *s, const char *const *fields)
{
	const struct curl_slist *all = s->fields;
	CURLcode bad = CURLE_OK;

	curl_slist_free_all(s->own);
	s->own = NULL;
	for (; !bad && fields && *fields; fields++)
		bad = add_own(s, *fields);
	for (; !bad && s->own && all; all = all->next)
		bad = add_own(s, all->data);
	SET(CURLOPT_HTTPHEADER, s->own ? s->own : s->fields);
	return bad;
}

int
client_slot_aim(struct client_slot *s, const struct client_ask *ask,
    struct err *e)
{
	static const long resolve[] = { CURL_IPRESOLVE_WHATEVER,
	    CURL_IPRESOLVE_V4, CURL_IPRESOLVE_V6 };
	CURLcode bad = set_own(s, ask->fields);

	buf_reset(&s->body);
	s->heads = 0;
	s->opened = s->forbidden = s->large = s->flooded = false;
	s->local = 0;
	s->fd = -1;
	s->ip[0] = s->why[0] = '\0';
	SET(CURLOPT_URL, s->url.data);
	SET(CURLOPT_IPRESOLVE, resolve[ask->family]);
	return bad ? err_set(e, E_io_error, "cannot ask: %s",
	    curl_easy_strerror(bad)) : 0;
}

/* --- an answer ------------------------------------------------------------ */

/* "Nov 20 23:50:56 2026 GMT" */
static int64_t
read_date(const char *text)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	char month[4], iso[CLOCK_TEXT];
	unsigned day, hour, minute, second, year;
	struct err ignored = { 0 };
	const char *at;
	int64_t ms;

	if (sscanf(text, "%3s %2u %2u:%2u:%2u %4u GMT", month, &day, &hour,
	    &minute, &second, &year) != 6)
		return 0;
	at = strstr(months, month);
	if (!at || (at - months) % 3)
		return 0;
	snprintf(iso, sizeof(iso), "%04u-%02u-%02uT%02u:%02u:%02uZ", year,
	    (unsigned)(at - months) / 3 + 1, day, hour, minute, second);
	return clock_parse(iso, &ms, &ignored) ? 0 : ms;
}

/* Of the first in the chain, which is the server's own. */
static int64_t
certificate_ends(CURL *easy)
{
	static const char label[] = "Expire date:";
	struct curl_certinfo *info = NULL;
	const struct curl_slist *line;

	if (curl_easy_getinfo(easy, CURLINFO_CERTINFO, &info) || !info ||
	    info->num_of_certs < 1)
		return 0;
	for (line = info->certinfo[0]; line; line = line->next)
		if (!strncmp(line->data, label, sizeof(label) - 1))
			return read_date(line->data + sizeof(label) - 1);
	return 0;
}

static int64_t
moment(CURL *easy, CURLINFO what)
{
	curl_off_t us = 0;

	return curl_easy_getinfo(easy, what, &us) ? 0 : (int64_t)us;
}

static int64_t
between(int64_t from, int64_t to)
{
	return to <= 0 ? -1 : to > from ? to - from : 0;
}

/* Is the host an address, for which nobody is asked? */
static bool
is_literal(const char *url)
{
	const char *host = strstr(url, "://");
	char text[CLIENT_IP];
	struct addr ignored;
	size_t n;

	if (!host || host[3] == '[')
		return host != NULL;
	n = strcspn(host += 3, ":/?");
	if (n >= sizeof(text))
		return false;
	memcpy(text, host, n);
	text[n] = '\0';
	return addr_read(&ignored, text);
}

/* libcurl counts each from the beginning. */
static void
measure(const struct client_slot *s, struct client_answer *a)
{
	CURL *easy = s->easy;
	int64_t dns = moment(easy, CURLINFO_NAMELOOKUP_TIME_T);
	int64_t connect = moment(easy, CURLINFO_CONNECT_TIME_T);
	int64_t tls = moment(easy, CURLINFO_APPCONNECT_TIME_T);
	int64_t first = moment(easy, CURLINFO_STARTTRANSFER_TIME_T);

	a->dns_us = is_literal(s->url.data) ? -1 : between(0, dns);
	a->connect_us = between(dns, connect);
	a->tls_us = between(connect, tls);
	a->first_us = between(tls > connect ? tls : connect, first);
	a->total_us = moment(easy, CURLINFO_TOTAL_TIME_T);
}

static enum client_end
end_of(const struct client_slot *s, CURLcode code,
    const struct client_answer *a)
{
	if (s->forbidden)
		return CLIENT_FORBIDDEN;
	if (s->large)
		return CLIENT_LARGE;
	switch (code) {
	case CURLE_OK:
		return a->status ? CLIENT_ANSWERED : CLIENT_BROKEN;
	case CURLE_UNSUPPORTED_PROTOCOL:
		/* Also of a server that speaks no HTTP. */
		return s->opened ? CLIENT_BROKEN : CLIENT_FORBIDDEN;
	case CURLE_URL_MALFORMAT:
	case CURLE_LOGIN_DENIED:
		return CLIENT_FORBIDDEN;
	case CURLE_COULDNT_RESOLVE_HOST:
		return CLIENT_DNS;
	case CURLE_COULDNT_CONNECT:
		/* Or an address is not of the family that is wanted. */
		return s->opened ? CLIENT_CONNECT : CLIENT_DNS;
	case CURLE_OPERATION_TIMEDOUT:
		return s->opened ? CLIENT_TIMEOUT : CLIENT_DNS;
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CIPHER:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_SSL_INVALIDCERTSTATUS:
		return CLIENT_TLS;
	default:
		return CLIENT_BROKEN;
	}
}

/* Cut off within the handshake, which libcurl tells as it does later on. */
static bool
is_cut_handshake(const struct client_slot *s, const struct client_answer *a)
{
	return a->end == CLIENT_BROKEN && a->connect_us >= 0 &&
	    a->tls_us < 0 && !strncmp(s->url.data, "https:", 6);
}

/* Names are looked up by threads, and what there was none for is no name. */
static bool
lacks_thread(const struct client_slot *s, CURLcode code)
{
	return code == CURLE_COULDNT_RESOLVE_HOST &&
	    strstr(s->why, "thread failed to start");
}

bool
client_slot_short(const struct client_slot *s, CURLcode code)
{
	return s->local == EMFILE || s->local == ENFILE ||
	    s->local == ENOBUFS || s->local == ENOMEM ||
	    lacks_thread(s, code);
}

/*
 * Is it this machine that fails?  libcurl takes a field that is longer than it
 * will hold for a lack of memory: that is the server's.
 */
static bool
is_here(const struct client_slot *s, CURLcode code)
{
	return s->local || lacks_thread(s, code) ||
	    code == CURLE_SSL_CACERT_BADFILE || code == CURLE_FAILED_INIT ||
	    (code == CURLE_OUT_OF_MEMORY &&
	    moment(s->easy, CURLINFO_PRETRANSFER_TIME_T) <= 0);
}

static int
fail_here(const struct client_slot *s, CURLcode code, struct err *e)
{
	if (s->local) {
		errno = s->local;
		return err_sys(e, "cannot open a socket");
	}
	if (code == CURLE_SSL_CACERT_BADFILE)
		return err_set(e, E_no_file, "cannot read authorities from "
		    "'%s'", s->how->ca_file ? s->how->ca_file : "");
	return err_set(e, E_io_error, "cannot ask: %s",
	    *s->why ? s->why : curl_easy_strerror(code));
}

int
client_slot_answer(struct client_slot *s, CURLcode code,
    struct client_answer *a, struct err *e)
{
	long status = 0;

	*a = (struct client_answer){ .began_us = s->began_us };
	if (is_here(s, code))
		return fail_here(s, code, e);
	if (!curl_easy_getinfo(s->easy, CURLINFO_RESPONSE_CODE, &status))
		a->status = (int)status;
	memcpy(a->ip, s->ip, sizeof(a->ip));
	measure(s, a);
	a->end = end_of(s, code, a);
	if (is_cut_handshake(s, a))
		a->end = CLIENT_TLS;
	if (a->end == CLIENT_FORBIDDEN)
		a->dns_us = a->connect_us = a->total_us = -1;
	if (a->tls_us >= 0)
		a->cert_ends_ms = certificate_ends(s->easy);
	a->body = s->body.data;
	a->n = s->body.len;
	return 0;
}
