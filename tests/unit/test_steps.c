/*
 * The state machine, walked exhaustively: the table alone, and then each
 * state x event x actor x side of each deadline through a real store (Q1 of
 * spec/ledger.md 9).  What is expected is written down here from spec/vmp.md
 * 3.2 and 3.3, and shares nothing with lib/escrow/step.c.
 */
#include "tap.h"

#include "actors.h"
#include "ledger/clearing.h"

#define TIME "sbot"	/* s eller, b uyer, o perator, t imer */

/* from, task -> event -> to, task; who; which side of which deadline */
static const struct want {
	const char *from, *task;	/* "-" is none */
	enum escrow_event event;
	const char *to, *then;
	const char *who;
	char deadline, side;		/* r efund or s ettle; < or > for due */
} wants[] = {
	{ "PENDING", "OPEN", ESCROW_CLAIM,
	    "PENDING", "IN_PROGRESS", "s", 'r', '<' },
	{ "PENDING", "OPEN", ESCROW_COMPLETE,
	    "AWAITING_SETTLEMENT", "COMPLETED", "s", 'r', '<' },
	{ "PENDING", "IN_PROGRESS", ESCROW_COMPLETE,
	    "AWAITING_SETTLEMENT", "COMPLETED", "s", 'r', '<' },
	{ "PENDING", "OPEN", ESCROW_TIMEOUT,
	    "REFUNDED", "REFUNDED", TIME, 'r', '>' },
	{ "PENDING", "IN_PROGRESS", ESCROW_TIMEOUT,
	    "REFUNDED", "REFUNDED", TIME, 'r', '>' },
	{ "PENDING", "OPEN", ESCROW_REFUND,
	    "REFUNDED", "REFUNDED", "so", 0, 0 },
	{ "PENDING", "IN_PROGRESS", ESCROW_REFUND,
	    "REFUNDED", "REFUNDED", "so", 0, 0 },
	{ "AWAITING_SETTLEMENT", "COMPLETED", ESCROW_DISPUTE,
	    "DISPUTED", "DISPUTED", "b", 's', '<' },
	{ "AWAITING_SETTLEMENT", "COMPLETED", ESCROW_SETTLE,
	    "SETTLED", "COMPLETED", TIME, 's', '>' },
	{ "AWAITING_SETTLEMENT", "COMPLETED", ESCROW_FAIL,
	    "REFUNDED", "REFUNDED", TIME, 's', '>' },
	{ "AWAITING_SETTLEMENT", "COMPLETED", ESCROW_REFUND,
	    "REFUNDED", "REFUNDED", "so", 0, 0 },
	{ "DISPUTED", "DISPUTED", ESCROW_FAIL,
	    "REFUNDED", "REFUNDED", TIME, 's', '>' },
	{ "DISPUTED", "DISPUTED", ESCROW_RELEASE,
	    "SETTLED", "COMPLETED", "o", 0, 0 },
	{ "DISPUTED", "DISPUTED", ESCROW_RETURN,
	    "REFUNDED", "REFUNDED", "o", 0, 0 },
	{ "DISPUTED", "DISPUTED", ESCROW_REFUND,
	    "REFUNDED", "REFUNDED", "so", 0, 0 },
	/* direct escrows know rule 4 only */
	{ "PENDING", "-", ESCROW_COMPLETE,
	    "AWAITING_SETTLEMENT", "-", "s", 'r', '<' },
	{ "PENDING", "-", ESCROW_TIMEOUT, "REFUNDED", "-", TIME, 'r', '>' },
	{ "PENDING", "-", ESCROW_REFUND, "REFUNDED", "-", "so", 0, 0 },
	{ "AWAITING_SETTLEMENT", "-", ESCROW_DISPUTE,
	    "DISPUTED", "-", "b", 's', '<' },
	{ "AWAITING_SETTLEMENT", "-", ESCROW_SETTLE,
	    "SETTLED", "-", TIME, 's', '>' },
	{ "AWAITING_SETTLEMENT", "-", ESCROW_REFUND,
	    "REFUNDED", "-", "so", 0, 0 },
	{ "DISPUTED", "-", ESCROW_RELEASE, "SETTLED", "-", "o", 0, 0 },
	{ "DISPUTED", "-", ESCROW_RETURN, "REFUNDED", "-", "o", 0, 0 },
	{ "DISPUTED", "-", ESCROW_REFUND, "REFUNDED", "-", "so", 0, 0 },
	/* shadow tasks */
	{ "-", "OPEN", ESCROW_CLAIM, "-", "IN_PROGRESS", "s", 'r', '<' },
	{ "-", "OPEN", ESCROW_COMPLETE, "-", "COMPLETED", "s", 'r', '<' },
	{ "-", "IN_PROGRESS", ESCROW_COMPLETE,
	    "-", "COMPLETED", "s", 'r', '<' },
	{ "-", "OPEN", ESCROW_TIMEOUT, "-", "REFUNDED", TIME, 'r', '>' },
	{ "-", "IN_PROGRESS", ESCROW_TIMEOUT,
	    "-", "REFUNDED", TIME, 'r', '>' },
};

/* Words of states, of which a trade may have none. */
static const char *
escrow_is(enum escrow_state s)
{
	const char *word = escrow_state_word(s);

	return word ? word : "-";
}

static const char *
task_is(enum task_state s)
{
	const char *word = escrow_task_word(s);

	return word ? word : "-";
}

static const struct want *
want(const char *from, const char *task, enum escrow_event event)
{
	size_t i;

	for (i = 0; i < sizeof(wants) / sizeof(*wants); i++)
		if (wants[i].event == event && !strcmp(wants[i].from, from) &&
		    !strcmp(wants[i].task, task))
			return &wants[i];
	return NULL;
}

static bool
same(const struct escrow_step *is, const struct want *w)
{
	static const enum escrow_when when[2][2] = {
		{ WHEN_BEFORE_REFUND, WHEN_REFUND_DUE },
		{ WHEN_BEFORE_SETTLE, WHEN_SETTLE_DUE },
	};
	static const struct { char who; enum escrow_party party; } all[] = {
		{ 's', PARTY_SELLER }, { 'b', PARTY_BUYER },
		{ 'o', PARTY_OPERATOR }, { 't', PARTY_TIMER },
	};
	unsigned parties = 0;
	size_t i;

	for (i = 0; i < 4; i++)
		if (strchr(w->who, all[i].who))
			parties |= all[i].party;
	return !strcmp(escrow_is(is->to), w->to) &&
	    (!strcmp(w->task, "-") || !strcmp(task_is(is->task), w->then)) &&
	    is->parties == parties &&
	    escrow_parties(is->event) == parties && is->when == (w->deadline ?
	    when[w->deadline == 's'][w->side == '>'] : WHEN_ANY);
}

/* Where a row leads is a pair of states that belong together. */
static bool
leads_well(const struct escrow_step *s)
{
	if (s->to == ESCROW_NONE)
		return s->from == ESCROW_NONE;
	return (s->to != ESCROW_SETTLED || s->task == TASK_COMPLETED) &&
	    (s->to != ESCROW_AWAITING || s->task == TASK_COMPLETED) &&
	    (s->to == ESCROW_REFUNDED) == (s->task == TASK_REFUNDED) &&
	    (s->to == ESCROW_DISPUTED) == (s->task == TASK_DISPUTED) &&
	    (s->to == ESCROW_PENDING) == (s->task == TASK_IN_PROGRESS);
}

static void
table(void)
{
	const struct escrow_step *step;
	const struct want *w;
	int from, task, event, rows = 0, seen = 0, bad = 0;

	for (from = 0; from < ESCROW__STATES; from++)
	for (task = 0; task < TASK__STATES; task++)
	for (event = 0; event < ESCROW__EVENTS; event++) {
		seen++;
		step = escrow_step((enum escrow_event)event,
		    (enum escrow_state)from, (enum task_state)task);
		w = want(escrow_is((enum escrow_state)from),
		    task_is((enum task_state)task),
		    (enum escrow_event)event);
		if (!step && !w)
			continue;
		rows++;
		if (step && w && same(step, w) && leads_well(step) &&
		    step->event == (enum escrow_event)event &&
		    step->from == (enum escrow_state)from &&
		    (step->tasks & 1U << task) &&
		    from != ESCROW_SETTLED && from != ESCROW_REFUNDED)
			continue;
		bad++;
		printf("# event %d in %d/%d\n", event, from, task);
	}
	OK(seen == 6 * 6 * 9);
	OK(rows == (int)(sizeof(wants) / sizeof(*wants)));
	OK(bad == 0);
}

/* How a store is brought into a state; then its name in the machine. */
static const struct state {
	enum trade kind;
	const char *path;		/* c laim, o utput, e mpty output, */
	const char *escrow, *task;	/* d ispute; S F T L R B close it */
} states[] = {
	{ TRADE_TASK, "", "PENDING", "OPEN" },
	{ TRADE_TASK, "c", "PENDING", "IN_PROGRESS" },
	{ TRADE_TASK, "o", "AWAITING_SETTLEMENT", "COMPLETED" },
	{ TRADE_TASK, "co", "AWAITING_SETTLEMENT", "COMPLETED" },
	{ TRADE_TASK, "e", "AWAITING_SETTLEMENT", "COMPLETED" },
	{ TRADE_TASK, "cod", "DISPUTED", "DISPUTED" },
	{ TRADE_TASK, "ed", "DISPUTED", "DISPUTED" },
	{ TRADE_TASK, "T", "REFUNDED", "REFUNDED" },
	{ TRADE_TASK, "cT", "REFUNDED", "REFUNDED" },
	{ TRADE_TASK, "oS", "SETTLED", "COMPLETED" },
	{ TRADE_TASK, "eF", "REFUNDED", "REFUNDED" },
	{ TRADE_TASK, "edF", "REFUNDED", "REFUNDED" },
	{ TRADE_TASK, "odL", "SETTLED", "COMPLETED" },
	{ TRADE_TASK, "odR", "REFUNDED", "REFUNDED" },
	{ TRADE_TASK, "edL", "SETTLED", "COMPLETED" },
	{ TRADE_TASK, "cB", "REFUNDED", "REFUNDED" },
	{ TRADE_TASK, "oB", "REFUNDED", "REFUNDED" },
	{ TRADE_TASK, "edB", "REFUNDED", "REFUNDED" },
	{ TRADE_DIRECT, "", "PENDING", "-" },
	{ TRADE_DIRECT, "o", "AWAITING_SETTLEMENT", "-" },
	{ TRADE_DIRECT, "od", "DISPUTED", "-" },
	{ TRADE_DIRECT, "T", "REFUNDED", "-" },
	{ TRADE_DIRECT, "oS", "SETTLED", "-" },
	{ TRADE_DIRECT, "odL", "SETTLED", "-" },
	{ TRADE_DIRECT, "odR", "REFUNDED", "-" },
	{ TRADE_DIRECT, "B", "REFUNDED", "-" },
	{ TRADE_DIRECT, "oB", "REFUNDED", "-" },
	{ TRADE_DIRECT, "odB", "REFUNDED", "-" },
	{ TRADE_SHADOW, "", "-", "OPEN" },
	{ TRADE_SHADOW, "c", "-", "IN_PROGRESS" },
	{ TRADE_SHADOW, "o", "-", "COMPLETED" },
	{ TRADE_SHADOW, "ce", "-", "COMPLETED" },
	{ TRADE_SHADOW, "cT", "-", "REFUNDED" },
};

/* Of a task, what is delivered; of a direct escrow, the proof of it. */
static const char *const outputs[] = { "{\"answer\":42}", "{}" };

/* Who acts: a node, or in whose name the program does; nobody: who may. */
static const struct actor {
	const char *node;
	unsigned as;
	char letter;
} actors[] = {
	{ "buyer-1", 0, 'b' }, { "seller-1", 0, 's' }, { "other-1", 0, 'x' },
	{ NULL, PARTY_OPERATOR, 'o' }, { NULL, PARTY_TIMER, 't' },
	{ NULL, PARTY_SELLER, 's' }, { NULL, PARTY_BUYER, 'b' },
	{ NULL, 0, '*' },
};
#define ACTORS (sizeof(actors) / sizeof(*actors))

struct walk {
	struct store *store;
	struct ledger *l;
	struct params params;
	struct chance chance;
	struct task task;		/* before the event */
	const struct state *state;
	int64_t balance[5];		/* of the accounts below, before */
	char account[5][LEAF_ACCOUNT];
	int done, good;
};

static void
read_balances(struct walk *w, int64_t out[5])
{
	int i;

	for (i = 0; i < 5; i++)
		out[i] = home_balance(w->l, w->account[i], "TCK");
}

static enum err_code
act(struct walk *w, enum escrow_event event, const struct actor *who,
    const char *output, struct task *out)
{
	bool direct = w->state->kind == TRADE_DIRECT;
	struct json doc = { 0 };
	struct act a = {
		.event = event, .task_id = escrow_name(&w->task),
		.node_id = who->node, .as = who->as, .chance = &w->chance,
		.reason = event == ESCROW_DISPUTE ? "it is wrong" : NULL,
	};
	struct err e = { 0 };
	int rc;

	if (json_parse(&doc, output, strlen(output), &e))
		home_die("json", &e);
	if (event == ESCROW_COMPLETE && direct)
		a.proof_hash = output;
	else if (event == ESCROW_COMPLETE)
		a.output = &doc;
	rc = escrow_act_in(w->l, &a, &w->params, out, &e);
	json_release(&doc);
	return rc ? e.code : E_ok;
}

/* Whose event it is, in which state whatever. */
static bool
may(enum escrow_event event, const struct actor *who)
{
	static const char *const whose[] = {
		[ESCROW_CLAIM] = "s*", [ESCROW_COMPLETE] = "s*",
		[ESCROW_DISPUTE] = "b*", [ESCROW_TIMEOUT] = "sbot*",
		[ESCROW_SETTLE] = "sbot*", [ESCROW_FAIL] = "sbot*",
		[ESCROW_RELEASE] = "o*", [ESCROW_RETURN] = "o*",
		[ESCROW_REFUND] = "so*",
	};

	return strchr(whose[event], who->letter) != NULL;
}

/* What has to come of it, by the rules as the specification has them. */
static enum err_code
expect(const struct walk *w, enum escrow_event event,
    const struct actor *who, const char *output, const struct want **row)
{
	const struct want *x = want(w->state->escrow, w->state->task, event);
	bool fails = strpbrk(w->state->path, "e") != NULL;
	bool ran = strpbrk(w->state->path, "oe") != NULL;
	bool work = event == ESCROW_CLAIM || event == ESCROW_COMPLETE ||
	    event == ESCROW_DISPUTE;
	int64_t now_ms = ledger_now(w->l), deadline_ms;

	*row = NULL;
	if (!may(event, who))
		return work && w->state->kind != TRADE_DIRECT ?
		    E_not_your_task : E_not_escrow_party;
	if (event == ESCROW_COMPLETE && ran &&
	    !strcmp(output, outputs[fails]))
		return E_ok;
	if (!x)
		return event == ESCROW_CLAIM ? E_already_claimed :
		    E_wrong_state;
	/* A failing verdict refunds, and nothing else does by time (3.2). */
	if ((event == ESCROW_FAIL && !fails) ||
	    (event == ESCROW_SETTLE && fails))
		return E_wrong_state;
	deadline_ms = x->deadline == 'r' ? w->task.refund_ms :
	    w->task.settle_ms;
	if (x->side == '<' && now_ms >= deadline_ms)
		return E_window_closed;
	if (x->side == '>' && now_ms < deadline_ms)
		return E_window_open;
	*row = x;
	return E_ok;
}

/* Are these the balances that the end of the escrow calls for? */
static bool
money_is(struct walk *w, const struct want *row)
{
	int64_t now[5], due[5], price = w->task.amount.minor;
	int64_t tax = (3 * price + 50) / 100;

	memcpy(due, w->balance, sizeof(due));
	if (row && !strcmp(row->to, "SETTLED")) {
		due[1] += price - tax;
		due[3] += tax;
		due[4] = 0;
	} else if (row && !strcmp(row->to, "REFUNDED")) {
		due[0] += price;
		due[4] = 0;
	}
	read_balances(w, now);
	return !memcmp(now, due, sizeof(now));
}

static bool
states_are(const struct task *t, const char *escrow, const char *task)
{
	return !strcmp(escrow_is(t->escrow), escrow) &&
	    !strcmp(task_is(t->state), task);
}

static bool
stored_are(struct walk *w, const char *escrow, const char *task)
{
	struct task t = { 0 };
	struct err e = { 0 };
	bool good = !escrow_task(w->store, escrow_name(&w->task), &t, &e) &&
	    states_are(&t, escrow, task);

	escrow_task_release(&t);
	return good;
}

static void
one(struct walk *w, enum escrow_event event, const struct actor *who,
    const char *output)
{
	const struct want *row;
	enum err_code due = expect(w, event, who, output, &row), is;
	struct task out = { 0 };
	const char *escrow = row ? row->to : w->state->escrow;
	const char *task = row ? row->then : w->state->task;
	bool good;

	home_mark(w->l);
	is = act(w, event, who, output, &out);
	good = is == due && stored_are(w, escrow, task) && money_is(w, row) &&
	    (is || states_are(&out, escrow, task));
	escrow_task_release(&out);
	home_undo(w->l);
	good = good && money_is(w, NULL) &&
	    stored_are(w, w->state->escrow, w->state->task);
	w->done++;
	w->good += good;
	if (!good)
		printf("# %d '%s' at %+lld: event %d by %c with %s: %s, not "
		    "%s\n", (int)w->state->kind, w->state->path,
		    (long long)(ledger_now(w->l) - HOME_MS), (int)event,
		    who->letter, output, err_word(is), err_word(due));
}

static void
everything(struct walk *w, int64_t now_ms)
{
	struct hash before, after;
	int event, k;
	size_t i;

	home_hash(w->store, &before);
	home_begin(w->store, &w->l, now_ms);
	OK(ledger_now(w->l) == now_ms);
	for (event = 0; event < ESCROW__EVENTS; event++)
		for (i = 0; i < ACTORS; i++)
			for (k = 0; k <= (event == ESCROW_COMPLETE); k++)
				one(w, (enum escrow_event)event, &actors[i],
				    outputs[k]);
	home_commit(w->l);		/* of nothing: all was undone */
	home_hash(w->store, &after);
	OK(!memcmp(&before, &after, sizeof(before)));
}

static void
step_to(struct walk *w, char how)
{
	static const char hows[] = "coedSFTLRB";
	static const enum escrow_event events[] = {
		ESCROW_CLAIM, ESCROW_COMPLETE, ESCROW_COMPLETE,
		ESCROW_DISPUTE, ESCROW_SETTLE, ESCROW_FAIL, ESCROW_TIMEOUT,
		ESCROW_RELEASE, ESCROW_RETURN, ESCROW_REFUND,
	};
	const struct actor who_may = { .letter = '*' };
	int64_t at_ms = how == 'S' || how == 'F' ? w->task.settle_ms :
	    how == 'T' ? w->task.refund_ms : HOME_MS + HOUR_MS;
	struct task out;

	home_begin(w->store, &w->l, at_ms);
	OK(act(w, events[strchr(hows, how) - hows], &who_may,
	    outputs[how == 'e'], &out) == E_ok);
	home_commit(w->l);
	escrow_task_release(&w->task);
	w->task = out;
}

static void
begin_trade(struct walk *w, const char *skill, int64_t price,
    struct chance *chance)
{
	char amount[32];
	const struct direct d = { "buyer-1", "seller-1", amount };
	struct json input = { 0 };
	const struct order o = {
		.buyer_id = "buyer-1", .skill_id = skill, .input = &input,
	};
	struct err e = { 0 };
	int rc;

	snprintf(amount, sizeof(amount), "%lld.%02lld",
	    (long long)price / 100, (long long)price % 100);
	if (json_parse(&input, "{}", 2, &e))
		home_die("json", &e);
	if (w->state->kind == TRADE_DIRECT)
		rc = escrow_direct_in(w->l, &d, &w->params, chance, &w->task,
		    &e);
	else
		rc = (w->state->kind == TRADE_SHADOW ? escrow_shadow_in :
		    escrow_lock_in)(w->l, &o, &w->params, chance, &w->task,
		    &e);
	if (rc)
		home_die("lock", &e);
	json_release(&input);
}

static void
prepare(struct walk *w, int64_t price)
{
	static const char *const names[] = {
		"buyer-1", "seller-1", "other-1", "VAULT",
	};
	struct chance chance;
	char skill[ID_TEXT];
	const char *p;
	int i;

	chance_seed(&chance, 1);
	chance_seed(&w->chance, 2);
	home_begin(w->store, &w->l, HOME_MS);
	for (i = 0; i < 3; i++)
		actor_join(w->l, names[i], &w->params, &chance);
	actor_offer(w->l, "seller-1", price, &w->params, &chance, skill);
	begin_trade(w, skill, price, &chance);
	home_commit(w->l);
	for (i = 0; i < 4; i++)
		snprintf(w->account[i], LEAF_ACCOUNT, "%s", names[i]);
	snprintf(w->account[4], LEAF_ACCOUNT, "ESCROW:%s", w->task.escrow_id);
	for (p = w->state->path; *p; p++)
		step_to(w, *p);
	home_begin(w->store, &w->l, HOME_MS);
	read_balances(w, w->balance);
	ledger_rollback(w->l);
	OK(states_are(&w->task, w->state->escrow, w->state->task));
}

/* Both sides of both deadlines, and long after, as far as time allows. */
static void
walk(const struct state *state, int64_t price)
{
	struct walk w = { .state = state };
	struct ledger_head head;
	struct err e = { 0 };
	int64_t times[6];
	size_t i, n = 0;

	param_defaults(&w.params);
	w.store = home_new("home-steps");
	prepare(&w, price);
	times[n++] = HOME_MS + HOUR_MS;
	times[n++] = w.task.refund_ms - 1;
	times[n++] = w.task.refund_ms;
	times[n++] = HOME_MS + 300 * DAY_MS;
	if (w.task.settle_ms) {
		times[n++] = w.task.settle_ms - 1;
		times[n++] = w.task.settle_ms;
	}
	OK(!ledger_head(w.store, &head, &e));
	for (i = 0; i < n; i++)
		if (times[i] >= head.at_ms)
			everything(&w, times[i]);
	printf("# %d '%s': %d of %d\n", (int)state->kind, state->path, w.good,
	    w.done);
	OK(w.done && w.good == w.done);
	OK(home_verify(w.store) == 0);
	OK(home_audit(w.store) == 0);
	OK(home_reconciles(w.store, &w.params, head.at_ms));
	escrow_task_release(&w.task);
	ledger_free(w.l);
	store_close(w.store);
}

/* spec/vmp.md 12.5 and the table of spec/ledger.md 1.6. */
static void
taxes(void)
{
	static const struct { int64_t minor, tax; } rows[] = {
		{ 1, 0 }, { 3, 0 }, { 10, 0 }, { 16, 0 }, { 17, 1 },
		{ 30, 1 }, { 33, 1 }, { 50, 2 }, { 70, 2 }, { 100, 3 },
		{ 150, 5 }, { 333, 10 }, { 500, 15 }, { 1000, 30 },
		{ 5000, 150 }, { 10000, 300 }, { 100000, 3000 },
		{ 10000000, 300000 },
	};
	struct chance chance;
	int64_t minor, bp, tax;
	amount_wide exact;
	size_t k;
	int i, bad = 0;

	for (k = 0; k < sizeof(rows) / sizeof(*rows); k++)
		OK(clearing_tax(rows[k].minor, 300) == rows[k].tax);
	/* vmp 13.9: nothing is made or lost, and 0.50 is 0.02 and 0.48. */
	for (minor = 1; minor <= 1000000; minor++) {
		tax = clearing_tax(minor, 300);
		bad += tax != (3 * minor + 50) / 100 || tax < 0 ||
		    minor - tax <= 0 || tax + (minor - tax) != minor;
	}
	OK(bad == 0);
	OK(clearing_tax(INT64_MAX, 0) == 0);
	OK(clearing_tax(INT64_MAX, 1) == INT64_C(922337203685478));
	OK(clearing_tax(INT64_MAX, 300) == INT64_C(276701161105643274));
	OK(clearing_tax(INT64_MAX, 2500) == INT64_C(2305843009213693952));
	OK(clearing_tax(INT64_MAX, 10000) == INT64_MAX);
	/* Half a unit rounds up, and it is never off by more than half. */
	OK(clearing_tax(2, 2500) == 1 && clearing_tax(1, 2500) == 0);
	chance_seed(&chance, 7);
	for (i = 0; i < 100000; i++) {
		minor = (int64_t)(chance_below(&chance, UINT64_MAX) >> 1) >>
		    chance_below(&chance, 63);
		bp = (int64_t)chance_below(&chance, 2501);
		tax = clearing_tax(minor, bp);
		exact = (amount_wide)minor * bp;
		bad += tax < 0 || tax > minor ||
		    (amount_wide)tax * 10000 > exact + 5000 ||
		    (amount_wide)tax * 10000 <= exact - 5000;
	}
	OK(bad == 0);
}

/* X12: by largest remainder, ties to the first, and nothing is lost. */
static void
shares(void)
{
	const int64_t share[] = { 7000, 2000, 1000 }, half[] = { 5000, 5000 };
	int64_t out[3], minor;
	int bad = 0;

	clearing_split(7, share, 3, out);
	OK(out[0] == 5 && out[1] == 1 && out[2] == 1);
	clearing_split(1, half, 2, out);
	OK(out[0] == 1 && out[1] == 0);
	for (minor = 0; minor < 10000; minor++) {
		clearing_split(minor, share, 3, out);
		bad += out[0] + out[1] + out[2] != minor;
	}
	OK(bad == 0);
	clearing_split(INT64_MAX, share, 3, out);
	OK(out[0] + out[1] + out[2] == INT64_MAX);
}

int
main(void)
{
	size_t i;

	table();
	taxes();
	for (i = 0; i < sizeof(states) / sizeof(*states); i++)
		walk(&states[i], 1000);
	/* A price whose tax is nothing closes with one movement. */
	walk(&states[5], 16);
	shares();
	return DONE();
}
