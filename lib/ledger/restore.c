#include <assert.h>
#include <string.h>

#include "ledger/apply.h"
#include "ledger/restore.h"
#include "ledger/type.h"

bool
ledger_may_end_in(const struct ledger *l)
{
	return !l->group_n || l->group_i + 1 == l->group_n;
}

/* The leaf that stands at this place: 1 if it is the same, 0, -1. */
static int
compare(struct ledger *l, const struct entry *x, const void *leaf, size_t n,
    struct err *e)
{
	const void *have;
	struct query q;
	size_t m;
	int got;

	query_open(&q, l->store, SQL_LEDGER_ENTRY_BY_SEQ);
	query_int(&q, x->seq);
	got = query_row(&q, e);
	if (got <= 0)
		return got < 0 ? -1 : err_set(e, E_store_corrupt,
		    "entry %lld is missing", (long long)x->seq);
	have = query_get_bytes(&q, 2, &m);
	got = m == n && !memcmp(have, leaf, n);
	query_close(&q);
	return got ? 0 : err_set(e, E_forked, "entry %lld here is another",
	    (long long)x->seq);
}

static int
check_place(const struct ledger *l, const struct entry *x, struct err *e)
{
	bool amid = !ledger_may_end_in(l);

	if ((uint64_t)x->seq != l->edge.size)
		return err_set(e, E_seq_gap, "entry %lld follows %lld",
		    (long long)x->seq, (long long)l->edge.size - 1);
	if (x->seq ? !strcmp(x->type, "log.genesis") :
	    strcmp(x->type, "log.genesis") != 0)
		return err_set(e, E_wrong_state,
		    "a log begins with log.genesis, and only so");
	if (x->at_ms < l->now_ms)
		return err_set(e, E_time_backwards, "entry %lld is earlier "
		    "than the one before it", (long long)x->seq);
	if (amid ? x->group_n != l->group_n || x->group_i != l->group_i + 1 :
	    x->group_n && x->group_i)
		return err_set(e, E_group_broken, "entry %lld breaks a group",
		    (long long)x->seq);
	return 0;
}

int
ledger_restore_in(struct ledger *l, const void *leaf, size_t n,
    struct err *e)
{
	struct leaf *parsed = &l->known;
	struct ledger_known other;
	struct entry x;
	char id[LEAF_ID];
	int got;

	assert(l->writing);
	if (leaf_parse(parsed, leaf, n, &l->units, e))
		return -1;
	x = parsed->entry;
	if ((uint64_t)x.seq < l->edge.size) {
		l->group_i = x.group_i;
		l->group_n = x.group_n;
		return compare(l, &x, leaf, n, e);
	}
	if (check_place(l, &x, e) ||
	    (x.kind == ENTRY_TRANSFER && type_check(&x, e)))
		return -1;
	/* The search reads into the same leaf: the id is all it needs. */
	memcpy(id, x.id, strlen(x.id) + 1);
	got = ledger_find_in(l, id, &other, e);
	if (got)
		return got < 0 ? -1 : err_set(e, E_id_conflict,
		    "'%s' is known as entry %lld", id, (long long)other.seq);
	if (apply_entry(l, &x, e) || post_append(l, &x, leaf, n, e)) {
		l->broken = true;
		return -1;
	}
	l->now_ms = x.at_ms;
	l->group_i = x.group_i;
	l->group_n = x.group_n;
	return 1;
}
