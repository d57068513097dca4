/* model_do_node.h - random requests of bzn-node. */
#ifndef MODEL_DO_NODE_H
#define MODEL_DO_NODE_H

#include "model_do.h"
#include "model_node.h"

/* Somebody who is not there yet, as long as there is one. */
static int
newcomer(void)
{
	int i, n = (int)roll(M_NAMED);

	for (i = 0; now->node[n].in && i < 8; i++)
		n = (int)roll(M_NAMED);
	return n;
}

/* Somebody who has been asked, mostly. */
static int
asked(void)
{
	int i, n = newcomer();

	for (i = 0; !now->node[n].asked && i < 40; i++)
		n = newcomer();
	return n;
}

/* Of a signup, mostly one that is still free; -1 is none. */
static int
a_token(void)
{
	int i, t = roll(2) ? -1 : roll(12) ? recent(now->n_signup) : -2;

	for (i = 0; i < 3 && t >= 0 && now->signup[t].linked; i++)
		t = recent(now->n_signup);
	return t;
}

static const char *
token_text(int token)
{
	return token == -1 ? NULL : token < 0 ? "ea_nobody" :
	    now->signup[token].token;
}

static bool
do_ask(void)
{
	struct node_challenge c = { 0 };
	struct err e = { 0 };
	int n = newcomer(), token = a_token(), rc;

	rc = node_challenge_in(db.l, name_of(n), &run->params, &run->ids, &c,
	    &e);
	if (!rc && token != -1)
		rc = node_challenge_signup_in(db.l, &c, token_text(token), &e);
	if (!rc) {
		now->node[n].halves = actor_sum(&c);
		memcpy(now->node[n].challenge, c.id, sizeof(c.id));
	}
	return compare("ask", word(rc, &e), m_ask(now, n, token));
}

static bool
do_register(void)
{
	static const char *const none[] = { "", "12,5", "-3", "0x10", "1e3" };
	enum m_answer how = roll(3) ? M_RIGHT : (enum m_answer)roll(4);
	int n = asked(), token = roll(3) ? -1 : a_token(), rc;
	const struct m_node *m = &now->node[n];
	bool right_id = roll(12) > 0;
	int64_t cents = m->halves * 50;
	struct node_answer a = {
		.node_id = m->name,
		.challenge_id = !right_id ? NO_ID : roll(2) ? m->challenge :
		    NULL,
	};
	struct err but = { 0 }, e = { 0 };
	struct node out;
	char text[32];

	/* By one cent either way is right; by two it is not. */
	cents += how == M_NEARLY ? roll(2) && cents ? -1 : 1 :
	    how == M_WRONG ? roll(2) && cents > 2 ? -2 : 2 : 0;
	a.signup_token = token_text(token);
	a.solution = how == M_NO_NUMBER ? none[roll(5)] : money(text, cents);
	rc = node_register_in(db.l, &a, &run->params, &out, &but, &e);
	compare("register", !rc && but.kind ? err_word(but.code) :
	    word(rc, &e), m_register(now, n, how, right_id,
	    token));
	return !rc;
}

#endif
