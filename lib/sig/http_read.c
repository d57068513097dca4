#include <string.h>

#include "sig/http.h"

#define TCHAR "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" \
    "0123456789!#$%&'*+-.^_`|~"
#define HOST "abcdefghijklmnopqrstuvwxyz0123456789-._~%[]:"
#define DIGITS "0123456789"

static void
lower(char *s)
{
	for (; *s; s++)
		if (*s >= 'A' && *s <= 'Z')
			*s = (char)(*s - 'A' + 'a');
}

/* Without the port that the scheme has anyway. */
static bool
set_authority(struct http_base *b, const char *text, size_t n)
{
	const char *port = !strcmp(b->scheme, "https") ? ":443" : ":80";
	size_t tail = strlen(port);

	if (!n || n >= sizeof(b->authority))
		return false;
	memcpy(b->authority, text, n);
	b->authority[n] = '\0';
	lower(b->authority);
	if (n > tail && !strcmp(b->authority + n - tail, port))
		b->authority[n - tail] = '\0';
	return *b->authority && *b->authority != ':' &&
	    strspn(b->authority, HOST) == strlen(b->authority);
}

/* What a target may be: visible ASCII, and no fragment. */
static bool
is_target(const char *s)
{
	if (*s != '/')
		return false;
	for (; *s; s++)
		if (*s <= ' ' || *s > '~' || *s == '#')
			return false;
	return true;
}

int
http_url(struct http_base *out, const char **target, const char *url,
    struct err *e)
{
	struct http_base b = { .scheme = "https" };
	const char *host = url + strlen("https://");
	size_t n;

	if (!strncmp(url, "http://", 7)) {
		memcpy(b.scheme, "http", 5);
		host = url + strlen("http://");
	} else if (strncmp(url, "https://", 8)) {
		host = url + strlen(url);
	}
	n = strcspn(host, "/?#");
	if (!set_authority(&b, host, n) || host[n] == '?' || host[n] == '#' ||
	    (host[n] && !is_target(host + n)) || strlen(url) > HTTP_URL)
		return err_set(e, E_bad_request, "'%.80s' is not a URL such "
		    "as https://node.example/path", url);
	*target = host[n] ? host + n : "/";
	*out = b;
	return 0;
}

/* Cut the next line off the text: its start, or NULL. */
static char *
line(char **at, const char *end)
{
	char *start = *at, *feed = memchr(start, '\n', (size_t)(end - start));

	if (!feed)
		return NULL;
	*at = feed + 1;
	if (feed > start && feed[-1] == '\r')
		feed--;
	*feed = '\0';
	return strlen(start) == (size_t)(feed - start) &&
	    !strchr(start, '\r') ? start : NULL;
}

static int
request_line(struct http_request *r, char *s, struct err *e)
{
	struct http_base ignored;
	char *target, *version;

	target = s ? strchr(s, ' ') : NULL;
	version = target ? strchr(target + 1, ' ') : NULL;
	if (!version || target == s || (strcmp(version + 1, "HTTP/1.1") &&
	    strcmp(version + 1, "HTTP/1.0")))
		return err_set(e, E_bad_request, "the first line is not a "
		    "request's: METHOD /path HTTP/1.1");
	*target++ = *version = '\0';
	r->method = s;
	r->target = target;
	if (strspn(s, TCHAR) != strlen(s) || strlen(target) > HTTP_URL)
		return err_set(e, E_bad_request, "'%.20s' is not a method, or "
		    "the target is too long", s);
	return is_target(target) ? 0 :
	    http_url(&ignored, &r->target, target, e);
}

/* name: value, without blanks around the value. */
static int
field_line(struct http_request *r, char *s, struct err *e)
{
	char *colon = strchr(s, ':'), *value, *end;

	if (!colon || colon == s ||
	    strspn(s, TCHAR) != (size_t)(colon - s))
		return err_set(e, E_bad_request, "'%.40s' is not a field", s);
	if (r->fields == HTTP_FIELDS)
		return err_set(e, E_bad_request, "over %d fields",
		    HTTP_FIELDS);
	*colon = '\0';
	lower(s);
	value = colon + 1 + strspn(colon + 1, " \t");
	for (end = value + strlen(value); end > value &&
	    (end[-1] == ' ' || end[-1] == '\t'); end--)
		;
	*end = '\0';
	for (end = value; *end; end++)
		if ((unsigned char)*end < ' ' && *end != '\t')
			return err_set(e, E_bad_request, "the field '%.40s' "
			    "has a control character", s);
	r->field[r->fields++] = (struct http_field){ s, value };
	return 0;
}

static const char *
only(const struct http_request *r, const char *name, size_t *count)
{
	const char *value = NULL;
	size_t i;

	*count = 0;
	for (i = 0; i < r->fields; i++)
		if (!strcmp(r->field[i].name, name)) {
			value = r->field[i].value;
			(*count)++;
		}
	return value;
}

/* The content is all the rest, and as long as the request says. */
static int
check_body(const struct http_request *r, struct err *e)
{
	const char *length;
	size_t count, n = 0;

	only(r, "transfer-encoding", &count);
	if (count)
		return err_set(e, E_bad_request, "a transfer coding: give the "
		    "content as it is, with Content-Length");
	only(r, "host", &count);
	if (count > 1)
		return err_set(e, E_bad_request, "more than one Host");
	length = only(r, "content-length", &count);
	if (!count)
		return 0;
	if (count > 1 || !*length || strlen(length) > 9 ||
	    strspn(length, DIGITS) != strlen(length))
		return err_set(e, E_bad_request, "Content-Length is not one "
		    "number");
	for (; *length; length++)
		n = 10 * n + (size_t)(*length - '0');
	return n == r->body_n ? 0 : err_set(e, E_bad_request, "Content-Length "
	    "is %zu, but there are %zu bytes", n, r->body_n);
}

int
http_read(struct http_request *out, struct buf *text, struct err *e)
{
	struct http_request r = { .body_n = 0 };
	char *at = text->data, *s;
	const char *end = text->data + text->len;

	if (request_line(&r, line(&at, end), e))
		return -1;
	for (;;) {
		s = line(&at, end);
		if (!s || at - text->data > HTTP_HEAD)
			return err_set(e, E_bad_request, "the fields do not "
			    "end in an empty line, or are over %d bytes",
			    HTTP_HEAD);
		if (!*s)
			break;
		if (*s == ' ' || *s == '\t')
			return err_set(e, E_bad_request, "a folded field");
		if (field_line(&r, s, e))
			return -1;
	}
	r.body = at;
	r.body_n = (size_t)(end - at);
	if (check_body(&r, e))
		return -1;
	*out = r;
	return 0;
}

void
http_at(struct http_request *r, const struct http_base *base, size_t n)
{
	const struct http_base *b = base;
	struct http_base named = { .scheme = "https" };
	const char *host;
	size_t i, count;

	host = only(r, "host", &count);
	for (i = 0; host && i < n; i++) {
		memcpy(named.scheme, base[i].scheme, sizeof(named.scheme));
		if (set_authority(&named, host, strlen(host)) &&
		    !strcmp(named.authority, base[i].authority)) {
			b = base + i;
			break;
		}
	}
	memcpy(r->scheme, b->scheme, sizeof(r->scheme));
	memcpy(r->authority, b->authority, sizeof(r->authority));
}
