/*
 * Peers: trust on first use, and that no key ever takes another's place but
 * by a rotation that both have signed.
 */
#include "tap.h"

#include "home.h"

#include "base/enc.h"
#include "card/announce.h"
#include "card/diff.h"
#include "card/doc.h"
#include "card/own.h"
#include "key/ident.h"
#include "key/statement.h"

#define NOW HOME_MS
#define HOUR INT64_C(3600000)

static struct sign_key key[4];
static struct store *store;
static struct err e;

static void
make_keys(void)
{
	struct secret seed;
	int i;

	for (i = 0; i < 4; i++) {
		secret_init(&seed, SIGN_SEED);
		seed.len = SIGN_SEED;
		memset(seed.data, i + 1, SIGN_SEED);
		sign_key_of(&key[i], &seed);
		secret_release(&seed);
	}
}

static void
draw(struct card *out, int k, const char *name, const char *endpoint,
    int64_t issued_ms)
{
	const struct card_draft d = {
		.name = name, .endpoint = endpoint, .issued_ms = issued_ms,
		.expires_ms = issued_ms + 24 * HOUR,
	};

	OK(!card_make(out, &d, &key[k], &e));
}

static void
begin(void)
{
	OK(!store_begin(store, &e));
}

static void
commit(void)
{
	OK(!store_commit(store, &e));
}

/* Take a document in: E_ok, and *p and *news, or why not. */
static enum err_code
take(const char *text, int64_t now_ms, struct peer *p, enum peer_news *news)
{
	struct doc d = { 0 };
	int rc;

	e = (struct err){ 0 };
	*p = (struct peer){ 0 };
	rc = doc_read(&d, text, strlen(text), &e);
	begin();
	if (!rc)
		rc = doc_in(store, &d, now_ms, p, news, &e);
	if (rc)
		store_rollback(store);
	else
		commit();
	doc_release(&d);
	return rc ? e.code : E_ok;
}

static enum err_code
card(int k, const char *name, const char *endpoint, int64_t issued_ms,
    struct peer *p, enum peer_news *news)
{
	struct buf text = BUF_INIT(CARD_MAX);
	enum err_code code;
	struct card c;

	draw(&c, k, name, endpoint, issued_ms);
	OK(!card_write(&text, &c, &e));
	code = take(text.data, NOW + HOUR, p, news);
	card_release(&c);
	buf_release(&text);
	return code;
}

static void
first_use(void)
{
	enum peer_news news;
	struct peer p;

	OK(card(0, "acme", "https://a.example", NOW, &p, &news) == E_ok);
	OK(news == PEER_NEW && p.state == PEER_PENDING && p.made_ms);
	peer_release(&p);
	OK(card(0, "acme", "https://a.example", NOW, &p, &news) == E_ok);
	OK(news == PEER_SAME);
	peer_release(&p);
	/* Another key under its name, or its endpoint. */
	OK(card(1, "acme", "https://b.example", NOW, &p, &news) ==
	    E_key_changed);
	OK(card(1, "bert", "https://a.example", NOW, &p, &news) ==
	    E_key_changed);
	OK(card(1, "bert", "http://localhost:8000", NOW, &p, &news) == E_ok);
	OK(news == PEER_NEW);
	peer_release(&p);
	OK(card(2, "carl", "http://localhost:8000", NOW, &p, &news) == E_ok);
	peer_release(&p);
	/* Its own key may say something new, but not something old. */
	OK(card(0, "acme2", "https://a2.example", NOW + HOUR, &p, &news) ==
	    E_ok);
	OK(news == PEER_CHANGED && !strcmp(p.name, "acme2"));
	peer_release(&p);
	OK(card(0, "acme", "https://a.example", NOW, &p, &news) == E_ok);
	OK(news == PEER_SAME && !strcmp(p.name, "acme2"));
	peer_release(&p);
	/* Nor what another one has. */
	OK(card(0, "bert", "https://a2.example", NOW + HOUR, &p, &news) ==
	    E_key_changed);
	OK(card(0, "acme", "https://a.example", NOW + 3 * HOUR, &p, &news) ==
	    E_not_yet_valid);
	OK(card(0, "acme", "https://a.example", NOW - 25 * HOUR, &p, &news) ==
	    E_expired);
}

static void
found(void)
{
	char id[HASH_HEX], prefix[HASH_HEX];
	struct peer p = { 0 };
	enum peer_news news;
	int n = 0;

	ident_id(id, &key[0].pub);
	OK(!peer_find(store, id, &p, &e) && !strcmp(p.name, "acme2"));
	peer_release(&p);
	snprintf(prefix, sizeof(prefix), "biz_node_%.6s", id);
	OK(!peer_find(store, prefix, &p, &e) && !strcmp(p.name, "acme2"));
	peer_release(&p);
	OK(!peer_find(store, "bert", &p, &e) && !strcmp(p.name, "bert"));
	peer_release(&p);
	OK(peer_find(store, "nobody", &p, &e) && e.code == E_node_missing);
	snprintf(prefix, sizeof(prefix), "%.3s", id);
	OK(peer_find(store, prefix, &p, &e) && e.code == E_node_missing);
	/* Whoever is called as another's id begins hides nobody. */
	snprintf(prefix, sizeof(prefix), "%.8s", id);
	OK(card(3, prefix, "https://d.example", NOW, &p, &news) == E_ok);
	peer_release(&p);
	OK(peer_find(store, prefix, &p, &e) && e.code == E_ambiguous);
	p = (struct peer){ 0 };
	while (peer_next(store, &p, &e) > 0)
		n++;
	OK(n == 4);
}

static void
pins(void)
{
	enum peer_news news;
	struct peer p = { 0 };
	char id[HASH_HEX];

	ident_id(id, &key[0].pub);
	begin();
	OK(!peer_pin_in(store, id, NOW, &p, &news, &e));
	OK(news == PEER_CHANGED && p.state == PEER_PINNED && p.pinned_ms);
	peer_release(&p);
	OK(!peer_pin_in(store, id, NOW, &p, &news, &e) && news == PEER_SAME);
	peer_release(&p);
	OK(peer_revoke_in(store, id, "a\nb", NOW, &p, &news, &e) &&
	    e.code == E_usage);
	ident_id(id, &key[3].pub);
	OK(!peer_revoke_in(store, id, "key lost", NOW, &p, &news, &e));
	OK(p.state == PEER_REVOKED && !strcmp(p.reason, "key lost"));
	peer_release(&p);
	OK(!peer_revoke_in(store, id, "again", NOW, &p, &news, &e));
	OK(news == PEER_SAME && !strcmp(p.reason, "key lost"));
	peer_release(&p);
	OK(peer_pin_in(store, id, NOW, &p, &news, &e) &&
	    e.code == E_revoked);
	commit();
	OK(card(3, "dora", "https://d.example", NOW + 1, &p, &news) ==
	    E_revoked);
}

static void
rotations(void)
{
	struct buf text = BUF_INIT(STATEMENT_MAX), line = BUF_INIT(4096);
	enum peer_news news;
	struct peer p, old = { 0 };
	char id[HASH_HEX], old_id[HASH_HEX];
	struct sign_key fresh;

	sign_key_new(&fresh);
	ident_id(id, &fresh.pub);
	ident_id(old_id, &key[0].pub);
	OK(!statement_rotate(&text, &key[0], &fresh, NOW, "yearly", &e));
	OK(take(text.data, NOW - HOUR, &p, &news) == E_not_yet_valid);
	OK(take(text.data, NOW, &p, &news) == E_ok);
	OK(news == PEER_CHANGED && !strcmp(p.node_id, id) &&
	    p.state == PEER_PINNED && !strcmp(p.name, "acme2") && !p.card);
	peer_release(&p);
	OK(peer_get(store, old_id, &old, &e) == 1);
	OK(!strcmp(old.moved_to, id) && old.state == PEER_PINNED &&
	    old.proof);
	peer_trust(&line, &old);
	OK(strstr(line.data, "a2.example valid-before=\"2026-12-20\" node:") !=
	    NULL);
	peer_release(&old);
	OK(take(text.data, NOW, &p, &news) == E_ok && news == PEER_SAME);
	peer_release(&p);
	OK(card(0, "acme3", "https://a3.example", NOW + HOUR, &p, &news) ==
	    E_ok && news == PEER_SAME);		/* its time is over */
	peer_release(&p);
	begin();
	OK(peer_pin_in(store, old_id, NOW, &p, &news, &e) &&
	    e.code == E_wrong_state);
	store_rollback(store);
	/* Nobody moves twice, back, or another's key. */
	buf_reset(&text);
	OK(!statement_rotate(&text, &key[0], &key[1], NOW, "", &e));
	OK(take(text.data, NOW, &p, &news) == E_key_changed);
	buf_reset(&text);
	OK(!statement_rotate(&text, &fresh, &key[0], NOW, "", &e));
	OK(take(text.data, NOW, &p, &news) == E_key_changed);
	buf_reset(&text);
	OK(!statement_rotate(&text, &key[1], &key[3], NOW, "", &e));
	OK(take(text.data, NOW, &p, &news) == E_revoked);
	memcpy(strstr(text.data, "2026-11-20"), "2026-11-19", 10);
	OK(take(text.data, NOW, &p, &news) == E_bad_signature);
	buf_reset(&text);
	sign_key_release(&fresh);
	sign_key_new(&fresh);
	OK(!statement_rotate(&text, &fresh, &key[1], NOW, "", &e));
	OK(take(text.data, NOW, &p, &news) == E_node_missing);
	sign_key_release(&fresh);
	buf_release(&text);
	buf_release(&line);
}

static void
revocations(void)
{
	struct buf text = BUF_INIT(STATEMENT_MAX), line = BUF_INIT(4096);
	enum peer_news news;
	struct peer p;

	OK(!statement_revoke(&text, &key[2], NOW, "stolen", &e));
	OK(take(text.data, NOW, &p, &news) == E_ok);
	OK(news == PEER_CHANGED && p.state == PEER_REVOKED &&
	    p.revoked_ms == NOW && p.proof);
	OK(strlen(p.node_id) == 64);
	peer_trust(&line, &p);
	OK(!strncmp(line.data + 64, " revoked=\"2026-11-20,stolen\" node:",
	    34));
	peer_release(&p);
	OK(take(text.data, NOW, &p, &news) == E_ok && news == PEER_SAME);
	peer_release(&p);
	/* The operator was first: the statement is kept beside his word. */
	buf_reset(&text);
	OK(!statement_revoke(&text, &key[3], NOW, "mine", &e));
	OK(take(text.data, NOW, &p, &news) == E_ok);
	OK(news == PEER_CHANGED && !strcmp(p.reason, "key lost") && p.proof);
	peer_release(&p);
	/* Of another key. */
	buf_reset(&text);
	OK(!statement_revoke(&text, &key[1], NOW, "x", &e));
	memcpy(strstr(text.data, "\"reason\":\"x"), "\"reason\":\"y", 11);
	OK(take(text.data, NOW, &p, &news) == E_bad_signature);
	buf_release(&text);
	buf_release(&line);
}

static void
uris(void)
{
	struct buf text = BUF_INIT(URI_MAX), object = BUF_INIT(1024);
	enum peer_news news;
	struct sign_key fresh;
	struct card c;
	struct peer p;
	const struct card_draft d = {
		.name = "emil", .endpoint = "https://e.example",
		.issued_ms = NOW, .expires_ms = INT64_MAX,
	};

	sign_key_new(&fresh);
	OK(!card_make(&c, &d, &fresh, &e));
	OK(!uri_make(&text, &c, &fresh, &e));
	OK(take(text.data, NOW, &p, &news) == E_ok && news == PEER_NEW);
	OK(p.state == PEER_PENDING && !p.card);
	peer_release(&p);
	json_open(&object, NULL, '{');
	json_str(&object, "uri", text.data);
	json_close(&object, '}');
	OK(take(object.data, NOW, &p, &news) == E_ok && news == PEER_SAME);
	peer_release(&p);
	buf_reset(&object);
	OK(!card_write(&object, &c, &e));
	OK(take(object.data, NOW, &p, &news) == E_ok &&
	    news == PEER_CHANGED && p.card);
	peer_release(&p);
	OK(take(text.data, NOW, &p, &news) == E_ok && news == PEER_SAME &&
	    p.card);
	peer_release(&p);
	card_release(&c);
	sign_key_release(&fresh);
	buf_release(&text);
	buf_release(&object);
}

static int
add(void *all, struct buf *record, struct err *ignored)
{
	(void)ignored;
	buf_add(all, record->data, record->len);
	return 0;
}

static void
differences(void)
{
	struct buf all = BUF_INIT(CARD_MAX);
	struct card a, b;

	draw(&a, 0, "acme", "https://a.example", NOW);
	draw(&b, 0, "acme", "https://b.example", NOW);
	OK(diff_cards(&a, &a, add, &all, &e) == 0 && !all.len);
	OK(diff_cards(&a, &b, add, &all, &e) == 1);
	IS(all.data, "{\"member\":\"endpoint\",\"old\":\"https://a.example\","
	    "\"new\":\"https://b.example\"}");
	card_release(&b);
	buf_reset(&all);
	draw(&b, 1, "acme", "https://a.example", NOW);
	OK(diff_cards(&a, &b, add, &all, &e) == 2);
	OK(strstr(all.data, "\"old_words\":\"") &&
	    strstr(all.data, "\"new_words\":\""));
	card_release(&a);
	card_release(&b);
	buf_release(&all);
}

static void
announced(void)
{
	struct buf text = BUF_INIT(CARD_MAX);
	struct json root;
	struct card c;
	int64_t seq;

	draw(&c, 0, "acme", "https://a.example", NOW);
	OK(!announce_make(&text, &c, 7, NOW, HOUR, &key[0], &e));
	OK(!json_parse(&root, text.data, text.len, &e));
	OK(!domain_check(DOMAIN_announce, &root, "signature", &key[0].pub,
	    &e));
	OK(!json_get_int(&root, "seq", &seq, &e) && seq == 7);
	OK(!json_has(&root, "name"));
	json_release(&root);
	card_release(&c);
	buf_release(&text);
}

static void
kept(void)
{
	struct own_wish wish = {
		.name = "me", .endpoint = "https://me.example",
		.capabilities = "a,b", .class = "edge",
		.issued_ms = NOW, .expires_ms = INT64_MAX,
	};
	const struct card none = { 0 };
	struct own mine = OWN_INIT, again = OWN_INIT;
	struct buf all = BUF_INIT(CARD_MAX);

	(void)mkdir("home-peer/identity", 0700);
	(void)unlink("home-peer/identity/card.json");
	OK(own_read(&again, "home-peer", &key[0].pub, &e) &&
	    e.code == E_no_card);
	OK(!own_make(&mine, &wish, &none, &key[0], &e));
	OK(!own_keep(&mine, "home-peer", &e));
	OK(!own_read(&again, "home-peer", &key[0].pub, &e));
	IS(again.uri.data, mine.uri.data);
	IS(again.card.name, "me");
	/* A wish says what changes. */
	wish = (struct own_wish){
		.dns = "me.1bz", .issued_ms = NOW, .expires_ms = INT64_MAX,
	};
	own_release(&mine);
	mine = (struct own)OWN_INIT;
	OK(!own_make(&mine, &wish, &again.card, &key[0], &e));
	OK(diff_cards(&again.card, &mine.card, add, &all, &e) == 1);
	IS(all.data, "{\"member\":\"dns\",\"new\":\"me.1bz\"}");
	own_release(&again);
	own_release(&mine);
	mine = (struct own)OWN_INIT;
	wish.capabilities = "a,,b";
	OK(own_make(&mine, &wish, &none, &key[0], &e) &&
	    e.code == E_bad_json);
	wish.capabilities = "";
	OK(!own_make(&mine, &wish, &none, &key[0], &e));
	IS(mine.card.endpoint, OWN_ENDPOINT);
	OK(!strncmp(mine.card.name, "biz_node_", 9) &&
	    strlen(mine.card.name) == 17);
	buf_release(&all);
	again = (struct own)OWN_INIT;
	OK(own_read(&again, "home-peer", &key[1].pub, &e) &&
	    e.code == E_no_card);
	own_release(&again);
	own_release(&mine);
}

int
main(void)
{
	int i;

	make_keys();
	store = home_new("home-peer");
	first_use();
	found();
	pins();
	rotations();
	revocations();
	uris();
	differences();
	announced();
	kept();
	store_close(store);
	for (i = 0; i < 4; i++)
		sign_key_release(&key[i]);
	return DONE();
}
