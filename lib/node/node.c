#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/amount.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/utf8.h"
#include "ledger/make.h"
#include "node/impl.h"
#include "node/signup.h"

#define NANO 9			/* decimals that a solution may have */

size_t
node_id_span(const char *id)
{
	return strspn(id, "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");
}

/* Some names are nobody's; others the operator may give. */
static const struct { const char *name; bool whole, operators; } reserved[] = {
	{ "vault", true, false }, { "mint", true, false },
	{ "me", true, false }, { "mine", true, false },
	{ "escrow", false, false }, { "sandbox-", false, false },
	{ "botnode-official", true, true }, { "house", false, true },
};

int
node_check_name(const char *id, bool operators, struct err *e)
{
	size_t i, n;

	for (i = 0; i < sizeof(reserved) / sizeof(*reserved); i++) {
		n = strlen(reserved[i].name) + reserved[i].whole;
		if (!strncasecmp(id, reserved[i].name, n) &&
		    !(operators && reserved[i].operators))
			return err_set(e, E_reserved_id,
			    "'%.80s' is reserved", id);
	}
	return 0;
}

int
node_check_id(const char *id, struct err *e)
{
	size_t n = node_id_span(id);

	if (!strcasecmp(id, "me"))		/* short, and reserved */
		return node_check_name(id, false, e);
	if (n < 3 || n >= NODE_ID || id[n])
		return err_set(e, E_bad_id, "'%.80s' is not a node id of 3 to "
		    "100 letters, digits, _ and -", id);
	return node_check_name(id, false, e);
}

int
node_check_given(const char *id, struct err *e)
{
	size_t n = node_id_span(id);

	if (!n || n >= NODE_ID || id[n])
		return err_set(e, E_bad_id, "'%.80s' is not a node id of 1 to "
		    "100 letters, digits, _ and -", id);
	return node_check_name(id, true, e);
}

bool
node_names_key(const char *id)
{
	return strlen(id) == HASH_HEX - 1 &&
	    strspn(id, "0123456789abcdefABCDEF") == HASH_HEX - 1;
}

static bool
is_prime(int n)
{
	int d;

	for (d = 2; d * d <= n; d++)
		if (n % d == 0)
			return false;
	return n > 1;
}

int64_t
node_challenge_answer(const int *number, int n)
{
	int64_t halves = 0;

	while (n--)
		halves += is_prime(number[n]) ? number[n] : 0;
	return halves;
}

/* 3 to 7 different numbers from 2 to 99, prime or not as asked. */
static void
draw(struct node_challenge *c, bool prime, struct chance *chance)
{
	int more = 3 + (int)chance_below(chance, 5), i, x;

	while (more) {
		x = 2 + (int)chance_below(chance, 98);
		for (i = 0; i < c->n && c->number[i] != x; i++)
			;
		if (i < c->n || is_prime(x) != prime)
			continue;
		c->number[c->n++] = x;
		more--;
	}
}

static void
shuffle(struct node_challenge *c, struct chance *chance)
{
	int i, j, x;

	for (i = c->n - 1; i > 0; i--) {
		j = (int)chance_below(chance, (uint64_t)i + 1);
		x = c->number[i];
		c->number[i] = c->number[j];
		c->number[j] = x;
	}
}

static int
must_be_new(struct store *s, const char *id, struct err *e)
{
	struct query q;
	int got;

	query_open(&q, s, SQL_NODE_GET);
	query_text(&q, id);
	got = query_run(&q, NULL, e);
	if (got > 0)
		return err_set(e, E_node_exists, "'%s' is registered", id);
	return got;
}

static int
put(struct store *s, const struct node_challenge *c, struct err *e)
{
	struct buf text = BUF_INIT(256);
	struct query q;
	int i, rc;

	for (i = 0; i < c->n; i++)
		buf_addf(&text, "%s%d", i ? " " : "", c->number[i]);
	query_open(&q, s, SQL_NODE_CHALLENGE_PUT);
	query_text(&q, c->node_id);
	query_text(&q, c->id);
	query_text(&q, text.data);
	query_int(&q, c->made_ms);
	query_text(&q, *c->signup ? c->signup : NULL);
	rc = query_run(&q, NULL, e);
	buf_release(&text);
	return rc;
}

int
node_challenge_in(struct ledger *l, const char *id, const struct params *p,
    struct chance *chance, struct node_challenge *out, struct err *e)
{
	if (node_check_id(id, e) || must_be_new(ledger_store(l), id, e))
		return -1;
	*out = (struct node_challenge){
		.made_ms = ledger_now(l),
		.expires_ms = ledger_now(l) + p->value[PARAM_challenge_ttl],
	};
	memcpy(out->node_id, id, strlen(id) + 1);
	id_new(out->id, out->made_ms, chance);
	draw(out, true, chance);
	draw(out, false, chance);
	shuffle(out, chance);
	return put(ledger_store(l), out, e);
}

int
node_challenge_signup_in(struct ledger *l, struct node_challenge *c,
    const char *token, struct err *e)
{
	if (signup_check(ledger_store(l), token, e))
		return -1;
	snprintf(c->signup, sizeof(c->signup), "%s", token);
	return put(ledger_store(l), c, e);
}

/* The one that is pending: E_no_challenge. */
static int
pending(struct store *s, const struct node_answer *a, const struct params *p,
    struct node_challenge *out, struct err *e)
{
	char *text, *end;
	struct query q;
	int got;

	*out = (struct node_challenge){ 0 };
	query_open(&q, s, SQL_NODE_CHALLENGE_GET);
	query_text(&q, a->node_id);
	got = query_row(&q, e);
	if (got > 0) {
		query_put_text(&q, 0, out->id, sizeof(out->id));
		text = (char *)(uintptr_t)query_get_text(&q, 1);
		for (; *text && out->n < NODE_NUMBERS; text = end)
			out->number[out->n++] = (int)strtol(text, &end, 10);
		out->tries = query_get_int(&q, 2);
		out->made_ms = query_get_int(&q, 3);
		out->expires_ms = out->made_ms +
		    p->value[PARAM_challenge_ttl];
		query_put_text(&q, 4, out->signup, sizeof(out->signup));
	}
	query_close(&q);
	if (got < 0)
		return -1;
	if (!got || (a->challenge_id && strcmp(a->challenge_id, out->id)))
		return err_set(e, E_no_challenge, "'%s' has no pending "
		    "challenge: ask for one first", a->node_id);
	return 0;
}

static int
run_for(struct store *s, enum sql which, const char *node_id, struct err *e)
{
	struct query q;

	query_open(&q, s, which);
	query_text(&q, node_id);
	return query_run(&q, NULL, e) < 0 ? -1 : 0;
}

static int
miss(struct store *s, const struct node_challenge *c, const char *node_id,
    const struct params *p, struct err *but, struct err *e)
{
	int64_t left = p->value[PARAM_challenge_tries] - c->tries - 1;

	err_set(but, E_challenge_wrong, left > 0 ?
	    "the answer is wrong: %" PRId64 " %s left" :
	    "the answer is wrong, and was the last: ask for a new challenge",
	    left, left == 1 ? "try" : "tries");
	return run_for(s, left > 0 ? SQL_NODE_CHALLENGE_MISS :
	    SQL_NODE_CHALLENGE_DROP, node_id, e);
}

/* Within 0.01 of the answer, and not by a double. */
static bool
is_right(int64_t nano, const struct node_challenge *c)
{
	int64_t far = nano - node_challenge_answer(c->number, c->n) *
	    500000000;

	return far <= 10000000 && far >= -10000000;
}

static int
add(struct store *s, const struct node *n, struct err *e)
{
	struct query q;

	query_open(&q, s, SQL_NODE_ADD);
	query_text(&q, n->id);
	query_text(&q, n->realm);
	query_int(&q, n->made_ms);
	query_text(&q, *n->alias ? n->alias : NULL);
	if (n->expires_ms)
		query_int(&q, n->expires_ms);
	else
		query_null(&q);
	query_int(&q, n->active);
	return query_run(&q, NULL, e) < 0 ? -1 : 0;
}

int
node_enter_in(struct ledger *l, const struct node *n, struct err *e)
{
	struct buf data = BUF_INIT(1024);
	char id[LEAF_ID];
	int rc;

	if (must_be_new(ledger_store(l), n->id, e) ||
	    add(ledger_store(l), n, e))
		return -1;
	ledger_name_id("node:", n->id, id);
	json_open(&data, NULL, '{');
	if (n->early)
		json_bool(&data, "early", true);
	if (n->made_ms != ledger_now(l))
		json_int(&data, "made_ms", n->made_ms);
	json_str(&data, "node", n->id);
	json_str(&data, "realm", n->realm);
	json_close(&data, '}');
	rc = ledger_event_in(l, "node.registered", id, n->id, data.data, e);
	buf_release(&data);
	return rc;
}

int
node_credit_in(struct ledger *l, const struct node *n, int64_t minor,
    struct err *e)
{
	const struct move m = {
		.type = TYPE_REGISTRATION_CREDIT, .ref = n->id,
		.from = "MINT", .to = n->id,
		.amount = { minor, node_unit(n) },
	};

	return minor ? ledger_move_in(l, &m, e) : 0;
}

int
node_change(struct query *q, struct err *e)
{
	int got = query_run(q, NULL, e);

	return got > 0 ? 0 : got ? -1 : err_set(e, E_store_corrupt,
	    "a row of a node is gone");
}

int
node_check_text(const char *what, const char *text, size_t most,
    struct err *e)
{
	if (!text || (*text && utf8_plain(text) &&
	    utf8_count(text, strlen(text)) <= most))
		return 0;
	return err_set(e, E_bad_label, "the %s is not plain text of 1 to %zu "
	    "characters", what, most);
}

int
node_register_in(struct ledger *l, const struct node_answer *a,
    const struct params *p, struct node *out, struct err *but, struct err *e)
{
	struct store *s = ledger_store(l);
	struct node_challenge c;
	const char *token;
	int64_t nano;

	if (node_check_id(a->node_id, e) ||
	    must_be_new(s, a->node_id, e) || pending(s, a, p, &c, e) ||
	    amount_digits(a->solution, NANO, &nano, e))
		return -1;
	if (ledger_now(l) >= c.expires_ms) {
		err_set(but, E_challenge_expired,
		    "the challenge is too old: ask for a new one");
		return run_for(s, SQL_NODE_CHALLENGE_DROP, a->node_id, e);
	}
	if (!is_right(nano, &c))
		return miss(s, &c, a->node_id, p, but, e);
	*out = (struct node){
		.realm = "production", .active = true,
		.made_ms = ledger_now(l), .exposure_pct = -1,
	};
	memcpy(out->id, a->node_id, strlen(a->node_id) + 1);
	token = a->signup_token ? a->signup_token : c.signup;
	out->early = *token;
	if (run_for(s, SQL_NODE_CHALLENGE_DROP, out->id, e) ||
	    node_enter_in(l, out, e) || node_credit_in(l, out,
	    p->value[PARAM_initial_node_balance], e) ||
	    node_funnel_in(l, out, "register", e))
		return -1;
	return out->early ? signup_link_in(l, token, out->id, e) : 0;
}

static void
take(const struct query *q, struct node *out)
{
	query_put_text(q, 0, out->id, sizeof(out->id));
	query_put_text(q, 1, out->realm, sizeof(out->realm));
	out->active = query_get_int(q, 2) != 0;
	out->made_ms = query_get_int(q, 3);
	query_put_text(q, 4, out->alias, sizeof(out->alias));
	out->strikes = query_get_int(q, 5);
	out->banned_ms = query_get_int(q, 6);
	out->expires_ms = query_get_int(q, 7);
	out->expired_ms = query_get_int(q, 8);
	out->per_task_minor = query_get_int(q, 9);
	out->per_day_minor = query_get_int(q, 10);
	out->exposure_pct = query_get_null(q, 11) ? -1 :
	    query_get_int(q, 11);
	out->early = query_get_int(q, 12) != 0;
	out->burnt_ms = query_get_int(q, 13);
}

const char *
node_state(const struct node *n, int64_t now_ms)
{
	if (n->banned_ms)
		return "banned";
	if (n->expires_ms && now_ms >= n->expires_ms)
		return "expired";
	return n->active ? "active" : "inactive";
}

bool
node_acts(const struct node *n, int64_t now_ms)
{
	return n->active && !(n->expires_ms && now_ms >= n->expires_ms);
}

bool
node_in_sandbox(const struct node *n)
{
	return !strcmp(n->realm, "sandbox");
}

const struct unit *
node_unit(const struct node *n)
{
	return unit_named(node_in_sandbox(n) ? "SBX" : "TCK");
}

static int
one(struct store *s, enum sql which, const char *id, struct node *out,
    struct err *e)
{
	struct query q;
	int got;

	query_open(&q, s, which);
	query_text(&q, id);
	got = query_row(&q, e);
	if (got > 0)
		take(&q, out);
	query_close(&q);
	return got;
}

int
node_get(struct store *s, const char *id, struct node *out, struct err *e)
{
	int got = one(s, SQL_NODE_GET, id, out, e);

	if (!got)
		return err_set(e, E_node_missing, "no node '%.80s'", id);
	return got < 0 ? -1 : 0;
}

int
node_next(struct store *s, struct node *out, struct err *e)
{
	return one(s, SQL_NODE_LIST, out->id, out, e);
}

int
node_takes(struct store *s, const char *id, const struct unit *unit,
    struct err *e)
{
	struct node n;
	int got = one(s, SQL_NODE_GET, id, &n, e);

	return got < 0 ? -1 : !got || !strcmp(node_unit(&n)->code,
	    unit->code) ? 0 : err_set(e, E_realm, "'%s' trades in %s", n.id,
	    node_unit(&n)->code);
}
