/* model_do_once.h - requests under keys, which act once. */
#ifndef MODEL_DO_ONCE_H
#define MODEL_DO_ONCE_H

#include "model_do.h"
#include "once/once.h"

static struct m_once *
m_once_find(struct model *m, const char *verb, int node, const char *key)
{
	struct m_once *o;

	for (o = m->once; o < m->once + m->n_once; o++)
		if (!strcmp(o->key, key) && !strcmp(o->verb, verb) &&
		    o->node == node)
			return o;
	return NULL;
}

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

#endif
