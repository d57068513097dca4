#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "escrow/escrow.h"

void
escrow_task_write(struct buf *out, const struct task *t, bool with_data)
{
	json_open(out, NULL, '{');
	json_str(out, "task_id", t->id);
	json_str(out, "escrow_id", t->escrow_id);
	json_str(out, "skill_id", t->skill_id);
	json_str(out, "label", t->label);
	json_str(out, "buyer_id", t->buyer_id);
	json_str(out, "seller_id", t->seller_id);
	json_str(out, "status", escrow_task_word(t->state));
	json_str(out, "escrow_status", escrow_state_word(t->escrow));
	json_amount(out, "amount", t->amount);
	json_str(out, "unit", t->amount.unit->code);
	json_time_if(out, "created_at", t->made_ms);
	json_time_if(out, "auto_refund_at", t->refund_ms);
	json_time_if(out, "claimed_at", t->claimed_ms);
	json_time_if(out, "completed_at", t->completed_ms);
	json_time_if(out, "auto_settle_at", t->settle_ms);
	json_time_if(out, "disputed_at", t->disputed_ms);
	json_time_if(out, "closed_at", t->closed_ms);
	json_str_if(out, "verdict", t->verdict);
	json_str_if(out, "reason", t->reason);
	json_str_if(out, "reasoning", t->reasoning);
	json_str_if(out, "output_sha256", t->output_sha256);
	if (with_data)
		json_raw(out, "input", t->input, strlen(t->input));
	if (with_data && t->output)
		json_raw(out, "output", t->output, strlen(t->output));
}

int
escrow_order_read(struct order *out, struct json *input,
    const struct json *in, struct err *e)
{
	static const char *const keys[] = {
		"id", "buyer_id", "skill_id", "price", "input", NULL,
	};

	*out = (struct order){ .input = input };
	if (json_only(in, keys, e) ||
	    json_get_str(in, "buyer_id", &out->buyer_id, e) ||
	    json_get_str(in, "skill_id", &out->skill_id, e) ||
	    json_get(input, in, "input", JSON_OBJECT, e))
		return -1;
	return json_has(in, "price") ?
	    json_get_decimal(in, "price", &out->price, e) : 0;
}

/* What each event takes beside the task. */
int
escrow_act_read(struct act *out, struct json *output, const struct json *in,
    struct err *e)
{
	static const char *const plain[] = {
		"id", "task_id", "node_id", NULL,
	};
	static const char *const complete[] = {
		"id", "task_id", "node_id", "output", NULL,
	};
	static const char *const dispute[] = {
		"id", "task_id", "node_id", "reason", NULL,
	};
	static const char *const resolve[] = {
		"id", "task_id", "resolution", "reason", NULL,
	};
	const char *resolution;

	switch (out->event) {
	case ESCROW_COMPLETE:
		if (json_only(in, complete, e) ||
		    json_get(output, in, "output", JSON_OBJECT, e))
			return -1;
		out->output = output;
		break;
	case ESCROW_DISPUTE:
		if (json_only(in, dispute, e) ||
		    json_get_str(in, "reason", &out->reason, e))
			return -1;
		break;
	case ESCROW_RELEASE:
	case ESCROW_RETURN:
		if (json_only(in, resolve, e) ||
		    json_opt_str(in, "reason", &out->reason, e) ||
		    json_get_str(in, "resolution", &resolution, e))
			return -1;
		if (!strcmp(resolution, "release_to_seller"))
			out->event = ESCROW_RELEASE;
		else if (!strcmp(resolution, "refund_buyer"))
			out->event = ESCROW_RETURN;
		else
			return err_set(e, E_bad_resolution, "'%.40s' is "
			    "neither refund_buyer nor release_to_seller",
			    resolution);
		break;
	case ESCROW_CLAIM:
	case ESCROW_TIMEOUT:
	case ESCROW_SETTLE:
	case ESCROW_FAIL:
	case ESCROW__EVENTS:
		if (json_only(in, plain, e))
			return -1;
		break;
	}
	return json_get_str(in, "task_id", &out->task_id, e) ||
	    json_opt_str(in, "node_id", &out->node_id, e) ? -1 : 0;
}
