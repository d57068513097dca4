/*
 * Random entries to the ledger and to a model of it without a store: groups,
 * conditions, memos, reversals, limits, closing, units, ids that are known,
 * clocks that step back, two writers in turn (P1 of spec/ledger.md 9).  The
 * model shares no code with lib/; each answer is foreseen, and after each
 * transaction every balance and limit is compared.
 */
#include "tap.h"

#include "base/chance.h"
#include "ledger/own.h"
#include "ledger/read.h"
#include "post.h"

#define NODES 7
#define UNITS 4
#define MOST 8192			/* entries of a round */
#define ROUND 2000			/* operations */
#define LEGS 4

static const char *const names[NODES + 1] = {
	"MINT", "a", "a:x", "a:y", "b", "c-1", "d", "zz",
};
static const char *const codes[UNITS] = { "TCK", "SBX", "AAA", "BBB" };
static const int scales[UNITS] = { 2, 2, 0, 4 };

struct m_acct {
	bool there, has_lo, has_hi, closed;
	int64_t have, lo, hi;
};

struct m_leg { int who, unit; int64_t minor; };

struct m_entry {
	int id;				/* "e<id>", or "r<id>" and ":i" */
	char kind;			/* t, r or e */
	int n, memo, first, size;	/* legs; memo or -1; of its group */
	struct m_leg leg[LEGS];
	bool reversed, erased;
	int target;			/* of a reversal: which entry */
};

struct model {
	struct m_acct acct[NODES + 1][UNITS];
	bool unit[UNITS];
	int64_t leaves, leaf_ms, now_ms;
	int n;
	struct m_entry entry[MOST];
};

static struct model now, at_begin, at_mark;
static struct {
	uint64_t seed;
	int op, answers[E__COUNT];
	struct chance dice;
	struct store *store[2];
	struct ledger *ledger[2], *l;
	int64_t clock_ms;
} run;

static int64_t
roll(int64_t below)
{
	return (int64_t)chance_below(&run.dice, (uint64_t)below);
}

static void
copy(struct model *to, const struct model *from)
{
	memcpy(to, from, offsetof(struct model, entry));
	memcpy(to->entry, from->entry,
	    sizeof(*to->entry) * (size_t)from->n);
}

static void
expect(const char *what, int rc, const struct err *e, enum err_code due)
{
	enum err_code is = rc ? e->code : E_ok;

	run.answers[is]++;
	if (is == due)
		return;
	printf("not ok %d - seed %llu, operation %d: %s: %s, not %s (%s)\n",
	    tap_n + 1, (unsigned long long)run.seed, run.op, what,
	    err_word(is), err_word(due), rc ? e->msg : "");
	exit(1);
}

static void
fail(const char *what)
{
	printf("not ok %d - seed %llu, operation %d: %s\n", tap_n + 1,
	    (unsigned long long)run.seed, run.op, what);
	exit(1);
}

static struct m_acct *
account_of(const struct m_leg *l)
{
	return &now.acct[l->who][l->unit];
}

/* The rules of limits, for all that one entry touches. */
static enum err_code
m_apply(const struct m_leg *leg, int n)
{
	int i;

	for (i = 0; i < n; i++) {
		if (account_of(&leg[i])->closed)
			return E_account_closed;
		account_of(&leg[i])->there = true;
		account_of(&leg[i])->have += leg[i].minor;
	}
	for (i = 0; i < n; i++) {
		const struct m_acct *a = account_of(&leg[i]);

		if (a->has_lo && a->have < a->lo)
			return a->lo ? E_limit_exceeded :
			    E_insufficient_funds;
		if (a->has_hi && a->have > a->hi)
			return E_limit_exceeded;
	}
	return E_ok;
}

static void
m_log(struct m_entry *x, int first, int size)
{
	x->first = first;
	x->size = size;
	now.entry[now.n++] = *x;
	now.leaves++;
	now.leaf_ms = now.now_ms;
}

/* Legs in the order in which a leaf has them. */
static void
make_transfer(struct m_entry *x, int id)
{
	int unit = (int)roll(UNITS), from = 1 + (int)roll(NODES), to, i;
	int64_t most = roll(6) ? 60 : 3000;

	*x = (struct m_entry){ .id = id, .kind = 't', .memo = -1 };
	while (!now.unit[unit])
		unit = (int)roll(UNITS);
	if (!roll(6))
		x->memo = (int)roll(5);
	if (!roll(3)) {				/* issued */
		x->n = 2;
		x->leg[1] = (struct m_leg){ from, unit, 1 + roll(900) };
		x->leg[0] = (struct m_leg){ 0, unit, -x->leg[1].minor };
		return;
	}
	do
		to = 1 + (int)roll(NODES);
	while (to == from);
	x->n = 2;
	x->leg[0] = (struct m_leg){ from < to ? from : to, unit,
	    (1 + roll(most)) * (roll(2) ? 1 : -1) };
	x->leg[1] = (struct m_leg){ from < to ? to : from, unit,
	    -x->leg[0].minor };
	for (i = 1; i <= NODES && !roll(4) && x->n == 2; i++)
		if (i > x->leg[1].who && x->leg[1].minor != 1) {
			x->leg[1].minor--;
			x->leg[2] = (struct m_leg){ i, unit, 1 };
			x->n = 3;
		}
}

static const char *const memos[5] = { "m", "Invoice 42", "é", "x y", "\"" };

struct made {
	struct entry x;
	struct leg leg[LEGS];
	char id[LEAF_ID], target[LEAF_ID];
	struct terms terms;
	struct cond cond[2];
};

static void
id_of(const struct m_entry *x, char out[LEAF_ID])
{
	snprintf(out, LEAF_ID, "%c%d", x->kind == 'e' ? 'v' : x->kind == 'r' ?
	    'r' : 'e', x->id);
}

/* Shuffled: the ledger sorts. */
static void
make_entry(struct made *m, const struct m_entry *x)
{
	int i, turn = (int)roll(x->n);

	*m = (struct made){ 0 };
	id_of(x, m->id);
	for (i = 0; i < x->n; i++)
		m->leg[i] = (struct leg){
			names[x->leg[(i + turn) % x->n].who],
			units_find(ledger_units(run.l),
			codes[x->leg[(i + turn) % x->n].unit]),
			x->leg[(i + turn) % x->n].minor,
		};
	m->x = (struct entry){
		.kind = ENTRY_TRANSFER, .id = m->id, .legs = m->leg,
		.n_legs = (size_t)x->n,
		.type = x->leg[0].who ? "TRANSFER" : "CREDIT_ISSUE",
	};
	if (x->memo >= 0) {
		m->terms.memo = memos[x->memo];
		post_salt(&m->terms, &run.dice);
	}
}

static bool
m_holds(int op, int64_t is, int64_t want)
{
	return op == 0 ? is == want : op == 1 ? is < want : op == 2 ?
	    is <= want : op == 3 ? is > want : is >= want;
}

static int64_t
m_sum(int who, int unit, bool below)
{
	int64_t sum = now.acct[who][unit].have;
	int i;

	for (i = 1; below && i <= NODES; i++)
		if (i != who && !strncmp(names[i], names[who],
		    strlen(names[who])) &&
		    names[i][strlen(names[who])] == ':')
			sum += now.acct[i][unit].have;
	return sum;
}

/* A condition that is mostly near the truth. */
static void
make_cond(struct cond *c, int *who, int *unit)
{
	*who = 1 + (int)roll(NODES);
	do
		*unit = (int)roll(UNITS);
	while (!now.unit[*unit]);
	*c = (struct cond){
		.account = names[*who], .op = (enum cond_op)roll(5),
		.unit = units_find(ledger_units(run.l), codes[*unit]),
		.subtree = roll(3) == 0,
	};
	c->minor = m_sum(*who, *unit, c->subtree) + roll(3) - 1;
}

/* What a known entry answers to this one. */
static enum err_code
m_known(const struct m_entry *x, const struct m_entry *known)
{
	bool memo = x->memo == known->memo || (known->erased &&
	    known->memo >= 0);

	return x->n == known->n && memo && !memcmp(x->leg, known->leg,
	    sizeof(x->leg)) ? E_ok : E_id_conflict;
}

static const struct m_entry *
m_find(char kind, int id)
{
	int i;

	for (i = 0; i < now.n; i++)
		if (now.entry[i].kind == kind && now.entry[i].id == id)
			return &now.entry[i];
	return NULL;
}

/* One of the transfers, or NULL. */
static int
any_transfer(void)
{
	int i, k;

	for (i = 0; i < 20 && now.n; i++) {
		k = (int)roll(now.n);
		if (now.entry[k].kind == 't')
			return k;
	}
	return -1;
}

/* A group of new entries, with conditions; sometimes one is known. */
static bool
do_post(void)
{
	int n = roll(4) ? 1 : 2 + (int)roll(4), i, k, who, unit, hits = 0;
	int bad = -1;
	struct m_entry x[8];
	struct made m[8];
	struct entry in[8];
	struct terms terms[8];
	struct posted out[8];
	struct refused why;
	struct err e = { 0 };
	enum err_code due = E_ok;
	const struct m_entry *known;
	bool twice = n > 1 && !roll(12);
	int rc;

	for (i = 0; i < n; i++) {
		make_transfer(&x[i], run.op * 8 + i);
		k = any_transfer();
		if (k >= 0 && !roll(10)) {
			x[i] = now.entry[k];
			x[i].erased = x[i].reversed = false;
			if (!roll(3))
				x[i].leg[0].minor -= 1, x[i].leg[1].minor += 1;
			if (!roll(4))
				x[i].memo = (int)roll(6) - 1;
			if (!x[i].leg[0].minor || !x[i].leg[1].minor)
				x[i] = now.entry[k];
		}
	}
	if (twice)
		x[n - 1] = x[0];
	for (i = 0; i < n; i++) {
		make_entry(&m[i], &x[i]);
		known = m_find('t', x[i].id);
		if (known && due == E_ok)
			due = m_known(&x[i], known);
		hits += known != NULL;
		if (due != E_ok && bad < 0)
			bad = i;
	}
	if (due == E_ok && hits && hits < n)
		due = E_group_partial;
	for (i = 0; i < n && due == E_ok && !hits; i++) {
		for (k = 0; k < i; k++)
			if (x[k].id == x[i].id)
				due = E_id_conflict;
		if (due != E_ok)
			break;
		if (!roll(5)) {
			make_cond(&m[i].cond[0], &who, &unit);
			m[i].terms.n_before = 1;
			if (!m_holds((int)m[i].cond[0].op, m_sum(who, unit,
			    m[i].cond[0].subtree), m[i].cond[0].minor))
				due = E_condition_false;
		}
		if (due == E_ok)
			due = m_apply(x[i].leg, x[i].n);
		if (due == E_ok && !roll(5)) {
			make_cond(&m[i].cond[1], &who, &unit);
			m[i].terms.n_after = 1;
			if (!m_holds((int)m[i].cond[1].op, m_sum(who, unit,
			    m[i].cond[1].subtree), m[i].cond[1].minor))
				due = E_assertion_failed;
		}
	}
	for (i = 0; i < n; i++) {
		in[i] = m[i].x;
		terms[i] = m[i].terms;
		terms[i].before = &m[i].cond[0];
		terms[i].after = &m[i].cond[1];
	}
	rc = ledger_post_with_in(run.l, in, terms, (size_t)n, out, &why, &e);
	expect("post", rc, &e, due);
	if (rc)
		return false;
	if (hits)
		return out[0].existed ? true : (fail("it is new"), false);
	k = now.n;
	for (i = 0; i < n; i++) {
		if (out[i].existed || out[i].seq != now.leaves ||
		    out[i].at_ms != now.now_ms)
			fail("posted otherwise");
		m_log(&x[i], k, n);
	}
	return true;
}

static bool
do_reverse(void)
{
	int k = now.n ? (int)roll(now.n) : -1, first, size, i, j;
	char id[LEAF_ID], target[LEAF_ID];
	struct reverse r = { id, target, roll(4) ? NULL : "why" };
	struct posted out[LEAF_GROUP];
	struct m_entry x[8];
	enum err_code due = E_ok;
	struct err e = { 0 };
	size_t n = 0;
	int rc;

	snprintf(id, sizeof(id), "r%d", run.op * 8);
	snprintf(target, sizeof(target), "none");
	if (k < 0) {
		rc = ledger_reverse_in(run.l, &r, &run.dice, out, &n, &e);
		expect("reverse nothing", rc, &e, E_no_entry);
		return false;
	}
	first = now.entry[k].first;
	size = now.entry[k].size;
	if (now.entry[k].kind == 'r' && size > 1 && k > first)
		snprintf(target, sizeof(target), "r%d:%d", now.entry[k].id,
		    k - first);
	else
		id_of(&now.entry[k], target);
	for (i = 0; i < size && due == E_ok; i++)
		if (now.entry[first + i].kind != 't')
			due = E_not_reversible;
	for (i = 0; i < size && due == E_ok; i++) {
		x[i] = now.entry[first + i];
		if (x[i].reversed)
			due = E_already_reversed;
		for (j = 0; j < x[i].n; j++)
			x[i].leg[j].minor = -x[i].leg[j].minor;
		if (due == E_ok)
			due = m_apply(x[i].leg, x[i].n);
	}
	rc = ledger_reverse_in(run.l, &r, &run.dice, out, &n, &e);
	expect("reverse", rc, &e, due);
	if (rc)
		return false;
	k = now.n;
	for (i = 0; i < size; i++) {
		now.entry[first + i].reversed = true;
		x[i].kind = 'r';
		x[i].id = run.op * 8;
		if (out[i].seq != now.leaves)
			fail("reversed elsewhere");
		m_log(&x[i], k, size);
	}
	return true;
}

static void
m_event(void)
{
	struct m_entry x = { .kind = 'e', .id = run.op * 8, .memo = -1 };

	m_log(&x, now.n, 1);
}

static bool
do_limit(void)
{
	int who = 1 + (int)roll(NODES), unit = (int)roll(UNITS);
	struct m_acct *a = &now.acct[who][unit];
	char lo[32], hi[32], id[LEAF_ID];
	struct limit want = { names[who], codes[unit], NULL, NULL, false };
	enum err_code due = E_ok;
	struct posted out;
	struct err e = { 0 };
	int64_t v;
	int rc;

	want.closed = !roll(20);
	if (a->closed)
		due = E_account_closed;
	if (!now.unit[unit])
		due = E_no_unit;
	if (due == E_ok)
		a->there = true;
	if (!want.closed && roll(2)) {
		v = roll(3) ? 0 : roll(200) - 100;
		if (!roll(5)) {
			want.lo = "none";
			a->has_lo = due != E_ok && a->has_lo;
		} else {
			amount_print(v, scales[unit], lo);
			want.lo = lo;
			if (due == E_ok) {
				a->has_lo = true;
				a->lo = v;
			}
		}
	}
	if (!want.closed && !roll(3)) {
		v = a->have + roll(2000) - 200;
		if (!roll(2)) {
			want.hi = "none";
			a->has_hi = due != E_ok && a->has_hi;
		} else {
			amount_print(v, scales[unit], hi);
			want.hi = hi;
			if (due == E_ok) {
				a->has_hi = true;
				a->hi = v;
			}
		}
	}
	if (due == E_ok && unit < 2 && (!a->has_lo || a->lo < 0))
		due = E_flow_refused;
	if (due == E_ok && a->has_lo && a->have < a->lo)
		due = E_limit_exceeded;
	if (due == E_ok && a->has_hi && a->have > a->hi)
		due = E_limit_exceeded;
	if (due == E_ok && want.closed && a->have)
		due = E_account_not_empty;
	snprintf(id, sizeof(id), "v%d", run.op * 8);
	rc = ledger_limit_in(run.l, id, &want, &out, &e);
	expect("limit", rc, &e, due);
	if (rc)
		return false;
	a->closed |= want.closed;
	m_event();
	return true;
}

static bool
do_unit(void)
{
	int unit = (int)roll(UNITS);
	char id[LEAF_ID];
	struct posted out;
	struct err e = { 0 };
	int rc;

	snprintf(id, sizeof(id), "v%d", run.op * 8);
	rc = ledger_unit_in(run.l, id, codes[unit], scales[unit], &out, &e);
	expect("unit", rc, &e, now.unit[unit] ? E_wrong_state : E_ok);
	if (rc)
		return false;
	now.unit[unit] = true;
	m_event();
	return true;
}

static bool
do_assert(void)
{
	int who, unit;
	char id[LEAF_ID];
	struct posted out;
	struct err e = { 0 };
	struct cond c;
	int64_t is, due;
	int rc;

	make_cond(&c, &who, &unit);
	due = m_sum(who, unit, c.subtree);
	snprintf(id, sizeof(id), "v%d", run.op * 8);
	rc = ledger_assert_in(run.l, id, &c, -1, &is, &out, &e);
	expect("assert", rc, &e, m_holds((int)c.op, due, c.minor) ? E_ok :
	    E_assertion_failed);
	if (is != due)
		fail("assert: another balance");
	if (rc)
		return false;
	m_event();
	return true;
}

static bool
do_erase(void)
{
	int k = any_transfer();
	char id[LEAF_ID], target[LEAF_ID] = "none";
	struct posted out;
	struct err e = { 0 };
	bool can = k >= 0 && now.entry[k].memo >= 0 && !now.entry[k].erased;
	int rc;

	if (k >= 0)
		id_of(&now.entry[k], target);
	snprintf(id, sizeof(id), "v%d", run.op * 8);
	rc = ledger_memo_erase_in(run.l, id, target, &out, &e);
	expect("erase", rc, &e, can ? E_ok : E_no_entry);
	if (rc)
		return false;
	now.entry[k].erased = true;
	m_event();
	return true;
}

static bool
one(void)
{
	int64_t n = roll(100);

	return n < 62 ? do_post() : n < 76 ? do_reverse() : n < 86 ?
	    do_limit() : n < 89 ? do_unit() : n < 95 ? do_assert() :
	    do_erase();
}

static void
same_all(struct store *s)
{
	struct account a;
	struct query q;
	struct err e;
	int who, unit, got, n = 0, due = 0;

	ledger_accounts_open(&q, s, NULL);
	while ((got = ledger_accounts_next(&q, &a, &e)) > 0) {
		for (who = 0; who <= NODES; who++)
			if (!strcmp(names[who], a.name))
				break;
		for (unit = 0; unit < UNITS; unit++)
			if (!strcmp(codes[unit], a.unit.code))
				break;
		if (who > NODES || unit == UNITS)
			fail("an account of nobody");
		const struct m_acct *m = &now.acct[who][unit];

		if (!m->there || m->have != a.balance.minor ||
		    m->closed != a.closed || (who && (m->has_lo != a.has_lo ||
		    (m->has_lo && m->lo != a.lo) || m->has_hi != a.has_hi ||
		    (m->has_hi && m->hi != a.hi))))
			fail(a.name);
		n++;
	}
	for (who = 0; who <= NODES; who++)
		for (unit = 0; unit < UNITS; unit++)
			due += now.acct[who][unit].there;
	if (got < 0 || n != due)
		fail("accounts are missing");
}

static void
transact(int which, int end)
{
	int64_t left = 1 + roll(20);

	copy(&at_begin, &now);
	home_begin(run.store[which], &run.ledger[which], run.clock_ms);
	run.l = run.ledger[which];
	now.now_ms = run.clock_ms > now.leaf_ms ? run.clock_ms : now.leaf_ms;
	for (; left && run.op < end; left--, run.op++) {
		bool marked = !roll(3), keep;

		copy(&at_mark, &now);
		if (marked)
			home_mark(run.l);
		keep = one();
		if (marked && keep && roll(4)) {
			home_keep(run.l);
		} else if (marked) {
			home_undo(run.l);
			keep = false;
		}
		if (!keep)
			copy(&now, &at_mark);
	}
	if (roll(8)) {
		home_commit(run.l);
	} else {
		ledger_rollback(run.l);
		copy(&now, &at_begin);
	}
	same_all(run.store[which]);
}

static void
play(uint64_t seed, int ops)
{
	int who, unit, i, proved = 0;

	run.seed = seed;
	run.op = 0;
	chance_seed(&run.dice, seed);
	memset(&now, 0, sizeof(now));
	for (who = 0; who <= NODES; who++)
		for (unit = 0; unit < UNITS; unit++)
			now.acct[who][unit].has_lo = who > 0;
	now.unit[0] = now.unit[1] = true;
	now.leaves = 1;
	run.clock_ms = now.leaf_ms = HOME_MS;
	run.store[0] = home_new("home-books");
	run.store[1] = home_open("home-books", STORE_WRITE);
	while (run.op < ops) {
		transact((int)roll(2), ops);
		run.clock_ms += roll(5) ? roll(100000) : -roll(1000000);
		if (run.op / 500 > proved) {
			proved = run.op / 500;
			if (home_verify(run.store[0]))
				fail("verify finds something");
		}
	}
	OK(home_verify(run.store[0]) == 0);
	OK(home_number(run.store[0], "SELECT size FROM ledger_head") ==
	    now.leaves);
	OK(now.leaves > ops / 4);
	for (i = 0; i < 2; i++) {
		ledger_free(run.ledger[i]);
		run.ledger[i] = NULL;
		store_close(run.store[i]);
	}
}

int
main(int argc, char **argv)
{
	const char *seed = argc > 1 ? argv[1] : getenv("BZN_BOOKS_SEED");
	const char *most = getenv("BZN_BOOKS_OPS");
	int ops = most ? (int)strtol(most, NULL, 10) : 2 * ROUND, i;

	if (seed)
		play(strtoull(seed, NULL, 10), ROUND);
	for (i = 0; !seed && ops > 0; i++, ops -= ROUND)
		play((uint64_t)i + 1, ROUND);
	for (i = 0; i < E__COUNT; i++)
		if (run.answers[i])
			printf("# %6d %s\n", run.answers[i],
			    err_word((enum err_code)i));
	return DONE();
}
