#include "cri/audit.h"
#include "cri/impl.h"
#include "cri/tally.h"
#include "ledger/ledger.h"

enum { SOLD, BOUGHT, PARTNERS, MOST, VOLUME, DELIVERED, FAILED, FIRST, LAST,
    RANK, MADE, BANNED, EARLY, COUNTERS };
enum { PAIR_SOLD, PAIR_BOUGHT, PAIR_MINOR, PAIR_COUNTERS };

static const char *const names[COUNTERS] = {
	"sold", "bought", "partners", "most", "volume_minor", "delivered",
	"failed", "first_ms", "last_ms", "rank", "made_ms", "banned_ms",
	"early",
};
static const char *const pair_names[PAIR_COUNTERS] = {
	"sold", "bought", "volume_minor",
};

struct auditing {
	const struct tally *tally;
	struct store *store;
	cri_audit_told *told;
	void *arg;
	struct cri_audit *out;
	int64_t nodes, pairs;		/* of the log, that have a row */
};

/* What the log makes of a node; zeroes of one that it does not name. */
static void
count_node(const struct tally_node *t, int64_t out[COUNTERS])
{
	static const struct tally_node none;

	if (!t)
		t = &none;
	out[SOLD] = t->sold;
	out[BOUGHT] = t->bought;
	out[PARTNERS] = t->partners;
	out[MOST] = t->most;
	out[VOLUME] = t->volume_minor;
	out[DELIVERED] = t->delivered;
	out[FAILED] = t->failed;
	out[FIRST] = t->first_ms;
	out[LAST] = t->last_ms;
	out[RANK] = t->rank;
	out[MADE] = t->made_ms;
	out[BANNED] = t->banned_ms;
	out[EARLY] = t->early;
}

/* Of two, as the first of them sees it. */
static void
count_pair(const struct auditing *a, const char *node_id,
    const char *other_id, int64_t out[PAIR_COUNTERS])
{
	int64_t minor;

	tally_pair(a->tally, node_id, other_id, &out[PAIR_SOLD], &minor);
	tally_pair(a->tally, other_id, node_id, &out[PAIR_BOUGHT],
	    &out[PAIR_MINOR]);
	out[PAIR_MINOR] += minor;
}

static int
compare(struct auditing *a, const char *node_id, const char *other_id,
    const char *const *name, size_t n, const int64_t *stored,
    const int64_t *computed, struct err *e)
{
	static const int64_t none[COUNTERS] = { 0 };
	struct cri_fault f = { .node_id = node_id, .other_id = other_id };
	size_t i;

	for (i = 0; i < n; i++) {
		f.counter = name[i];
		f.stored = (stored ? stored : none)[i];
		f.computed = computed[i];
		if (f.stored == f.computed)
			continue;
		a->out->faults++;
		if (a->told(a->arg, &f, e))
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
compare_nodes(struct auditing *a, struct err *e)
{
	int64_t stored[COUNTERS], computed[COUNTERS];
	const struct tally_node *t;
	char node_id[NODE_ID];
	struct query q;
	int got, rc = 0;

	query_open(&q, a->store, SQL_CRI_AUDIT_NODES);
	while (!rc && (got = query_row(&q, e)) > 0) {
		query_put_text(&q, 0, node_id, sizeof(node_id));
		take_row(&q, 1, stored, COUNTERS);
		t = tally_find(a->tally, node_id);
		count_node(t, computed);
		a->nodes += t != NULL;
		a->out->nodes++;
		rc = compare(a, node_id, NULL, names, COUNTERS, stored,
		    computed, e);
	}
	query_close(&q);
	return rc || got < 0 ? -1 : 0;
}

static int
compare_pairs(struct auditing *a, struct err *e)
{
	int64_t stored[PAIR_COUNTERS], computed[PAIR_COUNTERS];
	char node_id[NODE_ID], other_id[NODE_ID];
	struct query q;
	int got, rc = 0;

	query_open(&q, a->store, SQL_CRI_AUDIT_PAIRS);
	while (!rc && (got = query_row(&q, e)) > 0) {
		query_put_text(&q, 0, node_id, sizeof(node_id));
		query_put_text(&q, 1, other_id, sizeof(other_id));
		take_row(&q, 2, stored, PAIR_COUNTERS);
		count_pair(a, node_id, other_id, computed);
		a->pairs += computed[PAIR_SOLD] || computed[PAIR_BOUGHT];
		a->out->pairs++;
		rc = compare(a, node_id, other_id, pair_names, PAIR_COUNTERS,
		    stored, computed, e);
	}
	query_close(&q);
	return rc || got < 0 ? -1 : 0;
}

/* What the log has and no row: each counts as a row of zeroes. */
static int
node_without(void *auditing, const struct tally_node *t, struct err *e)
{
	struct auditing *a = auditing;
	int64_t computed[COUNTERS];
	struct node n = { 0 };
	struct err why = { 0 };

	if (!node_get(a->store, t->id, &n, &why))
		return 0;
	if (why.code != E_node_missing) {
		*e = why;
		return -1;
	}
	count_node(t, computed);
	return compare(a, t->id, NULL, names, COUNTERS, NULL, computed, e);
}

static int
one_way(struct auditing *a, const char *node_id, const char *other_id,
    struct err *e)
{
	int64_t computed[PAIR_COUNTERS];

	count_pair(a, node_id, other_id, computed);
	return compare(a, node_id, other_id, pair_names, PAIR_COUNTERS, NULL,
	    computed, e);
}

/* Who sold both ways is told of once for each, who did not as well. */
static int
pair_without(void *auditing, const char *seller_id, const char *buyer_id,
    int64_t n, int64_t minor, struct err *e)
{
	struct auditing *a = auditing;
	int got = cri_traded(a->store, seller_id, buyer_id, e);

	(void)minor;
	if (got)
		return got < 0 ? -1 : 0;
	tally_pair(a->tally, buyer_id, seller_id, &n, &minor);
	return one_way(a, seller_id, buyer_id, e) ||
	    (!n && one_way(a, buyer_id, seller_id, e)) ? -1 : 0;
}

static int
compare_all(struct auditing *a, struct err *e)
{
	struct tally_end end;

	tally_end(a->tally, &end);
	a->out->settled = end.settled;
	return compare_nodes(a, e) || compare_pairs(a, e) ||
	    (a->nodes < end.nodes &&
	    tally_each(a->tally, node_without, a, e)) ||
	    (a->pairs < 2 * end.pairs &&
	    tally_pairs(a->tally, pair_without, a, e)) ? -1 : 0;
}

int
cri_audit(struct store *s, cri_audit_told *told, void *arg,
    struct cri_audit *out, struct err *e)
{
	struct tally *t = tally_new();
	struct auditing a = {
		.tally = t, .store = s, .told = told, .arg = arg, .out = out,
	};
	struct ledger_head head;
	int rc;

	*out = (struct cri_audit){ 0 };
	rc = ledger_head(s, &head, e);
	out->size = rc ? 0 : head.size;
	rc = rc || tally_read(t, s, head.size, e) || compare_all(&a, e) ?
	    -1 : 0;
	tally_free(t);
	return rc;
}
