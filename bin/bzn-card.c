/*
 * bzn-card - who this node is, and which other nodes it knows.
 *
 * Over 200 lines because it has eight verbs, whose tables alone are a third.
 */
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "batch/lines.h"
#include "card/announce.h"
#include "card/diff.h"
#include "card/doc.h"
#include "card/own.h"
#include "card/qr.h"
#include "cli/cli.h"
#include "cli/pass.h"
#include "cli/texts.h"
#include "key/ident.h"
#include "key/key.h"

#define RECORD_MAX (1 << 19)
#define LIFE "365d"		/* of a card */

static const char *name, *endpoint, *capabilities, *class, *dns, *expires;
static const char *qr, *at, *reason, *state, *life;
static bool sign, dry_run, uri, full, did, state_only, pin, peers;
static struct pass pass = { .of = "the node key" };

static int
ask(void *cli, struct secret *out, struct err *e)
{
	return cli_passphrase(cli, &pass, PASS_OPEN, out, e);
}

/* --- the card of this node ---------------------------------------------- */

static int
expiry(int64_t now_ms, int64_t *out, struct err *e)
{
	int64_t ms;

	*out = INT64_MAX;
	if (expires && !strcmp(expires, "never"))
		return 0;
	if (clock_span(expires ? expires : LIFE, &ms, e))
		return -1;
	ms -= ms % 1000;
	return ms > 0 && !__builtin_add_overflow(now_ms, ms, out) ? 0 :
	    err_set(e, E_usage, "--expires: 1s or more, or never");
}

static int
sign_own(struct cli *c, const struct card *old, struct own *out,
    struct err *e)
{
	struct own_wish wish = {
		.name = name, .endpoint = endpoint, .class = class,
		.dns = dns, .capabilities = capabilities,
		.issued_ms = cli_now(c) / 1000 * 1000,
	};
	struct sign_key key = { 0 };
	int rc;

	if (expiry(wish.issued_ms, &wish.expires_ms, e) ||
	    key_node(c->home, ask, c, &key, e))
		return -1;
	rc = own_make(out, &wish, old, &key, e) ||
	    (!dry_run && own_keep(out, c->home, e)) ? -1 : 0;
	sign_key_release(&key);
	return rc;
}

static bool
wished(void)
{
	return sign || name || endpoint || capabilities || class || dns ||
	    expires;
}

/* The card that is kept, if it will do; else a new one. */
static int
get_own(struct cli *c, struct own *out, struct err *e)
{
	struct own old = OWN_INIT;
	struct sign_public key;
	int rc;

	if (key_node_public(c->home, &key, e))
		return -1;
	rc = own_read(&old, c->home, &key, e);
	if (rc && e->code == E_no_card) {
		*e = (struct err){ 0 };
		rc = sign_own(c, &old.card, out, e);
	} else if (!rc && (wished() || old.card.expires_ms <= cli_now(c))) {
		rc = sign_own(c, &old.card, out, e);
	} else if (!rc) {
		*out = old;
		return 0;
	}
	own_release(&old);
	return rc;
}

/* The URI, or the whole card with --full, as text or as a picture. */
static int
put_short(const struct own *o, struct err *e)
{
	struct buf text = BUF_INIT(CARD_MAX), out = BUF_INIT(QR_PICTURE_MAX);
	int rc = -1;

	if (full ? card_write_ascii(&text, &o->card, e) : own_uri(&text, o, e))
		goto out;
	if (full && text.len > CARD_FULL_MAX) {
		err_set(e, E_too_long, "the card has %zu bytes, and phones "
		    "read %d: leave out --full", text.len, CARD_FULL_MAX);
		goto out;
	}
	if (!qr) {
		buf_add(&out, text.data, text.len);
		buf_addc(&out, '\n');
	} else if (qr_draw(&out, qr, text.data, text.len, e)) {
		goto out;
	}
	rc = cli_put(out.data, out.len, e);
out:
	buf_release(&text);
	buf_release(&out);
	return rc;
}

static int
show_own(struct cli *c, struct err *e)
{
	struct buf out = BUF_INIT(RECORD_MAX);
	struct own mine = OWN_INIT;
	int rc = -1;

	if (get_own(c, &mine, e))
		goto out;
	if (qr || uri || full) {
		rc = put_short(&mine, e);
		goto out;
	}
	if (state_only || c->table)
		own_write_state(&out, &mine.card);
	else if (card_write(&out, &mine.card, e))
		goto out;
	rc = cli_emit_buf(c, &out, e);
out:
	own_release(&mine);
	buf_release(&out);
	return rc;
}

static int
show_did(struct cli *c, struct err *e)
{
	struct sign_public key;
	struct ident id;

	if (key_node_public(c->home, &key, e))
		return -1;
	ident_of(&id, &key);
	return cli_put(id.did, strlen(id.did), e) || cli_put("\n", 1, e) ?
	    -1 : 0;
}

/* --- peers -------------------------------------------------------------- */

static int
emit_peer(struct cli *c, const struct peer *p, struct err *e)
{
	struct buf out = BUF_INIT(RECORD_MAX);
	int rc;

	peer_write(&out, p);
	json_close(&out, '}');
	rc = cli_emit_buf(c, &out, e);
	buf_release(&out);
	return rc;
}

static int
show(struct cli *c, struct err *e)
{
	struct peer p = { 0 };
	char **typed;
	int rc = 0;

	if (!c->argc)
		return did ? show_did(c, e) : show_own(c, e);
	if (wished() || qr || uri || full || did || state_only)
		return err_set(e, E_usage, "these options are for the card "
		    "of this node: leave out '%.40s'", c->argv[0]);
	if (cli_store(c, e))
		return -1;
	for (typed = c->argv; *typed && !rc; typed++) {
		rc = peer_find(c->store, *typed, &p, e) ||
		    emit_peer(c, &p, e) ? -1 : 0;
		peer_release(&p);
	}
	return rc;
}

static int
list(struct cli *c, struct err *e)
{
	enum peer_state only = PEER_PENDING;
	struct peer p = { 0 };
	int got;

	if (state && !peer_state_named(state, &only))
		return err_set(e, E_usage, "--state: '%.40s' is not pending, "
		    "pinned or revoked", state);
	if (cli_store(c, e))
		return -1;
	while ((got = peer_next(c->store, &p, e)) > 0)
		if ((!state || p.state == only) && emit_peer(c, &p, e)) {
			got = -1;
			break;
		}
	peer_release(&p);
	return got;
}

static int
answer(struct buf *out, const struct peer *p, enum peer_news news)
{
	static const char *const words[] = {
		[PEER_SAME] = "same", [PEER_CHANGED] = "changed",
		[PEER_NEW] = "new",
	};

	peer_write(out, p);
	json_str(out, "result", words[news]);
	json_close(out, '}');
	buf_addc(out, '\n');
	return 0;
}

static int
read_doc(struct doc *d, const struct text *t, struct err *e)
{
	if (doc_read(d, t->p, t->n, e))
		return -1;
	if (!uri || d->kind == DOC_URI)
		return 0;
	doc_release(d);
	return err_set(e, E_bad_uri, "not a bzn: URI");
}

/* One document; with --pin the operator vouches for it. */
static int
take(struct cli *c, const struct text *t, struct buf *out, struct err *e)
{
	enum peer_news news, pinned;
	struct peer p = { 0 }, after;
	struct doc d;
	int rc;

	if (read_doc(&d, t, e))
		return -1;
	rc = doc_in(c->store, &d, cli_now(c), &p, &news, e);
	doc_release(&d);
	if (!rc && pin && p.state == PEER_PENDING) {
		rc = peer_pin_in(c->store, p.node_id, cli_now(c), &after,
		    &pinned, e);
		peer_release(&p);
		if (rc)
			return -1;
		p = after;
		news = news == PEER_SAME ? PEER_CHANGED : news;
	}
	if (!rc)
		rc = answer(out, &p, news);
	peer_release(&p);
	return rc;
}

static int
take_all(struct cli *c, void *texts, struct buf *out, struct err *e)
{
	const struct texts *all = texts;
	struct err undone;
	size_t i;
	int rc;

	for (i = 0; i < all->n; i++) {
		if (store_mark(c->store, e))
			return -1;
		rc = take(c, &all->text[i], out, e);
		if (rc && store_undo(c->store, &undone))
			*e = undone;
		if (rc ? texts_skip(c, &all->text[i], e) :
		    store_keep(c->store, e))
			return -1;
	}
	return 0;
}

static int
import(struct cli *c, struct err *e)
{
	struct texts all;
	const struct lines lines = { .act = take_all, .arg = &all };
	struct buf request = BUF_INIT(1024);
	char hex[HASH_HEX];
	int rc;

	if (texts_read(&all, c, "bzn:", e))
		return -1;
	texts_hash(hex, &all);
	json_open(&request, NULL, '{');
	json_str(&request, "sha256", hex);
	json_bool(&request, "pin", pin);
	json_close(&request, '}');
	rc = lines_run(c, &request, &lines, e);
	texts_release(&all);
	buf_release(&request);
	return rc;
}

static int
mark_all(struct cli *c, void *unused, struct buf *out, struct err *e)
{
	enum peer_news news;
	struct peer p, after;
	char **typed;
	int rc = 0;

	(void)unused;
	for (typed = c->argv; *typed && !rc; typed++) {
		if (peer_find(c->store, *typed, &p, e))
			return -1;
		rc = reason ? peer_revoke_in(c->store, p.node_id, reason,
		    cli_now(c), &after, &news, e) : peer_pin_in(c->store,
		    p.node_id, cli_now(c), &after, &news, e);
		peer_release(&p);
		if (rc)
			break;
		rc = answer(out, &after, news);
		peer_release(&after);
	}
	return rc;
}

/* Pin the operands, or with a reason revoke them: all, or none. */
static int
mark(struct cli *c, struct err *e)
{
	const struct lines lines = { .act = mark_all };
	struct buf request = BUF_INIT(JSON_MAX);
	char **typed;
	int rc;

	json_open(&request, NULL, '{');
	json_open(&request, "peers", '[');
	for (typed = c->argv; *typed; typed++)
		json_str(&request, NULL, *typed);
	json_close(&request, ']');
	if (reason)
		json_str(&request, "reason", reason);
	json_close(&request, '}');
	rc = lines_run(c, &request, &lines, e);
	buf_release(&request);
	return rc;
}

static int
revoke(struct cli *c, struct err *e)
{
	return reason ? mark(c, e) : err_set(e, E_usage,
	    "--reason is missing");
}

/* --- checks ------------------------------------------------------------- */

/* A home without a store knows no peers. */
static int
open_peers(struct cli *c, struct err *e)
{
	if (!cli_store(c, e))
		return 0;
	if (e->code != E_no_ledger)
		return -1;
	*e = (struct err){ 0 };
	return 0;
}

static int
judge(struct cli *c, const struct text *t, int64_t at_ms, struct err *e)
{
	struct buf out = BUF_INIT(RECORD_MAX);
	struct err output = { 0 };
	const char *known = NULL;
	struct doc d;
	int rc = read_doc(&d, t, e);
	bool read = !rc;

	if (read)
		rc = doc_judge(&d, c->store, at_ms, &known, e);
	doc_write_verdict(&out, read ? &d : NULL, known, e);
	json_str(&out, "path", t->file);
	if (t->line)
		json_int(&out, "line", (int64_t)t->line);
	json_close(&out, '}');
	if (read)
		doc_release(&d);
	if (cli_emit_buf(c, &out, &output)) {
		*e = output;
		rc = -1;
	}
	buf_release(&out);
	return rc;
}

static int
verify(struct cli *c, struct err *e)
{
	int64_t at_ms = cli_now(c);
	struct texts all = { 0 };
	size_t i;
	int rc;

	if ((at && clock_parse(at, &at_ms, e)) || open_peers(c, e) ||
	    texts_read(&all, c, "bzn:", e))
		return -1;
	for (i = 0, rc = 0; i < all.n && !rc; i++)
		if (judge(c, &all.text[i], at_ms, e))
			rc = texts_skip(c, &all.text[i], e);
	texts_release(&all);
	return rc;
}

/* A card from a file; if there is none, that of a peer. */
static int
find_card(struct cli *c, const char *from, struct card *out, struct err *e)
{
	struct buf text = BUF_INIT(CARD_MAX);
	struct err none = { 0 };
	struct peer p = { 0 };
	int rc = -1;

	if (!file_read(&text, from, &none)) {
		rc = card_read(out, text.data, text.len, e) ||
		    card_check_key(out, e) ? err_wrap(e, "%s", from) : 0;
	} else if (none.code != E_no_file) {
		*e = none;
	} else if (!cli_store(c, e) && !peer_find(c->store, from, &p, e)) {
		rc = p.card ? card_read(out, p.card, strlen(p.card), e) :
		    err_set(e, E_no_card, "of '%s' only a URI is known",
		    from);
	}
	peer_release(&p);
	buf_release(&text);
	return rc;
}

static int
emit_difference(void *c, struct buf *record, struct err *e)
{
	return cli_emit_buf(c, record, e);
}

static int
diff(struct cli *c, struct err *e)
{
	struct card old = { 0 }, new = { 0 };
	int n = -1;

	if (!find_card(c, c->argv[0], &old, e) &&
	    !find_card(c, c->argv[1], &new, e))
		n = diff_cards(&old, &new, emit_difference, c, e);
	card_release(&old);
	card_release(&new);
	if (n > 0)
		c->worst = err_worse(c->worst, ERR_NO);
	return n < 0 ? -1 : 0;
}

/* --- export ------------------------------------------------------------- */

static int
announce(struct cli *c, void *key, struct buf *out, struct err *e)
{
	struct own mine = OWN_INIT;
	int64_t life_ms = ANNOUNCE_LIFE_MS;
	int rc;

	if (life && clock_span(life, &life_ms, e))
		return -1;
	if (life_ms < 1000 || life_ms > ANNOUNCE_LIFE_MS)
		return err_set(e, E_usage, "--life: 1s to 24h");
	if (own_read(&mine, c->home, &((struct sign_key *)key)->pub, e))
		return -1;
	rc = announce_next_in(c->store, out, &mine.card,
	    cli_now(c) / 1000 * 1000, life_ms, key, e);
	buf_addc(out, '\n');
	own_release(&mine);
	return rc;
}

static int
put_trust(struct cli *c, struct err *e)
{
	struct buf line = BUF_INIT(4096);
	struct peer p = { 0 };
	int got;

	if (cli_store(c, e))
		return -1;
	while ((got = peer_next(c->store, &p, e)) > 0) {
		peer_trust(&line, &p);
		got = cli_put(line.data, line.len, e);
		if (got)
			break;
		buf_reset(&line);
	}
	peer_release(&p);
	buf_release(&line);
	return got;
}

static int
export(struct cli *c, struct err *e)
{
	struct sign_key key = { 0 };
	const struct lines lines = {
		.act = announce, .arg = &key, .as_they_are = true,
	};
	struct buf request = BUF_INIT(1024);
	int rc;

	if (peers)
		return put_trust(c, e);
	if (key_node(c->home, ask, c, &key, e))
		return -1;
	json_open(&request, NULL, '{');
	json_str(&request, "life", life ? life : "24h");
	json_close(&request, '}');
	rc = lines_run(c, &request, &lines, e);
	sign_key_release(&key);
	buf_release(&request);
	return rc;
}

int
main(int argc, char *argv[])
{
	static const struct opt show_opts[] = {
		OPT_MAY("qr", "FORM", &qr,
		    "a QR code of the URI: text, png, svg"),
		OPT_FLAG(0, "uri", &uri, "the bzn: URI"),
		OPT_FLAG(0, "full", &full, "the whole card in the QR code"),
		OPT_FLAG(0, "state", &state_only, "names of the key"),
		OPT_FLAG(0, "did", &did, "only the did:key"),
		OPT_STR(0, "name", "TEXT", &name, "what it is called"),
		OPT_STR(0, "endpoint", "URL", &endpoint,
		    "http(s)://host, and a port"),
		OPT_STR(0, "capabilities", "LIST", &capabilities,
		    "what it does, parted by commas"),
		OPT_STR(0, "class", "CLASS", &class,
		    "mobile, edge or cloud"),
		OPT_STR(0, "dns", "NAME", &dns, "its name in .1bz"),
		OPT_STR(0, "expires", "SPAN", &expires,
		    "after so long: 365d; or never"),
		OPT_FLAG(0, "sign", &sign, "sign it anew"),
		OPT_FLAG('n', "dry-run", &dry_run,
		    "do not keep what is signed"),
		OPT_PASS(&pass),
		OPT_END
	};
	static const struct opt verify_opts[] = {
		OPT_STR(0, "at", "TIME", &at, "as of that moment"),
		OPT_FLAG(0, "uri", &uri, "only bzn: URIs"),
		OPT_END
	};
	static const struct opt import_opts[] = {
		OPT_FLAG(0, "uri", &uri, "only bzn: URIs"),
		OPT_FLAG(0, "pin", &pin,
		    "pin them: they came by a way that is trusted"),
		OPT_END
	};
	static const struct opt list_opts[] = {
		OPT_STR(0, "state", "STATE", &state,
		    "only pending, pinned or revoked"),
		OPT_END
	};
	static const struct opt revoke_opts[] = {
		OPT_STR('r', "reason", "TEXT", &reason, "why"),
		OPT_END
	};
	static const struct opt export_opts[] = {
		OPT_FLAG(0, "peers", &peers,
		    "pinned and revoked ones, for a trust file"),
		OPT_STR(0, "life", "SPAN", &life, "at most 24h, which it is"),
		OPT_PASS(&pass),
		OPT_END
	};
	static const char columns[] =
	    "name state endpoint node_id phrase reason";
	static const struct verb verbs[] = {
		{ "show", "[peer ...]", "the card of this node; peers", 0,
		    1000, CLI_READ, show_opts, columns, show },
		{ "verify", "[file ...]", "are these cards true?", 0, 1000,
		    CLI_READ, verify_opts,
		    "path >line ok code kind name node_id state", verify },
		{ "import", "[file ...]", "get to know other nodes", 0, 1000,
		    CLI_ENTER, import_opts, "result name state endpoint "
		    "node_id phrase", import },
		{ "list", "", "nodes that are known", 0, 0, CLI_READ,
		    list_opts, columns, list },
		{ "diff", "old new", "what two cards say differently", 2, 2,
		    CLI_READ, NULL, "member old new", diff },
		{ "pin", "peer ...", "trust their keys", 1, 1000, CLI_WRITE,
		    NULL, columns, mark },
		{ "revoke", "peer ...", "never trust them again", 1, 1000,
		    CLI_WRITE, revoke_opts, columns, revoke },
		{ "export", "", "announce this node; or peers to trust", 0,
		    0, CLI_ENTER, export_opts, NULL, export },
		{ 0 }
	};
	static const struct prog prog = {
		.name = "bzn-card",
		.brief = "who this node is, and which others it knows",
		.examples =
		    "  bzn-card show --name Acme --endpoint "
		    "https://acme.example\n"
		    "  bzn-card show --qr\n"
		    "  bzn-card import card.json && bzn-card pin Acme\n"
		    "  bzn-card list | jq -r .endpoint\n",
		.statuses = "0 1 2 3 4 5 6 7 8 9 10",
		.verbs = verbs,
	};

	return cli_main(&prog, argc, argv);
}
