/* Who the nodes are: spec/vmp.md 2.1, and the profile of 2.12. */
#include <string.h>

#include "api/show.h"
#include "api/trade.h"
#include "cri/cri.h"
#include "escrow/count.h"
#include "node/access.h"
#include "node/caps.h"
#include "node/purse.h"
#include "node/signup.h"
#include "node/sync.h"
#include "strike/strike.h"

/* What is known of a node beside its row. */
struct known {
	struct node node;
	struct cri_level level;		/* and its score */
	struct cri_record record;
};

static int
know(struct call *c, const char *id, struct known *out, struct err *e)
{
	return node_get(c->store, id, &out->node, e) ||
	    cri_level(c->store, id, c->now_ms, c->params, &out->level, e) ||
	    cri_record(c->store, id, &out->record, e) ? -1 : 0;
}

static void
put_rank(struct buf *out, const char *key, const struct known *k)
{
	if (k->record.rank)
		json_int(out, key, k->record.rank);
	else
		json_null(out, key);
}

static int
do_show(struct call *c, struct err *e)
{
	static const struct show_names names = { "skills", "id", "price" };
	char reputation[STRIKE_TEXT];
	struct buf *out = &c->out;
	struct known k;
	int64_t skills;

	if (know(c, c->param[0], &k, e))
		return -1;
	strike_reputation(k.node.strikes, c->params, reputation);
	json_open(out, NULL, '{');
	json_str(out, "node_id", k.node.id);
	json_raw(out, "reputation", reputation, strlen(reputation));
	json_int(out, "strikes", k.node.strikes);
	json_bool(out, "active", node_acts(&k.node, c->now_ms));
	json_time(out, "member_since", k.node.made_ms);
	if (show_skills(c, &names, &k.node, &skills, e))
		return -1;
	cri_score_write(out, "cri_score", k.level.tenths);
	show_level(out, "level", &k.level);
	json_close(out, '}');
	json_bool(out, "has_genesis_badge", k.record.rank != 0);
	put_rank(out, "genesis_rank", &k);
	json_bool(out, "sandbox", node_in_sandbox(&k.node));
	json_close(out, '}');
	return 0;
}

static int
do_profile(struct call *c, struct err *e)
{
	static const struct show_names names = {
		"skills", "skill_id", "price_tck",
	};
	struct buf *out = &c->out;
	struct known k;
	struct cri cri;
	int64_t skills;

	if (know(c, c->param[0], &k, e) || cri_score(c->store, k.node.id,
	    c->now_ms, c->params, &cri, e))
		return -1;
	json_open(out, NULL, '{');
	json_str(out, "node_id", k.node.id);
	cri_score_write(out, "cri_score", k.level.tenths);
	show_level(out, "level", &k.level);
	show_number(out, "tck_spent", k.level.spent_minor, 2);
	show_number(out, "cri_min", cri_rung(k.level.id)->tenths, 1);
	json_close(out, '}');
	json_open(out, "genesis", '{');
	json_bool(out, "is_genesis", k.record.rank != 0);
	put_rank(out, "genesis_rank", &k);
	json_close(out, '}');
	if (show_skills(c, &names, &k.node, &skills, e))
		return -1;
	json_open(out, "stats", '{');
	json_int(out, "skills_published", skills);
	json_int(out, "trades_completed", cri.facts.sold + cri.facts.bought);
	json_int(out, "unique_counterparties", cri.facts.partners);
	json_close(out, '}');
	json_time(out, "member_since", k.node.made_ms);
	json_bool(out, "sandbox", node_in_sandbox(&k.node));
	json_close(out, '}');
	return 0;
}

static int
put_stats(struct call *c, int64_t delivered, int64_t skills, struct err *e)
{
	int64_t bought;

	if (escrow_bought(c->store, c->node.id, &bought, e))
		return -1;
	json_open(&c->out, "stats", '{');
	json_int(&c->out, "tasks_purchased", bought);
	json_int(&c->out, "tasks_completed_as_seller", delivered);
	json_int(&c->out, "skills_published", skills);
	json_close(&c->out, '}');
	return 0;
}

/* Its caps, and where it stands. */
static int
put_canary(struct call *c, const struct amount *have, struct err *e)
{
	struct caps_now now;

	if (caps_now(c->store, &c->node, have->minor, c->now_ms, c->params,
	    &now, e))
		return -1;
	json_open(&c->out, "canary", '{');
	caps_write(&c->out, &c->node);
	caps_now_write(&c->out, &c->node, &now);
	json_close(&c->out, '}');
	return 0;
}

static void
put_badge(struct buf *out, const struct known *k)
{
	json_open(out, "genesis_badge", '{');
	json_bool(out, "has_badge", k->record.rank != 0);
	put_rank(out, "rank", k);
	json_time_or_null(out, "awarded_at", k->record.awarded_ms);
	json_close(out, '}');
}

static int
do_me(struct call *c, struct err *e)
{
	static const struct show_names names = {
		"skills", "id", "price_tck",
	};
	struct buf *out = &c->out;
	struct escrow_opens opens;
	struct amount have;
	struct known k;
	struct cri cri;
	int64_t skills;

	if (know(c, c->node.id, &k, e) ||
	    purse_balance(c->store, &c->node, &have, e) ||
	    escrow_opens(c->store, c->node.id, &opens, e) ||
	    cri_score(c->store, c->node.id, c->now_ms, c->params, &cri, e))
		return -1;
	json_open(out, NULL, '{');
	json_str(out, "node_id", c->node.id);
	json_amount(out, "balance_tck", have);
	cri_score_write(out, "cri_score", cri.tenths);
	show_level(out, "level", &k.level);
	json_close(out, '}');
	show_number(out, "tck_spent", k.level.spent_minor, 2);
	put_badge(out, &k);
	if (show_skills(c, &names, &c->node, &skills, e) ||
	    put_stats(c, cri.facts.delivered, skills, e) ||
	    put_canary(c, &have, e))
		return -1;
	json_int(out, "pending_escrows", opens.escrows);
	json_time(out, "member_since", c->node.made_ms);
	json_bool(out, "active", node_acts(&c->node, c->now_ms));
	json_bool(out, "sandbox", node_in_sandbox(&c->node));
	json_time_or_null(out, "expires_at", c->node.expires_ms);
	json_close(out, '}');
	return 0;
}

static int
do_levels(struct call *c, struct err *e)
{
	int id;

	(void)e;
	json_open(&c->out, NULL, '{');
	json_open(&c->out, "levels", '[');
	for (id = 0; id < CRI_LEVELS; id++) {
		cri_rung_write(&c->out, id);
		json_close(&c->out, '}');
	}
	json_close(&c->out, ']');
	json_close(&c->out, '}');
	call_document(c);
	return 0;
}

/* "" says as much as nothing. */
static const char *
text_of(const struct call *c, const char *key)
{
	const char *text = call_str(&c->body, key, NULL);

	return text && *text ? text : NULL;
}

static int
do_early(struct call *c, struct err *e)
{
	const struct signup s = {
		.email = call_str(&c->body, "email", ""),
		.node_name = text_of(c, "node_name"),
		.agent_type = text_of(c, "agent_type"),
		.capability = text_of(c, "primary_capability"),
		.why = text_of(c, "why_joining"),
	};
	char token[NODE_TOKEN];

	if (signup_in(c->ledger, &s, c->chance, token, e))
		return e->code == E_bad_email ? show_fault(c, "email", e) :
		    e->code == E_bad_label ? show_fault(c, "body", e) : -1;
	json_open(&c->out, NULL, '{');
	json_str(&c->out, "signup_token", token);
	json_str(&c->out, "status", "pre_eligible");
	json_close(&c->out, '}');
	return 0;
}

/* What an older grid sends along and this one does not take. */
static void
put_ignored(struct call *c)
{
	static const char *const keys[] = {
		"balance", "ip_address", "reputation_score",
	};
	size_t i;

	json_open(&c->out, "ignored", '[');
	for (i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (c->body.node && json_has(&c->body, keys[i]))
			json_str(&c->out, NULL, keys[i]);
	json_close(&c->out, ']');
}

static int
do_sync(struct call *c, struct err *e)
{
	const char *hash = call_str(&c->body, "api_key_hash", NULL);
	const struct sync s = {
		.node_id = call_str(&c->body, "id", ""),
		.realm = call_str(&c->body, "realm", NULL),
		.created_at = call_str(&c->body, "created_at", NULL),
		.has_active = json_has(&c->body, "active"),
		.active = call_bool(&c->body, "active", false),
	};
	struct node n;
	bool made;

	if (sync_in(c->ledger, &s, &n, &made, e))
		return e->code == E_bad_time ?
		    show_fault(c, "created_at", e) : -1;
	if (hash && access_put_in(c->store, n.id, hash, c->now_ms, e))
		return -1;
	json_open(&c->out, NULL, '{');
	json_str(&c->out, "status", "success");
	json_str(&c->out, "node_id", n.id);
	put_ignored(c);
	json_close(&c->out, '}');
	return 0;
}

#define TAG .tag = "identity"
const struct route routes_node[] = {
	{ "GET", "/v1/nodes/{node_id}", .act = do_show, TAG,
	    .summary = "What is known of a node", .codes = "node_missing",
	    .reply = "{ node_id, reputation: number, strikes: int, "
		"active: bool, member_since: time, skills: [{ id, label, "
		"price: money }], cri_score: number, level: Level, "
		"has_genesis_badge: bool, genesis_rank: int|null, "
		"sandbox: bool }" },
	{ "GET", "/v1/nodes/{node_id}/profile", .act = do_profile, TAG,
	    .summary = "The same, as its page shows it",
	    .codes = "node_missing",
	    .reply = "{ node_id, cri_score: number, level: Level & { "
		"tck_spent: number, cri_min: number }, genesis: { "
		"is_genesis: bool, genesis_rank: int|null }, skills: [{ "
		"skill_id, label, price_tck: money }], stats: { "
		"skills_published: int, trades_completed: int, "
		"unique_counterparties: int }, member_since: time, "
		"sandbox: bool }" },
	{ "GET", "/v1/node/me", .auth = AUTH_NODE, .act = do_me, TAG,
	    .summary = "What a node wants to know of itself",
	    .reply = "{ node_id, balance_tck: money, cri_score: number, "
		"level: Level, tck_spent: number, genesis_badge: { "
		"has_badge: bool, rank: int|null, awarded_at: time|null }, "
		"skills: [Offer], stats: { tasks_purchased: int, "
		"tasks_completed_as_seller: int, skills_published: int }, "
		"canary: Canary, pending_escrows: int, member_since: time, "
		"active: bool, sandbox: bool, expires_at: time|null }" },
	{ "GET", "/v1/levels", .act = do_levels, TAG,
	    .summary = "What nodes grow to, and when",
	    .reply = "{ levels: [Level & { tck_spent_required: money, "
		"cri_min_required: number }] }" },
	{ "POST", "/v1/early-access", .class = ROUTE_WRITE,
	    .rate = RATE_early_access, .act = do_early, TAG,
	    .summary = "Sign up before there is a node",
	    .body = "{\"type\":\"object\",\"properties\":{"
		"\"email\":{\"type\":\"string\",\"maxLength\":254},"
		"\"node_name\":{\"type\":\"string\",\"maxLength\":100},"
		"\"agent_type\":{\"type\":\"string\",\"maxLength\":50},"
		"\"primary_capability\":{\"type\":\"string\","
		"\"maxLength\":100},"
		"\"why_joining\":{\"type\":\"string\",\"maxLength\":2000}},"
		"\"required\":[\"email\"]}",
	    .reply = "{ signup_token, status: 'pre_eligible' }" },
	{ "POST", "/api/v1/admin/sync/node", .auth = AUTH_SYNC,
	    .class = ROUTE_WRITE, .act = do_sync, TAG,
	    .summary = "Make a node of the operator's, or change one",
	    .body = "{\"type\":\"object\",\"properties\":{"
		"\"id\":{\"type\":\"string\",\"minLength\":1,"
		"\"maxLength\":100,\"pattern\":\"^[a-zA-Z0-9_-]+$\"},"
		"\"api_key_hash\":{\"type\":\"string\",\"maxLength\":255,"
		"\"pattern\":\"^([0-9a-f]{64}|\\\\$pbkdf2-sha256\\\\$"
		"[!-~]+)$\"},"
		"\"balance\":{\"format\":\"money\",\"x-least\":\"0\"},"
		"\"reputation_score\":{\"type\":\"number\",\"minimum\":0,"
		"\"maximum\":10},"
		"\"active\":{\"type\":\"boolean\"},"
		"\"ip_address\":{\"type\":\"string\",\"maxLength\":64},"
		"\"created_at\":{\"type\":\"string\",\"maxLength\":64},"
		"\"realm\":{\"type\":\"string\",\"enum\":[\"production\","
		"\"sandbox\"]}},\"required\":[\"id\"]}",
	    .codes = "reserved_id node_exists already_banned wrong_state",
	    .reply = "{ status: 'success', node_id, ignored: [text] }" },
	{ 0 }
};
