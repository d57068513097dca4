#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/table.h"
#include "ledger/read.h"
#include "ledger/type.h"
#include "node/audit.h"
#include "node/node.h"

/* As SQL_NODE_AUDIT has them. */
enum {
	OPEN, SPENT, SALES, STRIKES, BANNED, EXPIRED, PER_TASK, PER_DAY,
	EXPOSURE, DAY, DAY_MINOR, ACTIVE, SANDBOX, REGISTERED, COUNTERS
};

static const char *const names[COUNTERS] = {
	"open_minor", "spent_minor", "sales", "strikes", "banned", "expired",
	"max_escrow_per_task", "max_spend_daily", "max_active_exposure_pct",
	"day", "day_minor", "active", "sandbox", "registered",
};

/* What the log says of a node. */
struct tally {
	struct table_item item;
	char node_id[NODE_ID];
	int64_t count[COUNTERS];
	bool seen;			/* it has a row */
};

/* What is locked where the log is being read. */
struct open {
	struct table_item item;
	char id[LEAF_ID], node_id[NODE_ID], seller_id[NODE_ID];
	int64_t minor;
};

struct reading {
	struct table tallies, opens;
	node_audit_told *told;
	void *arg;
	struct node_audit *out;
};

static void
end(struct table_item *item)
{
	free(item);
}

static struct tally *
tally_of(struct reading *r, const char *node_id)
{
	struct tally *t = (struct tally *)table_find(&r->tallies, node_id);

	if (!t) {
		t = mem_zero(1, sizeof(*t));
		snprintf(t->node_id, sizeof(t->node_id), "%s", node_id);
		t->count[EXPOSURE] = -1;
		t->item.key = t->node_id;
		table_add(&r->tallies, &t->item);
	}
	return t;
}

static void
take_lock(struct reading *r, const struct entry *x, const struct json *data)
{
	const struct leg *from = &x->legs[x->legs[0].minor > 0];
	const char *seller = "";
	struct tally *t;
	struct open *o;
	struct err why;

	if (table_find(&r->opens, x->ref) ||
	    json_opt_str(data, "seller", &seller, &why))
		return;
	o = mem_zero(1, sizeof(*o));
	snprintf(o->id, sizeof(o->id), "%s", x->ref);
	snprintf(o->node_id, sizeof(o->node_id), "%s", from->account);
	snprintf(o->seller_id, sizeof(o->seller_id), "%s", seller);
	o->minor = -from->minor;
	o->item.key = o->id;
	table_add(&r->opens, &o->item);
	t = tally_of(r, o->node_id);
	t->count[OPEN] += o->minor;
	t->count[SPENT] += o->minor;
	if (t->count[DAY] != x->at_ms / CLOCK_DAY_MS)
		t->count[DAY_MINOR] = 0;
	t->count[DAY] = x->at_ms / CLOCK_DAY_MS;
	t->count[DAY_MINOR] += o->minor;
	if (*seller)
		tally_of(r, seller)->count[SALES]++;
}

static void
take_close(struct reading *r, const struct entry *x, bool came_back)
{
	struct open *o = (struct open *)table_find(&r->opens, x->ref);

	if (!o)
		return;
	tally_of(r, o->node_id)->count[OPEN] -= o->minor;
	if (came_back)
		tally_of(r, o->node_id)->count[SPENT] -= o->minor;
	if (*o->seller_id)
		tally_of(r, o->seller_id)->count[SALES]--;
	table_drop(&r->opens, &o->item);
	free(o);
}

static void
take_transfer(struct reading *r, const struct entry *x,
    const struct json *data)
{
	const struct leg *from = &x->legs[x->legs[0].minor > 0];
	enum type type;

	if (!x->ref || !type_named(x->type, &type))
		return;
	if (type == TYPE_ESCROW_LOCK || type == TYPE_BOUNTY_HOLD)
		take_lock(r, x, data);
	else if (type == TYPE_ESCROW_SETTLE || type == TYPE_DISPUTE_RELEASE ||
	    type == TYPE_BOUNTY_RELEASE)
		take_close(r, x, false);
	else if (type == TYPE_ESCROW_REFUND || type == TYPE_DISPUTE_REFUND ||
	    type == TYPE_BOUNTY_REFUND)
		take_close(r, x, true);
	else if (type == TYPE_LISTING_FEE)
		tally_of(r, from->account)->count[SPENT] -= from->minor;
}

/* A cap is in the event if there is one. */
static int64_t
cap(const struct json *data, const char *key, const struct unit *unit)
{
	struct amount a = { 0, unit };
	const char *text;
	struct err why;

	return json_has(data, key) && !json_get_str(data, key, &text, &why) &&
	    !amount_parse(&a, text, &why) ? a.minor : 0;
}

static void
take_caps(struct tally *t, const struct json *data)
{
	const struct unit *unit = NULL;
	const char *code;
	struct err why;

	if (!json_get_str(data, "unit", &code, &why))
		unit = unit_named(code);
	if (!unit)
		return;
	t->count[PER_TASK] = cap(data, names[PER_TASK], unit);
	t->count[PER_DAY] = cap(data, names[PER_DAY], unit);
	t->count[EXPOSURE] = -1;
	(void)!json_opt_int(data, names[EXPOSURE], &t->count[EXPOSURE],
	    &why);
}

/* Is that what a member says? */
static bool
says(const struct json *data, const char *key, const char *word)
{
	const char *text;
	struct err why;

	return !json_get_str(data, key, &text, &why) && !strcmp(text, word);
}

/* What the operator did to a node. */
static void
take_act(struct tally *t, const struct json *data)
{
	if (says(data, "act", "node.activate"))
		t->count[ACTIVE] = 1;
	else if (says(data, "act", "node.deactivate"))
		t->count[ACTIVE] = 0;
}

static void
take_event(struct reading *r, const struct entry *x, const struct json *data)
{
	struct tally *t = tally_of(r, x->ref);
	struct err why;

	if (!strcmp(x->type, "node.registered")) {
		t->count[REGISTERED] = t->count[ACTIVE] = 1;
		t->count[SANDBOX] = says(data, "realm", "sandbox");
	} else if (!strcmp(x->type, "node.strike")) {
		(void)!json_get_int(data, "strikes", &t->count[STRIKES],
		    &why);
	} else if (!strcmp(x->type, "node.banned")) {
		t->count[BANNED] = 1;
		t->count[ACTIVE] = 0;
	} else if (!strcmp(x->type, "node.expired")) {
		t->count[EXPIRED] = 1;
		t->count[ACTIVE] = 0;
	} else if (!strcmp(x->type, "node.caps_changed")) {
		take_caps(t, data);
	} else if (!strcmp(x->type, "admin.act")) {
		take_act(t, data);
	}
}

/* Most events of a log are of trades. */
static bool
concerns(const struct entry *x)
{
	return x->kind == ENTRY_TRANSFER || (x->kind == ENTRY_EVENT &&
	    x->ref && (!strncmp(x->type, "node.", 5) ||
	    !strcmp(x->type, "admin.act")));
}

static int
take(void *reading, const struct entry *x, struct err *e)
{
	struct reading *r = reading;
	struct json data = { 0 };

	if (!concerns(x))
		return 0;
	if (x->data && json_parse(&data, x->data, strlen(x->data), e))
		return -1;
	if (!x->data && json_parse(&data, "{}", 2, e))
		return -1;
	if (x->kind == ENTRY_TRANSFER)
		take_transfer(r, x, &data);
	else
		take_event(r, x, &data);
	json_release(&data);
	return 0;
}

/* What is counted of a node that is not there. */
static const int64_t none[COUNTERS] = { [EXPOSURE] = -1 };

static int
compare(struct reading *r, const char *node_id, const int64_t *stored,
    const int64_t *computed, struct err *e)
{
	struct node_fault f = { .node_id = node_id };
	int i;

	for (i = 0; i < COUNTERS; i++) {
		f.counter = names[i];
		f.stored = stored[i];
		f.computed = computed[i];
		if (f.stored == f.computed)
			continue;
		r->out->faults++;
		if (r->told(r->arg, &f, e))
			return -1;
	}
	return 0;
}

static int
compare_rows(struct reading *r, struct store *s, struct err *e)
{
	int64_t stored[COUNTERS];
	const char *node_id;
	struct tally *t;
	struct query q;
	int got, rc = 0, i;

	query_open(&q, s, SQL_NODE_AUDIT);
	while (!rc && (got = query_row(&q, e)) > 0) {
		node_id = query_get_text(&q, 0);
		for (i = 0; i < COUNTERS; i++)
			stored[i] = query_get_int(&q, i + 1);
		t = (struct tally *)table_find(&r->tallies, node_id);
		if (t)
			t->seen = true;
		r->out->nodes++;
		rc = compare(r, node_id, stored, t ? t->count : none, e);
	}
	query_close(&q);
	return rc || got < 0 ? -1 : 0;
}

/* What the log has and no row. */
static int
compare_rest(struct reading *r, struct err *e)
{
	const struct table_item *i;
	const struct tally *t;
	size_t k;

	for (k = 0; k < r->tallies.buckets; k++)
		for (i = r->tallies.bucket[k]; i; i = i->next) {
			t = (const struct tally *)i;
			if (!t->seen && compare(r, t->node_id, none, t->count,
			    e))
				return -1;
		}
	return 0;
}

int
node_audit(struct store *s, node_audit_told *told, void *arg,
    struct node_audit *out, struct err *e)
{
	struct reading r = { .told = told, .arg = arg, .out = out };
	struct units units = { 0 };
	struct ledger_head head;
	int rc;

	*out = (struct node_audit){ 0 };
	rc = ledger_head(s, &head, e) || ledger_units_read(s, &units, e) ?
	    -1 : 0;
	if (!rc) {
		out->size = head.size;
		rc = ledger_entries(s, head.size, &units, take, &r, e) ||
		    compare_rows(&r, s, e) || compare_rest(&r, e) ? -1 : 0;
		ledger_units_free(&units);
	}
	table_release(&r.tallies, end);
	table_release(&r.opens, end);
	return rc;
}
