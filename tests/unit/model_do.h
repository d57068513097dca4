/*
 * model_do.h - random requests to the market and to the model of it, and
 * what each answers.  A request that the model does not foresee ends the
 * program.
 */
#ifndef MODEL_DO_H
#define MODEL_DO_H

#include "tap.h"

#include "actors.h"
#include "model.h"
#include "once/once.h"
#include "post.h"

#define UNITS(u) ((u) ? "SBX" : "TCK")

static struct model now, at_begin, at_mark;
static struct {
	uint64_t seed;
	int op, kinds[16], answers[E__COUNT];
	int commits, rollbacks, undone, reopened, swept;
	struct store *store[2];		/* two writers take turns */
	struct ledger *ledger[2];
	struct ledger *l;
	struct store *s;
	struct params params;
	struct chance dice, ids;
	int64_t clock_ms;
} run;

static void
fail(const char *what, const char *is, const char *due)
{
	printf("not ok %d - seed %llu, operation %d: %s: %s, not %s\n",
	    tap_n + 1, (unsigned long long)run.seed, run.op, what, is, due);
	exit(1);
}

static int64_t
roll(int64_t below)
{
	return (int64_t)chance_below(&run.dice, (uint64_t)below);
}

static int
node(void)
{
	return (int)(roll(10) ? roll(8) : roll(M_NODES));
}

/* Somebody who is not there yet, as long as there is one. */
static int
newcomer(void)
{
	int i, n = node();

	for (i = 0; now.in[n] && i < 8; i++)
		n = node();
	return n;
}

/* Somebody who has been asked, mostly. */
static int
asked(void)
{
	int i, n = newcomer();

	for (i = 0; !now.asked[n] && i < 40; i++)
		n = newcomer();
	return n;
}

static bool
compare(const char *what, const char *is, const char *due)
{
	enum err_code code;

	if (err_code_named(is, &code))
		run.answers[code]++;
	if (strcmp(is, due) && (strcmp(due, "flow") ||
	    (strcmp(is, "flow_refused") && strcmp(is, "reserved_account"))))
		fail(what, is, due);
	return !strcmp(is, "ok");
}

static const char *
word(int rc, const struct err *e)
{
	return rc ? err_word(e->code) : "ok";
}

static bool
do_ask(void)
{
	struct node_challenge c = { 0 };
	struct err e = { 0 };
	int n = newcomer(), rc;

	rc = node_challenge_in(run.l, m_name[n], &run.params, &run.ids, &c,
	    &e);
	if (!rc) {
		now.halves[n] = actor_sum(&c);
		memcpy(now.challenge[n], c.id, sizeof(c.id));
	}
	return compare("ask", word(rc, &e), m_ask(&now, n));
}

static bool
do_register(void)
{
	static const char *const none[] = { "", "12,5", "-3", "0x10", "1e3" };
	enum m_answer how = roll(3) ? M_RIGHT : (enum m_answer)roll(4);
	int n = asked(), rc;
	bool right_id = roll(12) > 0;
	int64_t cents = now.halves[n] * 50;
	struct node_answer a = {
		.node_id = m_name[n],
		.challenge_id = right_id ? roll(2) ? now.challenge[n] : NULL :
		    "00000000-0000-7000-8000-000000000000",
	};
	struct err but = { 0 }, e = { 0 };
	const char *is, *due;
	struct node out;
	char text[32];

	/* By one cent either way is right; by two it is not. */
	cents += how == M_NEARLY ? roll(2) && cents ? -1 : 1 :
	    how == M_WRONG ? roll(2) && cents > 2 ? -2 : 2 : 0;
	snprintf(text, sizeof(text), "%lld.%02lld", (long long)cents / 100,
	    (long long)cents % 100);
	a.solution = how == M_NO_NUMBER ? none[roll(5)] : text;
	rc = node_register_in(run.l, &a, &run.params, &out, &but, &e);
	is = !rc && but.kind ? err_word(but.code) : word(rc, &e);
	due = m_register(&now, n, how, right_id);
	compare("register", is, due);
	return !rc;
}

static int64_t
a_price(void)
{
	int64_t kind = roll(20);

	return kind == 0 ? 1000001 : kind == 1 ? 0 : kind < 6 ? 1 + roll(60) :
	    kind == 6 ? 1 + roll(1000000) : 1 + roll(3000);
}

static bool
do_publish(void)
{
	struct offer o = { .type = "SKILL_OFFER", .label = "echo_v1" };
	int64_t price = a_price();
	int n = node(), rc;
	struct err e = { 0 };
	struct skill k;
	char text[32];

	if (!now.in[n])
		price = 100;		/* one fault at a time */
	snprintf(text, sizeof(text), "%lld.%02lld", (long long)price / 100,
	    (long long)price % 100);
	o.node_id = m_name[n];
	o.price = text;
	rc = market_publish_in(run.l, &o, &run.params, &run.ids, &k, &e);
	if (compare("publish", word(rc, &e), m_publish(&now, n, price))) {
		snprintf(now.skill[now.n_skill - 1].id, 40, "%s", k.id);
		market_skill_release(&k);
	}
	return !rc;
}

/* As a program does it: under a key, an order acts once. */
static bool
do_lock(void)
{
	int n = node(), skill = roll(15) && now.n_skill ?
	    now.n_skill - 1 - (int)roll(now.n_skill < 20 ? now.n_skill : 20) :
	    -1;
	int64_t stated = roll(4) ? -1 : skill >= 0 && roll(4) ?
	    now.skill[skill].price : roll(500);
	struct order o = {
		.buyer_id = m_name[n], .skill_id = skill < 0 ?
		    "00000000-0000-7000-8000-000000000000" :
		    now.skill[skill].id,
	};
	struct json request = { 0 }, input = { 0 };
	struct buf answer = BUF_INIT(256);
	struct once once = { "lock", NULL, &request };
	char price[32], key[16] = "", text[96];
	struct m_once *known = NULL;
	const char *is, *due;
	struct err e = { 0 };
	struct task t = { 0 };
	int got = 0, rc = 0;

	snprintf(price, sizeof(price), "%lld.%02lld", (long long)stated / 100,
	    (long long)stated % 100);
	o.price = stated < 0 ? NULL : price;
	snprintf(text, sizeof(text), "{\"b\":%d,\"p\":%lld,\"s\":\"%s\"}", n,
	    (long long)stated, o.skill_id);
	if (roll(2)) {
		snprintf(key, sizeof(key), "k%lld", (long long)(roll(8) ?
		    run.op + 100 : roll(2 + run.op)));
		once.key = key;
		known = m_once_find(&now, key);
		if (known && roll(2))	/* the same again, as it was */
			snprintf(text, sizeof(text), "%s", known->request);
	}
	if (json_parse(&request, text, strlen(text), &e) ||
	    json_parse(&input, "{\"q\":[1,2]}", 11, &e))
		home_die("json", &e);
	o.input = &input;
	if (once.key)
		got = once_find_in(run.s, &once, &answer, &e);
	if (!got)
		rc = escrow_lock_in(run.l, &o, &run.params, &run.ids, &t, &e);
	is = got > 0 ? "ok" : word(got < 0 || rc, &e);
	if (known)
		due = strcmp(known->request, text) ? "id_conflict" : "ok";
	else
		due = m_lock(&now, n, skill, stated);
	compare(known ? "lock again" : "lock", is, due);
	if (known && got > 0 &&
	    strcmp(answer.data, now.task[known->task].id))
		fail("lock again", answer.data, now.task[known->task].id);
	if (!known != !got)
		fail("once", got ? "known" : "new", known ? "known" : "new");
	if (!got && !rc) {
		snprintf(now.task[now.n_task - 1].id, 40, "%s", t.id);
		snprintf(now.task[now.n_task - 1].escrow, 40, "%s",
		    t.escrow_id);
	}
	if (!got && !rc && once.key) {
		if (once_keep_in(run.s, &once, t.id, ledger_now(run.l), &e))
			home_die("once_keep_in", &e);
		known = &now.once[now.n_once++];
		known->task = now.n_task - 1;
		snprintf(known->key, sizeof(known->key), "%s", key);
		snprintf(known->request, sizeof(known->request), "%s", text);
	}
	escrow_task_release(&t);
	json_release(&request);
	json_release(&input);
	buf_release(&answer);
	return got >= 0 && !rc;
}

/* A recent one, mostly; by its own id or that of its escrow. */
static struct m_task *
a_task(const char **id)
{
	int64_t n = now.n_task;
	struct m_task *t;

	if (!n || !roll(50)) {
		*id = "00000000-0000-7000-8000-000000000000";
		return NULL;
	}
	t = &now.task[roll(n)];
	while (t->state >= M_PAID && roll(12))
		t = &now.task[roll(n)];
	*id = roll(3) ? t->id : t->escrow;
	return t;
}

/* The party, mostly; somebody else; -1 for whoever may. */
static int
actor(int party)
{
	return roll(8) ? party : (int)roll(9) - 1;
}

static bool
do_act(enum escrow_event event)
{
	/* Equal outputs have equal canonical forms. */
	static const char *const outputs[][2] = {
		{ "{}", " { } " },
		{ "{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1.0}" },
		{ "{\"a\":null}", "{\"\\u0061\":null}" },
	};
	struct act a = { .event = event };
	struct m_task *t = a_task(&a.task_id);
	struct json output = { 0 };
	struct err e = { 0 };
	struct task out;
	const char *due = "task_missing", *text;
	int who, kind = roll(4) ? 1 + (int)roll(2) : 0, rc;

	who = actor(!t ? 0 : event == ESCROW_DISPUTE ? t->buyer : t->seller);
	if (event == ESCROW_RELEASE || event == ESCROW_RETURN)
		who = -1;
	a.node_id = who < 0 ? NULL : m_name[who];
	text = outputs[kind][roll(2)];
	if (event == ESCROW_COMPLETE) {
		if (json_parse(&output, text, strlen(text), &e))
			home_die("json", &e);
		a.output = &output;
	}
	if (event == ESCROW_DISPUTE || roll(2))
		a.reason = "not what was asked for";
	if (t && event == ESCROW_CLAIM)
		due = m_claim(&now, t, who);
	else if (t && event == ESCROW_COMPLETE)
		due = m_complete(&now, t, who, kind);
	else if (t && event == ESCROW_DISPUTE)
		due = m_dispute(&now, t, who);
	else if (t)
		due = m_resolve(&now, t, event == ESCROW_RELEASE);
	rc = escrow_act_in(run.l, &a, &run.params, &out, &e);
	json_release(&output);
	escrow_task_release(&out);
	return compare("act", word(rc, &e), due);
}

static bool
do_settle(void)
{
	const char *id;
	struct m_task *t = a_task(&id);
	struct err e = { 0 };
	struct task out;
	int rc = settle_one_in(run.l, id, &run.params, &out, &e);

	escrow_task_release(&out);
	return compare("settle", word(rc, &e),
	    t ? m_settle(&now, t) : "task_missing");
}

static const char *
account(int who, char out[LEAF_ACCOUNT])
{
	if (who == M_ESCROW)
		snprintf(out, LEAF_ACCOUNT, "ESCROW:%s", now.n_task ?
		    now.task[roll(now.n_task)].escrow : "none");
	else
		snprintf(out, LEAF_ACCOUNT, "%s", who == M_MINT ? "MINT" :
		    who == M_VAULT ? "VAULT" : m_name[who]);
	return out;
}

/* What would be accepted, but for one thing in five. */
static struct m_move
a_move(void)
{
	static const char *const types[] = {
		"TRANSFER", "TRANSFER", "TRANSFER", "CREDIT_ISSUE",
		"CREDIT_DEDUCT", "FIAT_PURCHASE", "ESCROW_SETTLE",
		"REGISTRATION_CREDIT",
	};
	struct m_move v = {
		.type = types[roll(roll(8) ? 6 : 8)], .unit = !roll(5),
		.from = (int)roll(M_NODES), .to = (int)roll(M_NODES),
		.minor = roll(40) ? 1 + roll(roll(3) ? 800 : 20000) : 0,
	};

	if (now.n_move && !roll(8)) {		/* again, or nearly */
		v = now.move[roll(now.n_move)];
		if (!roll(3))
			v.minor++;
		return v;
	}
	if (!strcmp(v.type, "CREDIT_DEDUCT"))
		v.to = M_VAULT;
	else if (strcmp(v.type, "TRANSFER"))
		v.from = M_MINT;
	if (!roll(12))
		v.from = -1 - (int)roll(3);
	if (!roll(12))
		v.to = -1 - (int)roll(3);
	if (v.from == M_ESCROW && v.to == M_ESCROW)
		v.from = 0;		/* they would be of two escrows */
	if (!strcmp(v.type, "FIAT_PURCHASE")) {
		snprintf(v.ref, sizeof(v.ref), "p-%lld", (long long)(
		    roll(8) ? run.op : roll(2 + run.op)));
		snprintf(v.id, sizeof(v.id), "%s:paid", v.ref);
	} else {
		snprintf(v.id, sizeof(v.id), "t-%d", run.op);
	}
	return v;
}

static bool
do_transfer(void)
{
	struct m_move v = a_move();
	const struct m_move *was = NULL;
	char from[LEAF_ACCOUNT], to[LEAF_ACCOUNT], id[LEAF_ID], amount[32];
	struct transfer t = {
		.id = v.id, .from = account(v.from, from),
		.to = account(v.to, to), .amount = amount, .type = v.type,
		.unit = UNITS(v.unit), .ref = *v.ref ? v.ref : NULL,
	};
	struct posted posted;
	struct err e = { 0 };
	bool existed;
	int rc;

	if (*v.ref && roll(2))
		t.id = NULL;			/* the type dictates it */
	snprintf(amount, sizeof(amount), "%lld.%02lld",
	    (long long)v.minor / 100, (long long)v.minor % 100);
	rc = pay_by_hand(run.l, &t, &run.ids, id, &posted, &e);
	if (!compare("transfer", word(rc, &e),
	    m_transfer(&now, &v, &was, &existed)))
		return false;
	if (posted.existed != existed || posted.seq != was->seq ||
	    posted.at_ms != was->at_ms || strcmp(id, was->id))
		fail("transfer", "posted otherwise", "as predicted");
	return true;
}

static bool
one(void)
{
	static bool (*const plain[])(void) = {
		do_ask, do_register, do_publish, do_lock, do_settle,
		do_transfer,
	};
	static const struct { int kind, weight; } odds[] = {
		{ 0, 5 }, { 1, 6 }, { 2, 6 }, { 3, 26 }, { 4, 6 }, { 5, 19 },
		{ 6, 6 }, { 7, 13 }, { 8, 8 }, { 9, 5 },
	};
	int64_t n = roll(100);
	int i;

	for (i = 0; n >= odds[i].weight; i++)
		n -= odds[i].weight;
	run.kinds[i]++;
	return i < 6 ? plain[i]() : do_act(i == 6 ? ESCROW_CLAIM : i == 7 ?
	    ESCROW_COMPLETE : i == 8 ? ESCROW_DISPUTE : roll(2) ?
	    ESCROW_RELEASE : ESCROW_RETURN);
}

#endif
