#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "card/own.h"
#include "card/uri.h"
#include "key/ident.h"
#include "key/identity.h"
#include "key/key.h"
#include "key/statement.h"

static int
take(struct own *out, const char *text, size_t n, struct err *e)
{
	struct buf card = BUF_INIT(CARD_MAX);
	struct json root = { 0 }, member;
	const char *uri = "";
	int rc = -1;

	if (json_parse(&root, text, n, e) ||
	    json_get(&member, &root, "card", JSON_OBJECT, e) ||
	    json_opt_str(&root, "uri", &uri, e))
		goto out;
	json_copy(&card, NULL, &member);
	if (card_read(&out->card, card.data, card.len, e))
		goto out;
	buf_reset(&out->uri);
	buf_adds(&out->uri, uri);
	rc = 0;
out:
	json_release(&root);
	buf_release(&card);
	return rc;
}

/* The card that is kept, whosever key it has. */
static int
read_kept(struct own *out, const char *home, struct err *e)
{
	struct buf text = BUF_INIT(2 * CARD_MAX);
	char path[PATH_MAX];
	int rc = -1;

	if (key_path(path, home, "card.json", e))
		return -1;
	if (access(path, F_OK))
		return err_set(e, E_no_card, "this node has no card yet: "
		    "'bzn-card show' with --name and --endpoint makes one");
	if (file_read(&text, path, e))
		goto out;
	rc = take(out, text.data, text.len, e) ||
	    card_check_key(&out->card, e) ? err_wrap(e, "%s", path) : 0;
out:
	buf_release(&text);
	if (rc)
		card_release(&out->card);
	return rc;
}

/* Not what it was when it was kept. */
bool
own_damaged(const struct err *e)
{
	return e->kind == ERR_NO || e->kind == ERR_INPUT;
}

int
own_read(struct own *out, const char *home, const struct sign_public *key,
    struct err *e)
{
	if (read_kept(out, home, e))
		return own_damaged(e) ? err_wrap(e, "the card that is kept "
		    "is damaged, 'bzn-card show --sign' makes another") : -1;
	if (!memcmp(&out->card.key, key, sizeof(*key)))
		return 0;
	card_release(&out->card);
	return err_set(e, E_no_card, "the card in '%s/identity/card.json' is "
	    "another key's: sign a new one with --sign", home);
}

int
own_before(struct own *out, const char *home, const struct sign_public *key,
    struct err *e)
{
	struct buf chain = BUF_INIT(IDENTITY_CHAIN_MAX);
	struct sign_public now;
	char path[PATH_MAX];
	int links, rc = -1;

	if (read_kept(out, home, e))
		return -1;
	now = out->card.key;
	if (key_path(path, home, IDENTITY_CHAIN, e) ||
	    file_read(&chain, path, e) ||
	    statement_follow(&now, &links, chain.data, chain.len, e))
		goto out;
	rc = memcmp(&now, key, sizeof(now)) ? err_set(e, E_no_card, "no "
	    "rotation leads from the card that is kept to this key") : 0;
out:
	buf_release(&chain);
	if (rc)
		card_release(&out->card);
	return rc;
}

/* What the wish has, or the card before, or neither. */
static const char *
either(const char *wish, const struct card *old, const char *key,
    const char *neither)
{
	struct json found;

	if (wish)
		return wish;
	return old->json.doc && json_find(&found, &old->json, key) ?
	    json_string(&found) : neither;
}

/* Up to one too many, which card_make() refuses; copy is cut up. */
static size_t
list(const char **out, char *copy, const struct card *old)
{
	struct json all, it = { 0 };
	size_t n = 0;

	if (!copy) {
		if (old->json.doc &&
		    json_find(&all, &old->json, "capabilities"))
			while (json_next(&it, &all))
				out[n++] = json_string(&it);
		return n;
	}
	while (copy && *copy && n <= CARD_CAPABILITIES) {
		out[n++] = copy;
		copy = strchr(copy, ',');
		if (copy)
			*copy++ = '\0';
	}
	return n;
}

int
own_make(struct own *out, const struct own_wish *w, const struct card *old,
    const struct sign_key *key, struct err *e)
{
	const char *capability[CARD_CAPABILITIES + 1];
	char *copy = w->capabilities ? mem_text(w->capabilities) : NULL;
	char display[9 + HASH_HEX] = "biz_node_";
	struct err too_long;
	struct card_draft d = {
		.capability = capability,
		.issued_ms = w->issued_ms, .expires_ms = w->expires_ms,
	};
	int rc;

	ident_id(display + 9, &key->pub);
	display[17] = '\0';
	d.n = list(capability, copy, old);
	d.name = either(w->name, old, "name", display);
	d.endpoint = w->endpoint ? w->endpoint :
	    *old->endpoint ? old->endpoint : OWN_ENDPOINT;
	d.class = either(w->class, old, "class", NULL);
	d.dns = either(w->dns, old, "dns", NULL);
	d.wallet = w->wallet;
	if (!memcmp(&old->key, &key->pub, sizeof(key->pub)))
		d.wallet = either(w->wallet, old, "wallet", NULL);
	rc = card_make(&out->card, &d, key, e);
	buf_reset(&out->uri);
	if (!rc && uri_make(&out->uri, &out->card, key, &too_long))
		buf_reset(&out->uri);
	free(copy);
	return rc;
}

int
own_uri(struct buf *out, const struct own *o, struct err *e)
{
	if (!o->uri.len)
		return err_set(e, E_too_long, "the URI would have over %d "
		    "bytes: choose a shorter name with --name", URI_MAX);
	buf_add(out, o->uri.data, o->uri.len);
	return 0;
}

void
own_write_state(struct buf *out, const struct card *c)
{
	char phrase[IDENT_PHRASE];
	struct ident id;

	ident_of(&id, &c->key);
	ident_phrase(phrase, &c->key);
	json_open(out, NULL, '{');
	json_str(out, "node_id", id.node_id);
	json_str(out, "name", c->name);
	json_str(out, "endpoint", c->endpoint);
	json_str(out, "state", "SELF DECLARED");
	json_str(out, "words", phrase);
	json_str(out, "fingerprint", id.fingerprint);
	json_str(out, "did", id.did);
	json_close(out, '}');
}

int
own_keep(const struct own *o, const char *home, struct err *e)
{
	struct buf text = BUF_INIT(2 * CARD_MAX), card = BUF_INIT(CARD_MAX);
	char path[PATH_MAX];
	int rc = -1;

	if (key_path(path, home, "card.json", e) ||
	    card_write(&card, &o->card, e))
		goto out;
	json_open(&text, NULL, '{');
	json_raw(&text, "card", card.data, card.len);
	if (o->uri.len)
		json_str(&text, "uri", o->uri.data);
	json_close(&text, '}');
	buf_addc(&text, '\n');
	rc = file_write(path, text.data, text.len, 0600, e);
out:
	buf_release(&text);
	buf_release(&card);
	return rc;
}

void
own_release(struct own *o)
{
	card_release(&o->card);
	buf_release(&o->uri);
}
