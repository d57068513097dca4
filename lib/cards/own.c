/* The card of this node. */
#include <string.h>

#include "base/clock.h"
#include "batch/lines.h"
#include "card/announce.h"
#include "card/qr.h"
#include "cards/impl.h"
#include "cli/box.h"
#include "cli/note.h"
#include "key/bind.h"
#include "key/ident.h"
#include "key/key.h"

#define LIFE "365d"		/* of a card */

static int
open_key(struct cli *c, const struct cards *say, struct sign_key *out,
    struct err *e)
{
	struct pass_asker a = { c, &say->pass };

	return key_node(c->home, pass_ask, &a, out, e);
}

static int
expiry(const char *span, int64_t now_ms, int64_t *out, struct err *e)
{
	int64_t ms;

	*out = INT64_MAX;
	if (span && !strcmp(span, "never"))
		return 0;
	if (clock_span(span ? span : LIFE, &ms, e))
		return -1;
	ms -= ms % 1000;
	return ms > 0 && !__builtin_add_overflow(now_ms, ms, out) ? 0 :
	    err_set(e, E_usage, "--expires: 1s or more, or never");
}

/* The wallet of a binding, which both keys have signed. */
static int
read_binding(const char *path, const struct sign_public *key,
    struct key_bind *out, struct err *e)
{
	struct buf text = BUF_INIT(CARD_MAX);
	struct json root = { 0 };
	int rc;

	if (json_read_file(&text, path, JSON_OBJECT, e)) {
		buf_release(&text);
		return -1;
	}
	rc = json_parse(&root, text.data, text.len, e) ||
	    key_bind_read(out, &root, e) || key_bind_check(out, key, e) ?
	    err_wrap(e, "%s", path) : 0;
	json_release(&root);
	buf_release(&text);
	return rc;
}

/* Only identity/ can be written, to keep the card in. */
static int
shut_to_keep(struct cli *c, const struct cards *say, struct err *e)
{
	char identity[PATH_MAX];
	const char *const read[] = { c->home, NULL };
	const char *const write[] = { identity, NULL };

	return key_path(identity, c->home, "", e) ||
	    cli_sandbox(c, say->require_sandbox, read,
	    say->keep_not ? NULL : write, e) ? -1 : 0;
}

static int
sign_own(struct cli *c, const struct cards *say, const struct card *old,
    struct own *out, struct err *e)
{
	struct own_wish wish = say->wish;
	struct sign_key key = { 0 };
	struct key_bind bind;
	int rc = -1;

	wish.issued_ms = cli_now(c) / 1000 * 1000;
	if (expiry(say->expires, wish.issued_ms, &wish.expires_ms, e) ||
	    open_key(c, say, &key, e))
		return -1;
	if (say->binding) {
		if (read_binding(say->binding, &key.pub, &bind, e))
			goto out;
		wish.wallet = bind.wallet;
	}
	if (shut_to_keep(c, say, e) || own_make(out, &wish, old, &key, e) ||
	    (!say->keep_not && own_keep(out, c->home, e)))
		goto out;
	rc = 0;
out:
	sign_key_release(&key);
	return rc;
}

/* Is there something new to be said? */
static bool
wished(const struct cards *say)
{
	const struct own_wish *w = &say->wish;

	return say->sign || say->expires || say->binding || w->name ||
	    w->endpoint || w->capabilities || w->class || w->dns;
}

/* The card that is kept, if it will do; else a new one. */
static int
get_own(struct cli *c, const struct cards *say, struct own *out,
    struct err *e)
{
	struct own old = OWN_INIT;
	struct sign_public key;
	bool fresh = false;
	int rc;

	if (key_node_public(c->home, &key, e))
		return -1;
	rc = own_read(&old, c->home, &key, e);
	if (rc && e->code == E_no_card) {
		fresh = true;
		if (own_before(&old, c->home, &key, e))
			own_release(&old);	/* then from nothing */
		*e = (struct err){ 0 };
		rc = 0;
	} else if (rc && say->sign && own_damaged(e)) {
		cli_note(c, "the card that was kept is damaged: what it said "
		    "is left out");
		fresh = true;
		*e = (struct err){ 0 };
		rc = 0;
	} else if (!rc) {
		fresh = wished(say) || old.card.expires_ms <= cli_now(c);
	}
	if (!rc && fresh)
		rc = sign_own(c, say, &old.card, out, e);
	else if (!rc)
		rc = cards_shut_in(c, say, false, e);
	if (rc || fresh)
		own_release(&old);
	else
		*out = old;
	return rc;
}

/* The URI, or the whole card with --full, as text or as a picture. */
static int
put_short(const struct cards *say, const struct own *o, struct err *e)
{
	struct buf text = BUF_INIT(CARD_MAX), out = BUF_INIT(QR_PICTURE_MAX);
	int rc = -1;

	if (say->full ? card_write_ascii(&text, &o->card, e) :
	    own_uri(&text, o, e))
		goto out;
	if (say->full && text.len > CARD_FULL_MAX) {
		err_set(e, E_too_long, "the card has %zu bytes, and phones "
		    "read %d: leave out --full", text.len, CARD_FULL_MAX);
		goto out;
	}
	if (!say->qr) {
		buf_add(&out, text.data, text.len);
		buf_addc(&out, '\n');
	} else if (qr_draw(&out, say->qr, text.data, text.len, e)) {
		goto out;
	}
	rc = cli_put(out.data, out.len, e);
out:
	buf_release(&text);
	buf_release(&out);
	return rc;
}

static int
show_own(struct cli *c, const struct cards *say, struct err *e)
{
	struct buf out = BUF_INIT(CARDS_RECORD);
	struct own mine = OWN_INIT;
	int rc = -1;

	if (get_own(c, say, &mine, e))
		goto out;
	if (say->qr || say->uri || say->full) {
		rc = put_short(say, &mine, e);
		goto out;
	}
	if (say->names || c->table)
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
show_did(struct cli *c, const struct cards *say, struct err *e)
{
	struct sign_public key;
	struct ident id;

	if (cards_shut_in(c, say, false, e) ||
	    key_node_public(c->home, &key, e))
		return -1;
	ident_of(&id, &key);
	return cli_put(id.did, strlen(id.did), e) || cli_put("\n", 1, e) ?
	    -1 : 0;
}

int
cards_show(struct cli *c, const struct cards *say, struct err *e)
{
	if (!c->argc)
		return say->did ? show_did(c, say, e) : show_own(c, say, e);
	if (wished(say) || say->qr || say->uri || say->full || say->did ||
	    say->names)
		return err_set(e, E_usage, "these options are for the card "
		    "of this node: leave out '%.40s'", c->argv[0]);
	return cards_show_peers(c, say, e);
}

/* What an announcement is made of. */
struct announcer {
	const struct card *card;
	const struct sign_key *key;
	int64_t life_ms;
};

static int
announce(struct cli *c, void *arg, struct buf *out, struct err *e)
{
	const struct announcer *a = arg;
	int rc = announce_next_in(c->store, out, a->card,
	    cli_now(c) / 1000 * 1000, a->life_ms, a->key, e);

	buf_addc(out, '\n');
	return rc;
}

int
cards_export(struct cli *c, const struct cards *say, struct err *e)
{
	struct own mine = OWN_INIT;
	struct sign_key key = { 0 };
	struct announcer a = { &mine.card, &key, ANNOUNCE_LIFE_MS };
	const struct lines lines = {
		.act = announce, .arg = &a, .as_they_are = true,
	};
	struct buf request = BUF_INIT(1024);
	int rc = -1;

	if (say->peers)
		return cards_trust(c, say, e);
	if (say->life && clock_span(say->life, &a.life_ms, e))
		return -1;
	if (a.life_ms < 1000 || a.life_ms > ANNOUNCE_LIFE_MS)
		return err_set(e, E_usage, "--life: 1s to 24h");
	json_open(&request, NULL, '{');
	json_int(&request, "life_ms", a.life_ms);
	json_close(&request, '}');
	if (!open_key(c, say, &key, e) && !cli_store(c, e) &&
	    !cards_shut_in(c, say, false, e) &&
	    !own_read(&mine, c->home, &key.pub, e))
		rc = lines_run(c, &request, &lines, e);
	own_release(&mine);
	sign_key_release(&key);
	buf_release(&request);
	return rc;
}
