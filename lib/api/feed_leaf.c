/* Where a stream begins in the log, and a leaf of it for those who tell. */
#include <stdlib.h>
#include <string.h>

#include "api/feed.h"
#include "api/impl.h"

/* Digits, and no more than a leaf's number has. */
static bool
read_seq(const char *text, int64_t *out)
{
	size_t n = strspn(text, "0123456789");

	if (!n || n > 16 || text[n])
		return false;
	*out = strtoll(text, NULL, 10);
	return true;
}

int
call_resume(struct call *c, struct err *e)
{
	const char *last = call_field(c, "last-event-id");
	struct ledger_head head;
	int64_t after;

	if (ledger_head(c->store, &head, e))
		return -1;
	after = call_int(&c->query, "after", head.size - 1);
	last = last && *last ? last : NULL;
	if (last && !read_seq(last, &after))
		return call_fault(c, "Last-Event-ID", "must be the number "
		    "of a leaf", e);
	if (after >= head.size)
		return call_fault(c, last ? "Last-Event-ID" : "after",
		    "must be in the log", e);
	((struct job *)c)->from = after + 1;
	return 0;
}

int
feed_entry(struct told *t, const struct entry **out, struct err *e)
{
	if (!t->has_units && ledger_units_read(t->store, &t->units, e))
		return -1;
	t->has_units = true;
	if (!t->has_entry && leaf_reread(&t->parsed, t->leaf, t->leaf_n,
	    &t->units, e))
		return -1;
	t->has_entry = true;
	*out = &t->parsed.entry;
	return 0;
}

int
feed_traders(struct told *t, const struct escrow_traders **out,
    struct err *e)
{
	const struct entry *x;
	int got;

	*out = &t->traders;
	if (t->has_traders)
		return t->has_traders > 0;
	if (feed_entry(t, &x, e))
		return -1;
	got = x->ref ? escrow_traders(t->store, x->ref, &t->traders, e) : 0;
	if (got >= 0)
		t->has_traders = got ? 1 : -1;
	return got;
}

void
feed_release(struct told *t)
{
	leaf_release(&t->parsed);
	if (t->has_units)
		ledger_units_free(&t->units);
}
