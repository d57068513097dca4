/*
 * What is accepted once, in a store that is opened again; the request for
 * verification of spec/node.md 22.2; webhooks W1 and W2 of protocols.md 6.
 */
#include "tap.h"

#include "home.h"
#include "seed.h"
#include "sig/ask.h"
#include "sig/hook.h"
#include "sig/nonce.h"

#define NOW HOME_MS
#define UNTIL (HOME_MS + 300000)

static enum err_code
take(struct store *s, const char *key, const char *nonce, int64_t until_ms,
    int64_t now_ms)
{
	struct err e = { 0 };

	if (store_begin(s, &e))
		home_die("store_begin", &e);
	if (!nonce_take_in(s, key, nonce, until_ms, now_ms, &e) &&
	    store_commit(s, &e))
		home_die("store_commit", &e);
	store_rollback(s);
	return e.code;
}

static void
once(void)
{
	struct store *s = home_new("home-nonce");
	struct err e = { 0 };
	int64_t kept;

	OK(take(s, "a", "one", UNTIL, NOW) == E_ok);
	OK(take(s, "a", "one", UNTIL, NOW) == E_replayed);
	OK(take(s, "b", "one", UNTIL, NOW) == E_ok);
	OK(take(s, "a", "two", UNTIL, NOW) == E_ok);
	store_close(s);
	s = home_open("home-nonce", STORE_WRITE);
	OK(take(s, "a", "one", UNTIL, NOW) == E_replayed);
	OK(take(s, "a", "one", UNTIL, UNTIL) == E_replayed);
	OK(!store_number(s, "sig_nonces", &kept, &e) && kept == 3);
	OK(take(s, "a", "one", UNTIL + 9, UNTIL + 1) == E_ok);
	OK(!store_number(s, "sig_nonces", &kept, &e) && kept == 1);
	OK(!store_begin(s, &e));
	OK(!store_keep_number_in(s, "sig_nonces", NONCE_MOST, &e));
	OK(!store_commit(s, &e));
	OK(take(s, "a", "three", UNTIL, UNTIL) == E_nonces_full);
	OK(take(s, "a", "three", UNTIL + 99, UNTIL + 10) == E_ok);
	store_close(s);
}

static void
asking(void)
{
	static const char want[] = "{\"node_id\":\"" A_ID "\",\"timestamp\":"
	    "1773066180,\"signature\":\"IECz0kyKRFd+AIBeeYSqwKM/iuHP4e5zUkpH2C"
	    "QWnAXmCyb90hreSdizHFWGcasRMGr8uhfP7+CuneRJc1XsCg==\"}";
	struct buf text = BUF_INIT(4096);
	struct sign_key key;
	struct err e = { 0 };
	struct json root;
	struct ask a, b;

	seed_key(&key, SEED_A);
	ask_make(&a, &key, 1773066180);
	ask_write(&text, &a);
	IS(text.data, want);
	OK(!json_parse(&root, want, strlen(want), &e));
	OK(!ask_read(&b, &root, &e));
	OK(!ask_check(&b, &key.pub, INT64_C(1773066180000), &e));
	OK(!ask_check(&b, &key.pub, INT64_C(1773066480000), &e));
	OK(ask_check(&b, &key.pub, INT64_C(1773066481000), &e) &&
	    e.code == E_stale);
	OK(ask_check(&b, &key.pub, INT64_C(1773065879000), &e) &&
	    e.code == E_stale);
	b.timestamp++;
	OK(ask_check(&b, &key.pub, INT64_C(1773066180000), &e) &&
	    e.code == E_bad_signature);
	json_release(&root);
	sign_key_release(&key);
	buf_release(&text);
}

static void
hook(const char *secret, int64_t at, const char *body, const char *want)
{
	struct secret key;
	struct err e = { 0 };
	char hex[HOOK_HEX];

	secret_init(&key, 100);
	key.len = strlen(secret);
	memcpy(key.data, secret, key.len);
	hook_make(hex, &key, at, body, strlen(body));
	IS(hex, want);
	OK(!hook_check(hex, &key, at, body, strlen(body), &e));
	OK(hook_check(hex, &key, at + 1, body, strlen(body), &e) &&
	    e.code == E_bad_signature);
	OK(hook_check(hex, &key, at, body, strlen(body) - 1, &e) &&
	    e.code == E_bad_signature);
	hex[0] = hex[0] == 'A' ? 'B' : 'A';
	OK(hook_check(hex, &key, at, body, strlen(body), &e) &&
	    e.code == E_bad_sig);
	OK(hook_check("", &key, at, body, strlen(body), &e) &&
	    e.code == E_bad_sig);
	key.len--;
	hook_make(hex, &key, at, body, strlen(body));
	OK(strcmp(hex, want));
	secret_release(&key);
}

/* The vectors W3 and W4, and secrets that are none. */
static void
standard(const char *secret, const char *seed, const char *id, int64_t at,
    const char *body, const char *want)
{
	struct hook_signer h = { 0 };
	struct buf out = BUF_INIT(1024);
	struct secret text;
	struct err e = { 0 };

	secret_init(&text, 100);
	text.len = strlen(secret);
	memcpy(text.data, secret, text.len);
	OK(hook_signer_take(&h, &text, &e) == (want ? 0 : -1));
	OK(want || e.code == E_unfit_secret);
	if (seed) {
		secret_init(&text, SIGN_SEED);
		text.len = SIGN_SEED;
		OK(enc_unhex(text.data, seed, SIGN_SEED));
		sign_key_of(&h.key, &text);
		secret_release(&text);
	}
	if (want) {
		hook_standard(&out, &h, id, at, body, strlen(body));
		IS(out.data, want);
	}
	hook_signer_release(&h);
	buf_release(&out);
}

static void
standards(void)
{
	standard("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", NULL,
	    "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330,
	    "{\"test\": 2432232314}",
	    "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
	standard("whsec_00112233445566778899aabbccddeeff"
	    "00112233445566778899aabbccddeeff",
	    "9f8362f87a484a954e6e740c5b4c0e84"
	    "229139a20aa8ab56ff66586f6a7d29c5",
	    "evt_000102030405060708090a0b", 1773792000,
	    "{\"id\":\"evt_000102030405060708090a0b\",\"type\":"
	    "\"task.created\",\"created_at\":\"2026-03-18T00:00:00Z\","
	    "\"data\":{}}",
	    "v1,GG5jajHgTVrI1n08rQyf2G57RV4zmxxr5Nao20BeQxA= "
	    "v1a,qeZLiBc0jn9eKzVE18ExZmb/rYTPlsRYFAgc+yHiXB+c5ShDruj7De"
	    "S8WCax4t7tHRn8FVU8tohE0m8g8hglCw==");
	standard("", NULL, "", 0, "", NULL);
	standard("whsec_", NULL, "", 0, "", NULL);
	standard("whsec_testsecret", NULL, "", 0, "", NULL);
	standard("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", NULL, "", 0, "", NULL);
	standard("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS!", NULL, "", 0, "",
	    NULL);
}

int
main(void)
{
	once();
	standards();
	asking();
	hook("whsec_testsecret", 1700000000, "{\"event\": \"task.created\"}",
	    "8520f32930f220380858434850d85411"
	    "2378df1473536084dd4c9e27a2480b39");
	hook("whsec_00112233445566778899aabbccddeeff"
	    "00112233445566778899aabbccddeeff", 1773792000,
	    "{\"id\":\"evt_000102030405060708090a0b\",\"type\":\"task.created\""
	    ",\"created_at\":\"2026-03-18T00:00:00Z\",\"data\":{}}",
	    "259e7cf5826cf8b8d9e4a7c939b25b17"
	    "4e78552628d1c671b58e75bc5c0c0005");
	return DONE();
}
