/* model_do_realm.h - random requests: sandbox nodes, signups, caps. */
#ifndef MODEL_DO_REALM_H
#define MODEL_DO_REALM_H

#include "model_do.h"
#include "model_node.h"
#include "node/caps.h"
#include "node/sandbox.h"
#include "node/signup.h"

/* As long as there is room in the model: a few at a time. */
static bool
do_sandbox(void)
{
	struct err e = { 0 };
	struct node out;
	int i, alive = 0, rc;

	for (i = M_NAMED; i < now->n_node; i++)
		alive += m_active(now, i);
	if (now->n_node == M_NODES || alive >= 4)
		return false;
	rc = node_sandbox_in(db.l, NULL, &run->params, &run->ids, &out, &e);
	if (!compare("sandbox", word(rc, &e), m_sandbox(now)))
		return false;
	if (strncmp(out.id, "sandbox-", 8) || strlen(out.id) != 24)
		fail("sandbox", out.id, "sandbox- and 16 digits");
	memcpy(now->node[now->n_node - 1].name, out.id, 25);
	return true;
}

static bool
do_signup(void)
{
	const struct signup who = { .email = "a@example.com" };
	char token[NODE_TOKEN];
	struct err e = { 0 };
	int rc = signup_in(db.l, &who, &run->ids, token, &e);

	compare("signup", word(rc, &e), "ok");
	now->signup[now->n_signup].linked = false;
	snprintf(now->signup[now->n_signup++].token, 40, "%s", token);
	return true;
}

static const char *
cap_text(char out[32], int64_t cap)
{
	return cap < 0 ? "none" : money(out, cap);
}

static bool
do_caps(void)
{
	int64_t per_task = roll(2) ? -1 : 500 + roll(3000);
	int64_t per_day = roll(2) ? -1 : 1000 + roll(9000);
	int64_t pct = roll(2) ? -1 : roll(101);
	int n = a_member(), rc;
	char texts[2][32];
	const struct caps_change c = {
		.node_id = name_of(n), .daily = cap_text(texts[0], per_day),
		.per_task = cap_text(texts[1], per_task),
		.has_pct = true, .pct = pct,
	};
	struct err e = { 0 };
	struct node out;

	rc = caps_set_in(db.l, &c, &out, &e);
	return compare("caps", word(rc, &e), m_caps(now, n, per_task, per_day,
	    pct));
}

#endif
