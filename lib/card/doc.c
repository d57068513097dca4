#include <string.h>

#include "card/doc.h"
#include "key/statement.h"

const char *
doc_word(enum doc_kind k)
{
	static const char *const words[] = {
		[DOC_CARD] = "card", [DOC_URI] = "uri",
		[DOC_ROTATION] = "rotation", [DOC_REVOCATION] = "revocation",
	};

	return words[k];
}

static int
read_object(struct doc *d, const char *text, size_t n, struct err *e)
{
	const char *uri;

	if (json_has(&d->json, "signature_old"))
		d->kind = DOC_ROTATION;
	else if (json_has(&d->json, "at") && !json_has(&d->json, "name"))
		d->kind = DOC_REVOCATION;
	else if (json_has(&d->json, "uri") && json_count(&d->json) == 1) {
		d->kind = DOC_URI;
		return json_get_str(&d->json, "uri", &uri, e) ||
		    uri_read(&d->uri, uri, strlen(uri), e) ? -1 : 0;
	} else
		return card_read(&d->card, text, n, e);
	return 0;
}

int
doc_read(struct doc *out, const char *text, size_t n, struct err *e)
{
	struct doc d = { .kind = DOC_CARD };

	if (n >= 4 && !strncmp(text, "bzn:", 4)) {
		d.kind = DOC_URI;
		if (uri_read(&d.uri, text, n, e))
			return -1;
	} else if (n > CARD_MAX) {
		return err_set(e, E_too_long, "a card is at most %d bytes",
		    CARD_MAX);
	} else if (json_parse(&d.json, text, n, e) ||
	    json_want(&d.json, JSON_OBJECT, e) ||
	    read_object(&d, text, n, e)) {
		doc_release(&d);
		return -1;
	}
	*out = d;
	return 0;
}

void
doc_release(struct doc *d)
{
	card_release(&d->card);
	json_release(&d->json);
	*d = (struct doc){ 0 };
}

const char *
doc_node(const struct doc *d)
{
	const char *id = NULL;
	struct err ignored;

	switch (d->kind) {
	case DOC_CARD:
		return d->card.node_id;
	case DOC_URI:
		return d->uri.node_id;
	case DOC_ROTATION:
	case DOC_REVOCATION:
		if (json_opt_str(&d->json, d->kind == DOC_ROTATION ?
		    "old_node_id" : "node_id", &id, &ignored))
			id = NULL;
	}
	return id;
}

static int
check_statement(const struct doc *d, struct store *s, struct err *e)
{
	const char *id = doc_node(d);
	struct sign_public new;
	struct peer p = { 0 };
	int got = s && id ? peer_get(s, id, &p, e) : 0;

	if (got > 0)
		got = d->kind == DOC_ROTATION ?
		    statement_rotate_check(&d->json, &p.key, &new, e) :
		    statement_revoke_check(&d->json, &p.key, e);
	else if (!got)
		got = err_set(e, E_node_missing, "the key of %.16s... is not "
		    "known here", id ? id : "nobody");
	peer_release(&p);
	return got;
}

int
doc_check(const struct doc *d, struct store *s, int64_t at_ms, struct err *e)
{
	switch (d->kind) {
	case DOC_CARD:
		return card_check(&d->card, at_ms, e);
	case DOC_URI:
		return uri_check(&d->uri, e);
	case DOC_ROTATION:
	case DOC_REVOCATION:
		break;
	}
	return check_statement(d, s, e);
}

int
doc_in(struct store *s, const struct doc *d, int64_t now_ms,
    struct peer *out, enum peer_news *news, struct err *e)
{
	switch (d->kind) {
	case DOC_CARD:
		return card_check(&d->card, now_ms, e) ||
		    peer_card_in(s, &d->card, now_ms, out, news, e) ? -1 : 0;
	case DOC_URI:
		return uri_check(&d->uri, e) ||
		    peer_uri_in(s, &d->uri, now_ms, out, news, e) ? -1 : 0;
	case DOC_ROTATION:
		return peer_rotation_in(s, &d->json, now_ms, out, news, e);
	case DOC_REVOCATION:
		break;
	}
	return peer_revocation_in(s, &d->json, now_ms, out, news, e);
}

int
doc_judge(const struct doc *d, struct store *s, int64_t at_ms,
    const char **state, struct err *e)
{
	const char *id = doc_node(d);
	struct peer p = { 0 };
	int got;

	*state = NULL;
	if (doc_check(d, s, at_ms, e))
		return -1;
	got = s && id ? peer_get(s, id, &p, e) : 0;
	*state = got > 0 ? peer_state_word(p.state) : "unknown";
	if (got > 0 && p.state == PEER_REVOKED && p.revoked_ms <= at_ms)
		got = err_set(e, E_revoked, "the key was revoked%s%s",
		    *p.reason ? ": " : "", p.reason);
	peer_release(&p);
	return got < 0 ? -1 : 0;
}

void
doc_write_verdict(struct buf *out, const struct doc *d, const char *state,
    const struct err *why)
{
	const char *id = d ? doc_node(d) : NULL;
	const char *name = NULL;

	if (d && !why->kind && d->kind == DOC_CARD)
		name = d->card.name;
	if (d && !why->kind && d->kind == DOC_URI)
		name = d->uri.name;
	json_open(out, NULL, '{');
	json_bool(out, "ok", !why->kind);
	json_int(out, "status", (int64_t)why->kind);
	json_str(out, "code", err_word(why->code));
	if (d)
		json_str(out, "kind", doc_word(d->kind));
	json_str_if(out, "node_id", id);
	json_str_if(out, "name", name);
	json_str_if(out, "state", state);
}
