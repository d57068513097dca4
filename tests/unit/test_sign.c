/* Ed25519 against RFC 8032, its JWK thumbprint, and Wycheproof. */
#include "tap.h"

#include "cases.h"
#include "seed.h"

#include "crypto/pem.h"

static struct buf text = BUF_INIT(JSON_MAX);
static struct bytes in, message, wanted;

/* s + L, which verifies where S is not looked at (RFC 8032, 5.1.7). */
static void
add_order(uint8_t s[32])
{
	static const uint8_t order[32] = {
		0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c,
		0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, [31] = 0x10,
	};
	unsigned carry = 0;
	size_t i;

	for (i = 0; i < 32; i++) {
		carry += (unsigned)s[i] + order[i];
		s[i] = (uint8_t)(carry & 0xff);
		carry >>= 8;
	}
}

/* Good as it is, and with each bit of it flipped no more. */
static bool
is_good(const struct sign_sig *good, const struct sign_public *k)
{
	struct sign_sig s = *good;
	size_t i;

	if (!sign_check(&s, k, message.b, message.n))
		return false;
	for (i = 0; i < SIGN_BYTES * 8; i++) {
		s.b[i / 8] ^= (uint8_t)(1 << i % 8);
		if (sign_check(&s, k, message.b, message.n))
			return false;
		s.b[i / 8] ^= (uint8_t)(1 << i % 8);
	}
	add_order(s.b + 32);
	return !sign_check(&s, k, message.b, message.n);
}

static bool
one_of_rfc(const struct json *test)
{
	struct secret pem = { 0 };
	struct sign_key k, again = { 0 };
	struct sign_sig s;
	struct err e;
	bool good;

	seed_key(&k, case_text(test, "seed"));
	case_hex(&wanted, test, "public_key");
	good = !memcmp(k.pub.b, wanted.b, SIGN_PUBLIC);
	case_hex(&message, test, "message");
	case_hex(&wanted, test, "signature");
	sign_make(&s, &k, message.b, message.n);
	good = good && !memcmp(s.b, wanted.b, SIGN_BYTES) &&
	    is_good(&s, &k.pub);
	good = good && !pem_write(&pem, &k, NULL, &e) &&
	    !pem_read(&again, &pem, NULL, &e) &&
	    !memcmp(&again.pub, &k.pub, sizeof(k.pub));
	secret_release(&pem);
	sign_key_release(&again);
	sign_key_release(&k);
	return good;
}

static void
rfc8032(void)
{
	struct json root, list, test = { 0 };
	int n = 0, all = 0;
	struct err e;

	if (case_open(&root, &text, "rfc8032/ed25519.json")) {
		SKIP(5, "signatures of RFC 8032");
		return;
	}
	OK(!json_get(&list, &root, "tests", JSON_ARRAY, &e));
	for (; json_next(&test, &list); all++)
		n += one_of_rfc(&test);
	printf("# rfc8032: %d of %d\n", n, all);
	OK(n == 5 && all == 5);
	json_release(&root);
}

static bool
ed25519(const struct json *group, const struct json *test, bool valid)
{
	struct sign_public pub;
	struct sign_sig s;
	struct json key;
	struct err e;

	(void)!json_get(&key, group, "publicKey", JSON_OBJECT, &e);
	case_hex(&in, &key, "pk");
	memcpy(pub.b, in.b, SIGN_PUBLIC);
	case_hex(&message, test, "msg");
	case_hex(&in, test, "sig");
	if (in.n != SIGN_BYTES)		/* cannot even be asked */
		return !valid;
	memcpy(s.b, in.b, SIGN_BYTES);
	return sign_check(&s, &pub, message.b, message.n) == valid;
}

static void
wycheproof_ed25519(void)
{
	int n, wrong;

	n = wycheproof("wycheproof/ed25519_test.json", ed25519, &wrong);
	if (n < 0) {
		SKIP(151, "Ed25519 of Wycheproof");
		return;
	}
	printf("# ed25519: %d of %d\n", n - wrong, n);
	OK(n == 151 && wrong == 0);
}

int
main(void)
{
	rfc8032();
	wycheproof_ed25519();
	buf_release(&text);
	return DONE();
}
