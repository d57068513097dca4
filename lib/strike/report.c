#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/chance.h"
#include "base/json.h"
#include "base/utf8.h"
#include "cri/cri.h"
#include "crypto/hash.h"
#include "ledger/make.h"
#include "strike/impl.h"

#define REASON_MAX 2000		/* characters */

static enum strike_policy
policy_of(const struct params *p)
{
	return (enum strike_policy)p->value[PARAM_strike_policy];
}

/* Who says so, and of whom. */
static int
find(struct ledger *l, const struct report *r, struct node *reporter,
    struct node *target, struct err *e)
{
	struct store *s = ledger_store(l);

	if (r->reporter_id) {
		if (node_get(s, r->reporter_id, reporter, e))
			return -1;
		if (!node_acts(reporter, ledger_now(l)))
			return err_set(e, E_node_unknown_or_banned,
			    "'%s' is %s", reporter->id,
			    node_state(reporter, ledger_now(l)));
		if (!strcmp(r->reporter_id, r->target_id))
			return err_set(e, E_self_report,
			    "'%s' cannot report itself", r->reporter_id);
	}
	if (node_get(s, r->target_id, target, e))
		return -1;
	if (r->reporter_id && strcmp(reporter->realm, target->realm))
		return err_set(e, E_realm, "'%s' and '%s' are of different "
		    "realms", reporter->id, target->id);
	return target->banned_ms ? err_set(e, E_already_banned,
	    "'%s' is already banned", target->id) : 0;
}

/* Was a report of this pair counted before?  1, 0, -1. */
static int
counted_before(struct store *s, const struct report *r, struct err *e)
{
	struct query q;

	query_open(&q, s, SQL_STRIKE_COUNTED);
	query_text(&q, r->target_id);
	query_text(&q, r->reporter_id);
	return query_run(&q, NULL, e);
}

/* Does it count?  E_report_not_eligible. */
static int
judge(struct store *s, const struct report *r, const struct node *reporter,
    const struct params *p, bool *counts, struct err *e)
{
	int got;

	*counts = !r->reporter_id || policy_of(p) == STRIKE_OPEN;
	if (*counts || policy_of(p) == STRIKE_ADMIN)
		return 0;
	if (strcmp(reporter->realm, "production"))
		return err_set(e, E_report_not_eligible,
		    "'%s' is of the sandbox, where trades prove nothing",
		    r->reporter_id);
	got = cri_traded(s, r->reporter_id, r->target_id, e);
	if (!got)
		return err_set(e, E_report_not_eligible,
		    "'%s' has no settled trade with '%s'", r->reporter_id,
		    r->target_id);
	if (got > 0)
		got = counted_before(s, r, e);
	*counts = !got;
	return got < 0 ? -1 : 0;
}

static int
add(struct ledger *l, const struct report *r, const struct params *p,
    const struct struck *out, struct err *e)
{
	char policy[PARAM_TEXT];
	struct query q;

	param_text(p, PARAM_strike_policy, policy);
	query_open(&q, ledger_store(l), SQL_STRIKE_ADD);
	query_text(&q, out->id);
	query_text(&q, r->target_id);
	query_text(&q, r->reporter_id);
	query_text(&q, r->task_id);
	query_text(&q, r->reason);
	query_text(&q, r->reporter_id ? policy : "admin");
	query_int(&q, out->counted);
	query_int(&q, ledger_now(l));
	return query_run(&q, NULL, e) < 0 ? -1 : 0;
}

/* Words of people are in the log by their hash only. */
static int
log_strike(struct ledger *l, const struct report *r, int64_t strikes,
    struct err *e)
{
	struct buf data = BUF_INIT(1024);
	char hex[HASH_HEX], id[LEAF_ID];
	struct hash h;
	int rc;

	ledger_next_id(l, "strike:", r->target_id, id);
	json_open(&data, NULL, '{');
	json_str(&data, "node", r->target_id);
	if (r->reason) {
		hash_of(&h, r->reason, strlen(r->reason));
		hash_hex(hex, &h);
		json_str(&data, "reason_sha256", hex);
	}
	json_str_if(&data, "reporter", r->reporter_id);
	json_int(&data, "strikes", strikes);
	json_close(&data, '}');
	rc = ledger_event_in(l, "node.strike", id, r->target_id, data.data, e);
	buf_release(&data);
	return rc;
}

static int
log_ban(struct ledger *l, const char *node_id, int64_t strikes,
    struct err *e)
{
	struct buf data = BUF_INIT(1024);
	char id[LEAF_ID];
	int rc;

	ledger_name_id("banned:", node_id, id);
	json_open(&data, NULL, '{');
	json_str(&data, "node", node_id);
	json_int(&data, "strikes", strikes);
	json_close(&data, '}');
	rc = ledger_event_in(l, "node.banned", id, node_id, data.data, e);
	buf_release(&data);
	return rc;
}

/* One more; the last of them bans. */
static int
count(struct ledger *l, const struct report *r, const struct node *target,
    const struct params *p, struct struck *out, struct err *e)
{
	struct query q;
	int got;

	out->strikes = target->strikes + 1;
	out->banned = out->strikes >= p->value[PARAM_strikes_to_ban];
	query_open(&q, ledger_store(l), SQL_STRIKE_NODE);
	query_text(&q, target->id);
	query_int(&q, out->strikes);
	if (out->banned)
		query_int(&q, ledger_now(l));
	else
		query_null(&q);
	got = query_run(&q, NULL, e);
	if (got <= 0)
		return got ? -1 : err_set(e, E_store_corrupt,
		    "a row of a node is gone");
	if (log_strike(l, r, out->strikes, e) || (out->banned &&
	    (log_ban(l, target->id, out->strikes, e) ||
	    strike_take_in(l, target->id, out->taken.unit, r->reporter_id,
	    &out->taken.minor, e))))
		return -1;
	return cri_struck_in(l, target->id, p, e);
}

int
strike_report_in(struct ledger *l, const struct report *r,
    const struct params *p, struct chance *chance, struct struck *out,
    struct err *e)
{
	struct node reporter = { 0 }, target;

	assert(ledger_writing(l));
	*out = (struct struck){ 0 };
	if (r->reason && utf8_count(r->reason, strlen(r->reason)) >
	    REASON_MAX)
		return err_set(e, E_bad_label, "the reason is over %d "
		    "characters", REASON_MAX);
	if (r->task_id && leaf_check_id(r->task_id, e))
		return err_wrap(e, "task_id");
	if (find(l, r, &reporter, &target, e) ||
	    judge(ledger_store(l), r, &reporter, p, &out->counted, e))
		return -1;
	id_new(out->id, ledger_now(l), chance);
	memcpy(out->node_id, target.id, sizeof(out->node_id));
	out->strikes = target.strikes;
	out->taken.unit = node_unit(&target);
	if (add(l, r, p, out, e))
		return -1;
	return out->counted ? count(l, r, &target, p, out, e) : 0;
}

void
strike_reports_open(struct query *q, struct store *s, const char *target_id)
{
	query_open(q, s, SQL_STRIKE_LIST);
	query_text(q, target_id);
}

int
strike_reports_next(struct query *q, struct reported *out, struct err *e)
{
	int got = query_row(q, e);

	if (got <= 0)
		return got;
	query_put_text(q, 0, out->id, sizeof(out->id));
	query_put_text(q, 1, out->target_id, sizeof(out->target_id));
	query_put_text(q, 2, out->reporter_id, sizeof(out->reporter_id));
	out->task_id = query_get_text(q, 3);
	out->reason = query_get_text(q, 4);
	out->counted = query_get_int(q, 5) != 0;
	out->made_ms = query_get_int(q, 6);
	return 1;
}

void
strike_reputation(int64_t strikes, const struct params *p,
    char out[STRIKE_TEXT])
{
	/* Twelve decimals on the way, four at the end. */
	amount_wide value = INT64_C(1000000000000);
	char text[AMOUNT_TEXT];
	size_t n;

	for (; strikes > 0 && value; strikes--)
		value = (value * p->value[PARAM_strike_factor] + 5000) /
		    10000;
	n = amount_print((int64_t)((value + 50000000) / 100000000), 4, text);
	while (text[n - 1] == '0' && text[n - 2] != '.')
		text[--n] = '\0';
	snprintf(out, STRIKE_TEXT, "%s", text);
}
