/* Fields of replies, and those of requests that are nobody's but ours. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "api/impl.h"
#include "base/id.h"

static bool
is_visible(const char *s)
{
	size_t n = 0;

	while (s[n] > ' ' && s[n] < 0x7f)
		n++;
	return n && n <= 128 && !s[n];
}

/* A UUID of version 4 (RFC 9562, 5.4). */
static void
make_id(char out[129], struct chance *chance)
{
	unsigned char b[16];

	chance_bytes(chance, b, sizeof(b));
	b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
	b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
	id_text(out, b);
}

void
head_request_id(char out[129], struct chance *chance,
    const struct net_head *h)
{
	const char *given = h ? net_field(h, "x-request-id") : NULL;

	if (given && is_visible(given))
		snprintf(out, 129, "%s", given);
	else
		make_id(out, chance);
}

/* host[:port] without its port. */
static size_t
name_len(const char *host)
{
	return *host == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":");
}

bool
head_is_here(const struct net_head *h)
{
	static const char *const here[] = {
		"localhost", "127.0.0.1", "[::1]",
	};
	size_t i, n = h->host ? name_len(h->host) : 0;

	for (i = 0; i < sizeof(here) / sizeof(*here); i++)
		if (n == strlen(here[i]) && !memcmp(here[i], h->host, n))
			return true;
	return !h->host;
}

/*
 * A server that only this machine reaches has the names of the machine and
 * those that it is configured with: a page from elsewhere whose name was
 * turned to point here (rebinding) has another.
 */
int
head_host(const struct api *a, const struct conf *c,
    const struct net_head *h, struct err *e)
{
	size_t i, n;

	if (!a->local_only || head_is_here(h))
		return 0;
	n = name_len(h->host);
	for (i = 0; i < c->bases; i++)
		if (name_len(c->base[i].authority) == n &&
		    !memcmp(c->base[i].authority, h->host, n))
			return 0;
	return err_set(e, E_wrong_host, "'%.80s' is not a name of this "
	    "server", h->host);
}

static void
add(struct buf *out, const char *name, const char *value)
{
	net_header(out, name, value, strlen(value));
}

/* What only routes of VMP have, beside what all have. */
static void
add_vmp(const struct job *j, struct buf *out)
{
	char link[API_URL + 64];

	add(out, "X-Accepts-Payment", "Ticks ($TCK$)");
	snprintf(link, sizeof(link), "<%s/mission.json>; "
	    "rel=\"bot-economy-standard\"", j->conf->base_url);
	add(out, "Link", link);
	add(out, "X-BotNode-Genesis", "Solving the Biological Friction");
}

static void
add_times(const struct job *j, struct buf *out)
{
	int64_t us = net_now_us() - j->start_us;

	buf_addf(out, "X-Response-Time-Ms: %" PRId64 ".%" PRId64 "\r\n",
	    us / 1000, us / 100 % 10);
	if (j->taken_us)
		buf_addf(out, "Server-Timing: queue;dur=%.3f, "
		    "commit;dur=%.3f\r\n",
		    (double)(j->taken_us - j->queued_us) / 1000,
		    (double)j->commit_us / 1000);
}

/* Those of every reply, also of one that is no call's. */
void
head_always(struct buf *out, const char *request_id,
    const struct net_head *h)
{
	const char *version = h ? net_field(h, "vmp-version") : NULL;
	char text[128];

	add(out, "X-Request-ID", request_id);
	add(out, "VMP-Version", API_VERSION);
	add(out, "VMP-Min-Version", API_VERSION);
	if (version && strcmp(version, API_VERSION)) {
		snprintf(text, sizeof(text), "requested %.40s, served %s",
		    is_visible(version) ? version : "another",
		    API_VERSION);
		add(out, "VMP-Version-Warning", text);
	}
	add(out, "X-Content-Type-Options", "nosniff");
}

/* Is there a field of this name in what the handler has written? */
static bool
has(const struct buf *headers, const char *name)
{
	const char *p = strstr(headers->data, name);

	return p && (p == headers->data || p[-1] == '\n') &&
	    p[strlen(name)] == ':';
}

void
head_reply(const struct job *j, int status, struct buf *out)
{
	const struct net_head *h = net_request(j->x);

	head_always(out, j->request_id, h);
	if (!strncmp(h->path, "/v1/", 4)) {
		add_vmp(j, out);
		rate_headers(out, j->told, j->told_n);
	}
	if (status != 200 || !feed_is(j))
		add_times(j, out);
	if (!has(&j->call.headers, "Cache-Control"))
		add(out, "Cache-Control", "no-store");
	/* Browsers take one challenge a field. */
	if (status == 401 && j->row &&
	    (j->row->route->flags & ROUTE_BASIC))
		add(out, "WWW-Authenticate", "Basic realm=\"bzn\"");
	if (status == 401)
		add(out, "WWW-Authenticate", "Bearer");
	if ((status == 429 || status == 503) &&
	    !has(&j->call.headers, "Retry-After")) {
		int64_t wait_s = 1;
		size_t i;

		for (i = 0; i < j->told_n; i++)
			if (j->told[i].wait_s > wait_s)
				wait_s = j->told[i].wait_s;
		buf_addf(out, "Retry-After: %" PRId64 "\r\n", wait_s);
	}
	if (j->replayed)
		add(out, "Idempotency-Replayed", "true");
	if (j->row && (j->row->route->flags & ROUTE_ALIAS))
		add(out, "Deprecation", "@1767225600");
	head_cors(j, h, out);
}

/* Is the origin one of a list of words, exactly? */
static bool
listed(const char *list, const char *origin)
{
	size_t n;

	for (; *list; list += n) {
		list += strspn(list, " ,\t");
		n = strcspn(list, " ,\t");
		if (n == strlen(origin) && !memcmp(list, origin, n))
			return true;
	}
	return false;
}

static void
add_preflight(const struct job *j, const struct net_head *h,
    struct buf *out)
{
	const char *allow = strstr(j->call.headers.data, "Allow: ");

	if (h->method != NET_OPTIONS ||
	    !net_field(h, "access-control-request-method"))
		return;
	if (allow)
		net_header(out, "Access-Control-Allow-Methods", allow + 7,
		    strcspn(allow + 7, "\r"));
	add(out, "Access-Control-Allow-Headers", "Authorization, X-API-KEY, "
	    "Content-Type, Idempotency-Key");
	add(out, "Access-Control-Max-Age", "600");
}

void
head_cors(const struct job *j, const struct net_head *h, struct buf *out)
{
	const char *origin = net_field(h, "origin");
	const char *list = param_string(&j->conf->params,
	    PARAM_cors_origins);

	if (!origin)
		return;
	add(out, "Vary", "Origin");
	if (!listed(*list ? list : j->conf->base_url, origin) && !j->demo)
		return;
	add(out, "Access-Control-Allow-Origin", origin);
	add(out, "Access-Control-Expose-Headers", "X-Request-ID, "
	    "Retry-After, VMP-Version, VMP-Min-Version, VMP-Version-Warning");
	add_preflight(j, h, out);
}
