#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "bounty/impl.h"

void
bounty_write(struct buf *out, const struct bounty *b, bool full)
{
	char account[LEAF_ACCOUNT];

	bounty_account(account, b);
	json_open(out, NULL, '{');
	json_str(out, "bounty_id", b->id);
	json_str(out, "title", b->title);
	if (full)
		json_str(out, "description", b->description);
	json_amount(out, "reward", b->reward);
	json_str(out, "unit", b->reward.unit->code);
	json_str(out, "category", b->category);
	json_raw(out, "tags", b->tags, strlen(b->tags));
	json_str(out, "status", bounty_state_word(b->state));
	json_int(out, "submission_count", b->submissions);
	json_str(out, "creator_node_id", b->creator_id);
	json_str(out, "escrow_reference", account);
	json_time(out, "created_at", b->made_ms);
	json_time_if(out, "deadline_at", b->deadline_ms);
	json_str_if(out, "winner_node_id", *b->winner_id ? b->winner_id :
	    NULL);
	json_str_if(out, "winner_submission_id",
	    *b->submission_id ? b->submission_id : NULL);
	json_time_if(out, "closed_at", b->closed_ms);
}

void
bounty_write_end(struct buf *out, const struct bounty *b)
{
	struct amount payout = bounty_payout(b), tax = b->reward;

	bounty_write(out, b, false);
	if (b->state != BOUNTY_AWARDED) {
		json_amount(out, "refunded", b->reward);
		return;
	}
	tax.minor -= payout.minor;
	json_amount(out, "payout", payout);
	json_amount(out, "tax", tax);
}

bool
bounty_may_see(const struct bounty *b, const struct submission *s,
    const char *node_id)
{
	return b->state == BOUNTY_AWARDED || (node_id &&
	    (!strcmp(node_id, b->creator_id) ||
	    !strcmp(node_id, s->solver_id)));
}

void
bounty_submission_write(struct buf *out, const struct submission *s,
    bool with_content)
{
	json_open(out, NULL, '{');
	json_str(out, "submission_id", s->id);
	json_str(out, "bounty_id", s->bounty_id);
	json_str(out, "solver_node_id", s->solver_id);
	json_str(out, "status", bounty_submission_word(s->state));
	json_str_if(out, "content", with_content ? s->content : NULL);
	json_str_if(out, "proof_url", with_content ? s->proof_url : NULL);
	json_str_if(out, "skill_id", s->skill_id);
	json_time(out, "created_at", s->made_ms);
	json_time_if(out, "reviewed_at", s->reviewed_ms);
}

int
bounty_wish_read(struct wish *out, struct json *tags, const struct json *in,
    struct err *e)
{
	static const char *const keys[] = {
		"id", "node_id", "title", "description", "reward", "category",
		"tags", "deadline_days", NULL,
	};

	*out = (struct wish){ 0 };
	if (json_only(in, keys, e) ||
	    json_get_str(in, "node_id", &out->node_id, e) ||
	    json_get_str(in, "title", &out->title, e) ||
	    json_get_str(in, "description", &out->description, e) ||
	    json_get_decimal(in, "reward", &out->reward, e) ||
	    json_opt_str(in, "category", &out->category, e) ||
	    json_opt_int(in, "deadline_days", &out->deadline_days, e))
		return -1;
	if (json_has(in, "deadline_days") && !out->deadline_days)
		return json_fail(in, "deadline_days", E_bad_json,
		    "is not at least 1", e);
	if (!json_has(in, "tags"))
		return 0;
	out->tags = tags;
	return json_get(tags, in, "tags", JSON_ARRAY, e);
}

int
bounty_solution_read(struct solution *out, const struct json *in,
    struct err *e)
{
	static const char *const keys[] = {
		"id", "bounty_id", "node_id", "content", "proof_url",
		"skill_id", NULL,
	};

	*out = (struct solution){ 0 };
	return json_only(in, keys, e) ||
	    json_get_str(in, "bounty_id", &out->bounty_id, e) ||
	    json_get_str(in, "node_id", &out->node_id, e) ||
	    json_get_str(in, "content", &out->content, e) ||
	    json_opt_str(in, "proof_url", &out->proof_url, e) ||
	    json_opt_str(in, "skill_id", &out->skill_id, e) ? -1 : 0;
}

int
bounty_end_read(struct bounty_end *out, const struct json *in, struct err *e)
{
	static const char *const award[] = {
		"id", "bounty_id", "node_id", "submission_id", NULL,
	};
	static const char *const cancel[] = {
		"id", "bounty_id", "node_id", NULL,
	};
	bool awards = out->event == BOUNTY_AWARD;

	return json_only(in, awards ? award : cancel, e) ||
	    json_get_str(in, "bounty_id", &out->bounty_id, e) ||
	    (awards && json_get_str(in, "submission_id",
	    &out->submission_id, e)) ||
	    json_opt_str(in, "node_id", &out->node_id, e) ? -1 : 0;
}
