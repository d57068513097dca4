/* Certificates of tiers: made by a registry, and looked at by anybody. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/line.h"
#include "card/peer.h"
#include "desk/trust.h"
#include "key/form.h"
#include "key/ident.h"
#include "key/key.h"
#include "trust/tier.h"
#include "trust/trust.h"

/* --- made ----------------------------------------------------------------- */

static int
issue(struct cli *c, const char *node_id, const struct sign_key *key,
    struct err *e)
{
	struct trust_certificate x = { .issued_ms = cli_now(c) };
	struct buf out = BUF_INIT(TRUST_TIER_MAX);
	struct trust_score t;
	int rc = trust_score(c->store, node_id, cli_now(c), &c->params, &t,
	    e);

	if (!rc) {
		memcpy(x.node_id, node_id, HASH_HEX);
		x.tier = t.tier;
		x.hundredths = t.hundredths;
		x.expires_ms = x.issued_ms +
		    c->params.value[PARAM_trust_tier_ttl];
		rc = trust_tier_make(&out, &x, key, e) ||
		    cli_emit_buf(c, &out, e) ? -1 : 0;
	}
	buf_release(&out);
	return rc;
}

static int
make(struct cli *c, struct desk_trust *d, struct err *e)
{
	struct pass_asker asker = { c, &d->pass };
	struct sign_key key = { 0 };
	char **id;
	int rc;

	if (d->registry)
		return err_set(e, E_usage, "--registry is for --verify");
	if (!c->argc)
		return err_set(e, E_usage, "say of which nodes");
	d->pass.of = "the node key";
	rc = cli_store(c, e) || key_node(c->home, pass_ask, &asker, &key, e) ?
	    -1 : 0;
	for (id = c->argv; *id && !rc; id++)
		rc = issue(c, *id, &key, e);
	sign_key_release(&key);
	return rc;
}

/* --- looked at ------------------------------------------------------------ */

struct looking {
	struct cli *cli;
	struct sign_public key;		/* of the registry, if it was named */
	bool named, seen;
};

/* A home need not have a store, and then knows nobody: 1, 0, -1. */
static int
peer_of(struct cli *c, const char *id, struct peer *out, struct err *e)
{
	if (!cli_store_read(c, e))
		return peer_get(c->store, id, out, e);
	if (e->code != E_no_ledger)
		return -1;
	*e = (struct err){ 0 };
	return 0;
}

/*
 * Whose word counts: the key that was named; or else that of this home, or of
 * a peer that is pinned.
 */
static int
find_key(struct looking *k, const char *registry, struct sign_public *out,
    struct err *e)
{
	struct cli *c = k->cli;
	char id[HASH_HEX] = "";
	struct peer peer;
	bool pinned;
	int got;

	if (k->named) {
		*out = k->key;
		return 0;
	}
	if (c->home && key_has_node(c->home)) {
		if (key_node_public(c->home, out, e))
			return -1;
		ident_id(id, out);
		if (!strcmp(id, registry))
			return 0;
	}
	got = c->home ? peer_of(c, registry, &peer, e) : 0;
	if (got < 0)
		return -1;
	if (got) {
		*out = peer.key;
		pinned = peer.state == PEER_PINNED;
		peer_release(&peer);
		if (pinned)
			return 0;
	}
	return err_set(e, E_unknown_signer, "registry '%s' is neither this "
	    "node nor a peer that is pinned: say --registry", registry);
}

/* Nothing is shown of the node but what it says itself. */
static int
refuse(struct looking *k, const char *node_id, const char *where,
    struct err *why, struct err *e)
{
	struct trust_badge b = trust_badge_of(TRUST_UNVERIFIED,
	    trust_tier_seen(why));
	struct buf out = BUF_INIT(TRUST_TIER_MAX);

	json_open(&out, NULL, '{');
	json_bool(&out, "valid", false);
	json_str_if(&out, "node_id", *node_id ? node_id : NULL);
	json_str(&out, "model", "biznode");
	json_str(&out, "badge", b.words);
	json_str(&out, "colour", b.colour);
	json_str(&out, "because", b.because);
	json_str(&out, "code", err_word(why->code));
	if (cli_emit_object(k->cli, &out, e))
		return -1;
	err_wrap(why, "%s", where);
	why->kind = ERR_NO;		/* whatever is bad about it */
	cli_complain(k->cli, why);
	return 0;
}

static int
accept(struct looking *k, const struct trust_certificate *x, struct err *e)
{
	struct buf out = BUF_INIT(TRUST_TIER_MAX);
	struct trust_badge b = trust_badge_of(x->tier, TRUST_SEEN);

	json_open(&out, NULL, '{');
	json_bool(&out, "valid", true);
	json_str(&out, "node_id", x->node_id);
	json_str(&out, "model", "biznode");
	json_str(&out, "badge", b.words);
	json_str(&out, "colour", b.colour);
	json_str_if(&out, "because", b.because);
	trust_points_write(&out, "trust_score", x->hundredths);
	json_str(&out, "tier", trust_tier_word(x->tier));
	json_str(&out, "registry", x->registry);
	json_time(&out, "issued_at", x->issued_ms);
	json_time(&out, "expires_at", x->expires_ms);
	return cli_emit_object(k->cli, &out, e);
}

static int
judge(struct looking *k, const char *text, size_t n, const char *where,
    struct err *e)
{
	struct trust_certificate x = { 0 };
	struct err why = { 0 };
	struct sign_public key;
	struct json root = { 0 };
	int rc;

	k->seen = true;
	rc = json_parse(&root, text, n, &why) ||
	    trust_tier_read(&x, &root, &why) ||
	    find_key(k, x.registry, &key, &why) ||
	    trust_tier_check(&root, &x, &key, cli_now(k->cli), &why);
	if (!rc)
		rc = accept(k, &x, e);
	else if (err_ends_run(&why))
		*e = why;
	else
		rc = refuse(k, x.node_id, where, &why, e);
	json_release(&root);
	return rc;
}

static int
take_lines(struct looking *k, struct line *in, struct err *e)
{
	struct buf where = BUF_INIT(4096);
	struct err why = { 0 };
	int got, rc = 0;

	while (!rc && (got = line_next(in, &why)) != 0) {
		buf_reset(&where);
		buf_addf(&where, "%s:%lu", in->name, in->number);
		if (got > 0) {
			rc = judge(k, in->text.data, in->text.len,
			    where.data, e);
		} else if (why.code == E_too_long) {
			k->seen = true;
			rc = refuse(k, "", where.data, &why, e);
			why = (struct err){ 0 };
		} else {
			*e = why;
			rc = -1;
		}
	}
	buf_release(&where);
	return rc;
}

static int
take_file(struct looking *k, const char *path, struct err *e)
{
	bool in_is = !strcmp(path, "-");
	struct line in;
	int fd = in_is ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	int rc;

	if (fd < 0)
		return err_sys(e, "cannot open '%s'", path);
	if (in_is)
		cli_expect_stdin(k->cli);
	line_init(&in, fd, in_is ? "stdin" : path);
	rc = take_lines(k, &in, e);
	line_release(&in);
	if (!in_is)
		close(fd);
	return rc;
}

static int
look(struct cli *c, const struct desk_trust *d, struct err *e)
{
	struct looking k = { .cli = c };
	char **path;
	int rc = 0;

	if (d->registry) {
		if (form_file(&k.key, d->registry, e))
			return -1;
		k.named = true;
	}
	for (path = c->argv; *path && !rc; path++)
		rc = take_file(&k, *path, e);
	if (!c->argc)
		rc = take_file(&k, "-", e);
	if (!rc && !k.seen)
		return err_set(e, E_nothing_given, "there is no certificate");
	return rc;
}

int
desk_trust_tier(struct cli *c, struct desk_trust *d, struct err *e)
{
	return d->verify ? look(c, d, e) : make(c, d, e);
}
