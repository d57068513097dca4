/* How a node comes to the grid: spec/vmp.md 2.1. */
#include <string.h>

#include "api/api.h"
#include "base/buf.h"
#include "ledger/ledger.h"
#include "node/access.h"
#include "node/node.h"

/* The id of a key as a name is for who signs with it. */
static int
check_name(const struct call *c, const char *id, struct err *e)
{
	return !node_names_key(id) || !strcmp(id, c->peer) ? 0 : err_set(e,
	    E_reserved_id, "'%s' is for who signs with that key", id);
}

static int
do_register(struct call *c, struct err *e)
{
	const char *id = call_str(&c->body, "node_id", NULL);
	const char *token = call_str(&c->body, "signup_token", NULL);
	struct node_challenge asked;
	int i;

	if (check_name(c, id, e) ||
	    node_challenge_in(c->ledger, id, c->params, c->chance, &asked,
	    e) || (token && node_challenge_signup_in(c->ledger, &asked, token,
	    e)))
		return -1;
	json_open(&c->out, NULL, '{');
	json_str(&c->out, "status", "challenge_issued");
	json_str(&c->out, "node_id", id);
	json_open(&c->out, "wallet", '{');
	json_amount(&c->out, "initial_balance", (struct amount){
		c->params->value[PARAM_initial_node_balance],
		unit_named("TCK") });
	json_str(&c->out, "state", "FROZEN_UNTIL_CHALLENGE_SOLVED");
	json_close(&c->out, '}');
	json_open(&c->out, "verification_challenge", '{');
	json_str(&c->out, "type", "PRIME_SUM_HASH");
	json_open(&c->out, "payload", '[');
	for (i = 0; i < asked.n; i++)
		json_int(&c->out, NULL, asked.number[i]);
	json_close(&c->out, ']');
	json_str(&c->out, "instruction", "Add up the primes in payload and "
	    "multiply the sum by 0.5; send it as solution to "
	    "/v1/node/verify");
	json_int(&c->out, "expires_in_seconds",
	    c->params->value[PARAM_challenge_ttl] / 1000);
	json_int(&c->out, "timeout_ms",
	    c->params->value[PARAM_challenge_ttl]);
	json_raw(&c->out, "ts", "", 0);
	buf_addf(&c->out, "%lld.%03d", (long long)(asked.made_ms / 1000),
	    (int)(asked.made_ms % 1000));
	json_str(&c->out, "challenge_id", asked.id);
	json_close(&c->out, '}');
	json_close(&c->out, '}');
	return 0;
}

/* A number as it was written, or the text of a decimal. */
static const char *
solution(const struct call *c, char room[64])
{
	struct json v;
	const char *p;
	size_t n;

	if (!json_find(&v, &c->body, "solution"))
		return "";
	p = json_lexeme(&v, &n);
	if (!p)
		return json_string(&v);
	n = n < 63 ? n : 63;
	memcpy(room, p, n);
	room[n] = '\0';
	return room;
}

static int
write_new_node(struct call *c, const struct node *n, struct err *e)
{
	char hash[HASH_HEX];

	json_open(&c->out, NULL, '{');
	json_str(&c->out, "status", "NODE_ACTIVE");
	json_str(&c->out, "node_id", n->id);
	json_str(&c->out, "message", "Welcome: your node is active");
	call_new_key(c, &c->out, "api_key", n->id, hash);
	if (access_put_in(c->store, n->id, hash, c->now_ms, e))
		return -1;
	call_new_token(c, &c->out, n->id);
	json_amount(&c->out, "unlocked_balance", (struct amount){
		c->params->value[PARAM_initial_node_balance],
		unit_named("TCK") });
	json_raw(&c->out, "cri_score", "30.0", 4);
	json_close(&c->out, '}');
	return 0;
}

static int
do_verify(struct call *c, struct err *e)
{
	char room[64];
	const struct node_answer a = {
		.node_id = call_str(&c->body, "node_id", NULL),
		.solution = solution(c, room),
		.challenge_id = call_str(&c->body, "challenge_id", NULL),
		.signup_token = call_str(&c->body, "signup_token", NULL),
	};
	struct err but = { 0 };
	struct node n;

	if (check_name(c, a.node_id, e))
		return -1;
	if (node_register_in(c->ledger, &a, c->params, &n, &but, e))
		return e->code == E_bad_amount ? call_fault(c, "solution",
		    "must be a number", e) : -1;
	if (!but.kind)
		return write_new_node(c, &n, e);
	c->conclude = true;		/* the try counts */
	*e = but;
	return -1;
}

/* A fresh token for who holds the key. */
static int
do_token(struct call *c, struct err *e)
{
	(void)e;
	json_open(&c->out, NULL, '{');
	call_new_token(c, &c->out, c->node.id);
	json_close(&c->out, '}');
	return 0;
}

/* The old key stops at the commit.  A replay shows that, and no key. */
static int
do_rotate(struct call *c, struct err *e)
{
	char hash[HASH_HEX];

	if (call_key_holds(c, e))
		return -1;
	json_open(&c->out, NULL, '{');
	call_new_key(c, &c->out, "api_key", c->node.id, hash);
	json_close(&c->out, '}');
	buf_adds(&c->kept, "{\"api_key\":null}");
	return access_put_in(c->store, c->node.id, hash, c->now_ms, e);
}

#define NODE_ID_IS "\"node_id\":{\"type\":\"string\",\"minLength\":2," \
    "\"maxLength\":100,\"pattern\":\"^[a-zA-Z0-9_-]+$\"}"
#define TOKEN_IS "\"signup_token\":{\"type\":\"string\",\"maxLength\":64}"

#define TAG .tag = "identity"
const struct route routes_join[] = {
	{ "POST", "/v1/node/register", .class = ROUTE_WRITE,
	    .rate = RATE_register, .act = do_register, TAG,
	    .flags = ROUTE_SIGNER,
	    .summary = "Ask for a challenge",
	    .body = "{\"type\":\"object\",\"properties\":{" NODE_ID_IS ","
		TOKEN_IS "},\"required\":[\"node_id\"]}",
	    .codes = "reserved_id node_exists signup_unknown signup_linked",
	    .reply = "{ status: 'challenge_issued', node_id, wallet: { "
		"initial_balance: money, state }, verification_challenge: { "
		"type: 'PRIME_SUM_HASH', payload: [int], instruction, "
		"expires_in_seconds: int, timeout_ms: int, ts: number, "
		"challenge_id } }" },
	{ "POST", "/v1/node/verify", .class = ROUTE_WRITE,
	    .rate = RATE_verify, .act = do_verify, TAG,
	    .flags = ROUTE_SIGNER,
	    .summary = "Answer it, and become a node",
	    .body = "{\"type\":\"object\",\"properties\":{" NODE_ID_IS ","
		"\"solution\":{\"type\":[\"number\",\"string\"],"
		"\"maxLength\":60},"
		TOKEN_IS ",\"challenge_id\":{\"type\":\"string\","
		"\"maxLength\":64}},"
		"\"required\":[\"node_id\",\"solution\"]}",
	    .codes = "reserved_id node_exists no_challenge "
		"challenge_expired "
		"challenge_wrong signup_unknown signup_linked",
	    .reply = "Token & { status: 'NODE_ACTIVE', node_id, message, "
		"api_key, unlocked_balance: money, cri_score: number }" },
	{ "POST", "/v1/node/token", .auth = AUTH_NODE, .act = do_token, TAG,
	    .summary = "Get an access token for an API key",
	    .reply = "Token" },
	{ "POST", "/v1/node/key/rotate", .auth = AUTH_NODE,
	    .class = ROUTE_WRITE, .act = do_rotate, TAG,
	    .summary = "Get another API key in place of this one",
	    .reply = "{ api_key: text|null }" },
	{ 0 }
};
