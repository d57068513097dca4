/*
 * What happens, as it happens: spec/http.md 8.
 *
 * The operator hears the log itself: data is the leaf, whose hash anybody can
 * compute.  A node hears of its own money, of what is said of it, and of its
 * trades: that it happened, and its own legs, never those of others.
 */
#include <string.h>

#include "api/feed.h"
#include "base/json.h"

static int
do_stream(struct call *c, struct err *e)
{
	return call_resume(c, e);
}

static int
tell_operator(struct told *t, const char *who, struct buf *out,
    struct err *e)
{
	const char *type;
	size_t n;

	(void)who;
	type = leaf_type(t->leaf, t->leaf_n, &n);
	if (!type)
		return err_set(e, E_store_corrupt, "leaf %lld has no type",
		    (long long)t->seq);
	buf_addf(out, "event: %.*s\ndata: ", (int)n, type);
	buf_add(out, t->leaf, t->leaf_n);
	buf_addc(out, '\n');
	return 0;
}

static bool
begins(const char *text, const char *with)
{
	return !strncmp(text, with, strlen(with));
}

static bool
has_leg(const struct entry *x, const char *who)
{
	size_t i;

	for (i = 0; i < x->n_legs && strcmp(x->legs[i].account, who); i++)
		;
	return i < x->n_legs;
}

/* Is it his?  1, 0, -1.  What the operator and the log do is nobody's. */
static int
is_of(struct told *t, const struct entry *x, const char *who, struct err *e)
{
	const struct escrow_traders *p;
	int got;

	if (has_leg(x, who))
		return 1;
	if (x->kind == ENTRY_EVENT && begins(x->type, "skill."))
		return leaf_data_is(x->data, "provider", who);
	if (x->kind == ENTRY_EVENT && begins(x->type, "node."))
		return x->ref && !strcmp(x->ref, who);
	if (x->kind == ENTRY_EVENT && !begins(x->type, "task.") &&
	    !begins(x->type, "escrow."))
		return 0;
	got = feed_traders(t, &p, e);
	return got <= 0 ? got : !strcmp(p->buyer_id, who) ||
	    !strcmp(p->seller_id, who);
}

static void
put_legs(struct buf *out, const struct entry *x, const char *who)
{
	size_t i;

	json_open(out, "legs", '[');
	for (i = 0; i < x->n_legs; i++) {
		const struct leg *leg = x->legs + i;

		if (strcmp(leg->account, who))
			continue;
		json_open(out, NULL, '{');
		json_str(out, "unit", leg->unit->code);
		json_amount(out, "amount",
		    (struct amount){ leg->minor, leg->unit });
		json_close(out, '}');
	}
	json_close(out, ']');
}

static int
tell_node(struct told *t, const char *who, struct buf *out, struct err *e)
{
	const struct entry *x;
	int got;

	if (feed_entry(t, &x, e))
		return -1;
	got = is_of(t, x, who, e);
	if (got <= 0)
		return got;
	buf_addf(out, "event: %s\ndata: ", x->type);
	json_open(out, NULL, '{');
	json_int(out, "seq", t->seq);
	json_time(out, "at", x->at_ms);
	json_str(out, "id", x->id);
	json_str(out, "type", x->type);
	json_str_if(out, "ref", x->ref);
	put_legs(out, x, who);
	json_close(out, '}');
	buf_addc(out, '\n');
	return 0;
}

#define AFTER "{\"type\":\"object\",\"properties\":{\"after\":{" \
    "\"type\":\"integer\",\"minimum\":-1,\"maximum\":9007199254740991," \
    "\"description\":\"The leaf behind which it begins; -1: with the " \
    "first\"}}}"
#define STREAM .class = ROUTE_STREAM, .media = "text/event-stream", \
    .query = AFTER, .act = do_stream, .tag = "events", \
    .codes = "overloaded no_ledger"
const struct route routes_events[] = {
	{ "GET", "/v1/node/events", .auth = AUTH_NODE, STREAM,
	    .tell = tell_node,
	    .summary = "Events of the log that are the caller's, as they "
	    "happen" },
	{ "GET", "/v1/admin/ledger/events", .auth = AUTH_ADMIN, STREAM,
	    .tell = tell_operator,
	    .summary = "Leaves of the log, as they are appended" },
	{ 0 }
};
