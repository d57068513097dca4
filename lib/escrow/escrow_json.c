#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "escrow/record.h"

void
escrow_customs_write(struct buf *out, const struct task *t)
{
	struct json doc = { 0 }, it = { 0 };
	struct err why;
	const char *id;

	json_open(out, "validator_ids", '[');
	if (t->customs && !json_parse(&doc, t->customs, strlen(t->customs),
	    &why))
		while (json_next(&it, &doc))
			if (!json_get_str(&it, "id", &id, &why))
				json_str(out, NULL, id);
	json_close(out, ']');
	if (doc.node)
		json_raw(out, "custom_validators", t->customs,
		    strlen(t->customs));
	json_release(&doc);
}

/* What the trade was made with, beside the usual. */
static void
put_order(struct buf *out, const struct task *t)
{
	if (t->kind == TRADE_SHADOW)
		json_bool(out, "is_shadow", true);
	if (t->protocol && strcmp(t->protocol, "api"))
		json_str(out, "protocol", t->protocol);
	json_str_if(out, "integration", t->integration);
	json_str_if(out, "capability", t->capability);
	if (t->deadline_s)
		json_int(out, "deadline_seconds", t->deadline_s);
	json_str_if(out, "verified_task_id", t->verified_task_id);
	json_str_if(out, "run_id", t->run_id);
}

void
escrow_task_write(struct buf *out, const struct task *t, bool with_data)
{
	json_open(out, NULL, '{');
	if (t->kind == TRADE_DIRECT)
		json_str(out, "kind", "direct");
	json_str_if(out, "task_id", *t->id ? t->id : NULL);
	json_str_if(out, "escrow_id", *t->escrow_id ? t->escrow_id : NULL);
	json_str_if(out, "skill_id", *t->skill_id ? t->skill_id : NULL);
	json_str_if(out, "label", t->label);
	json_str(out, "buyer_id", t->buyer_id);
	json_str(out, "seller_id", t->seller_id);
	json_str_if(out, "status", escrow_task_word(t->state));
	json_str_if(out, "escrow_status", escrow_state_word(t->escrow));
	json_amount(out, "amount", t->amount);
	json_str(out, "unit", t->amount.unit->code);
	put_order(out, t);
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
	json_str_if(out, "proof_hash", t->proof_hash);
	json_str_if(out, "proof_match", t->proof_match);
	json_str_if(out, "settle_proof_hash", t->settle_proof_hash);
	json_str_if(out, "llm_provider", t->llm_provider);
	if (with_data && t->customs)
		escrow_customs_write(out, t);
	if (with_data && t->input)
		json_raw(out, "input", t->input, strlen(t->input));
	if (with_data && t->output)
		json_raw(out, "output", t->output, strlen(t->output));
}

static int
read_customs(struct order *out, const struct json *in, struct err *e)
{
	struct json list, it = { 0 };
	const char *id;

	if (!json_has(in, "validator_ids"))
		return 0;
	if (json_get(&list, in, "validator_ids", JSON_ARRAY, e))
		return -1;
	if (json_count(&list) > ESCROW_CUSTOMS)
		return json_fail(in, "validator_ids", E_bad_json,
		    "has more than 20 items", e);
	while (json_next(&it, &list)) {
		if (json_want(&it, JSON_STRING, e))
			return -1;
		id = json_string(&it);
		out->custom[out->n_custom++] = id;
	}
	return 0;
}

static int
read_protocol(struct order *out, const struct json *in, struct err *e)
{
	if (json_opt_str(in, "protocol", &out->protocol, e))
		return -1;
	return !out->protocol || !strcmp(out->protocol, "api") ||
	    !strcmp(out->protocol, "sdk") ? 0 : json_fail(in, "protocol",
	    E_bad_json, "is neither api nor sdk", e);
}

int
escrow_order_read(struct order *out, struct json *input,
    const struct json *in, struct err *e)
{
	static const char *const keys[] = {
		"id", "buyer_id", "skill_id", "quote_id", "seller_id",
		"price", "amount", "input", "validator_ids", "protocol", NULL,
	};
	const char *price = json_has(in, "amount") ? "amount" : "price";

	*out = (struct order){ .input = input };
	if (json_only(in, keys, e) ||
	    json_get_str(in, "buyer_id", &out->buyer_id, e) ||
	    json_opt_str(in, "quote_id", &out->quote_id, e) ||
	    json_opt_str(in, "seller_id", &out->seller_id, e) ||
	    json_get(input, in, "input", JSON_OBJECT, e) ||
	    read_customs(out, in, e) || read_protocol(out, in, e))
		return -1;
	if ((out->quote_id ? json_opt_str(in, "skill_id", &out->skill_id, e) :
	    json_get_str(in, "skill_id", &out->skill_id, e)))
		return -1;
	return json_has(in, price) ?
	    json_get_decimal(in, price, &out->price, e) : 0;
}

int
escrow_direct_read(struct direct *out, const struct json *in, struct err *e)
{
	static const char *const keys[] = {
		"id", "buyer_id", "seller_id", "amount", NULL,
	};

	return json_only(in, keys, e) ||
	    json_get_str(in, "buyer_id", &out->buyer_id, e) ||
	    json_get_str(in, "seller_id", &out->seller_id, e) ||
	    json_get_decimal(in, "amount", &out->amount, e) ? -1 : 0;
}

static int
read_complete(struct act *out, struct escrow_data *data,
    const struct json *in, struct err *e)
{
	static const char *const keys[] = {
		"id", "task_id", "node_id", "output", "proof_hash",
		"llm_provider", NULL,
	};

	if (json_only(in, keys, e) ||
	    json_opt_str(in, "proof_hash", &out->proof_hash, e) ||
	    json_opt_str(in, "llm_provider", &out->llm_provider, e))
		return -1;
	if (!json_has(in, "output") && out->proof_hash)
		return 0;
	out->output = &data->output;
	return json_get(&data->output, in, "output", JSON_OBJECT, e);
}

static int
read_dispute(struct act *out, struct escrow_data *data,
    const struct json *in, struct err *e)
{
	static const char *const keys[] = {
		"id", "task_id", "node_id", "reason", "verification_evidence",
		NULL,
	};

	if (json_only(in, keys, e) ||
	    json_get_str(in, "reason", &out->reason, e))
		return -1;
	if (!json_has(in, "verification_evidence"))
		return 0;
	out->evidence = &data->evidence;
	return json_get(&data->evidence, in, "verification_evidence",
	    JSON_OBJECT, e);
}

static int
read_resolve(struct act *out, const struct json *in, struct err *e)
{
	static const char *const keys[] = {
		"id", "task_id", "dispute_id", "resolution", "reason",
		"resolved_by", NULL,
	};
	const char *resolution;

	if (json_only(in, keys, e) ||
	    json_opt_str(in, "reason", &out->reason, e) ||
	    json_opt_str(in, "resolved_by", &out->resolved_by, e) ||
	    json_opt_str(in, "dispute_id", &out->dispute_id, e) ||
	    json_get_str(in, "resolution", &resolution, e))
		return -1;
	if (!strcmp(resolution, "release_to_seller"))
		out->event = ESCROW_RELEASE;
	else if (!strcmp(resolution, "refund_buyer"))
		out->event = ESCROW_RETURN;
	else
		return err_set(e, E_bad_resolution, "'%.40s' is neither "
		    "refund_buyer nor release_to_seller", resolution);
	out->as = PARTY_OPERATOR;
	return 0;
}

static int
read_refund(struct act *out, const struct json *in, struct err *e)
{
	static const char *const keys[] = {
		"id", "task_id", "node_id", "reason", NULL,
	};

	out->because = "MANUAL";
	if (json_only(in, keys, e) ||
	    json_opt_str(in, "reason", &out->because, e))
		return -1;
	out->event = escrow_refund_event(out->because);
	return out->event != ESCROW__EVENTS ? 0 : json_fail(in, "reason",
	    E_bad_json, "is no reason for a refund", e);
}

/* What each event takes beside the task. */
int
escrow_act_read(struct act *out, struct escrow_data *data,
    const struct json *in, struct err *e)
{
	static const char *const plain[] = {
		"id", "task_id", "node_id", NULL,
	};
	int rc = 0;

	*data = (struct escrow_data){ 0 };
	switch (out->event) {
	case ESCROW_COMPLETE:
		rc = read_complete(out, data, in, e);
		break;
	case ESCROW_DISPUTE:
		rc = read_dispute(out, data, in, e);
		break;
	case ESCROW_RELEASE:
	case ESCROW_RETURN:
		rc = read_resolve(out, in, e);
		break;
	case ESCROW_REFUND:
		rc = read_refund(out, in, e);
		break;
	case ESCROW_CLAIM:
	case ESCROW_TIMEOUT:
	case ESCROW_SETTLE:
	case ESCROW_FAIL:
	case ESCROW__EVENTS:
		rc = json_only(in, plain, e);
		break;
	}
	if (rc)
		return -1;
	if (out->dispute_id && json_has(in, "task_id"))
		return json_fail(in, "task_id", E_bad_json, "does not go "
		    "with a dispute_id", e);
	if (!out->dispute_id &&
	    json_get_str(in, "task_id", &out->task_id, e))
		return -1;
	return out->as ? 0 : json_opt_str(in, "node_id", &out->node_id, e);
}
