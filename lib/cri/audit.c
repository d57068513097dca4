#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/table.h"
#include "cri/audit.h"
#include "cri/cri.h"
#include "ledger/read.h"
#include "ledger/type.h"

enum { SOLD, BOUGHT, PARTNERS, MOST, VOLUME, DELIVERED, FAILED, FIRST, LAST,
    RANK, COUNTERS };
enum { PAIR_SOLD, PAIR_BOUGHT, PAIR_MINOR, PAIR_COUNTERS };

static const char *const names[COUNTERS] = {
	"sold", "bought", "partners", "most", "volume_minor", "delivered",
	"failed", "first_ms", "last_ms", "rank",
};
static const char *const pair_names[PAIR_COUNTERS] = {
	"sold", "bought", "volume_minor",
};

/* What the log says of a node, and of two. */
struct tally {
	struct table_item item;
	char node_id[NODE_ID];
	int64_t count[COUNTERS];
	bool seen;
};

#define PAIR_KEY (2 * NODE_ID)

struct bond {
	struct table_item item;
	char key[PAIR_KEY];		/* "node other" */
	int64_t count[PAIR_COUNTERS];
	bool seen;
};

/* An escrow that is open where the log is being read. */
struct open {
	struct table_item item;
	char id[LEAF_ID], buyer[NODE_ID], seller[NODE_ID];
	int64_t minor;
	bool tck, delivered, disputed;
};

struct reading {
	struct table tallies, bonds, opens;
	cri_audit_told *told;
	void *arg;
	struct cri_audit *out;
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
		t->item.key = t->node_id;
		table_add(&r->tallies, &t->item);
	}
	return t;
}

static void
key_of(char out[PAIR_KEY], const char *node_id, const char *other_id)
{
	snprintf(out, PAIR_KEY, "%s %s", node_id, other_id);
}

static struct bond *
bond_of(struct reading *r, const char *node_id, const char *other_id)
{
	char key[PAIR_KEY];
	struct bond *b;

	key_of(key, node_id, other_id);
	b = (struct bond *)table_find(&r->bonds, key);
	if (!b) {
		b = mem_zero(1, sizeof(*b));
		memcpy(b->key, key, sizeof(key));
		b->item.key = b->key;
		table_add(&r->bonds, &b->item);
	}
	return b;
}

/* --- what entries count --------------------------------------------------- */

static void
take_lock(struct reading *r, const struct entry *x, const struct json *data)
{
	const struct leg *from = &x->legs[x->legs[0].minor > 0];
	const char *seller;
	struct open *o;
	struct err none;

	if (!x->ref || table_find(&r->opens, x->ref) ||
	    json_get_str(data, "seller", &seller, &none))
		return;
	o = mem_zero(1, sizeof(*o));
	snprintf(o->id, sizeof(o->id), "%s", x->ref);
	snprintf(o->buyer, sizeof(o->buyer), "%s", from->account);
	snprintf(o->seller, sizeof(o->seller), "%s", seller);
	o->minor = -from->minor;
	o->tck = !strcmp(from->unit->code, "TCK");
	o->item.key = o->id;
	table_add(&r->opens, &o->item);
}

/* One side of what settled. */
static void
take_side(struct reading *r, const struct open *o, bool sale, int64_t at_ms)
{
	const char *node_id = sale ? o->seller : o->buyer;
	const char *other_id = sale ? o->buyer : o->seller;
	struct tally *t = tally_of(r, node_id);
	struct bond *b = bond_of(r, node_id, other_id);
	int64_t times;

	b->count[sale ? PAIR_SOLD : PAIR_BOUGHT]++;
	b->count[PAIR_MINOR] += o->minor;
	times = b->count[PAIR_SOLD] + b->count[PAIR_BOUGHT];
	t->count[sale ? SOLD : BOUGHT]++;
	t->count[PARTNERS] += times == 1;
	if (t->count[MOST] < times)
		t->count[MOST] = times;
	t->count[VOLUME] += o->minor;
	if (sale && o->tck && !t->count[FIRST])
		t->count[FIRST] = at_ms;
	t->count[LAST] = at_ms;
}

/*
 * Given back: in time's name, nothing was delivered; by the seller before any
 * dispute, what was delivered counts no more; by a rule, it failed; and what
 * was disputed has failed already.
 */
static void
take_refund(struct reading *r, const struct open *o, const struct json *data)
{
	struct tally *t = tally_of(r, o->seller);
	const char *reason = "";
	struct err none;

	if (!o->delivered || o->disputed ||
	    json_get_str(data, "reason", &reason, &none))
		return;
	if (!strcmp(reason, "MANUAL"))
		t->count[DELIVERED]--;
	else
		t->count[FAILED]++;
}

static void
take_close(struct reading *r, const struct entry *x, enum type type,
    const struct json *data)
{
	struct open *o = x->ref ?
	    (struct open *)table_find(&r->opens, x->ref) : NULL;

	if (!o)
		return;
	if (type == TYPE_ESCROW_REFUND || type == TYPE_DISPUTE_REFUND) {
		take_refund(r, o, data);
	} else {
		if (o->disputed)
			tally_of(r, o->seller)->count[FAILED]--;
		take_side(r, o, true, x->at_ms);
		take_side(r, o, false, x->at_ms);
		r->out->settled++;
	}
	table_drop(&r->opens, &o->item);
	free(o);
}

static void
take_transfer(struct reading *r, const struct entry *x,
    const struct json *data)
{
	enum type type;

	if (!type_named(x->type, &type))
		return;
	if (type == TYPE_ESCROW_LOCK)
		take_lock(r, x, data);
	else if (type == TYPE_ESCROW_SETTLE || type == TYPE_DISPUTE_RELEASE ||
	    type == TYPE_ESCROW_REFUND || type == TYPE_DISPUTE_REFUND)
		take_close(r, x, type, data);
}

static void
take_event(struct reading *r, const struct entry *x, const struct json *data)
{
	struct open *o = x->ref ?
	    (struct open *)table_find(&r->opens, x->ref) : NULL;
	const char *node_id;
	struct err none;
	int64_t rank;

	if (o && !strcmp(x->type, "task.completed") && !o->delivered) {
		o->delivered = true;
		tally_of(r, o->seller)->count[DELIVERED]++;
	} else if (o && !strcmp(x->type, "escrow.disputed") && !o->disputed) {
		o->disputed = true;
		tally_of(r, o->seller)->count[FAILED]++;
	} else if (!strcmp(x->type, "node.genesis") &&
	    !json_get_str(data, "node", &node_id, &none) &&
	    !json_get_int(data, "rank", &rank, &none)) {
		tally_of(r, node_id)->count[RANK] = rank;
	}
}

/* Most of a log is about something else, or says enough without its data. */
static bool
concerns(const struct entry *x)
{
	return x->kind == ENTRY_TRANSFER ? !strncmp(x->type, "ESCROW_", 7) ||
	    !strncmp(x->type, "DISPUTE_", 8) :
	    !strcmp(x->type, "task.completed") ||
	    !strcmp(x->type, "escrow.disputed") ||
	    !strcmp(x->type, "node.genesis");
}

static int
take(void *reading, const struct entry *x, struct err *e)
{
	struct reading *r = reading;
	struct json data = { 0 };

	if (x->kind == ENTRY_REVERSAL || !concerns(x))
		return 0;
	if (x->data && json_parse(&data, x->data, strlen(x->data), e))
		return -1;
	if (x->kind == ENTRY_TRANSFER)
		take_transfer(r, x, &data);
	else
		take_event(r, x, &data);
	json_release(&data);
	return 0;
}

/* --- against what is stored ----------------------------------------------- */

static int
compare(struct reading *r, const char *node_id, const char *other_id,
    const char *const *name, size_t n, const int64_t *stored,
    const int64_t *computed, struct err *e)
{
	static const int64_t none[COUNTERS] = { 0 };
	struct cri_fault f = { .node_id = node_id, .other_id = other_id };
	size_t i;

	for (i = 0; i < n; i++) {
		f.counter = name[i];
		f.stored = (stored ? stored : none)[i];
		f.computed = (computed ? computed : none)[i];
		if (f.stored == f.computed)
			continue;
		r->out->faults++;
		if (r->told(r->arg, &f, e))
			return -1;
	}
	return 0;
}

static void
take_row(const struct query *q, int from, int64_t *out, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		out[i] = query_get_int(q, from + (int)i);
}

static int
compare_nodes(struct reading *r, struct store *s, struct err *e)
{
	int64_t stored[COUNTERS];
	char node_id[NODE_ID];
	struct tally *t;
	struct query q;
	int got, rc = 0;

	query_open(&q, s, SQL_CRI_AUDIT_NODES);
	while (!rc && (got = query_row(&q, e)) > 0) {
		query_put_text(&q, 0, node_id, sizeof(node_id));
		take_row(&q, 1, stored, COUNTERS);
		t = (struct tally *)table_find(&r->tallies, node_id);
		if (t)
			t->seen = true;
		r->out->nodes++;
		rc = compare(r, node_id, NULL, names, COUNTERS, stored,
		    t ? t->count : NULL, e);
	}
	query_close(&q);
	return rc || got < 0 ? -1 : 0;
}

static int
compare_pairs(struct reading *r, struct store *s, struct err *e)
{
	int64_t stored[PAIR_COUNTERS];
	char node_id[NODE_ID], other_id[NODE_ID], key[PAIR_KEY];
	struct query q;
	struct bond *b;
	int got, rc = 0;

	query_open(&q, s, SQL_CRI_AUDIT_PAIRS);
	while (!rc && (got = query_row(&q, e)) > 0) {
		query_put_text(&q, 0, node_id, sizeof(node_id));
		query_put_text(&q, 1, other_id, sizeof(other_id));
		take_row(&q, 2, stored, PAIR_COUNTERS);
		key_of(key, node_id, other_id);
		b = (struct bond *)table_find(&r->bonds, key);
		if (b)
			b->seen = true;
		r->out->pairs++;
		rc = compare(r, node_id, other_id, pair_names, PAIR_COUNTERS,
		    stored, b ? b->count : NULL, e);
	}
	query_close(&q);
	return rc || got < 0 ? -1 : 0;
}

/* What the log has and no row: each counts as a row of zeroes. */
static int
compare_rest(struct reading *r, struct err *e)
{
	char node_id[NODE_ID];
	struct table_item *i;
	struct tally *t;
	struct bond *b;
	size_t k;

	for (k = 0; k < r->tallies.buckets; k++)
		for (i = r->tallies.bucket[k]; i; i = i->next) {
			t = (struct tally *)i;
			if (!t->seen && compare(r, t->node_id, NULL, names,
			    COUNTERS, NULL, t->count, e))
				return -1;
		}
	for (k = 0; k < r->bonds.buckets; k++)
		for (i = r->bonds.bucket[k]; i; i = i->next) {
			b = (struct bond *)i;
			snprintf(node_id, sizeof(node_id), "%.*s",
			    (int)strcspn(b->key, " "), b->key);
			if (!b->seen && compare(r, node_id,
			    strchr(b->key, ' ') + 1, pair_names,
			    PAIR_COUNTERS, NULL, b->count, e))
				return -1;
		}
	return 0;
}

int
cri_audit(struct store *s, cri_audit_told *told, void *arg,
    struct cri_audit *out, struct err *e)
{
	struct reading r = { .told = told, .arg = arg, .out = out };
	struct units units = { 0 };
	struct ledger_head head;
	int rc;

	*out = (struct cri_audit){ 0 };
	rc = ledger_head(s, &head, e) || ledger_units_read(s, &units, e) ?
	    -1 : 0;
	if (!rc) {
		out->size = head.size;
		rc = ledger_entries(s, head.size, &units, take, &r, e) ||
		    compare_nodes(&r, s, e) || compare_pairs(&r, s, e) ||
		    compare_rest(&r, e) ? -1 : 0;
		ledger_units_free(&units);
	}
	table_release(&r.tallies, end);
	table_release(&r.bonds, end);
	table_release(&r.opens, end);
	return rc;
}
