/*
 * What a key says of itself and of a wallet: the binding of spec/node.md 22.2,
 * statements that replace and revoke a key, chains of them, and public keys
 * as other tools write them.
 */
#include <stdlib.h>

#include "tap.h"

#include "seed.h"

#include "key/bind.h"
#include "key/form.h"
#include "key/ident.h"
#include "key/statement.h"

#define MARCH_9 1773066180000

static void
wallet_1(struct wallet_key *out)
{
	struct secret one;
	struct err e = { 0 };

	secret_init(&one, WALLET_SECRET);
	memset(one.data, 0, WALLET_SECRET);
	one.data[WALLET_SECRET - 1] = 1;
	one.len = WALLET_SECRET;
	OK(!wallet_key_of(out, &one, &e));
	secret_release(&one);
}

/* What was written, read again. */
static int
again(struct key_bind *out, const char *text, size_t n, struct err *e)
{
	struct json in = { 0 };
	int rc = json_parse(&in, text, n, e) || key_bind_read(out, &in, e) ?
	    -1 : 0;

	json_release(&in);
	return rc;
}

static void
binding(void)
{
	static const char want[] = "{\"v\":1,\"node_id\":\"" A_ID "\","
	    "\"wallet\":\"0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf\","
	    "\"signature_node\":\"WZEZNJQd2CjlnBxD9K9Xh5m4EKIxQ++KOa7K8ugauaU0"
	    "5WYGOauEzaNXKE7bExPmU6FWuTV9Oq/g6hFmA4OvDA==\","
	    "\"signature_wallet\":\"0x657e8222e2546c71408c0d92c9e42fec1b8f1aea"
	    "ffb3084b250280840e403b3b772ec06f43a61376d0b433f5946a9285e75afe507"
	    "95409dbcb04a1ed3ee0b8741b\"}";
	struct buf out = BUF_INIT(4096);
	struct key_bind b, c;
	struct sign_key node, other;
	struct wallet_key wallet;
	struct err e = { 0 };

	seed_key(&node, SEED_A);
	seed_key(&other, SEED_B);
	wallet_1(&wallet);
	key_bind_make(&b, &node, &wallet);
	key_bind_write(&out, &b);
	IS(out.data, want);
	OK(!again(&c, out.data, out.len, &e) && !memcmp(&b, &c, sizeof(b)));
	OK(!key_bind_check(&c, &node.pub, &e));
	OK(key_bind_check(&c, &other.pub, &e) && e.code == E_id_mismatch);
	c.node_sig.b[5] ^= 1;
	OK(key_bind_check(&c, &node.pub, &e) && e.code == E_bad_signature);
	c = b;
	c.wallet_sig.b[40] ^= 1;
	OK(key_bind_check(&c, &node.pub, &e) && e.code == E_bad_signature);
	c = b;
	memcpy(c.wallet, "0x2B5AD5c4795c026514f8317c7a215E218DcCD6cF",
	    WALLET_TEXT);
	OK(key_bind_check(&c, &node.pub, &e) && e.code == E_bad_signature);
	out.data[4] = 'x';
	OK(again(&c, out.data, out.len, &e) && e.code == E_bad_json);
	buf_release(&out);
	wallet_key_release(&wallet);
	sign_key_release(&other);
	sign_key_release(&node);
}

/* Every character of a statement changed: none is believed. */
static void
flipped(struct buf *text, const struct sign_public *key, bool rotate)
{
	struct sign_public new;
	struct json s = { 0 };
	struct err e = { 0 };
	size_t i, good = 0;

	for (i = 0; i < text->len; i++) {
		text->data[i] ^= 1;
		if (!json_parse(&s, text->data, text->len, &e))
			good += !(rotate ?
			    statement_rotate_check(&s, key, &new, &e) :
			    statement_revoke_check(&s, key, &e));
		json_release(&s);
		text->data[i] ^= 1;
	}
	OK(!good);
}

static void
revocation(void)
{
	struct buf text = BUF_INIT(STATEMENT_MAX);
	struct sign_key a, b;
	struct json s = { 0 };
	struct err e = { 0 };
	char reason[STATEMENT_REASON + 2];

	seed_key(&a, SEED_A);
	seed_key(&b, SEED_B);
	OK(!statement_revoke(&text, &a, MARCH_9, "key lost", &e));
	OK(!strncmp(text.data, "{\"v\":1,\"node_id\":\"" A_ID "\",\"at\":\""
	    "2026-03-09T14:23:00.000Z\",\"reason\":\"key lost\","
	    "\"signature\":\"", 145));
	OK(!json_parse(&s, text.data, text.len, &e));
	OK(!statement_revoke_check(&s, &a.pub, &e));
	OK(statement_revoke_check(&s, &b.pub, &e) && e.code == E_id_mismatch);
	json_release(&s);
	flipped(&text, &a.pub, false);
	buf_reset(&text);
	OK(statement_rotate(&text, &a, &a, MARCH_9, "", &e) &&
	    e.code == E_usage && !text.len);
	memset(reason, 'x', sizeof(reason));
	reason[sizeof(reason) - 1] = '\0';
	OK(statement_revoke(&text, &a, 0, reason, &e) &&
	    e.code == E_too_long);
	buf_release(&text);
	sign_key_release(&b);
	sign_key_release(&a);
}

/* A chain of n rotations into text; *first and *last are its ends. */
static void
chain(struct buf *text, int n, struct sign_public *first,
    struct sign_public *last)
{
	struct buf one = BUF_INIT(STATEMENT_MAX);
	struct sign_key old, new;
	struct err e = { 0 };
	int i, bad = 0;

	sign_key_new(&old);
	*first = old.pub;
	for (i = 0; i < n; i++) {
		sign_key_new(&new);
		bad += statement_rotate(&one, &old, &new, i, "yearly", &e) != 0;
		buf_addf(text, "%s\n", one.data);
		buf_reset(&one);
		sign_key_release(&old);
		old = new;
	}
	*last = old.pub;
	OK(!bad);
	sign_key_release(&old);
	buf_release(&one);
}

static bool
same(const struct sign_public *a, const struct sign_public *b)
{
	return !memcmp(a, b, sizeof(*a));
}

static void
chains(void)
{
	struct buf text = BUF_INIT(1 << 20);
	struct sign_public first, last, key;
	struct err e = { 0 };
	char *line;
	int links;

	chain(&text, 1, &first, &last);
	buf_cut(&text, text.len - 1);
	flipped(&text, &first, true);
	buf_reset(&text);
	chain(&text, STATEMENT_LINKS, &first, &last);
	key = first;
	OK(!statement_follow(&key, &links, text.data, text.len, &e));
	OK(links == STATEMENT_LINKS && same(&key, &last));
	key = last;
	OK(!statement_follow(&key, &links, text.data, text.len, &e));
	OK(!links && same(&key, &last));
	/* A link left out, and two exchanged. */
	line = strchr(text.data, '\n') + 1;
	key = first;
	OK(!statement_follow(&key, &links, line,
	    text.len - (size_t)(line - text.data), &e) && !links);
	memset(line, ' ', strcspn(line, "\n"));
	OK(statement_follow(&key, &links, text.data, text.len, &e) &&
	    e.code == E_bad_json && same(&key, &first));
	memset(line, '\n', strcspn(line, "\n"));
	OK(statement_follow(&key, &links, text.data, text.len, &e) &&
	    e.code == E_id_mismatch);
	buf_reset(&text);
	chain(&text, STATEMENT_LINKS + 1, &first, &last);
	key = first;
	OK(statement_follow(&key, &links, text.data, text.len, &e) &&
	    e.code == E_too_long && same(&key, &first));
	buf_release(&text);
}

/* Written and read again; then cut short, and with another line end. */
static void
round_trip(enum form f, const struct sign_public *key)
{
	struct buf text = BUF_INIT(1024);
	struct sign_public got = { { 0 } };
	struct err e = { 0 };
	enum form named;
	size_t n, good = 0, most;

	OK(form_named(form_word(f), &named) && named == f);
	form_write(&text, f, key);
	OK(!form_read(&got, text.data, text.len, &e) && same(&got, key));
	most = f == FORM_SSH ? strlen("ssh-ed25519 ") + 68 : text.len - 1;
	for (n = 0; n < most; n++)
		good += !form_read(&got, text.data, n, &e);
	text.data[text.len - 1] = '\r';
	buf_addc(&text, '\n');
	good += f != FORM_SSH && !form_read(&got, text.data, text.len, &e);
	OK(!good);
	buf_release(&text);
}

static void
forms(void)
{
	static const char ssh[] = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINdamAGC"
	    "sQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea node:7f2d9ed0b71b8e5a\n";
	struct buf text = BUF_INIT(1024);
	struct sign_public got;
	struct sign_key a;
	struct err e = { 0 };
	enum form f;
	char print[FORM_PRINT];

	seed_key(&a, SEED_A);
	for (f = 0; f < FORM__COUNT; f++)
		round_trip(f, &a.pub);
	OK(!form_named("x509", &f));
	form_write(&text, FORM_SSH, &a.pub);
	IS(text.data, ssh);
	form_print(print, &a.pub);
	OK(strlen(print) == 50);
	OK(form_read(&got, "x", 1, &e) && e.code == E_bad_key);
	OK(form_read(&got, "", 0, &e) && e.code == E_bad_key);
	OK(form_read(&got, "-----BEGIN PUBLIC KEY-----\r\n", 28, &e) &&
	    e.code == E_bad_pem);
	buf_release(&text);
	sign_key_release(&a);
}

int
main(void)
{
	binding();
	revocation();
	chains();
	forms();
	return DONE();
}
