#include "base/buf.h"
#include "base/json.h"
#include "node/node.h"

void
node_write(struct buf *out, const struct node *n, int64_t now_ms)
{
	json_open(out, NULL, '{');
	json_str(out, "node_id", n->id);
	json_str(out, "realm", n->realm);
	json_bool(out, "active", node_acts(n, now_ms));
	json_time(out, "member_since", n->made_ms);
	if (*n->alias)
		json_str(out, "alias", n->alias);
	json_time_if(out, "expires_at", n->expires_ms);
	json_time_if(out, "banned_at", n->banned_ms);
	json_int(out, "strikes", n->strikes);
	if (n->early)
		json_bool(out, "early_access", true);
}

void
node_challenge_write(struct buf *out, const struct node_challenge *c,
    const struct params *p)
{
	int i;

	json_open(out, NULL, '{');
	json_str(out, "node_id", c->node_id);
	json_str(out, "challenge_id", c->id);
	json_str(out, "type", "PRIME_SUM_HASH");
	json_open(out, "payload", '[');
	for (i = 0; i < c->n; i++)
		json_int(out, NULL, c->number[i]);
	json_close(out, ']');
	json_str(out, "instruction",
	    "the sum of the primes in payload, times 0.5");
	json_int(out, "timeout_ms", p->value[PARAM_challenge_ttl]);
	json_time(out, "expires_at", c->expires_ms);
}

int
node_answer_read(struct node_answer *out, const struct json *in,
    struct err *e)
{
	static const char *const keys[] = {
		"id", "node_id", "solution", "challenge_id", "signup_token",
		NULL,
	};

	*out = (struct node_answer){ 0 };
	return json_only(in, keys, e) ||
	    json_get_str(in, "node_id", &out->node_id, e) ||
	    json_get_decimal(in, "solution", &out->solution, e) ||
	    json_opt_str(in, "challenge_id", &out->challenge_id, e) ||
	    json_opt_str(in, "signup_token", &out->signup_token, e) ?
	    -1 : 0;
}
