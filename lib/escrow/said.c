#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "escrow/escrow.h"
#include "escrow/impl.h"
#include "escrow/said.h"

void
escrow_checks_open(struct query *q, struct store *s, const char *task_id)
{
	query_open(q, s, SQL_ESCROW_VERDICT_LIST);
	query_text(q, task_id);
}

int
escrow_checks_next(struct query *q, struct escrow_check *out, struct err *e)
{
	int got = query_row(q, e);

	if (got <= 0)
		return got;
	*out = (struct escrow_check){
		.index = query_get_int(q, 0),
		.validator_id = query_get_text(q, 1),
		.source = query_get_text(q, 2),
		.type = query_get_text(q, 3),
		.result = query_get_text(q, 4),
		.details = query_get_text(q, 5),
		.made_ms = query_get_int(q, 6),
	};
	return 1;
}

void
escrow_rules_open(struct query *q, struct store *s, const struct task *t)
{
	query_open(q, s, SQL_ESCROW_RULE_OF);
	query_text(q, t->kind == TRADE_DIRECT ? NULL : t->id);
	query_text(q, t->kind == TRADE_DIRECT ? t->escrow_id : NULL);
}

static int64_t
most(int64_t limit)
{
	return limit ? limit : INT64_MAX;
}

void
escrow_rules_list(struct query *q, struct store *s,
    const struct escrow_rule_filter *f)
{
	query_open(q, s, SQL_ESCROW_RULE_LIST);
	query_text(q, f->rule);
	query_text(q, f->action);
	query_text(q, f->escrow_status);
	query_int(q, most(f->limit));
	query_int(q, f->offset);
}

int
escrow_rules_total(struct store *s, const struct escrow_rule_filter *f,
    int64_t *out, struct err *e)
{
	struct query q;

	query_open(&q, s, SQL_ESCROW_RULE_TOTAL);
	query_text(&q, f->rule);
	query_text(&q, f->action);
	query_text(&q, f->escrow_status);
	return query_run(&q, out, e) < 0 ? -1 : 0;
}

int
escrow_rules_next(struct query *q, struct escrow_rule *out, struct err *e)
{
	int got = query_row(q, e);

	if (got <= 0)
		return got;
	*out = (struct escrow_rule){
		.id = query_get_int(q, 0),
		.task_id = query_get_text(q, 1),
		.escrow_id = query_get_text(q, 2),
		.rule = query_get_text(q, 3),
		.details = query_get_text(q, 4),
		.action = query_get_text(q, 5),
		.made_ms = query_get_int(q, 6),
		.escrow_status = query_get_text(q, 7),
	};
	return 1;
}

void
escrow_dispute_open(struct query *q, struct store *s, const char *id)
{
	query_open(q, s, SQL_ESCROW_DISPUTE_GET);
	query_text(q, id);
}

void
escrow_disputes_open(struct query *q, struct store *s,
    enum escrow_disputes which, int64_t limit, int64_t offset)
{
	query_open(q, s, SQL_ESCROW_DISPUTE_LIST);
	if (which == DISPUTES_ALL)
		query_null(q);
	else
		query_int(q, which == DISPUTES_OPEN);
	query_int(q, most(limit));
	query_int(q, offset);
}

int
escrow_disputes_next(struct query *q, struct escrow_dispute *out,
    struct err *e)
{
	int got = query_row(q, e);

	if (got <= 0)
		return got;
	*out = (struct escrow_dispute){
		.id = query_get_text(q, 0),
		.task_id = query_get_text(q, 1),
		.escrow_id = query_get_text(q, 2),
		.escrow_status = query_get_text(q, 3),
		.reason = query_get_text(q, 4),
		.evidence = query_get_text(q, 5),
		.resolution = query_get_text(q, 6),
		.resolved_by = query_get_text(q, 7),
		.reasoning = query_get_text(q, 8),
		.made_ms = query_get_int(q, 9),
		.resolved_ms = query_get_int(q, 10),
	};
	return 1;
}

void
escrow_check_write(struct buf *out, const struct escrow_check *c)
{
	json_open(out, NULL, '{');
	json_int(out, "index", c->index);
	json_str(out, "validator_id", c->validator_id);
	json_str(out, "source", c->source);
	json_str(out, "type", c->type);
	json_str(out, "result", c->result);
	json_raw_or_null(out, "details", c->details);
	json_time(out, "evaluated_at", c->made_ms);
	json_close(out, '}');
}

void
escrow_rule_write(struct buf *out, const struct escrow_rule *r)
{
	json_open(out, NULL, '{');
	json_int(out, "id", r->id);
	json_str_if(out, "task_id", r->task_id);
	json_str_if(out, "escrow_id", r->escrow_id);
	json_str_if(out, "escrow_status", r->escrow_status);
	json_str(out, "rule_applied", r->rule);
	json_raw_or_null(out, "rule_details", r->details);
	json_str(out, "action_taken", r->action);
	json_time(out, "created_at", r->made_ms);
	json_close(out, '}');
}

void
escrow_dispute_write(struct buf *out, const struct escrow_dispute *d)
{
	json_open(out, NULL, '{');
	json_str(out, "dispute_id", d->id);
	json_str_if(out, "task_id", d->task_id);
	json_str(out, "escrow_id", d->escrow_id);
	json_str(out, "escrow_status", d->escrow_status);
	json_str(out, "reason", d->reason);
	if (d->evidence)
		json_raw(out, "verification_evidence", d->evidence,
		    strlen(d->evidence));
	json_time(out, "created_at", d->made_ms);
	json_str_if(out, "resolution", d->resolution);
	json_str_if(out, "resolved_by", d->resolved_by);
	json_str_if(out, "reasoning", d->reasoning);
	json_time_if(out, "resolved_at", d->resolved_ms);
	json_close(out, '}');
}

int
escrow_rules_write(struct buf *out, struct store *s, const struct task *t,
    struct err *e)
{
	struct escrow_rule r;
	struct query q;
	int got = 0;

	json_open(out, "rules", '{');
	json_str(out, "verdict", t->verdict ? t->verdict : "PASS");
	if (t->verdict) {
		escrow_rules_open(&q, s, t);
		while ((got = escrow_rules_next(&q, &r, e)) > 0)
			if (!strcmp(r.action, "FLAGGED_AUTO"))
				break;
	}
	json_raw_or_null(out, "details", got > 0 ? r.details : NULL);
	if (t->verdict)
		query_close(&q);
	json_close(out, '}');
	return got < 0 ? -1 : 0;
}

/* What a verifier has said, in a line. */
static void
put_summary(struct buf *out, const struct json *evidence)
{
	static const char *const keys[] = {
		"verifier_skill", "score", "verdict",
	};
	struct buf text = BUF_INIT(JSON_MAX);
	struct json value;
	const char *word;
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		if (!json_find(&value, evidence, keys[i]))
			continue;
		buf_addf(&text, "%s%s: ", text.len ? ", " : "", keys[i]);
		word = json_string(&value);
		if (word)
			buf_adds(&text, word);
		else
			json_copy(&text, NULL, &value);
	}
	json_bool(out, "evidence_attached", true);
	json_strn(out, "evidence_summary", text.data, text.len);
	buf_release(&text);
}

int
escrow_disputed_write(struct buf *out, struct store *s, const struct task *t,
    const struct json *evidence, struct err *e)
{
	struct escrow_dispute d;
	struct query q;
	int got;

	escrow_dispute_open(&q, s, t->escrow_id);
	got = escrow_disputes_next(&q, &d, e);
	if (got > 0)
		json_str(out, "dispute_id", d.id);
	query_close(&q);
	if (!got)
		return err_set(e, E_dispute_missing, "no dispute of escrow "
		    "'%s'", t->escrow_id);
	if (got > 0 && evidence)
		put_summary(out, evidence);
	return got > 0 ? 0 : -1;
}

/* What is said by the acts of a trade, in their transaction. */
int
escrow_say_rule(struct store *s, const struct task *t, const char *rule,
    const char *details, const char *action, int64_t now_ms, struct err *e)
{
	struct query q;

	query_open(&q, s, SQL_ESCROW_RULE_ADD);
	query_text(&q, *t->id ? t->id : NULL);
	query_text(&q, *t->escrow_id ? t->escrow_id : NULL);
	query_text(&q, rule);
	query_text(&q, details);
	query_text(&q, action);
	query_int(&q, now_ms);
	return query_run(&q, NULL, e) < 0 ? -1 : 0;
}

/*
 * A settlement that goes on although a validator of the buyer came to no
 * verdict says so (spec/vmp.md 6.4).
 */
int
escrow_say_unjudged(struct store *s, const struct task *t, int64_t now_ms,
    struct err *e)
{
	struct buf details = BUF_INIT(4096);
	struct escrow_check c;
	struct query q;
	int got, rc = 0;

	if (!t->customs)
		return 0;
	escrow_checks_open(&q, s, t->id);
	while (!rc && (got = escrow_checks_next(&q, &c, e)) > 0) {
		if (strcmp(c.source, "custom") || (strcmp(c.result, "ERROR") &&
		    strcmp(c.result, "INCONCLUSIVE")))
			continue;
		buf_reset(&details);
		json_open(&details, NULL, '{');
		json_str(&details, "validator_id", c.validator_id);
		json_str(&details, "result", c.result);
		json_close(&details, '}');
		rc = escrow_say_rule(s, t, "VALIDATOR_FAILED", details.data,
		    "AUTO_SETTLE", now_ms, e);
	}
	query_close(&q);
	buf_release(&details);
	return rc || got < 0 ? -1 : 0;
}

int
escrow_say_dispute(struct store *s, const struct task *t, const char *id,
    const char *evidence, int64_t now_ms, struct err *e)
{
	struct query q;

	query_open(&q, s, SQL_ESCROW_DISPUTE_ADD);
	query_text(&q, id);
	query_text(&q, t->escrow_id);
	query_text(&q, t->reason);
	query_text(&q, evidence);
	query_int(&q, now_ms);
	return query_run(&q, NULL, e) < 0 ? -1 : 0;
}

int
escrow_say_resolved(struct store *s, const struct task *t,
    const char *resolution, const char *by, const char *reasoning,
    struct err *e)
{
	struct query q;
	int got;

	query_open(&q, s, SQL_ESCROW_DISPUTE_CLOSE);
	query_text(&q, t->escrow_id);
	query_text(&q, resolution);
	query_text(&q, by);
	query_text(&q, reasoning);
	query_int(&q, t->closed_ms);
	got = query_run(&q, NULL, e);
	return got > 0 ? 0 : got < 0 ? -1 : err_set(e, E_store_corrupt,
	    "escrow '%s' has no open dispute", t->escrow_id);
}
