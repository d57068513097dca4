/* model_do_trade.h - random requests of bzn-escrow and bzn-settle. */
#ifndef MODEL_DO_TRADE_H
#define MODEL_DO_TRADE_H

#include "model_do_once.h"
#include "model_settle.h"
#include "model_trade.h"

/* An order for a verifier: who paid for something has it judged. */
static bool
judge_order(struct m_order *m)
{
	int i, k, t = recent(now->n_task);

	for (i = 0; i < 20 && t >= 0 && (now->task[t].kind != M_TASK ||
	    now->task[t].unit || (now->task[t].state != M_PAID && roll(8)));
	    i++)
		t = (int)roll(now->n_task);
	if (t >= 0 && now->task[t].kind != M_TASK)
		return false;
	for (k = i = 0; i < 20 && now->n_skill; i++) {
		k = (int)roll(now->n_skill);
		if (now->skill[k].verifies && !now->skill[k].retired)
			break;
	}
	if (t < 0 || i == 20)
		return false;
	m->buyer = roll(3) ? now->task[t].buyer : roll(2) ?
	    now->task[t].seller : m->buyer;
	m->judges = t;
	m->skill = k;
	m->shadow = !roll(12);
	return true;
}

static const char *
quote_id(int quote)
{
	return quote == -1 ? NULL : quote < 0 ? NO_ID : now->quote[quote].id;
}

/* What is bought, with a quote of one's own now and then. */
static struct m_order
an_order(void)
{
	struct m_order m = {
		.buyer = a_member(), .skill = -1, .quote = -1, .custom = -1,
		.judges = -1, .stated = -1, .shadow = !roll(8),
	};
	const struct m_quote *q;
	int i;

	if (!roll(6) && judge_order(&m))
		return m;
	if (!roll(3))
		m.quote = recent(now->n_quote);
	for (i = 0; i < 4 && m.quote >= 0 &&
	    now->quote[m.quote].buyer != m.buyer; i++)
		m.quote = recent(now->n_quote);
	if (m.quote == -1 && !roll(40))
		m.quote = -2;
	if (m.quote >= 0) {
		q = &now->quote[m.quote];
		m.skill = q->skill;
		if (roll(8))
			m.buyer = q->buyer;
	} else {
		m.skill = recent(now->n_skill);
		for (i = 0; i < 4 && m.skill >= 0 && (now->skill[m.skill].
		    retired || now->node[now->skill[m.skill].node].unit !=
		    now->node[m.buyer].unit); i++)
			m.skill = recent(now->n_skill);
	}
	if (!m_active(now, m.buyer) && m.skill < 0)
		m.buyer = 0;		/* one fault at a time */
	if (!roll(4))
		m.stated = m.skill >= 0 && roll(4) ?
		    now->skill[m.skill].price : roll(500);
	if (!roll(4))
		m.custom = recent(now->n_custom);
	for (i = 0; i < 8 && m.custom >= 0 &&
	    now->custom[m.custom].node != m.buyer; i++)
		m.custom = recent(now->n_custom);
	if (m.custom == -1 && !roll(60))
		m.custom = -2;
	return m;
}

static bool
do_lock(void)
{
	const struct m_order m = an_order();
	struct order o = {
		.buyer_id = name_of(m.buyer), .quote_id = quote_id(m.quote),
		.skill_id = m.quote != -1 && roll(2) ? NULL : m.skill < 0 ?
		    NO_ID : now->skill[m.skill].id,
		.n_custom = m.custom != -1,
		.custom = { m.custom < 0 ? NO_ID : now->custom[m.custom].id },
	};
	struct keyed k = { .node = 0 };
	struct json input = { 0 };
	struct task t = { 0 };
	struct err e = { 0 };
	const char *due;
	char price[32], asked[128];
	int rc = 0;

	o.price = m.stated < 0 ? NULL : money(price, m.stated);
	snprintf(k.text, sizeof(k.text), "{\"c\":%d,\"p\":%lld,\"q\":%d,"
	    "\"s\":%d,\"x\":%d}", m.custom, (long long)m.stated, m.quote,
	    m.skill, m.shadow);
	snprintf(asked, sizeof(asked), "{\"verified_task_id\":\"%s\"}",
	    m.judges < 0 ? roll(2) ? NO_ID : "" : now->task[m.judges].id);
	parse(&input, asked);
	o.input = &input;
	keyed_begin(&k, "lock", m.buyer, &e);
	if (!k.got)
		rc = m.shadow ? escrow_shadow_in(db.l, &o, &run->params,
		    &run->ids, &t, &e) : escrow_lock_in(db.l, &o,
		    &run->params, &run->ids, &t, &e);
	due = keyed_word(&k);
	compare(m.shadow ? "shadow" : "lock", k.got > 0 ? "ok" :
	    word(k.got < 0 || rc, &e), due ? due : m_lock(now, &m));
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

static bool
do_direct(void)
{
	int n = a_member(), to = roll(30) ? a_partner(n) : -2, rc = 0;
	int64_t minor = roll(20) ? 1 + roll(2000) : roll(2) ? 0 : 10000001;
	struct keyed k = { .node = 0 };
	char text[32];
	struct direct d = {
		.buyer_id = name_of(n),
		.seller_id = to < 0 ? "nobody-at-all" : name_of(to),
	};
	struct task t = { 0 };
	struct err e = { 0 };
	const char *due;

	if (!m_active(now, n))
		minor = 100;		/* one fault at a time */
	d.amount = money(text, minor);

	snprintf(k.text, sizeof(k.text), "{\"a\":%lld,\"s\":%d}",
	    (long long)minor, to);
	keyed_begin(&k, "direct", n, &e);
	if (!k.got)
		rc = escrow_direct_in(db.l, &d, &run->params, &run->ids, &t,
		    &e);
	due = keyed_word(&k);
	compare("direct", k.got > 0 ? "ok" : word(k.got < 0 || rc, &e), due ?
	    due : m_direct(now, n, to, minor));
	if (!k.got && !rc)
		snprintf(now->task[now->n_task - 1].escrow, 40, "%s",
		    t.escrow_id);
	keyed_end(&k, !k.got && !rc ? t.escrow_id : NULL);
	escrow_task_release(&t);
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
	*id = t->kind == M_DIRECT || (t->kind == M_TASK && !roll(3)) ?
	    t->escrow : t->id;
	return t;
}

/* The party, mostly; somebody else; -1 for whoever may. */
static int
actor(int party)
{
	return roll(8) ? party : (int)roll(9) - 1;
}

/* Equal outputs have equal canonical forms. */
static const char *
an_output(enum m_output kind)
{
	static const char *const outputs[][2] = {
		{ "{}", " { } " },
		{ "{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1.0}" },
		{ "{\"a\":null}", "{\"\\u0061\":null}" },
		{ "{\"a\":\"x\"}", "{\"a\": \"\\u0078\"}" },
		{ "{\"b\":1}", "{ \"b\":1 }" },
	};

	return outputs[kind][roll(2)];
}

static const char *
act_word(struct m_task *t, enum escrow_event event, int who,
    enum m_output output, bool if_disputed)
{
	switch (event) {
	case ESCROW_CLAIM:
		return m_claim(now, t, who);
	case ESCROW_COMPLETE:
		return m_complete(now, t, who, output);
	case ESCROW_DISPUTE:
		return m_dispute(now, t, who);
	case ESCROW_REFUND:
		return m_refund(now, t, who, if_disputed);
	default:
		return m_resolve(now, t, who, event == ESCROW_RELEASE);
	}
}

static bool
do_act(const char *what, enum escrow_event event)
{
	struct act a = { .event = event, .chance = &run->ids };
	struct m_task *t = a_task(&a.task_id);
	enum m_output kind = roll(3) ? M_GOOD : (enum m_output)roll(5);
	bool if_disputed = !roll(4);
	struct json output = { 0 };
	struct err e = { 0 };
	struct task out;
	int who, rc;

	if (t && t->kind == M_DIRECT && event == ESCROW_CLAIM)
		return false;		/* there is no such request */
	who = actor(!t ? 0 : event == ESCROW_DISPUTE ? t->buyer : t->seller);
	if ((event == ESCROW_RELEASE || event == ESCROW_RETURN) && roll(12))
		who = -1;
	a.node_id = who < 0 ? NULL : name_of(who);
	if (who < 0 && event == ESCROW_REFUND)
		a.as = PARTY_OPERATOR;
	if (event == ESCROW_COMPLETE) {
		parse(&output, an_output(kind));
		a.output = &output;
		a.proof_hash = "hash123";
	}
	if (event == ESCROW_DISPUTE || (event != ESCROW_REFUND && roll(2)))
		a.reason = "not what was asked for";
	if (event == ESCROW_REFUND)
		a.because = if_disputed ? "DISPUTE_RESOLVED" : "MANUAL";
	rc = escrow_act_in(db.l, &a, &run->params, &out, &e);
	json_release(&output);
	escrow_task_release(&out);
	return compare(what, word(rc, &e), t ? act_word(t, event, who, kind,
	    if_disputed) : "task_missing");
}

static bool
do_claim(void)
{
	return do_act("claim", ESCROW_CLAIM);
}

static bool
do_complete(void)
{
	return do_act("complete", ESCROW_COMPLETE);
}

static bool
do_dispute(void)
{
	return do_act("dispute", ESCROW_DISPUTE);
}

static bool
do_resolve(void)
{
	return do_act("resolve", roll(2) ? ESCROW_RELEASE : ESCROW_RETURN);
}

static bool
do_refund(void)
{
	return do_act("refund", ESCROW_REFUND);
}

static bool
do_settle(void)
{
	struct settle_claim claim = { .proof_hash = roll(2) ? "p" : NULL };
	struct m_task *t = a_task(&claim.id);
	int who = roll(2) ? -1 : roll(8) && t ? roll(2) ? t->buyer :
	    t->seller : a_node(), rc;
	struct err e = { 0 };
	struct task out;

	claim.node_id = who < 0 ? NULL : name_of(who);
	rc = settle_one_in(db.l, &claim, &run->params, &out, &e);
	escrow_task_release(&out);
	return compare("settle", word(rc, &e),
	    t ? m_settle(now, t, who) : "task_missing");
}

/* What a sweep failed to close; or what none has failed to. */
static bool
do_retry(void)
{
	struct m_task *t = NULL;
	struct buf record = BUF_INIT(1 << 16);
	struct err e = { 0 };
	int i, rc;

	for (i = 0; i < 200 && now->n_task && (!t || !t->failures); i++)
		t = &now->task[roll(now->n_task)];
	if (!t || t->kind == M_SHADOW)
		return false;
	rc = settle_retry_in(db.l, t->escrow, &run->params, &record, &e);
	buf_release(&record);
	return compare("retry", word(rc, &e), !t->failures ? "not_parked" :
	    m_retry(now, (int)(t - now->task)));
}

#endif
