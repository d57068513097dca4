/* model_do_trade.h - random requests of bzn-escrow and bzn-settle. */
#ifndef MODEL_DO_TRADE_H
#define MODEL_DO_TRADE_H

#include "model_do.h"
#include "model_trade.h"
#include "once/once.h"

/* A request under a key, or without one: what is known of it. */
struct keyed {
	struct once once;
	char scope[LEAF_ACCOUNT], key[16], text[96];
	struct json request;
	struct buf answer;
	struct m_once *known;
	const char *verb;
	int node, got;
};

/* As a program does it: under a key, a request acts once. */
static void
keyed_begin(struct keyed *k, const char *verb, int node, struct err *e)
{
	k->answer = (struct buf)BUF_INIT(256);
	k->verb = verb;
	k->node = node;
	k->got = 0;
	if (!roll(2))
		return;
	snprintf(k->key, sizeof(k->key), "k%lld", (long long)(roll(8) ?
	    run->op + 100 : roll(2 + run->op)));
	snprintf(k->scope, sizeof(k->scope), "%s %s", verb, name_of(node));
	k->once.scope = k->scope;
	k->once.key = k->key;
	k->once.request = &k->request;
	k->known = m_once_find(now, verb, node, k->key);
	if (k->known && roll(2))	/* the same again, as it was */
		snprintf(k->text, sizeof(k->text), "%s", k->known->request);
	parse(&k->request, k->text);
	k->got = once_find_in(db.s, &k->once, &k->answer, e);
}

/* What must come of it, if it was known: else NULL. */
static const char *
keyed_word(const struct keyed *k)
{
	if (!k->known != !k->got)
		fail("once", k->got ? "known" : "new", k->known ? "known" :
		    "new");
	if (!k->known)
		return NULL;
	if (k->got > 0 && strcmp(k->answer.data, k->known->answer))
		fail("once", k->answer.data, k->known->answer);
	return strcmp(k->known->request, k->text) ? "id_conflict" : "ok";
}

static void
keyed_end(struct keyed *k, const char *answer)
{
	struct err e = { 0 };
	struct m_once *o;

	if (answer && k->once.key) {
		if (once_keep_in(db.s, &k->once, answer, ledger_now(db.l), &e))
			home_die("once_keep_in", &e);
		o = &now->once[now->n_once++];
		*o = (struct m_once){ .node = k->node };
		snprintf(o->verb, sizeof(o->verb), "%s", k->verb);
		snprintf(o->key, sizeof(o->key), "%s", k->key);
		snprintf(o->request, sizeof(o->request), "%s", k->text);
		snprintf(o->answer, sizeof(o->answer), "%s", answer);
	}
	json_release(&k->request);
	buf_release(&k->answer);
}

static bool
do_lock(void)
{
	struct m_order m = {
		.buyer = a_member(), .skill = recent(now->n_skill),
		.quote = -1, .custom = -1, .judges = -1,
	};
	struct order o = {
		.buyer_id = name_of(m.buyer), .skill_id = m.skill < 0 ?
		    NO_ID : now->skill[m.skill].id,
	};
	struct keyed k = { .node = 0 };
	struct json input = { 0 };
	struct task t = { 0 };
	struct err e = { 0 };
	const char *due;
	char price[32];
	int rc = 0;

	m.stated = roll(4) ? -1 : m.skill >= 0 && roll(4) ?
	    now->skill[m.skill].price : roll(500);
	o.price = m.stated < 0 ? NULL : money(price, m.stated);
	snprintf(k.text, sizeof(k.text), "{\"p\":%lld,\"s\":\"%s\"}",
	    (long long)m.stated, o.skill_id);
	parse(&input, "{\"q\":[1,2]}");
	o.input = &input;
	keyed_begin(&k, "lock", m.buyer, &e);
	if (!k.got)
		rc = escrow_lock_in(db.l, &o, &run->params, &run->ids, &t, &e);
	due = keyed_word(&k);
	compare("lock", k.got > 0 ? "ok" : word(k.got < 0 || rc, &e), due ?
	    due : m_lock(now, &m));
	if (!k.got && !rc) {
		snprintf(now->task[now->n_task - 1].id, 40, "%s", t.id);
		snprintf(now->task[now->n_task - 1].escrow, 40, "%s",
		    t.escrow_id);
	}
	keyed_end(&k, !k.got && !rc ? t.id : NULL);
	escrow_task_release(&t);
	json_release(&input);
	return k.got >= 0 && !rc;
}

/* A recent one, mostly; by its own id or that of its escrow. */
static struct m_task *
a_task(const char **id)
{
	struct m_task *t;

	if (!now->n_task || !roll(50)) {
		*id = NO_ID;
		return NULL;
	}
	t = &now->task[roll(now->n_task)];
	while (t->state >= M_PAID && roll(12))
		t = &now->task[roll(now->n_task)];
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
		{ "{\"a\":\"x\"}", "{\"a\": \"\\u0078\"}" },
		{ "{\"b\":1}", "{\"b\":1e0}" },
	};
	struct act a = { .event = event, .chance = &run->ids };
	struct m_task *t = a_task(&a.task_id);
	enum m_output kind = roll(3) ? M_GOOD : (enum m_output)roll(5);
	struct json output = { 0 };
	struct err e = { 0 };
	struct task out;
	const char *due = "task_missing";
	int who, rc;

	who = actor(!t ? 0 : event == ESCROW_DISPUTE ? t->buyer : t->seller);
	if (event == ESCROW_RELEASE || event == ESCROW_RETURN)
		who = -1;
	a.node_id = who < 0 ? NULL : name_of(who);
	if (event == ESCROW_COMPLETE) {
		parse(&output, outputs[kind][roll(2)]);
		a.output = &output;
	}
	if (event == ESCROW_DISPUTE || roll(2))
		a.reason = "not what was asked for";
	if (t && event == ESCROW_CLAIM)
		due = m_claim(now, t, who);
	else if (t && event == ESCROW_COMPLETE)
		due = m_complete(now, t, who, kind);
	else if (t && event == ESCROW_DISPUTE)
		due = m_dispute(now, t, who);
	else if (t)
		due = m_resolve(now, t, who, event == ESCROW_RELEASE);
	rc = escrow_act_in(db.l, &a, &run->params, &out, &e);
	json_release(&output);
	escrow_task_release(&out);
	return compare("act", word(rc, &e), due);
}

static bool
do_claim(void)
{
	return do_act(ESCROW_CLAIM);
}

static bool
do_complete(void)
{
	return do_act(ESCROW_COMPLETE);
}

static bool
do_dispute(void)
{
	return do_act(ESCROW_DISPUTE);
}

static bool
do_resolve(void)
{
	return do_act(roll(2) ? ESCROW_RELEASE : ESCROW_RETURN);
}

static bool
do_settle(void)
{
	struct settle_claim claim = { 0 };
	struct m_task *t = a_task(&claim.id);
	struct err e = { 0 };
	struct task out;
	int rc = settle_one_in(db.l, &claim, &run->params, &out, &e);

	escrow_task_release(&out);
	return compare("settle", word(rc, &e),
	    t ? m_settle(now, t) : "task_missing");
}

#endif
