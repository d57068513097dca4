/* What this node has seen of another, for peers: health/witness.h. */
#include "api/api.h"
#include "health/witness.h"

static int
witness(struct call *c, struct err *e)
{
	const struct sign_key *key;

	return call_node_key(c, &key, e) || witness_write(&c->out, c->store,
	    c->params, c->param[0], call_str(&c->query, "nonce", ""), key,
	    c->now_ms, e) ? -1 : 0;
}

const struct route routes_witness[] = {
	{ "GET", "/api/health/of/{node_id}", .auth = AUTH_PEER,
	    .act = witness, .dialect = DIALECT_ERROR, .tag = "peers",
	    .summary = "What this node has seen of another lately, signed",
	    .query = "{\"type\":\"object\",\"required\":[\"nonce\"],"
		"\"properties\":{\"nonce\":{\"type\":\"string\","
		"\"pattern\":\"^[0-9a-fA-F]{16,64}$\"}}}",
	    .codes = "node_missing key_unconfigured",
	    .reply = "{ v: int, observer: hash, node_id: hash, nonce, "
		"at: time, samples: [{ family, started_at: time, ok: bool, "
		"slow: bool, class: text|null, *: any }], signature }" },
	{ 0 }
};
