/*
 * Bounties: every state, event, actor and side of the deadline, and random
 * requests against a model that has its own rules, its own tax and no store.
 */
#include "tap.h"

#include "actors.h"
#include "bounty/bounty.h"
#include "ledger/make.h"

#define NODES 6			/* the last two are of the sandbox */
#define MOST 1000		/* bounties of a round */
#define TRIES 4000
#define ROUNDS 4

static struct params params;
static struct chance chance;

static void
sql(struct store *s, const char *text)
{
	char *why = NULL;

	if (sqlite3_exec(s->db, text, NULL, NULL, &why))
		printf("Bail out! %s\n", why);
}

static const char *
name_of(int i)
{
	static const char *const names[NODES] = {
		"node-0", "node-1", "node-2", "node-3", "sand-4", "sand-5",
	};

	return names[i];
}

static bool
in_sandbox(int i)
{
	return i >= 4;
}

static void
join_all(struct store *s, struct ledger *l)
{
	const struct amount start = { 100000, unit_named("SBX") };
	struct move m = { .type = TYPE_CREDIT_ISSUE, .from = "MINT",
	    .amount = start };
	struct leg legs[2];
	struct entry x = { .kind = ENTRY_TRANSFER, .type = "CREDIT_ISSUE",
	    .legs = legs, .n_legs = 2 };
	struct posted posted;
	struct err e = { 0 };
	int i;

	for (i = 0; i < NODES; i++)
		actor_join(l, name_of(i), &params, &chance);
	for (i = 4; i < NODES; i++) {
		legs[0] = (struct leg){ "MINT", start.unit, -start.minor };
		legs[1] = (struct leg){ name_of(i), start.unit, start.minor };
		x.id = m.to = name_of(i);
		if (ledger_post_in(l, &x, 1, &posted, &e))
			home_die("ledger_post_in", &e);
	}
	sql(s, "UPDATE node_node SET realm = 'sandbox' WHERE id LIKE 'sand%'");
}

/* --- What is asked of the library ---------------------------------------- */

static enum err_code
create(struct ledger *l, int node, int64_t minor, int64_t days,
    char id[ID_TEXT])
{
	char warning[BOUNTY_WARNING], reward[AMOUNT_TEXT];
	const struct wish w = {
		.node_id = name_of(node), .title = "title",
		.description = "description", .reward = reward,
		.deadline_days = days,
	};
	struct err e = { 0 };
	struct bounty b;

	amount_text((struct amount){ minor, unit_named("TCK") }, reward);
	if (bounty_create_in(l, &w, &params, &chance, &b, warning, &e))
		return e.code;
	snprintf(id, ID_TEXT, "%s", b.id);
	bounty_release(&b);
	return E_ok;
}

static enum err_code
submit(struct ledger *l, const char *bounty, int node, char id[ID_TEXT])
{
	char warning[BOUNTY_WARNING];
	const struct solution s = {
		.bounty_id = bounty, .node_id = name_of(node),
		.content = "content",
	};
	struct submission is;
	struct err e = { 0 };

	if (bounty_submit_in(l, &s, &params, &chance, &is, warning, &e))
		return e.code;
	snprintf(id, ID_TEXT, "%s", is.id);
	bounty_submission_release(&is);
	return E_ok;
}

static enum err_code
end(struct ledger *l, enum bounty_event event, const char *bounty,
    const char *node, const char *submission)
{
	const struct bounty_end w = {
		event, bounty, node, submission, &params,
	};
	struct err e = { 0 };
	struct bounty b;

	if (bounty_end_in(l, &w, &b, &e))
		return e.code;
	bounty_release(&b);
	return E_ok;
}

/* --- Every cell ----------------------------------------------------------- */

/* In the words of spec/vmp.md 2.9 and 3.3. */
static enum err_code
due_answer(enum bounty_state state, enum bounty_event event,
    const char *actor, bool late)
{
	bool creator = !actor || !strcmp(actor, "node-0");

	if (event == BOUNTY_SUBMIT)
		return state != BOUNTY_OPEN ? E_wrong_state :
		    late ? E_window_closed : creator ? E_own_bounty : E_ok;
	if (event == BOUNTY_EXPIRE)
		return state != BOUNTY_OPEN ? E_wrong_state :
		    late ? E_ok : E_window_open;
	if (!creator)
		return E_not_creator;
	return state != BOUNTY_OPEN ? E_wrong_state :
	    late ? E_window_closed : E_ok;
}

static void
cell(struct ledger *l, enum bounty_state state, enum bounty_event event,
    const char *actor, bool late)
{
	char id[ID_TEXT], won[ID_TEXT], other[ID_TEXT];
	enum err_code is, want = due_answer(state, event, actor, late);
	int64_t balance;
	struct bounty b;
	struct err e = { 0 };

	/* Those that have a day left, and those whose day is over. */
	home_mark(l);
	if (create(l, 0, 1000, 1, id) || submit(l, id, 1, won))
		printf("Bail out! no bounty\n");
	if (late || state == BOUNTY_EXPIRED)
		sql(ledger_store(l),
		    "UPDATE bounty_bounty SET deadline_ms = made_ms");
	if ((state == BOUNTY_CANCELLED || state == BOUNTY_AWARDED) && late)
		sql(ledger_store(l),
		    "UPDATE bounty_bounty SET deadline_ms = made_ms + 1");
	if ((state == BOUNTY_AWARDED && end(l, BOUNTY_AWARD, id, NULL, won)) ||
	    (state == BOUNTY_CANCELLED && end(l, BOUNTY_CANCEL, id, NULL,
	    NULL)) ||
	    (state == BOUNTY_EXPIRED && end(l, BOUNTY_EXPIRE, id, NULL,
	    NULL)))
		printf("Bail out! not in its state\n");
	balance = home_balance(l, "node-0", "TCK");
	is = event == BOUNTY_SUBMIT ? submit(l, id,
	    actor ? actor[5] - '0' : 0, other) :
	    end(l, event, id, actor, won);
	if (actor && actor[5] == '1' && want == E_ok &&
	    event == BOUNTY_SUBMIT)
		want = E_submission_dup;
	if (is != want)
		printf("# state %d, event %d, actor %s, late %d: %s, not "
		    "%s\n", (int)state, (int)event, actor ? actor : "-", late,
		    err_word(is), err_word(want));
	OK(is == want);
	if (bounty_get(ledger_store(l), id, &b, &e))
		home_die("bounty_get", &e);
	OK(is == E_ok ? bounty_step(event, state)->to == b.state :
	    b.state == state && balance == home_balance(l, "node-0", "TCK"));
	OK((b.closed_ms != 0) == (b.state != BOUNTY_OPEN));
	bounty_release(&b);
	home_undo(l);
}

static void
walk(void)
{
	static const char *const actors[] = {
		"node-0", "node-1", "node-2", NULL
	};
	struct store *s = home_new("walk");
	struct ledger *l = NULL;
	enum bounty_event event;
	enum bounty_state state;
	size_t i;
	int late;

	home_begin(s, &l, HOME_MS);
	join_all(s, l);
	for (state = 0; state < BOUNTY__STATES; state++)
		for (event = 0; event < BOUNTY__EVENTS; event++)
			for (i = 0; i < 4; i++)
				for (late = 0; late < 2; late++)
					cell(l, state, event, actors[i],
					    late);
	ledger_free(l);
	store_close(s);
}

/* --- A model -------------------------------------------------------------- */

struct m_bounty {
	char id[ID_TEXT];
	int creator, winner, state;	/* -1; as enum bounty_state */
	int64_t minor, due_ms;		/* 0: never */
	char submission[NODES][ID_TEXT];	/* the last of each node */
	bool waits[NODES];
	int handed_in;
};

static struct {
	int64_t now_ms, have[NODES], open[NODES], vault[2];
	bool banned[NODES];
	struct m_bounty b[MOST];
	int n;
	int answers[E__COUNT];
} m;

static int
roll(int below)
{
	return (int)chance_below(&chance, (uint64_t)below);
}

static enum err_code
m_create(int node, int64_t minor)
{
	int64_t pct = params.value[PARAM_canary_exposure_pct];

	if (minor < 1000 || minor > 10000000)
		return E_price_range;
	if (m.banned[node])
		return E_node_unknown_or_banned;
	if (m.have[node] < minor)
		return E_insufficient_funds;
	if (pct && m.open[node] + minor >
	    (m.have[node] + m.open[node]) * pct / 100)
		return E_cap_exposure;
	return E_ok;
}

static bool
m_late(const struct m_bounty *b)
{
	return b->due_ms && m.now_ms >= b->due_ms;
}

static enum err_code
m_submit(const struct m_bounty *b, int node)
{
	if (m.banned[node])
		return E_node_unknown_or_banned;
	if (b->state)
		return E_wrong_state;
	if (m_late(b))
		return E_window_closed;
	if (b->creator == node)
		return E_own_bounty;
	if (in_sandbox(node) != in_sandbox(b->creator))
		return E_realm;
	return b->waits[node] ? E_submission_dup : E_ok;
}

static void
m_end(struct m_bounty *b, int state, int winner)
{
	int64_t tax = (3 * b->minor + 50) / 100;
	int vault = in_sandbox(b->creator);
	int64_t *to = &m.have[b->creator];

	b->state = state;
	m.open[b->creator] -= b->minor;
	memset(b->waits, 0, sizeof(b->waits));
	if (state == BOUNTY_AWARDED) {
		b->winner = winner;
		m.have[winner] += b->minor - tax;
		m.vault[vault] += tax;
		return;
	}
	*to += b->minor;
	if (m.banned[b->creator]) {	/* what a banned node gets is taken */
		m.vault[vault] += *to;
		*to = 0;
	}
}

static enum err_code
m_award(const struct m_bounty *b, int actor, int winner)
{
	if (actor >= 0 && actor != b->creator)
		return E_not_creator;
	if (b->state)
		return E_wrong_state;
	if (m_late(b))
		return E_window_closed;
	if (actor >= 0 && m.banned[actor])
		return E_node_unknown_or_banned;
	if (!*b->submission[winner])
		return E_submission_missing;
	if (!b->waits[winner])
		return E_wrong_state;
	return m.banned[winner] ? E_solver_inactive : E_ok;
}

static enum err_code
m_back(const struct m_bounty *b, int actor, bool expire)
{
	if (!expire && actor >= 0 && actor != b->creator)
		return E_not_creator;
	if (b->state)
		return E_wrong_state;
	if (expire)
		return m_late(b) ? E_ok : E_window_open;
	return m_late(b) ? E_window_closed : E_ok;
}

/* --- Both, side by side --------------------------------------------------- */

static void
expect(const char *what, enum err_code is, enum err_code want)
{
	m.answers[is]++;
	if (is == want)
		return;
	printf("not ok %d - %s: %s, not %s\n", tap_n + 1, what, err_word(is),
	    err_word(want));
	exit(1);
}

static void
do_create(struct ledger *l)
{
	struct m_bounty *b = &m.b[m.n];
	int node = roll(NODES);
	int64_t minor = 900 + roll(roll(20) ? 2000 : 120000);
	int64_t days = roll(4) ? 1 + roll(5) : 0;
	enum err_code want = m_create(node, minor);

	*b = (struct m_bounty){ .creator = node, .winner = -1,
	    .minor = minor };
	expect("create", create(l, node, minor, days, b->id), want);
	if (want)
		return;
	b->due_ms = days ? m.now_ms + days * DAY_MS : 0;
	m.have[node] -= minor;
	m.open[node] += minor;
	m.n++;
}

static void
do_submit(struct ledger *l, struct m_bounty *b)
{
	int node = roll(NODES);
	enum err_code want = m_submit(b, node);

	expect("submit", submit(l, b->id, node, b->submission[node]), want);
	b->waits[node] = b->waits[node] || !want;
	b->handed_in += !want;
}

static void
do_end(struct ledger *l, struct m_bounty *b)
{
	int actor = roll(3) ? b->creator : roll(NODES + 1) - 1;
	const char *who = actor < 0 ? NULL : name_of(actor);
	int winner = roll(NODES), kind = roll(5);
	enum err_code want;

	if (kind < 2) {
		want = m_award(b, actor, winner);
		expect("award", end(l, BOUNTY_AWARD, b->id, who,
		    *b->submission[winner] ? b->submission[winner] : "x"),
		    want);
		if (!want)
			m_end(b, BOUNTY_AWARDED, winner);
		return;
	}
	want = m_back(b, actor, kind > 2);
	expect("back", end(l, kind > 2 ? BOUNTY_EXPIRE : BOUNTY_CANCEL, b->id,
	    who, NULL), want);
	if (!want)
		m_end(b, kind > 2 ? BOUNTY_EXPIRED : BOUNTY_CANCELLED, -1);
}

/* As the sweep does: all that are due, in their order. */
static void
do_sweep(struct ledger *l)
{
	char id[3][ID_TEXT], after_id[ID_TEXT] = "";
	int64_t after_ms = INT64_MIN, last_ms = 0;
	struct err e = { 0 };
	struct bounty b;
	int i, k, n;

	while ((n = bounty_due(ledger_store(l), m.now_ms, &after_ms, after_id,
	    3, id, &e)) > 0)
		for (i = 0; i < n; i++) {
			if (bounty_expire_in(l, id[i], &b, &e))
				home_die("bounty_expire_in", &e);
			if (b.deadline_ms < last_ms)
				printf("Bail out! out of order\n");
			last_ms = b.deadline_ms;
			for (k = 0; strcmp(m.b[k].id, id[i]); k++)
				;
			expect("sweep", E_ok, m_back(&m.b[k], -1, true));
			m_end(&m.b[k], BOUNTY_EXPIRED, -1);
			bounty_release(&b);
		}
	for (k = 0; k < m.n; k++)
		if (!m.b[k].state && m_late(&m.b[k]))
			expect("sweep", E_wrong_state, E_ok);
}

static void
do_cancel_all(struct ledger *l, int node)
{
	struct err e = { 0 };
	int k, n = 0;

	for (k = 0; k < m.n; k++)
		if (!m.b[k].state && m.b[k].creator == node) {
			m_end(&m.b[k], m_late(&m.b[k]) ? BOUNTY_EXPIRED :
			    BOUNTY_CANCELLED, -1);
			n++;
		}
	if (bounty_cancel_all_in(l, name_of(node), &e) != n)
		expect("cancel all", E_wrong_state, E_ok);
}

/* Banned without a confiscation, which is another test's. */
static void
do_ban(struct store *s, int node, bool banned)
{
	char text[400];

	m.banned[node] = banned;
	snprintf(text, sizeof(text), "UPDATE node_node SET active = %d, "
	    "banned_ms = %s WHERE id = '%.20s'", !banned, banned ? "1" : "NULL",
	    name_of(node));
	sql(s, text);
}

static void
compare(struct store *s, struct ledger *l)
{
	const struct m_bounty *b;
	char account[LEAF_ACCOUNT];
	struct bounty is;
	struct err e = { 0 };
	bool same = true;
	int i;

	for (i = 0; i < NODES; i++)
		same &= home_balance(l, name_of(i),
		    in_sandbox(i) ? "SBX" : "TCK") == m.have[i];
	same &= home_balance(l, "VAULT", "TCK") == m.vault[0] &&
	    home_balance(l, "VAULT", "SBX") == m.vault[1];
	for (b = m.b; b < m.b + m.n; b++) {
		if (bounty_get(s, b->id, &is, &e))
			home_die("bounty_get", &e);
		snprintf(account, sizeof(account), "ESCROW:BOUNTY:%.36s",
		    b->id);
		same &= (int)is.state == b->state &&
		    is.submissions == b->handed_in &&
		    !strcmp(is.winner_id, b->winner < 0 ? "" :
		    name_of(b->winner)) &&
		    home_balance(l, account, is.reward.unit->code) ==
		    (b->state ? 0 : b->minor);
		bounty_release(&is);
	}
	if (!same) {
		printf("not ok %d - store and model differ\n", tap_n + 1);
		exit(1);
	}
}

static void
step(struct store *s, struct ledger *l)
{
	int kind = roll(100);

	if (kind < 22 && m.n < MOST)
		do_create(l);
	else if (!m.n)
		return;
	else if (kind < 60)
		do_submit(l, &m.b[m.n - 1 - roll(m.n < 9 ? m.n : 9)]);
	else if (kind < 93)
		do_end(l, &m.b[m.n - 1 - roll(m.n < 9 ? m.n : 9)]);
	else if (kind < 95)
		do_sweep(l);
	else if (kind < 96)
		do_cancel_all(l, roll(NODES));
	else
		do_ban(s, roll(NODES), roll(5) == 0);
}

static void
play(uint64_t seed)
{
	struct store *s = home_new("model");
	struct ledger *l = NULL;
	int i;

	chance_seed(&chance, seed);
	memset(&m, 0, offsetof(__typeof__(m), b));
	m.n = 0;
	m.now_ms = HOME_MS;
	params.value[PARAM_canary_exposure_pct] = seed % 2 ? 50 : 0;
	home_begin(s, &l, m.now_ms);
	join_all(s, l);
	for (i = 0; i < NODES; i++)
		m.have[i] = in_sandbox(i) ? 100000 : 10000;
	for (i = 0; i < TRIES; i++) {
		step(s, l);
		if (i % 50 == 49) {
			compare(s, l);
			home_commit(l);
			m.now_ms += roll((int)DAY_MS);
			home_begin(s, &l, m.now_ms);
		}
	}
	compare(s, l);
	home_commit(l);
	OK(home_verify(s) == 0);
	OK(home_reconciles(s, &params, m.now_ms));
	OK(m.answers[E_ok] > 200);
	ledger_free(l);
	store_close(s);
}

int
main(void)
{
	static const enum err_code all[] = {
		E_ok, E_price_range, E_insufficient_funds, E_cap_exposure,
		E_node_unknown_or_banned, E_wrong_state, E_window_closed,
		E_window_open, E_own_bounty, E_realm, E_submission_dup,
		E_not_creator, E_submission_missing, E_solver_inactive,
	};
	int seen[E__COUNT] = { 0 };
	uint64_t seed;
	size_t i;

	param_defaults(&params);
	walk();
	for (seed = 1; seed <= ROUNDS; seed++) {
		play(seed);
		for (i = 0; i < E__COUNT; i++) {
			seen[i] += m.answers[i];
			m.answers[i] = 0;
		}
	}
	for (i = 0; i < sizeof(all) / sizeof(*all); i++) {
		printf("# %s: %d\n", err_word(all[i]), seen[all[i]]);
		OK(seen[all[i]] > 0);
	}
	return DONE();
}
