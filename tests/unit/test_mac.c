/* HMAC-SHA256 against Wycheproof; keyed BLAKE2b against Python's. */
#include "tap.h"

#include "cases.h"

#include "crypto/mac.h"

static struct bytes key, message, tag;

static bool
hmac(const struct json *group, const struct json *test, bool valid)
{
	int64_t bits = 0;
	struct mac m;
	struct err e;

	(void)!json_get_int(group, "tagSize", &bits, &e);
	case_hex(&key, test, "key");
	case_hex(&message, test, "msg");
	case_hex(&tag, test, "tag");
	mac_hmac(&m, key.b, key.n, message.b, message.n);
	return valid == (tag.n == (size_t)bits / 8 && tag.n <= MAC_BYTES &&
	    mac_same(m.b, tag.b, tag.n));
}

static void
wycheproof_hmac(void)
{
	int n, wrong;

	n = wycheproof("wycheproof/hmac_sha256_test.json", hmac, &wrong);
	if (n < 0) {
		SKIP(174, "HMAC-SHA256 of Wycheproof");
		return;
	}
	printf("# hmac-sha256: %d of %d\n", n - wrong, n);
	OK(n == 174 && wrong == 0);
}

static const char *
hex(const struct mac *m)
{
	static char out[ENC_HEX(MAC_BYTES)];

	enc_hex(out, m->b, MAC_BYTES);
	return out;
}

static void
numbers(void)
{
	struct secret k;
	struct mac m;
	size_t i;

	/* RFC 4231, 4.3; the webhook of node.md 22.5. */
	mac_hmac(&m, "Jefe", 4, "what do ya want for nothing?", 28);
	IS(hex(&m), "5bdcc146bf60754e6a042426089575c7"
	    "5a003f089d2739839dec58b964ec3843");
	mac_hmac(&m, "whsec_test", 10, "1773066180.{\"id\":\"evt_1\",\"type\":"
	    "\"checkout.session.completed\"}", 61);
	IS(hex(&m), "8dc32160e4b12b4388677cf4d489d5fd"
	    "1ec7ae810c6b557a43e5ec5e7983abbb");
	OK(mac_same("abc", "abd", 2) && !mac_same("abc", "abd", 3));

	secret_init(&k, MAC_KEY);
	for (i = 0; i < MAC_KEY; i++)
		k.data[k.len++] = (unsigned char)i;
	mac_blake(&m, &k, "bn_key", 6);
	IS(hex(&m), "06d9e6079782c13121c68181b22f6c37"
	    "867afe351444179fffce471b2d19bf0a");
	k.len = 32;
	mac_blake(&m, &k, "", 0);
	IS(hex(&m), "4e51e7a913fc80137da52880fecca175"
	    "bf81e117d5c68126dc2774033517ea0d");
	secret_release(&k);
}

int
main(void)
{
	numbers();
	wycheproof_hmac();
	return DONE();
}
