/*
 * model_reach.h - what the rounds have reached, and what a hundred thousand
 * requests must reach: a test that never gets there proves nothing.
 */
#ifndef MODEL_REACH_H
#define MODEL_REACH_H

#include "model_do.h"

#define REACH_ALL 100000	/* requests: nothing may be missing then */

static int asked_for;		/* requests, of all rounds */

/* Words that an answer must have been. */
static const char *const answers_due[] = {
	"ok", "already_banned", "already_claimed", "amount_zero",
	"bad_amount", "bad_id", "bounty_missing", "cap_exceeded",
	"cap_exposure", "challenge_expired", "challenge_wrong",
	"duplicate_leg", "flow_refused", "id_conflict", "insufficient_funds",
	"no_challenge", "node_exists", "node_missing",
	"node_unknown_or_banned", "not_creator", "not_escrow_party",
	"not_parked", "not_provider", "not_your_task", "own_bounty",
	"price_mismatch", "price_range", "quote_expired", "quote_missing",
	"realm",
	"report_not_eligible", "reserved_account", "reserved_id",
	"self_report", "self_trade", "seller_inactive", "seller_missing",
	"signup_linked", "signup_unknown", "skill_missing", "skill_retired",
	"solver_inactive", "submission_dup", "submission_missing",
	"task_missing", "validator_limit", "validator_missing",
	"window_closed", "window_open", "wrong_state",
};

/* Ends that something must have come to. */
#define ENDS(END) \
	END(TASK, "tasks paid") END(DIRECT, "direct escrows paid") \
	END(RELEASED, "disputes decided for the seller") \
	END(RETURNED, "disputes decided for the buyer") \
	END(GIVEN, "deliveries given back by the seller") \
	END(YIELDED, "disputes in which the seller gave in") \
	END(RULE, "refunds by a rule") END(AUTO, "disputes ended by a rule") \
	END(LATE, "refunds for want of a delivery") \
	END(SHADOW, "shadow tasks delivered") \
	END(FADED, "shadow tasks that timed out") \
	END(PROOF, "verdicts PROOF_MISSING") \
	END(SCHEMA, "verdicts SCHEMA_MISMATCH") \
	END(VALIDATOR, "verdicts VALIDATOR_FAILED") \
	END(CUSTOM, "deliveries judged by a buyer's validator") \
	END(QUOTED, "quotes used") END(AWARDED, "bounties awarded") \
	END(CANCELLED, "bounties cancelled") END(EXPIRED, "bounties expired") \
	END(BADGE, "badges") END(PIONEER, "pioneers") END(BANNED, "bans") \
	END(OVER, "sandbox nodes expired") END(BURNT, "sandbox nodes burnt") \
	END(FAILED, "sweeps that failed with one") END(PARKED, "parked")

#define END_NAME(name, what) END_##name,
#define END_ROW(name, what) { what, 0 },
enum { ENDS(END_NAME) END__COUNT };
static struct { const char *what; int times; } ends[] = { ENDS(END_ROW) };

static void
reach_task(const struct m_task *t)
{
	bool paid = t->state == M_PAID, back = t->state == M_BACK;

	if (t->kind == M_SHADOW) {
		ends[END_SHADOW].times += t->state == M_DONE;
		ends[END_FADED].times += back;
		return;
	}
	ends[END_TASK].times += paid && t->kind == M_TASK;
	ends[END_DIRECT].times += paid && t->kind == M_DIRECT;
	ends[END_RELEASED].times += paid && t->disputed;
	ends[END_RETURNED].times += back && t->disputed &&
	    t->end == M_BY_OPERATOR;
	ends[END_GIVEN].times += back && !t->disputed && t->settle_ms &&
	    t->end == M_BY_SELLER;
	ends[END_YIELDED].times += back && t->disputed &&
	    t->end == M_BY_SELLER;
	ends[END_RULE].times += back && !t->disputed && t->end == M_BY_RULE;
	ends[END_AUTO].times += back && t->disputed && t->end == M_BY_RULE;
	ends[END_LATE].times += back && t->end == M_BY_TIME;
	ends[END_CUSTOM].times += t->custom && t->settle_ms;
	if (!t->verdict)
		return;
	ends[END_PROOF].times += !strcmp(t->verdict, "PROOF_MISSING");
	ends[END_SCHEMA].times += !strcmp(t->verdict, "SCHEMA_MISMATCH");
	ends[END_VALIDATOR].times += !strcmp(t->verdict, "VALIDATOR_FAILED");
}

/* At the end of a round. */
static void
reach_round(int ops)
{
	const struct m_node *n;
	int i;

	asked_for += ops;
	for (i = 0; i < now->n_task; i++)
		reach_task(&now->task[i]);
	for (i = 0; i < now->n_quote; i++)
		ends[END_QUOTED].times += now->quote[i].used;
	for (i = 0; i < now->n_bounty; i++) {
		ends[END_AWARDED].times += now->bounty[i].state == M_B_AWARDED;
		ends[END_CANCELLED].times +=
		    now->bounty[i].state == M_B_CANCELLED;
		ends[END_EXPIRED].times += now->bounty[i].state == M_B_EXPIRED;
	}
	for (n = now->node; n < now->node + now->n_node; n++) {
		ends[END_BANNED].times += n->banned;
		ends[END_OVER].times += n->expired;
		ends[END_BURNT].times += n->burnt;
	}
	ends[END_BADGE].times += now->n_badge;
	ends[END_PIONEER].times += now->n_pioneer;
}

static void
reach_tell(void)
{
	enum err_code code;
	size_t i;

	for (i = 0; i < E__COUNT; i++)
		if (run->answers[i])
			printf("# %6d %s\n", run->answers[i],
			    err_word((enum err_code)i));
	for (i = 0; i < END__COUNT; i++)
		printf("# %6d %s\n", ends[i].times, ends[i].what);
	if (asked_for < REACH_ALL)
		return;
	for (i = 0; i < sizeof(answers_due) / sizeof(*answers_due); i++)
		if (!err_code_named(answers_due[i], &code) ||
		    !run->answers[code])
			fail("an answer", "never", answers_due[i]);
	for (i = 0; i < END__COUNT; i++)
		if (!ends[i].times)
			fail("an end", "never", ends[i].what);
}

#endif
