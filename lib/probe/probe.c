#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/chance.h"
#include "base/clock.h"
#include "base/enc.h"
#include "base/mem.h"
#include "card/fit.h"
#include "probe/judge.h"

#define IN_FLIGHT 64
#define PER_HOST 2
#define CONNECT_MS 3000
#define TOTAL_MS 10000
#define AGAIN_LEAST_MS 2000
#define AGAIN_MOST_MS 5000
#define SLOW_MS 1000
#define CERT_MS (14 * CLOCK_DAY_MS)

struct asked {
	char nonce[PROBE_NONCE];
	unsigned told;
};

struct run {
	const struct probe_how *how;
	const struct probe_target *target;
	struct asked *asked;
	probe_told *told;
	void *arg;
	size_t left;
};

void
probe_how_defaults(struct probe_how *h)
{
	*h = (struct probe_how){
		.in_flight = IN_FLIGHT, .per_host = PER_HOST,
		.connect_ms = CONNECT_MS, .total_ms = TOTAL_MS,
		.again_least_ms = AGAIN_LEAST_MS,
		.again_most_ms = AGAIN_MOST_MS,
		.slow_ms = SLOW_MS, .cert_ms = CERT_MS,
	};
}

/* What is no endpoint has no URL either, so libcurl does not go anywhere. */
static void
begin(void *arg, size_t i, struct buf *url)
{
	const struct run *r = arg;
	const struct probe_target *t = &r->target[i];
	char *nonce = r->asked[i].nonce;
	uint8_t bytes[PROBE_NONCE / 2];

	chance_bytes(r->how->chance, bytes, sizeof(bytes));
	enc_hex(nonce, bytes, sizeof(bytes));
	if (!fit_endpoint(t->endpoint))
		return;
	buf_adds(url, t->endpoint);
	if (t->reference)
		buf_addc(url, '/');
	else
		buf_addf(url, "/api/health?nonce=%s", nonce);
}

static int64_t
wait_ms(const struct probe_how *h)
{
	int64_t span = h->again_most_ms - h->again_least_ms;

	return h->again_least_ms + (span <= 0 ? 0 :
	    (int64_t)chance_below(h->chance, (uint64_t)span + 1));
}

static int64_t
end(void *arg, size_t i, const struct client_answer *a)
{
	struct run *r = arg;
	struct asked *q = &r->asked[i];
	struct sample s;
	bool again = false;

	probe_judge(&s, r->how, &r->target[i], q->nonce, a);
	s.confirm = q->told > 0;
	r->left -= !q->told++;
	r->told(r->arg, i, &s, &again);
	return again ? wait_ms(r->how) : -1;
}

/* The host and its port, or all of it if there is no host. */
static const char *
host_of(const char *endpoint)
{
	const char *at = strstr(endpoint, "://");

	return at ? at + 3 : endpoint;
}

int
probe_run(const struct probe_how *h, const struct probe_target *target,
    size_t n, probe_told *told, void *arg, size_t *left, struct err *e)
{
	static const struct client_calls calls = { begin, end };
	static const enum client_family families[] = {
		[FAMILY_ANY] = CLIENT_ANY, [FAMILY_V4] = CLIENT_V4,
		[FAMILY_V6] = CLIENT_V6,
	};
	const struct client_how how = {
		.in_flight = h->in_flight, .per_host = h->per_host,
		.connect_ms = h->connect_ms, .total_ms = h->total_ms,
		.spread_ms = h->spread_ms, .deadline_ms = h->deadline_ms,
		.body_max = PROBE_BODY, .allow_private = h->allow_private,
		.ca_file = h->ca_file, .agent = h->agent,
		.accept = "application/json",
		.chance = h->chance, .stop = h->stop,
	};
	struct run r = { h, target, NULL, told, arg, n };
	struct client_ask *ask;
	size_t i;
	int rc;

	*left = n;
	if (!n)
		return 0;
	r.asked = mem_zero(n, sizeof(*r.asked));
	ask = mem_zero(n, sizeof(*ask));
	for (i = 0; i < n; i++)
		ask[i] = (struct client_ask){
			.host = host_of(target[i].endpoint),
			.family = families[target[i].family],
		};
	rc = client_run(&how, ask, n, &calls, &r, e);
	*left = r.left;
	free(ask);
	free(r.asked);
	return rc;
}
