/*
 * model.h - the market as its specification has it, in memory: who is there,
 * what each has, what is open, and what time it is.  Plain C without any code
 * of lib/: its own rules, its own tax, its own states.  Each function predicts
 * one request: the word of the answer, "ok" if the request acts, and then the
 * model has acted.
 *
 * Nothing is kept here that can be added up when it is asked for, so that
 * what the programs count as they go is judged by another way to know it.
 * The families of requests are in model_node.h, model_trade.h and so on.
 */
#ifndef MODEL_H
#define MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define M_NODES 40
#define M_NAMED 12			/* those with names of their own */
#define M_MOST 4096			/* requests of a round */
#define M_HOUR INT64_C(3600000)
#define M_DAY (24 * M_HOUR)

/* Whose accounts they are; below zero, the system's own. */
enum { M_MINT = -1, M_VAULT = -2, M_ESCROW = -3 };

static const char *const m_names[M_NAMED] = {
	"node-0", "node-1", "node-2", "node-3", "node-4", "node-5", "node-6",
	"node-7", "vault", "x", "c_10", "Node-1",
};

struct m_node {
	char name[40];
	int unit;			/* of its realm: 0 TCK, 1 SBX */
	bool in, banned, expired, burnt;
	int64_t made_ms;
	bool asked;			/* a challenge waits */
	int64_t asked_ms;
	int halves, misses, token;	/* that came with the challenge */
	char challenge[40];
	int64_t cap_task, cap_day, cap_pct;	/* -1: none */
	int strikes;
	bool struck_by[M_NODES];	/* a report that was counted */
	bool early;			/* it came with a signup token */
	int rank;			/* of its badge; 0 without */
	int pioneer, proofs;
	bool waits;			/* for the bonus of a pioneer */
	int64_t waits_ms;
	int64_t have[2];
};

struct m_signup { char token[40]; bool linked; };

enum m_state { M_OPEN, M_CLAIMED, M_DONE, M_DISPUTED, M_PAID, M_BACK };
enum m_kind { M_TASK, M_SHADOW, M_DIRECT };
enum m_end { M_BY_TIME, M_BY_RULE, M_BY_SELLER, M_BY_OPERATOR };

/* What sellers demand of their own work, and buyers of it. */
enum { M_SCHEMA = 1, M_FULL = 2 };
enum { M_NO_CUSTOM, M_REGEX, M_HOOK };

/* {}; {"a":1,"b":2}; {"a":null}; {"a":"x"}; {"b":1} */
enum m_output { M_NONE = -1, M_EMPTY, M_GOOD, M_NULL, M_TEXT, M_OTHER };

struct m_task {
	char id[40], escrow[40];	/* "" where it has none */
	enum m_kind kind;
	int buyer, seller, unit, skill;
	int contract, custom;		/* as they were when it was bought */
	int judges;			/* the task it verifies, or -1 */
	enum m_output output;		/* M_NONE until delivered */
	const char *verdict;		/* of the rules; NULL: it passed */
	int64_t price, made_ms, refund_ms, settle_ms, closed_ms;
	enum m_state state;
	bool disputed;			/* ever */
	bool verifies, proves;		/* for a verifier pioneer */
	int failures;			/* of sweeps, in a row */
	bool passed;			/* by the sweep that runs now */
	enum m_end end;			/* how the money came back */
};

struct m_skill {
	char id[40];
	int node, contract;
	int64_t price;
	bool retired, verifies;
};

struct m_quote {
	char id[40];
	int buyer, skill, contract;
	int64_t price, until_ms;
	bool used, gone;
};

struct m_custom { char id[40]; int node, kind; bool gone; };

enum m_bounty_state { M_B_OPEN, M_B_AWARDED, M_B_CANCELLED, M_B_EXPIRED };

struct m_bounty {
	char id[40];
	int creator, unit, winner;
	int64_t reward, made_ms, deadline_ms;	/* 0: none */
	enum m_bounty_state state;
};

enum m_sub_state { M_PENDING, M_ACCEPTED, M_REJECTED };

struct m_sub { char id[40]; int bounty, solver; enum m_sub_state state; };

struct m_once { char verb[12], key[16], request[96], answer[40]; int node; };

struct m_move {
	const char *type;
	char id[40], ref[24];		/* "" where there is none */
	int from, to, unit;
	int64_t minor, seq, at_ms;
};

struct model {
	int64_t now_ms, leaf_ms, leaves;
	int64_t mint[2], vault[2];
	int n_node, n_badge, n_pioneer;
	int n_task, n_skill, n_move, n_once, n_quote, n_custom, n_bounty;
	int n_sub, n_signup;
	struct m_node node[M_NODES];
	struct m_task task[M_MOST];
	struct m_skill skill[M_MOST];
	struct m_move move[M_MOST];
	struct m_once once[M_MOST];
	struct m_quote quote[M_MOST];
	struct m_custom custom[M_MOST];
	struct m_bounty bounty[M_MOST];
	struct m_sub sub[M_MOST];
	struct m_signup signup[M_MOST];
};

/* Parameters of a round, as it set them for the programs. */
static struct {
	int64_t badges;			/* genesis_max */
	int64_t proofs, pioneers;	/* pioneer_threshold, pioneer_max */
	int64_t bonus;			/* pioneer_bonus */
	int64_t customs;		/* validators_per_node */
	int64_t failures;		/* settle_max_failures */
} m_param = { 200, 10, 20, 50000, 20, 5 };

/* Only what is in use: rounds are long, and this is often done. */
static inline void
m_copy(struct model *to, const struct model *from)
{
#define M_SOME(what, n) \
	memcpy(to->what, from->what, sizeof(*to->what) * (size_t)from->n)
	memcpy(to, from, offsetof(struct model, node));
	M_SOME(node, n_node);
	M_SOME(task, n_task);
	M_SOME(skill, n_skill);
	M_SOME(move, n_move);
	M_SOME(once, n_once);
	M_SOME(quote, n_quote);
	M_SOME(custom, n_custom);
	M_SOME(bounty, n_bounty);
	M_SOME(sub, n_sub);
	M_SOME(signup, n_signup);
#undef M_SOME
}

static inline struct m_node
m_stranger(const char *name)
{
	struct m_node n = {
		.token = -1, .cap_task = -1, .cap_day = -1, .cap_pct = -1,
	};

	snprintf(n.name, sizeof(n.name), "%s", name);
	return n;
}

static inline void
m_begin(struct model *m, int64_t at_ms)
{
	int i;

	memset(m, 0, offsetof(struct model, node));
	m->leaves = 1;
	m->leaf_ms = m->now_ms = at_ms;
	m->n_node = M_NAMED;
	for (i = 0; i < M_NAMED; i++)
		m->node[i] = m_stranger(m_names[i]);
}

/* Leaves of this moment were written. */
static inline void
m_log(struct model *m, int leaves)
{
	m->leaves += leaves;
	if (leaves)
		m->leaf_ms = m->now_ms;
}

static inline void
m_clock(struct model *m, int64_t clock_ms)
{
	m->now_ms = clock_ms > m->leaf_ms ? clock_ms : m->leaf_ms;
}

/* A node of the sandbox is over when its time is, swept or not. */
static inline bool
m_active(const struct model *m, int node)
{
	const struct m_node *n = &m->node[node];

	return n->in && !n->banned && !n->expired &&
	    (!n->unit || m->now_ms < n->made_ms + 7 * M_DAY);
}

/* May it do anything for itself?  The word, or NULL. */
static inline const char *
m_who(const struct model *m, int node)
{
	return !m->node[node].in ? "node_missing" :
	    !m_active(m, node) ? "node_unknown_or_banned" : NULL;
}

static inline int64_t
m_tax(int64_t minor)
{
	return (3 * minor + 50) / 100;
}

/* Whatever a banned node is credited does not stay with it. */
static inline void
m_confiscate(struct model *m, int node)
{
	struct m_node *n = &m->node[node];

	if (!n->banned || !n->have[n->unit])
		return;
	m->vault[n->unit] += n->have[n->unit];
	n->have[n->unit] = 0;
	m_log(m, 1);
}

static inline bool
m_is_open(const struct m_task *t)
{
	return t->kind != M_SHADOW && t->state < M_PAID;
}

/* What a node has out, has locked today, and has spent in all. */
struct m_purse { int64_t open, day, spent; };

static inline struct m_purse
m_purse(const struct model *m, int node)
{
	int64_t midnight_ms = m->now_ms - m->now_ms % M_DAY;
	const struct m_bounty *b;
	const struct m_task *t;
	struct m_purse p = { 0, 0, 0 };
	int i;

	for (t = m->task; t < m->task + m->n_task; t++) {
		if (t->buyer != node || t->kind == M_SHADOW)
			continue;
		p.open += m_is_open(t) ? t->price : 0;
		p.day += t->made_ms >= midnight_ms ? t->price : 0;
		p.spent += t->state == M_BACK ? 0 : t->price;
	}
	for (b = m->bounty; b < m->bounty + m->n_bounty; b++) {
		if (b->creator != node)
			continue;
		p.open += b->state == M_B_OPEN ? b->reward : 0;
		p.day += b->made_ms >= midnight_ms ? b->reward : 0;
		p.spent += b->state > M_B_AWARDED ? 0 : b->reward;
	}
	for (i = 0; i < m->n_skill; i++)
		p.spent += m->skill[i].node == node ? 50 : 0;
	return p;
}

/* L9 to L12 of the lock gate. */
static inline const char *
m_gate_money(const struct model *m, int node, int64_t minor)
{
	const struct m_node *n = &m->node[node];
	const struct m_purse p = m_purse(m, node);
	int64_t have = n->have[n->unit];
	int64_t pct = n->cap_pct < 0 ? 50 : n->cap_pct;

	if (n->cap_task >= 0 && minor > n->cap_task)
		return "cap_exceeded";
	if (n->cap_day >= 0 && p.day + minor > n->cap_day)
		return "cap_exceeded";
	if (have < minor)
		return "insufficient_funds";
	if (pct && p.open + minor > (have + p.open) * pct / 100)
		return "cap_exposure";
	return NULL;
}

#endif
