/* Events: made and signed by this node; and taken in, by a registry. */
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "batch/batch.h"
#include "desk/trust.h"
#include "key/ident.h"
#include "key/key.h"
#include "trust/event.h"
#include "trust/trust.h"

#define RECORD_MAX 65536
#define EVIDENCE_MAX (64 << 20)
#define LINES_MAX (1 << 30)		/* of an epoch */

/* --- made ----------------------------------------------------------------- */

/* The options that an event of each kind needs, and may have. */
struct wants {
	bool order, weight, evidence, stake, probes, verified;
};

static const struct wants wants[] = {
	[TRUST_ENDORSE] = { .order = true },
	[TRUST_COMPLAIN] = { .order = true, .evidence = true },
	[TRUST_QUALITY] = { .order = true, .weight = true, .evidence = true },
	[TRUST_UPTIME] = { .probes = true },
	[TRUST_STAKE] = { .stake = true },
	[TRUST_VERIFY] = { .verified = true },
};

static int
check_option(bool wanted, bool must, bool given, const char *option,
    enum trust_kind kind, struct err *e)
{
	if (given && !wanted)
		return err_set(e, E_usage, "%s is nothing that %s has",
		    option, trust_kind_word(kind));
	return given || !must ? 0 : err_set(e, E_usage, "%s needs %s",
	    trust_kind_word(kind), option);
}

static int
check_options(const struct desk_trust *d, enum trust_kind kind,
    struct err *e)
{
	const struct wants *w = &wants[kind];
	bool evidence = d->evidence || d->evidence_sha256;

	if (d->evidence && d->evidence_sha256)
		return err_set(e, E_usage, "--evidence or --evidence-sha256, "
		    "not both");
	return check_option(w->order, w->order, d->order, "--order", kind,
	    e) || check_option(w->weight, w->weight, d->weight, "--weight",
	    kind, e) || check_option(w->evidence, kind == TRUST_COMPLAIN,
	    evidence, "--evidence", kind, e) || check_option(w->stake,
	    w->stake, d->stake, "--stake-wei", kind, e) ||
	    check_option(w->probes, w->probes, d->since, "--since", kind,
	    e) || check_option(w->probes, w->probes, d->until, "--until",
	    kind, e) || check_option(w->probes, w->probes, d->ok >= 0,
	    "--ok", kind, e) || check_option(w->probes, w->probes,
	    d->fail >= 0, "--fail", kind, e) || check_option(w->verified,
	    false, d->verified, "--verified", kind, e) ? -1 : 0;
}

static int
take_evidence(struct trust_event *x, const struct desk_trust *d,
    struct err *e)
{
	struct buf text = BUF_INIT(EVIDENCE_MAX);
	struct hash h;
	int rc = 0;

	if (d->evidence_sha256) {
		if (!ident_is_id(d->evidence_sha256))
			return err_set(e, E_usage, "--evidence-sha256 is 64 "
			    "hex digits in lower case");
		memcpy(x->evidence, d->evidence_sha256, HASH_HEX);
	} else if (d->evidence) {
		rc = file_read(&text, d->evidence, e);
		hash_of(&h, text.data, text.len);
		hash_hex(x->evidence, &h);
		buf_release(&text);
	}
	return rc;
}

/* yes or no, 1 or 0. */
static int
take_word(bool *out, const char *option, const char *said, const char *yes,
    const char *no, struct err *e)
{
	*out = !strcmp(said, yes);
	return *out || !strcmp(said, no) ? 0 : err_set(e, E_usage,
	    "%s is %s or %s", option, yes, no);
}

static int
take_rest(struct trust_event *x, const struct desk_trust *d, struct err *e)
{
	if (d->stake) {
		if (!trust_wei_ok(d->stake))
			return err_set(e, E_usage, "--stake-wei is a whole "
			    "number of wei");
		memcpy(x->stake_wei, d->stake, strlen(d->stake) + 1);
	}
	if (x->kind == TRUST_UPTIME) {
		if (clock_parse(d->since, &x->since_ms, e) ||
		    clock_parse(d->until, &x->until_ms, e))
			return -1;
		if (x->since_ms >= x->until_ms)
			return err_set(e, E_usage, "--until is not later "
			    "than --since");
		x->ok = d->ok;
		x->fail = d->fail;
	}
	if (d->weight)
		return take_word(&x->good, "--weight", d->weight, "1", "0",
		    e);
	if (x->kind == TRUST_VERIFY)
		return take_word(&x->good, "--verified",
		    d->verified ? d->verified : "yes", "yes", "no", e);
	return 0;
}

static int
make(struct cli *c, struct desk_trust *d, enum trust_kind kind,
    const char *node_id, struct err *e)
{
	struct trust_event x = {
		.kind = kind, .at_ms = cli_now(c), .order_id = d->order,
	};
	struct pass_asker asker = { c, &d->pass };
	struct buf out = BUF_INIT(TRUST_EVENT_MAX);
	struct sign_key key = { 0 };
	int rc;

	if (!ident_is_id(node_id))
		return err_set(e, E_usage, "'%.100s' is not the id of an "
		    "identity, which has 64 hex digits", node_id);
	if (check_options(d, kind, e) || take_evidence(&x, d, e) ||
	    take_rest(&x, d, e))
		return -1;
	memcpy(x.node_id, node_id, HASH_HEX);
	d->pass.of = "the node key";
	rc = key_node(c->home, pass_ask, &asker, &key, e) ||
	    trust_event_make(&out, &x, &key, e) ||
	    cli_emit_buf(c, &out, e) ? -1 : 0;
	sign_key_release(&key);
	buf_release(&out);
	return rc;
}

int
desk_trust_event(struct cli *c, struct desk_trust *d, struct err *e)
{
	enum trust_kind kind;

	if (!trust_kind_named(c->argv[0], &kind))
		return err_set(e, E_usage, "'%.40s' is none of endorse, "
		    "complain, quality, uptime, stake, verify", c->argv[0]);
	return make(c, d, kind, c->argv[1], e);
}

int
desk_trust_endorse(struct cli *c, struct desk_trust *d, struct err *e)
{
	return make(c, d, TRUST_ENDORSE, c->argv[0], e);
}

int
desk_trust_complain(struct cli *c, struct desk_trust *d, struct err *e)
{
	return make(c, d, TRUST_COMPLAIN, c->argv[0], e);
}

int
desk_trust_quality(struct cli *c, struct desk_trust *d, struct err *e)
{
	return make(c, d, TRUST_QUALITY, c->argv[0], e);
}

/* --- taken in ------------------------------------------------------------- */

static int
update_act(struct cli *c, struct ledger *l, const struct json *in,
    struct buf *out, struct err *but, struct err *e)
{
	const struct sign_public *own = c->own;
	struct trust_taken taken;

	(void)but;
	if (trust_is_binding(in) ?
	    trust_bind_in(l, in, own, &c->params, &taken, e) :
	    trust_event_in(l, in, own, &c->params, &taken, e))
		return -1;
	trust_taken_write(out, &taken);
	json_close(out, '}');
	return 0;
}

/* Without an identity there is nothing that a registry says itself. */
int
desk_trust_update(struct cli *c, struct desk_trust *d, struct err *e)
{
	const struct batch b = { .act = update_act, .key = BATCH_OWN };
	struct sign_public own;

	(void)d;
	if (key_has_node(c->home)) {
		if (key_node_public(c->home, &own, e))
			return -1;
		c->own = &own;
	}
	return batch_file(c, &b, c->argv[0], e);
}

/* --- epochs --------------------------------------------------------------- */

/* What is printed after the commit that makes it true. */
struct telling {
	struct cli *cli;
	struct buf lines;
};

static int
told(void *telling, const struct trust_change *x, struct err *e)
{
	struct telling *t = telling;
	struct buf *out = &t->lines;

	(void)e;
	json_open(out, NULL, '{');
	json_str(out, "node_id", x->node_id);
	json_str(out, "model", "biznode");
	if (x->was.day >= 0)
		trust_points_write(out, "trust_before", x->was.hundredths);
	trust_points_write(out, "trust_after", x->now.hundredths);
	json_str(out, "tier", trust_tier_word(x->now.tier));
	if (t->cli->dry_run)
		json_bool(out, "dry_run", true);
	json_close(out, '}');
	buf_addc(out, '\n');
	return 0;
}

static int
rescore_act(struct cli *c, struct ledger *l, const struct json *in,
    struct buf *out, struct err *but, struct err *e)
{
	int64_t scored;

	(void)in;
	(void)out;
	(void)but;
	return trust_epoch_in(l, &c->params, told, c->own, &scored, e);
}

int
desk_trust_rescore(struct cli *c, struct desk_trust *d, struct err *e)
{
	struct telling t = { .cli = c, .lines = BUF_INIT(LINES_MAX) };
	struct buf request = BUF_INIT(RECORD_MAX);
	const struct batch b = { .act = rescore_act, .key = BATCH_OWN };
	const char *p, *end;
	int rc;

	(void)d;
	if (c->id)
		return err_set(e, E_usage, "a rescore needs no --id: it is "
		    "done once a day");
	c->own = &t;
	json_open(&request, NULL, '{');
	rc = batch_one(c, &b, &request, e);
	for (p = t.lines.data; !rc && *p; p = end + 1) {
		end = strchr(p, '\n');
		rc = cli_emit(c, p, (size_t)(end - p), e);
	}
	buf_release(&request);
	buf_release(&t.lines);
	return rc;
}
