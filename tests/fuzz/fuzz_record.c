/*
 * A record that is read is JSON to the reader that builds a tree as well, and
 * its texts are the same there; what that one refuses is refused.
 */
#include <assert.h>
#include <string.h>

#include "base/json.h"
#include "ledger/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
same(const struct json *in, const char *key, const char *is)
{
	const char *due = NULL;
	struct err e;

	assert(!json_opt_str(in, key, &due, &e));
	assert(!is == !due && (!is || !strcmp(is, due)));
}

static void
same_leg(const struct json *legs, const struct record *r, size_t i)
{
	struct json leg;

	assert(!json_at(&leg, legs, i));
	same(&leg, "account", r->legs[i].account);
	same(&leg, "amount", r->legs[i].amount);
	same(&leg, "unit", r->legs[i].unit);
	assert(json_count(&leg) == 3);
}

static void
compare(const struct json *in, const struct record *r)
{
	struct json legs;
	int64_t ms = 0;
	struct err e;
	size_t i;

	same(in, "id", r->id);
	same(in, "type", r->type);
	same(in, "ref", r->ref);
	same(in, "memo", r->memo);
	same(in, "event", r->event);
	same(in, "reverses", r->reverses);
	same(in, "group", r->label);
	same(in, "from", r->from);
	same(in, "to", r->to);
	same(in, "amount", r->amount);
	same(in, "unit", r->unit);
	assert(json_has(in, "effective_ms") == r->has_effective);
	if (r->has_effective)
		assert(!json_get_int(in, "effective_ms", &ms, &e) &&
		    ms == r->effective_ms);
	assert(json_has(in, "data") == (r->data != NULL));
	assert(json_has(in, "legs") == r->has_legs);
	if (!r->has_legs)
		return;
	assert(!json_get(&legs, in, "legs", JSON_ARRAY, &e) &&
	    json_count(&legs) == r->n_legs);
	for (i = 0; i < r->n_legs; i++)
		same_leg(&legs, r, i);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct record r;
	struct json in = { 0 };
	struct err e = { 0 };
	bool ok, tree;

	tree = !json_parse(&in, (const char *)data, n, &e);
	ok = !record_read(&r, (const char *)data, n, &e);
	assert(!ok || tree);
	if (ok)
		compare(&in, &r);
	json_release(&in);
	return 0;
}
