/*
 * model_do.h - what the random requests of the model test share: the stores,
 * the dice, the count of answers.  A request that the model does not foresee
 * ends the program.
 *
 * All but the connections is in memory that a child shares, so that what it
 * has done by the time it is killed is known.
 */
#ifndef MODEL_DO_H
#define MODEL_DO_H

#include <sys/mman.h>

#include "tap.h"

#include "actors.h"
#include "model.h"
#include "post.h"

#define UNITS(u) ((u) ? "SBX" : "TCK")
#define NO_ID "00000000-0000-7000-8000-000000000000"

struct run {
	struct model now, at_begin, at_mark;
	uint64_t seed;
	const char *name;		/* of the request */
	int op, answers[E__COUNT];
	int commits, rollbacks, undone, reopened, killed, swept;
	char poison[40];		/* an escrow; "" if none */
	bool committed;			/* by the child */
	struct params params;
	struct chance dice, ids;
	int64_t clock_ms;
};

static struct run *run;
static struct model *now;		/* run->now */

static struct {
	struct store *store[2];		/* two writers take turns */
	struct ledger *ledger[2];
	struct ledger *l;
	struct store *s;
} db;

static void
fail(const char *what, const char *is, const char *due)
{
	printf("not ok %d - seed %llu, operation %d: %s: %s, not %s\n",
	    tap_n + 1, (unsigned long long)run->seed, run->op, what, is, due);
	exit(1);
}

static int64_t
roll(int64_t below)
{
	return (int64_t)chance_below(&run->dice, (uint64_t)below);
}

/* Any of n, the newer the likelier; -1 if there is none, and now and then. */
static int
recent(int n)
{
	return n && roll(15) ? n - 1 - (int)roll(n < 20 ? n : 20) : -1;
}

static int
a_node(void)
{
	int n = now->n_node - M_NAMED;

	if (n > 0 && !roll(4))
		return M_NAMED + (int)roll(n);
	return (int)(roll(10) ? roll(8) : roll(M_NAMED));
}

/* Somebody who may act, mostly. */
static int
a_member(void)
{
	int i, n = a_node();

	for (i = 0; !m_active(now, n) && i < 6; i++)
		n = a_node();
	return n;
}

/* One of the same realm, mostly. */
static inline int
a_partner(int of)
{
	int i, n = a_node();

	for (i = 0; now->node[n].unit != now->node[of].unit && i < 6; i++)
		n = a_node();
	return n;
}

static const char *
name_of(int node)
{
	return now->node[node].name;
}

static bool
compare(const char *what, const char *is, const char *due)
{
	enum err_code code;

	if (err_code_named(is, &code))
		run->answers[code]++;
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

static const char *
money(char out[32], int64_t minor)
{
	snprintf(out, 32, "%lld.%02lld", (long long)minor / 100,
	    (long long)minor % 100);
	return out;
}

static void
parse(struct json *out, const char *text)
{
	struct err e = { 0 };

	if (json_parse(out, text, strlen(text), &e))
		home_die(text, &e);
}

#endif
