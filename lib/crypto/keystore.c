#include <assert.h>
#include <string.h>

#include <openssl/evp.h>
#include <sodium.h>

#include "base/enc.h"
#include "base/json.h"
#include "crypto/cipher.h"
#include "crypto/kdf.h"
#include "crypto/keccak.h"
#include "crypto/keystore.h"
#include "crypto/mac.h"

#define DERIVED 32		/* the key of the cipher, and that of the MAC */
#define KEY 16
#define IV 16
#define SALT 32			/* as written */
#define SALT_MOST 64

/* A file but for its JSON. */
struct file {
	struct kdf kdf;			/* its salt is the one below */
	uint8_t salt[SALT_MOST], iv[IV], text[WALLET_SECRET];
	struct hash mac;
	struct wallet_address address;
	bool addressed;
};

/* Exactly n bytes in hex. */
static int
get_hex(const struct json *o, const char *key, void *out, size_t n,
    struct err *e)
{
	const char *hex;

	if (json_get_str(o, key, &hex, e))
		return -1;
	if (!enc_unhex(out, hex, n))
		return json_fail(o, key, E_bad_key, "is not hexadecimal, or "
		    "of another length", e);
	return 0;
}

static int
want_text(const struct json *o, const char *key, const char *want,
    struct err *e)
{
	const char *text;

	if (json_get_str(o, key, &text, e))
		return -1;
	return strcmp(text, want) ? json_fail(o, key, E_bad_key,
	    "is not known here", e) : 0;
}

static int
get_number(const struct json *o, const char *key, uint64_t *out,
    struct err *e)
{
	int64_t n;

	if (json_get_int(o, key, &n, e))
		return -1;
	if (n < 0)
		return json_fail(o, key, E_bad_key, "is negative", e);
	*out = (uint64_t)n;
	return 0;
}

static int
get_salt(struct file *f, const struct json *params, struct err *e)
{
	const char *hex;

	if (json_get_str(params, "salt", &hex, e))
		return -1;
	f->kdf.nsalt = strlen(hex) / 2;
	if (f->kdf.nsalt > SALT_MOST ||
	    !enc_unhex(f->salt, hex, f->kdf.nsalt))
		return json_fail(params, "salt", E_bad_key, "is not at most "
		    "64 bytes in hexadecimal", e);
	return 0;
}

static int
get_kdf(struct file *f, const struct json *crypto, struct err *e)
{
	struct kdf *k = &f->kdf;
	struct json params;
	uint64_t length = 0;
	const char *kdf;

	if (json_get_str(crypto, "kdf", &kdf, e) ||
	    json_get(&params, crypto, "kdfparams", JSON_OBJECT, e) ||
	    get_number(&params, "dklen", &length, e) ||
	    get_salt(f, &params, e))
		return -1;
	if (length != DERIVED)
		return json_fail(&params, "dklen", E_bad_key, "is not 32", e);
	if (!strcmp(kdf, "scrypt")) {
		k->kind = KDF_SCRYPT;
		return get_number(&params, "n", &k->n, e) ||
		    get_number(&params, "r", &k->r, e) ||
		    get_number(&params, "p", &k->p, e) ? -1 : 0;
	}
	k->kind = KDF_PBKDF2;
	k->hash = KDF_SHA256;
	return want_text(crypto, "kdf", "pbkdf2", e) ||
	    want_text(&params, "prf", "hmac-sha256", e) ||
	    get_number(&params, "c", &k->rounds, e) ? -1 : 0;
}

/* Forty digits, which some write with 0x. */
static int
get_address(struct file *f, const struct json *root, struct err *e)
{
	const char *hex = NULL;

	if (json_opt_str(root, "address", &hex, e))
		return -1;
	f->addressed = hex != NULL;
	if (!hex)
		return 0;
	hex += !strncmp(hex, "0x", 2) ? 2 : 0;
	if (!enc_unhex(f->address.b, hex, WALLET_ADDRESS))
		return json_fail(root, "address", E_bad_key, "is not an "
		    "address", e);
	return 0;
}

static int
get_file(struct file *f, const struct json *root, struct err *e)
{
	struct json crypto, cipher;
	uint64_t version = 0;

	if (get_number(root, "version", &version, e))
		return -1;
	if (version != 3)
		return json_fail(root, "version", E_bad_key, "is not 3", e);
	/* Older wallets write it with a capital. */
	if (json_get(&crypto, root, json_has(root, "Crypto") ? "Crypto" :
	    "crypto", JSON_OBJECT, e) ||
	    want_text(&crypto, "cipher", "aes-128-ctr", e) ||
	    json_get(&cipher, &crypto, "cipherparams", JSON_OBJECT, e) ||
	    get_hex(&cipher, "iv", f->iv, IV, e) ||
	    get_hex(&crypto, "ciphertext", f->text, sizeof(f->text), e) ||
	    get_hex(&crypto, "mac", f->mac.b, HASH_BYTES, e) ||
	    get_kdf(f, &crypto, e) || get_address(f, root, e))
		return -1;
	return 0;
}

/* Whatever JSON has to say, it is a bad key. */
static int
parse(struct file *f, const void *text, size_t n, struct err *e)
{
	struct json root = { 0 };
	struct err why;
	int rc;

	*f = (struct file){ 0 };
	if (n > KEYSTORE_MOST)
		return err_set(e, E_bad_key, "too long for a wallet");
	rc = json_parse(&root, text, n, &why) ||
	    json_want(&root, JSON_OBJECT, &why) ||
	    get_file(f, &root, &why) ? -1 : 0;
	json_release(&root);
	if (rc)
		return err_set(e, E_bad_key, "not a wallet: %s", why.msg);
	f->kdf.salt = f->salt;
	return 0;
}

static void
make_mac(struct hash *out, const struct secret *derived,
    const uint8_t text[WALLET_SECRET])
{
	struct secret both;

	secret_init(&both, KEY + WALLET_SECRET);
	memcpy(both.data, derived->data + KEY, KEY);
	memcpy(both.data + KEY, text, WALLET_SECRET);
	keccak(out, both.data, both.cap);
	secret_release(&both);
}

/* A stream: the same both ways. */
static void
crypt_key(uint8_t out[WALLET_SECRET], const struct secret *derived,
    const uint8_t iv[IV], const uint8_t in[WALLET_SECRET])
{
	struct secret text;
	bool good;

	secret_init(&text, WALLET_SECRET + CIPHER_BLOCK);
	good = cipher_run(text.data, &text.len, EVP_aes_128_ctr(), true,
	    derived->data, iv, in, WALLET_SECRET);
	assert(good && text.len == WALLET_SECRET);
	memcpy(out, text.data, WALLET_SECRET);
	secret_release(&text);
}

/* The key that the MAC has vouched for, if it is that of the address. */
static int
open_key(struct wallet_key *out, const struct file *f,
    const struct secret *derived, struct err *e)
{
	struct wallet_address a;
	struct wallet_key k;
	struct secret plain;
	int rc;

	secret_init(&plain, WALLET_SECRET);
	crypt_key(plain.data, derived, f->iv, f->text);
	plain.len = WALLET_SECRET;
	rc = wallet_key_of(&k, &plain, e);
	secret_release(&plain);
	if (rc)
		return -1;
	wallet_address_of(&a, &k.pub);
	if (f->addressed && memcmp(&a, &f->address, sizeof(a))) {
		wallet_key_release(&k);
		return err_set(e, E_bad_key, "the wallet is damaged: its key "
		    "has another address");
	}
	*out = k;
	return 0;
}

int
keystore_read(struct wallet_key *out, const void *text, size_t n,
    const struct secret *pass, struct err *e)
{
	struct secret derived;
	struct file f;
	struct hash mac;
	int rc;

	if (parse(&f, text, n, e) || kdf_check(&f.kdf, KEYSTORE_MEMORY, e))
		return -1;
	if (!pass)
		return err_set(e, E_bad_passphrase, "the wallet is locked "
		    "with a passphrase");
	if (kdf_derive(&derived, DERIVED, &f.kdf, pass, e))
		return -1;
	make_mac(&mac, &derived, f.text);
	if (mac_same(mac.b, f.mac.b, HASH_BYTES))
		rc = open_key(out, &f, &derived, e);
	else
		rc = err_set(e, E_bad_passphrase, "the passphrase is wrong");
	secret_release(&derived);
	return rc;
}

int
keystore_address(struct wallet_address *out, const void *text, size_t n,
    struct err *e)
{
	struct file f;

	if (parse(&f, text, n, e))
		return -1;
	if (!f.addressed)
		return err_set(e, E_bad_key, "the wallet names no address");
	*out = f.address;
	return 0;
}

static void
put_hex(struct buf *out, const char *key, const void *bytes, size_t n)
{
	char hex[ENC_HEX(SALT_MOST)];

	assert(n <= SALT_MOST);
	enc_hex(hex, bytes, n);
	json_str(out, key, hex);
}

/* RFC 9562, 5.4: what the format wants beside the address. */
static void
put_id(struct buf *out)
{
	static const size_t cuts[] = { 0, 4, 6, 8, 10, 16 };
	struct buf text = BUF_INIT(36);
	char hex[ENC_HEX(6)];
	uint8_t b[16];
	size_t i;

	randombytes_buf(b, sizeof(b));
	b[6] = (uint8_t)((b[6] & 0x0f) | 0x40);
	b[8] = (uint8_t)((b[8] & 0x3f) | 0x80);
	for (i = 0; i < 5; i++) {
		enc_hex(hex, b + cuts[i], cuts[i + 1] - cuts[i]);
		buf_addf(&text, "%s%s", i ? "-" : "", hex);
	}
	json_str(out, "id", text.data);
	buf_release(&text);
}

static void
put_file(struct buf *out, const struct file *f)
{
	json_open(out, NULL, '{');
	put_hex(out, "address", f->address.b, WALLET_ADDRESS);
	json_open(out, "crypto", '{');
	json_str(out, "cipher", "aes-128-ctr");
	json_open(out, "cipherparams", '{');
	put_hex(out, "iv", f->iv, IV);
	json_close(out, '}');
	put_hex(out, "ciphertext", f->text, sizeof(f->text));
	json_str(out, "kdf", "scrypt");
	json_open(out, "kdfparams", '{');
	json_int(out, "dklen", DERIVED);
	json_int(out, "n", (int64_t)f->kdf.n);
	json_int(out, "p", (int64_t)f->kdf.p);
	json_int(out, "r", (int64_t)f->kdf.r);
	put_hex(out, "salt", f->salt, SALT);
	json_close(out, '}');
	put_hex(out, "mac", f->mac.b, HASH_BYTES);
	json_close(out, '}');
	put_id(out);
	json_int(out, "version", 3);
	json_close(out, '}');
	buf_addc(out, '\n');
}

int
keystore_write_n(struct buf *out, const struct wallet_key *k,
    const struct secret *pass, uint64_t n, struct err *e)
{
	struct file f = { .kdf = { .kind = KDF_SCRYPT, .nsalt = SALT,
	    .n = n, .r = 8, .p = 1 } };
	struct secret derived;

	assert(pass->len);
	f.kdf.salt = f.salt;
	randombytes_buf(f.salt, SALT);
	randombytes_buf(f.iv, IV);
	wallet_address_of(&f.address, &k->pub);
	if (kdf_derive(&derived, DERIVED, &f.kdf, pass, e))
		return -1;
	crypt_key(f.text, &derived, f.iv, k->secret.data);
	make_mac(&f.mac, &derived, f.text);
	secret_release(&derived);
	put_file(out, &f);
	return 0;
}

int
keystore_write(struct buf *out, const struct wallet_key *k,
    const struct secret *pass, struct err *e)
{
	return keystore_write_n(out, k, pass, KEYSTORE_N, e);
}
