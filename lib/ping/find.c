/* What words of a command line mean. */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "card/peer.h"
#include "health/health.h"
#include "ping/impl.h"

#define SPAN_MOST_MS (366 * CLOCK_DAY_MS)

/* Not all that are asked are peers: cards may come from elsewhere. */
static int
find_asked(struct store *s, const char *typed, char node_id[HASH_HEX],
    struct err *e)
{
	struct health_series *h;
	size_t n;

	if (health_find(s, typed, &h, &n, e))
		return -1;
	snprintf(node_id, HASH_HEX, "%s", h->node_id);
	free(h);
	return 0;
}

int
ping_find(struct store *s, const char *typed, char node_id[HASH_HEX],
    struct err *e)
{
	struct peer p = { 0 };

	if (peer_find(s, typed, &p, e)) {
		if (e->code != E_node_missing)
			return -1;
		*e = (struct err){ 0 };
		return find_asked(s, typed, node_id, e);
	}
	snprintf(node_id, HASH_HEX, "%s", p.node_id);
	peer_release(&p);
	return 0;
}

int
ping_span(const char *option, const char *text, int64_t least_ms,
    int64_t *out, struct err *e)
{
	char least[CLOCK_TEXT];

	if (clock_span(text, out, e))
		return err_set(e, E_usage, "%s: '%.40s' is not a span such as "
		    "90s, 24h or 7d", option, text);
	if (*out >= least_ms && *out <= SPAN_MOST_MS)
		return 0;
	clock_span_text(least_ms, least);
	return err_set(e, E_usage, "%s: from %s to 366d", option, least);
}
