#include "cri/opinion.h"
#include "cri/tally.h"
#include "eigen/web.h"

struct taking {
	struct web *web;
	const struct tally *tally;
};

static bool
counts(const struct tally_node *n)
{
	return n && n->registered && !n->sandbox && !n->banned_ms;
}

static int
take_node(void *arg, const struct tally_node *n, struct err *e)
{
	struct taking *t = arg;

	return counts(n) ? web_peer(t->web, n->id, e) : 0;
}

static int
take_pair(void *arg, const char *seller_id, const char *buyer_id, int64_t n,
    int64_t minor, struct err *e)
{
	struct taking *t = arg;

	(void)n;
	if (!counts(tally_find(t->tally, seller_id)) ||
	    !counts(tally_find(t->tally, buyer_id)))
		return 0;
	return web_add(t->web, buyer_id, seller_id, minor, e);
}

int
opinion_take(struct web *w, const struct tally *y, struct err *e)
{
	struct taking t = { w, y };

	return tally_each(y, take_node, &t, e) ||
	    tally_pairs(y, take_pair, &t, e) ? -1 : 0;
}

static int
take_badge(void *arg, const struct tally_node *n, struct err *e)
{
	struct taking *t = arg;

	return counts(n) && n->rank > 0 ? web_prior(t->web, n->id, 1, e) : 0;
}

int
opinion_prior(struct web *w, const struct tally *y, struct err *e)
{
	struct taking t = { w, y };

	return tally_each(y, take_badge, &t, e);
}
