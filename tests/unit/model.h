/*
 * model.h - the market as its specification has it, in memory: nodes, skills,
 * tasks, balances and time.  Plain C without any code of lib/: its own rules,
 * its own tax, its own states.  Each function predicts one request: the word
 * of the answer, "ok" if the request acts, and then the model has acted.
 */
#ifndef MODEL_H
#define MODEL_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define M_NODES 12
#define M_MOST 4096			/* requests of a round */
#define M_HOUR INT64_C(3600000)

/* Whose accounts they are; below zero, the system's own. */
enum { M_MINT = -1, M_VAULT = -2, M_ESCROW = -3 };
static const char *const m_name[M_NODES] = {
	"node-0", "node-1", "node-2", "node-3", "node-4", "node-5", "node-6",
	"node-7", "vault", "x", "c_10", "Node-1",
};

enum m_state { M_OPEN, M_CLAIMED, M_DONE, M_DISPUTED, M_PAID, M_BACK };

struct m_task {
	char id[40], escrow[40];
	int buyer, seller, output;	/* -1 until delivered; 0 is empty */
	int64_t price, refund_ms, settle_ms;
	enum m_state state;
	bool disputed;
};

struct m_skill { char id[40]; int node; int64_t price; };
struct m_once { char key[16], request[96]; int task; };

struct m_move {
	const char *type;
	char id[40], ref[24];		/* "" where there is none */
	int from, to, unit;
	int64_t minor, seq, at_ms;
};

struct model {
	int64_t now_ms, leaf_ms, leaves;
	int64_t mint[2], vault[2], have[M_NODES][2];
	bool in[M_NODES], asked[M_NODES];
	int64_t asked_ms[M_NODES];
	int halves[M_NODES], misses[M_NODES];
	char challenge[M_NODES][40];
	int n_task, n_skill, n_move, n_once;
	struct m_task task[M_MOST];
	struct m_skill skill[M_MOST];
	struct m_move move[M_MOST];
	struct m_once once[M_MOST];
};

/* Only what is in use: rounds are long, and this is often done. */
static inline void
m_copy(struct model *to, const struct model *from)
{
	memcpy(to, from, offsetof(struct model, task));
	memcpy(to->task, from->task, sizeof(*to->task) * (size_t)to->n_task);
	memcpy(to->skill, from->skill,
	    sizeof(*to->skill) * (size_t)to->n_skill);
	memcpy(to->move, from->move, sizeof(*to->move) * (size_t)to->n_move);
	memcpy(to->once, from->once, sizeof(*to->once) * (size_t)to->n_once);
}

/* Leaves of this moment were written. */
static inline void
m_log(struct model *m, int leaves)
{
	m->leaves += leaves;
	m->leaf_ms = m->now_ms;
}

static inline void
m_clock(struct model *m, int64_t clock_ms)
{
	m->now_ms = clock_ms > m->leaf_ms ? clock_ms : m->leaf_ms;
}

static inline const char *
m_name_word(int node)
{
	return node == 8 ? "reserved_id" : node == 9 ? "bad_id" : NULL;
}

static inline const char *
m_ask(struct model *m, int node)
{
	if (m_name_word(node))
		return m_name_word(node);
	if (m->in[node])
		return "node_exists";
	m->asked[node] = true;
	m->asked_ms[node] = m->now_ms;
	m->misses[node] = 0;
	return "ok";
}

enum m_answer { M_RIGHT, M_NEARLY, M_WRONG, M_NO_NUMBER };

/* A miss and a lateness are remembered although the answer is no. */
static inline const char *
m_register(struct model *m, int node, enum m_answer how, bool right_id)
{
	if (m_name_word(node))
		return m_name_word(node);
	if (m->in[node])
		return "node_exists";
	if (!m->asked[node] || !right_id)
		return "no_challenge";
	if (how == M_NO_NUMBER)
		return "bad_amount";
	if (m->now_ms - m->asked_ms[node] >= 30000) {
		m->asked[node] = false;
		return "challenge_expired";
	}
	if (how == M_WRONG) {
		m->asked[node] = ++m->misses[node] < 3;
		return "challenge_wrong";
	}
	m->asked[node] = false;
	m->in[node] = true;
	m->have[node][0] += 10000;
	m->mint[0] -= 10000;
	m_log(m, 2);
	return "ok";
}

static inline const char *
m_publish(struct model *m, int node, int64_t price)
{
	if (!m->in[node])
		return "node_missing";
	if (price < 1 || price > 1000000)
		return "price_range";
	if (m->have[node][0] < 50)
		return "insufficient_funds";
	m->have[node][0] -= 50;
	m->vault[0] += 50;
	m->skill[m->n_skill].node = node;
	m->skill[m->n_skill].price = price;
	m->n_skill++;
	m_log(m, 2);
	return "ok";
}

/* skill is -1 for one that is not there, stated -1 for none. */
static inline const char *
m_lock(struct model *m, int buyer, int skill, int64_t stated)
{
	const struct m_skill *k = skill < 0 ? NULL : &m->skill[skill];
	int64_t open = 0;
	struct m_task *t;
	int i;

	if (!m->in[buyer])
		return "node_missing";
	if (!k)
		return "skill_missing";
	if (k->node == buyer)
		return "self_trade";
	if (stated >= 0 && stated != k->price)
		return "price_mismatch";
	if (m->have[buyer][0] < k->price)
		return "insufficient_funds";
	for (i = 0; i < m->n_task; i++)
		if (m->task[i].buyer == buyer && m->task[i].state < M_PAID)
			open += m->task[i].price;
	if (open + k->price > (m->have[buyer][0] + open) / 2)
		return "cap_exposure";
	m->have[buyer][0] -= k->price;
	t = &m->task[m->n_task++];
	*t = (struct m_task){
		.buyer = buyer, .seller = k->node, .price = k->price,
		.output = -1, .refund_ms = m->now_ms + 72 * M_HOUR,
	};
	m_log(m, 1);
	return "ok";
}

static inline const char *
m_claim(struct model *m, struct m_task *t, int who)
{
	if (who >= 0 && who != t->seller)
		return "not_your_task";
	if (t->state != M_OPEN)
		return "already_claimed";
	if (m->now_ms >= t->refund_ms)
		return "window_closed";
	t->state = M_CLAIMED;
	m_log(m, 1);
	return "ok";
}

static inline const char *
m_complete(struct model *m, struct m_task *t, int who, int output)
{
	if (who >= 0 && who != t->seller)
		return "not_your_task";
	if (t->output == output)
		return "ok";
	if (t->state != M_OPEN && t->state != M_CLAIMED)
		return "wrong_state";
	if (m->now_ms >= t->refund_ms)
		return "window_closed";
	t->state = M_DONE;
	t->output = output;
	t->settle_ms = m->now_ms + 24 * M_HOUR;
	m_log(m, 1);
	return "ok";
}

static inline const char *
m_dispute(struct model *m, struct m_task *t, int who)
{
	if (who >= 0 && who != t->buyer)
		return "not_your_task";
	if (t->state != M_DONE)
		return "wrong_state";
	if (m->now_ms >= t->settle_ms)
		return "window_closed";
	t->state = M_DISPUTED;
	t->disputed = true;
	m_log(m, 1);
	return "ok";
}

/* The two ends: half a cent rounds up, and nothing of the price is lost. */
static inline void
m_close(struct model *m, struct m_task *t, bool pay)
{
	int64_t tax = (3 * t->price + 50) / 100;

	if (pay) {
		m->have[t->seller][0] += t->price - tax;
		m->vault[0] += tax;
	} else {
		m->have[t->buyer][0] += t->price;
	}
	t->state = pay ? M_PAID : M_BACK;
	m_log(m, pay && tax ? 2 : 1);
}

static inline const char *
m_resolve(struct model *m, struct m_task *t, bool pay)
{
	if (t->state != M_DISPUTED)
		return "wrong_state";
	m_log(m, 1);
	m_close(m, t, pay);
	return "ok";
}

/* Is anything to be done about it by now; and when? */
static inline bool
m_due(const struct model *m, const struct m_task *t, bool settle)
{
	if (!settle)
		return (t->state == M_OPEN || t->state == M_CLAIMED) &&
		    m->now_ms >= t->refund_ms;
	return (t->state == M_DONE ||
	    (t->state == M_DISPUTED && t->output == 0)) &&
	    m->now_ms >= t->settle_ms;
}

static inline const char *
m_settle(struct model *m, struct m_task *t)
{
	if (m_due(m, t, true))
		m_close(m, t, t->output != 0);
	else if (m_due(m, t, false))
		m_close(m, t, false);
	else
		return t->state <= M_DONE ? "window_open" : "wrong_state";
	return "ok";
}

/* The one that a sweep takes next, or NULL. */
static inline struct m_task *
m_next_due(struct model *m, bool settle)
{
	struct m_task *best = NULL, *t;
	int64_t at, best_at = 0;
	int i;

	for (i = 0; i < m->n_task; i++) {
		t = &m->task[i];
		at = settle ? t->settle_ms : t->refund_ms;
		if (!m_due(m, t, settle) || (best && (at > best_at ||
		    (at == best_at && strcmp(t->escrow, best->escrow) > 0))))
			continue;
		best = t;
		best_at = at;
	}
	return best;
}

/* Whom each type may debit and credit, by hand. */
static inline bool
m_flow(const struct m_move *v)
{
	if (!strcmp(v->type, "TRANSFER"))
		return v->from >= 0 && v->to >= 0;
	if (!strcmp(v->type, "CREDIT_DEDUCT"))
		return v->from >= 0 && v->to == M_VAULT;
	return v->from == M_MINT && v->to >= 0;	/* ISSUE, FIAT_PURCHASE */
}

static inline int64_t *
m_balance(struct model *m, int account, int unit)
{
	return account == M_MINT ? &m->mint[unit] :
	    account == M_VAULT ? &m->vault[unit] : &m->have[account][unit];
}

/*
 * "flow" for what a type does not allow, with whichever word.  What became
 * of it is in out.
 */
static inline const char *
m_transfer(struct model *m, const struct m_move *v, const struct m_move **out,
    bool *existed)
{
	struct m_move *x;

	*existed = false;
	if (!v->minor)
		return "amount_zero";
	if (!strcmp(v->type, "ESCROW_SETTLE") ||
	    !strcmp(v->type, "REGISTRATION_CREDIT"))
		return "flow_refused";
	if (v->from == v->to)
		return "duplicate_leg";
	for (x = m->move; x < m->move + m->n_move; x++)
		if (!strcmp(x->id, v->id)) {
			*existed = true;
			*out = x;
			return strcmp(x->type, v->type) || x->from != v->from ||
			    x->to != v->to || x->unit != v->unit ||
			    x->minor != v->minor || strcmp(x->ref, v->ref) ?
			    "id_conflict" : "ok";
		}
	if (!m_flow(v))
		return "flow";
	if (v->from >= 0 && *m_balance(m, v->from, v->unit) < v->minor)
		return "insufficient_funds";
	*m_balance(m, v->from, v->unit) -= v->minor;
	*m_balance(m, v->to, v->unit) += v->minor;
	*x = *v;
	x->seq = m->leaves;
	x->at_ms = m->now_ms;
	m->n_move++;
	*out = x;
	m_log(m, 1);
	return "ok";
}

static inline struct m_once *
m_once_find(struct model *m, const char *key)
{
	int i;

	for (i = 0; i < m->n_once; i++)
		if (!strcmp(m->once[i].key, key))
			return &m->once[i];
	return NULL;
}

#endif
