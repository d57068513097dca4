#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "key/ident.h"
#include "key/member.h"
#include "ledger/make.h"
#include "trust/entry.h"

#define NAME_MAX_BYTES 256

static const char *const types[] = {
	[TRUST_ENDORSE] = "trust.endorsed",
	[TRUST_COMPLAIN] = "trust.complained",
	[TRUST_QUALITY] = "trust.rated",
	[TRUST_UPTIME] = "trust.probed",
	[TRUST_STAKE] = "trust.staked",
	[TRUST_VERIFY] = "trust.verified",
};
static const char bound[] = "trust.bound", scored[] = "trust.scored";

void
trust_points_text(int64_t hundredths, char out[TRUST_TEXT])
{
	snprintf(out, TRUST_TEXT, "%" PRId64 ".%02" PRId64, hundredths / 100,
	    hundredths % 100);
}

int64_t
trust_weight(const struct trust_epoch *epoch)
{
	return epoch->tier == TRUST_UNVERIFIED ? 0 : epoch->hundredths;
}

const char *
trust_entry_type(const struct trust_entry *x)
{
	switch (x->said) {
	case TRUST_SAID_BOUND:
		return bound;
	case TRUST_SAID_SCORED:
		return scored;
	case TRUST_SAID_FACT:
		break;
	}
	return types[x->fact.kind];
}

/*
 * An endorsement is of two nodes, a complaint and a rating of an order and
 * who speaks of it; what the registry says, of a node and a moment.
 */
void
trust_entry_id(const struct trust_entry *x, char out[LEAF_ID])
{
	const struct trust_fact *f = &x->fact;
	char prefix[LEAF_ID], name[NAME_MAX_BYTES];

	snprintf(prefix, sizeof(prefix), "%s:", trust_entry_type(x));
	if (x->said == TRUST_SAID_BOUND)
		snprintf(name, sizeof(name), "%s %s %d", x->node_id,
		    x->bond.wallet, x->bond.proven);
	else if (x->said == TRUST_SAID_SCORED)
		snprintf(name, sizeof(name), "%s %" PRId64, x->node_id,
		    x->epoch.day);
	else if (f->kind == TRUST_ENDORSE)
		snprintf(name, sizeof(name), "%s %s", f->from_id, x->node_id);
	else if (*f->escrow_id)
		snprintf(name, sizeof(name), "%s %s", f->from_id,
		    f->escrow_id);
	else
		snprintf(name, sizeof(name), "%s %" PRId64, x->node_id,
		    f->since_ms);
	ledger_name_id(prefix, name, out);
}

/* Members in the order of their keys, as a leaf has them. */
static void
put_fact(struct buf *out, const struct trust_entry *x,
    const char *event_sha256)
{
	const struct trust_fact *f = &x->fact;

	json_str(out, "event_sha256", event_sha256);
	if (*f->evidence)
		json_str(out, "evidence_sha256", f->evidence);
	if (f->kind == TRUST_UPTIME)
		json_int(out, "fail", f->fail);
	json_str(out, "from", f->from_id);
	if (f->kind == TRUST_QUALITY || f->kind == TRUST_VERIFY)
		json_bool(out, "good", f->good);
	json_str(out, "node", x->node_id);
	if (f->kind == TRUST_UPTIME)
		json_int(out, "ok", f->ok);
	if (*f->escrow_id)
		json_str(out, "order", f->escrow_id);
	else
		json_int(out, "since_ms", f->since_ms);
	if (f->kind == TRUST_STAKE)
		json_str(out, "stake_wei", f->stake_wei);
	if (f->kind == TRUST_UPTIME)
		json_int(out, "until_ms", f->until_ms);
}

void
trust_entry_data(struct buf *out, const struct trust_entry *x,
    const char *event_sha256, const char *rules)
{
	char points[TRUST_TEXT];

	json_open(out, NULL, '{');
	switch (x->said) {
	case TRUST_SAID_FACT:
		put_fact(out, x, event_sha256);
		break;
	case TRUST_SAID_BOUND:
		json_str(out, "node", x->node_id);
		json_bool(out, "proven", x->bond.proven);
		json_str(out, "wallet", x->bond.wallet);
		break;
	case TRUST_SAID_SCORED:
		trust_points_text(x->epoch.hundredths, points);
		json_int(out, "epoch", x->epoch.day);
		json_int(out, "formula", TRUST_FORMULA);
		json_str(out, "node", x->node_id);
		json_str(out, "rules", rules);
		json_str(out, "score", points);
		json_str(out, "tier", trust_tier_word(x->epoch.tier));
		break;
	}
	json_close(out, '}');
}

/* --- and back ------------------------------------------------------------- */

static int
take_text(const struct json *data, const char *key, char *out, size_t n,
    struct err *e)
{
	const char *text;

	if (json_get_str(data, key, &text, e))
		return -1;
	if (strlen(text) >= n)
		return json_fail(data, key, E_bad_json, "is too long", e);
	memcpy(out, text, strlen(text) + 1);
	return 0;
}

static int
take_fact(struct trust_fact *f, const struct json *data, struct err *e)
{
	if (member_id(data, "from", f->from_id, e) ||
	    (json_has(data, "evidence_sha256") &&
	    take_text(data, "evidence_sha256", f->evidence,
	    sizeof(f->evidence), e)) || (json_has(data, "order") ?
	    take_text(data, "order", f->escrow_id, sizeof(f->escrow_id), e) :
	    json_get_int(data, "since_ms", &f->since_ms, e)))
		return -1;
	switch (f->kind) {
	case TRUST_QUALITY:
	case TRUST_VERIFY:
		return json_get_bool(data, "good", &f->good, e);
	case TRUST_UPTIME:
		return json_get_int(data, "ok", &f->ok, e) ||
		    json_get_int(data, "fail", &f->fail, e) ||
		    json_get_int(data, "until_ms", &f->until_ms, e) ? -1 : 0;
	case TRUST_STAKE:
		if (take_text(data, "stake_wei", f->stake_wei, TRUST_WEI, e))
			return -1;
		return trust_wei_ok(f->stake_wei) ? 0 : json_fail(data,
		    "stake_wei", E_bad_json, "is no amount of wei", e);
	case TRUST_ENDORSE:
	case TRUST_COMPLAIN:
	case TRUST_ORDER:
	case TRUST__KINDS:
		break;
	}
	return 0;
}

static int
take_bond(struct trust_bond *b, const struct json *data, struct err *e)
{
	return json_get_bool(data, "proven", &b->proven, e) ||
	    take_text(data, "wallet", b->wallet, sizeof(b->wallet), e) ?
	    -1 : 0;
}

static int
take_epoch(struct trust_epoch *x, const struct json *data, struct err *e)
{
	const char *score, *tier;

	if (json_get_int(data, "epoch", &x->day, e) ||
	    json_get_str(data, "score", &score, e) ||
	    json_get_str(data, "tier", &tier, e))
		return -1;
	if (!amount_canonical(score, strlen(score), 2, &x->hundredths) ||
	    x->hundredths < 0 || x->hundredths > TRUST_MAX)
		return json_fail(data, "score", E_bad_json, "is no score", e);
	return trust_tier_named(tier, &x->tier) ? 0 : json_fail(data, "tier",
	    E_bad_json, "is no tier", e);
}

/* Which of the eight: false if it is none. */
static bool
named(const char *type, struct trust_entry *out)
{
	int i;

	if (strncmp(type, "trust.", 6))
		return false;
	for (i = 0; i < TRUST_ORDER; i++)
		if (!strcmp(type, types[i])) {
			out->said = TRUST_SAID_FACT;
			out->fact.kind = (enum trust_kind)i;
			return true;
		}
	if (!strcmp(type, bound))
		out->said = TRUST_SAID_BOUND;
	else if (!strcmp(type, scored))
		out->said = TRUST_SAID_SCORED;
	else
		return false;
	return true;
}

int
trust_entry_read(struct trust_entry *out, const struct entry *x,
    struct err *e)
{
	struct json data = { 0 };
	int rc = -1;

	*out = (struct trust_entry){ 0 };
	if (x->kind != ENTRY_EVENT || !x->data || !named(x->type, out))
		return 0;
	if (json_parse(&data, x->data, strlen(x->data), e) ||
	    member_id(&data, "node", out->node_id, e))
		goto out;
	snprintf(out->fact.id, sizeof(out->fact.id), "%s", x->id);
	out->fact.at_ms = x->at_ms;
	memcpy(out->bond.node_id, out->node_id, HASH_HEX);
	switch (out->said) {
	case TRUST_SAID_FACT:
		rc = take_fact(&out->fact, &data, e);
		break;
	case TRUST_SAID_BOUND:
		rc = take_bond(&out->bond, &data, e);
		break;
	case TRUST_SAID_SCORED:
		rc = take_epoch(&out->epoch, &data, e);
		break;
	}
out:
	json_release(&data);
	return rc ? err_wrap(e, "entry '%s'", x->id) : 1;
}
