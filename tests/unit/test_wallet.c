/*
 * Keys of wallets against the numbers of node.md 22, EIP-55, EIP-191,
 * Ethereum's own vectors and Wycheproof's for secp256k1.
 */
#include "tap.h"

#include "cases.h"

#include "crypto/keccak.h"
#include "crypto/wallet.h"

static struct buf text = BUF_INIT(JSON_MAX);
static struct bytes in, other;

/* The order n of the group, and half of it. */
static const uint8_t order[] = {
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe,
	0xba, 0xae, 0xdc, 0xe6, 0xaf, 0x48, 0xa0, 0x3b,
	0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36, 0x41, 0x41,
};
static const uint8_t half[] = {
	0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0x5d, 0x57, 0x6e, 0x73, 0x57, 0xa4, 0x50, 0x1d,
	0xdf, 0xe9, 0x2f, 0x46, 0x68, 0x1b, 0x20, 0xa0,
};

/* n - s, which is the s of the other signature. */
static void
flip(uint8_t s[32])
{
	int i, d, borrow = 0;

	for (i = 31; i >= 0; i--) {
		d = order[i] - s[i] - borrow;
		borrow = d < 0;
		s[i] = (uint8_t)(d & 0xff);
	}
}

static int
key_of(struct wallet_key *out, const void *bytes, size_t n)
{
	struct secret s;
	struct err e;
	int rc;

	secret_init(&s, n + 1);
	if (n)
		memcpy(s.data, bytes, n);
	s.len = n;
	rc = wallet_key_of(out, &s, &e);
	if (rc)
		rc = e.code == E_bad_key ? -1 : -2;
	secret_release(&s);
	return rc;
}

/* The key of a small number. */
static void
key_number(struct wallet_key *out, uint8_t number)
{
	uint8_t b[WALLET_SECRET] = { 0 };

	b[WALLET_SECRET - 1] = number;
	OK(key_of(out, b, sizeof(b)) == 0);
}

static const char *
address(const struct wallet_public *k)
{
	static char out[WALLET_TEXT];
	struct wallet_address a;

	wallet_address_of(&a, k);
	wallet_address_text(out, &a);
	return out;
}

static void
keys(void)
{
	struct wallet_key k, again;
	uint8_t b[WALLET_SECRET + 1] = { 0 };

	key_number(&k, 1);
	IS(address(&k.pub), "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf");
	wallet_key_release(&k);
	key_number(&k, 2);
	IS(address(&k.pub), "0x2B5AD5c4795c026514f8317c7a215E218DcCD6cF");
	wallet_key_release(&k);
	wallet_key_release(&k);

	OK(key_of(&k, b, WALLET_SECRET) == -1);		/* 0 */
	OK(key_of(&k, order, WALLET_SECRET) == -1);
	b[31] = b[32] = 1;
	OK(key_of(&k, b, 0) == -1);
	OK(key_of(&k, b, WALLET_SECRET - 1) == -1);
	OK(key_of(&k, b, WALLET_SECRET + 1) == -1);
	memcpy(b, order, WALLET_SECRET);
	b[31]--;
	OK(key_of(&k, b, WALLET_SECRET) == 0);
	wallet_key_release(&k);

	wallet_key_new(&k);
	wallet_key_new(&again);
	OK(memcmp(&k.pub, &again.pub, sizeof(k.pub)) != 0);
	wallet_key_release(&again);
	OK(key_of(&again, k.secret.data, k.secret.len) == 0);
	OK(memcmp(&k.pub, &again.pub, sizeof(k.pub)) == 0);
	wallet_key_release(&again);
	wallet_key_release(&k);
}

/* The binding of node.md 22.2, signed by key 1. */
static void
binding(void)
{
	static const char said[] = "bzn-bind-v1\n"
	    "7f2d9ed0b71b8e5a6c5cf30e647d6e20b5bca6dac8071f11abe3fef8014db610"
	    "\n0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf\n";
	struct wallet_key k;
	struct wallet_sig s;
	struct hash h;
	char hex[ENC_HEX(WALLET_SIG)];

	key_number(&k, 1);
	wallet_message(&h, said, strlen(said));
	wallet_sign(&s, &k, &h);
	enc_hex(hex, s.b, sizeof(s.b));
	IS(hex, "657e8222e2546c71408c0d92c9e42fec1b8f1aeaffb3084b250280840e40"
	    "3b3b772ec06f43a61376d0b433f5946a9285e75afe50795409dbcb04a1ed3ee0"
	    "b8741b");
	wallet_key_release(&k);
}

static enum err_code
recovers(const struct wallet_sig *s, const struct hash *h,
    struct wallet_public *out)
{
	struct err e = { 0 };

	return wallet_recover(out, s, h, &e) ? e.code : E_ok;
}

/* What is refused, and what is another's. */
static void
refusals(void)
{
	struct wallet_sig good, s;
	struct wallet_public pub;
	struct wallet_key k;
	struct wallet_rs rs;
	struct hash h;
	int i, wrong = 0;

	wallet_key_new(&k);
	hash_of(&h, "text", 4);
	wallet_sign(&good, &k, &h);
	memcpy(rs.b, good.b, WALLET_RS);
	OK(recovers(&good, &h, &pub) == E_ok);
	OK(!memcmp(&pub, &k.pub, sizeof(pub)) &&
	    wallet_check(&rs, &k.pub, &h));
	for (i = 0; i < 256; i++) {
		s = good;
		s.b[WALLET_RS] = (uint8_t)i;
		if (i != 27 && i != 28)
			wrong += recovers(&s, &h, &pub) != E_bad_signature;
	}
	OK(wrong == 0);
	s = good;
	s.b[WALLET_RS] ^= 27 ^ 28;
	OK(recovers(&s, &h, &pub) != E_ok ||
	    memcmp(&pub, &k.pub, sizeof(pub)));
	flip(s.b + 32);				/* valid, but for its high s */
	OK(recovers(&s, &h, &pub) == E_bad_signature);
	flip(rs.b + 32);
	OK(!wallet_check(&rs, &k.pub, &h));
	memset(s.b, 0, WALLET_RS);
	OK(recovers(&s, &h, &pub) == E_bad_signature);
	s = good;
	memcpy(s.b, order, 32);
	OK(recovers(&s, &h, &pub) == E_bad_signature);
	memcpy(rs.b, good.b, WALLET_RS);
	memset(&pub, 0, sizeof(pub));
	OK(!wallet_check(&rs, &pub, &h));	/* no point of the curve */
	for (wrong = i = 0; i < 64 * 8; i++) {
		memcpy(rs.b, good.b, WALLET_RS);
		rs.b[i / 8] ^= (uint8_t)(1 << i % 8);
		wrong += wallet_check(&rs, &k.pub, &h);
	}
	OK(wrong == 0);
	wallet_key_release(&k);
}

/* Accepted, and then the text that was meant. */
static bool
reads(const char *typed, const char *meant)
{
	struct wallet_address a;
	char out[WALLET_TEXT];
	struct err e;

	if (wallet_address_read(&a, typed, &e))
		return !meant && e.code == E_bad_address;
	wallet_address_text(out, &a);
	return meant && !strcmp(out, meant);
}

static void
eip55(void)
{
	struct json root, list, one = { 0 };
	struct err e;
	int good = 0, bad = 0, bare = 0;

	OK(reads("0x7E5F4552091A69125D5DFCB7B8C2659029395BDF",
	    "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf"));
	OK(reads("0X7E5F4552091A69125d5DfCb7b8C2659029395Bdf", NULL));
	OK(reads("7E5F4552091A69125d5DfCb7b8C2659029395Bdf", NULL));
	if (case_open(&root, &text, "eip/eip55.json")) {
		SKIP(27, "addresses of EIP-55");
		return;
	}
	OK(!json_get(&list, &root, "valid", JSON_ARRAY, &e));
	while (json_next(&one, &list))
		good += reads(json_string(&one), json_string(&one));
	OK(!json_get(&list, &root, "invalid", JSON_ARRAY, &e));
	while (json_next(&one, &list))
		bad += reads(case_text(&one, "input"), NULL);
	OK(!json_get(&list, &root, "no_checksum", JSON_ARRAY, &e));
	while (json_next(&one, &list))
		bare += reads(case_text(&one, "input"),
		    case_text(&one, "checksummed"));
	printf("# eip55: %d of 8 accepted, %d of 11 refused, %d of 8 without "
	    "a checksum accepted\n", good, bad, bare);
	OK(good == 8 && bad == 11 && bare == 8);
	json_release(&root);
}

static void
eip191(void)
{
	struct json root, list, one = { 0 };
	const char *message;
	struct wallet_public pub;
	struct wallet_sig s;
	struct wallet_key k;
	struct hash h;
	struct err e;
	int n = 0;

	wallet_message(&h, "hello", 5);
	OK(h.b[0] == 0x50 && h.b[1] == 0xb2 && h.b[31] == 0x50);
	if (case_open(&root, &text, "eip/eip191.json")) {
		SKIP(8, "messages of EIP-191");
		return;
	}
	case_hex(&in, &root, "private_key");
	OK(key_of(&k, in.b, in.n) == 0);
	IS(address(&k.pub), case_text(&root, "address"));
	OK(!json_get(&list, &root, "tests", JSON_ARRAY, &e));
	while (json_next(&one, &list)) {
		message = case_text(&one, "message");
		wallet_message(&h, message, strlen(message));
		wallet_sign(&s, &k, &h);
		case_hex(&in, &one, "digest");
		case_hex(&other, &one, "signature");
		n += !memcmp(h.b, in.b, HASH_BYTES) && other.n == WALLET_SIG &&
		    !memcmp(s.b, other.b, WALLET_SIG) &&
		    recovers(&s, &h, &pub) == E_ok &&
		    !memcmp(&pub, &k.pub, sizeof(pub));
	}
	printf("# eip191: %d of 8\n", n);
	OK(n == 8);
	wallet_key_release(&k);
	json_release(&root);
}

static void
ethereum(void)
{
	struct json root, one = { 0 };
	struct wallet_key k;
	struct hash h;
	int n = 0;

	if (case_open(&root, &text, "ethereum/basic/keyaddrtest.json")) {
		SKIP(2, "addresses of ethereum/tests");
		return;
	}
	while (json_next(&one, &root)) {
		case_hex(&in, &one, "key");
		case_hex(&other, &one, "addr");
		keccak(&h, case_text(&one, "seed"),
		    strlen(case_text(&one, "seed")));
		OK(!memcmp(h.b, in.b, in.n) && !key_of(&k, in.b, in.n));
		keccak(&h, k.pub.b, WALLET_PUBLIC);
		n += !memcmp(h.b + 12, other.b, WALLET_ADDRESS);
		wallet_key_release(&k);
	}
	printf("# ethereum addresses: %d of 2\n", n);
	OK(n == 2);
	json_release(&root);
}

static int high;

/* A valid one with a high s is refused by us, and right when it is flipped. */
static bool
secp256k1(const struct json *group, const struct json *test, bool valid)
{
	struct wallet_public pub;
	struct wallet_rs rs;
	struct json key;
	struct hash h;
	struct err e;
	bool ours;

	(void)!json_get(&key, group, "publicKey", JSON_OBJECT, &e);
	case_hex(&in, &key, "uncompressed");
	memcpy(pub.b, in.b + 1, WALLET_PUBLIC);
	case_hex(&in, test, "msg");
	hash_of(&h, in.b, in.n);
	case_hex(&in, test, "sig");
	if (!wallet_rs_read(&rs, in.b, in.n))
		return !valid;
	ours = wallet_check(&rs, &pub, &h);
	if (memcmp(rs.b + 32, half, 32) > 0 &&
	    memcmp(rs.b + 32, order, 32) < 0) {
		flip(rs.b + 32);
		if (ours)
			return false;
		ours = wallet_check(&rs, &pub, &h);
		high += ours;
	}
	return ours == valid;
}

static void
wycheproof_secp256k1(void)
{
	int wrong, n;

	n = wycheproof("wycheproof/ecdsa_secp256k1_sha256_test.json",
	    secp256k1, &wrong);
	if (n < 0) {
		SKIP(476, "secp256k1 of Wycheproof");
		return;
	}
	printf("# secp256k1: %d of %d; %d of the valid have a high s and are "
	    "refused as they are\n", n - wrong, n, high);
	OK(n == 476 && wrong == 0 && high > 0);
}

int
main(void)
{
	keys();
	binding();
	refusals();
	eip55();
	eip191();
	ethereum();
	wycheproof_secp256k1();
	buf_release(&text);
	return DONE();
}
