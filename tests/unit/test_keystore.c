/*
 * Wallets as files: those of ethereum/tests, our own, that of an older node,
 * hostile ones and damaged ones.
 */
#include "tap.h"

#include "cases.h"

#include "crypto/keystore.h"

#define KEY1 "7E5F4552091A69125d5DfCb7b8C2659029395Bdf"

static struct buf text = BUF_INIT(JSON_MAX);
static struct bytes in;

/* The token of node.md 22.5. */
static const char fernet[] =
    "gAAAAABprtfEAAECAwQFBgcICQoLDA0OD5Fvy3QrnjYhdt85kqyd_5Xej-bIBRT1KgQorVyo"
    "IHHNE8GXSSfq5kHfpTDRH911eYatilJmq_dEr3LS3PxDAqafHO-kjsKVvj2sFDTKpN9YnZgx"
    "Sm6WjCeysVQM3wYm0hXwJAO9YvT6TaTYrwZFbCg=";

static void
put(struct secret *out, const char *s)
{
	secret_init(out, strlen(s) + 1);
	out->len = strlen(s);
	memcpy(out->data, s, out->len);
}

/* The address of the key in a file, or the word of the error. */
static const char *
opens(int (*read_file)(struct wallet_key *, const void *, size_t,
    const struct secret *, struct err *), const char *file, size_t n,
    const char *passphrase)
{
	static char out[WALLET_TEXT];
	struct wallet_address a;
	struct secret pass = { 0 };
	struct wallet_key k;
	struct err e;
	int rc;

	if (passphrase)
		put(&pass, passphrase);
	rc = read_file(&k, file, n, passphrase ? &pass : NULL, &e);
	secret_release(&pass);
	if (rc)
		return err_word(e.code);
	wallet_address_of(&a, &k.pub);
	wallet_address_text(out, &a);
	wallet_key_release(&k);
	return out;
}

static const char *
reads(const char *file, const char *passphrase)
{
	return opens(keystore_read, file, strlen(file), passphrase);
}

static void
key1(struct wallet_key *k)
{
	struct secret s;
	struct err e;

	secret_init(&s, WALLET_SECRET);
	s.len = WALLET_SECRET;
	memset(s.data, 0, s.len);
	s.data[WALLET_SECRET - 1] = 1;
	OK(!wallet_key_of(k, &s, &e));
	secret_release(&s);
}

static bool
one_of_ethereum(const struct json *test)
{
	const char *passphrase = case_text(test, "password");
	struct buf file = BUF_INIT(KEYSTORE_MOST);
	struct wallet_key k = { 0 };
	struct secret pass;
	struct json json;
	struct err e;
	bool good;

	(void)!json_get(&json, test, "json", JSON_OBJECT, &e);
	json_copy(&file, NULL, &json);
	case_hex(&in, test, "priv");
	put(&pass, passphrase);
	good = !keystore_read(&k, file.data, file.len, &pass, &e) &&
	    in.n == WALLET_SECRET &&
	    !memcmp(k.secret.data, in.b, WALLET_SECRET);
	wallet_key_release(&k);
	pass.data[0] ^= 1;
	good = good && keystore_read(&k, file.data, file.len, &pass, &e) &&
	    e.code == E_bad_passphrase;
	secret_release(&pass);
	buf_release(&file);
	return good;
}

static void
ethereum(void)
{
	struct json root, test = { 0 };
	int n = 0, all = 0;

	if (case_open(&root, &text, "ethereum/keystore/basic_tests.json")) {
		SKIP(5, "keystores of ethereum/tests");
		return;
	}
	for (; json_next(&test, &root); all++)
		n += one_of_ethereum(&test);
	printf("# keystore: %d of %d opened, and refused with another "
	    "passphrase\n", n, all);
	OK(n == 5 && all == 5);
	json_release(&root);
}

/* The file with one text in it replaced by another: what is said of it. */
static const char *
patched(const char *file, const char *from, const char *to,
    const char *passphrase)
{
	static struct buf b = BUF_INIT(KEYSTORE_MOST);
	const char *at = strstr(file, from);

	OK(at != NULL);
	buf_reset(&b);
	buf_add(&b, file, (size_t)(at - file));
	buf_adds(&b, to);
	buf_adds(&b, at + strlen(from));
	at = reads(b.data, passphrase);
	buf_release(&b);
	return at;
}

static void
hostile(const char *f)
{
	IS(patched(f, "\"n\":1024", "\"n\":1073741824", "x"), "kdf_cost");
	IS(patched(f, "\"n\":1024", "\"n\":1048576", "x"), "kdf_cost");
	IS(patched(f, "\"n\":1024", "\"n\":524288", NULL), "bad_passphrase");
	IS(patched(f, "\"n\":1024", "\"n\":9007199254740992", "x"),
	    "kdf_cost");
	IS(patched(f, "\"n\":1024", "\"n\":1023", "x"), "kdf_cost");
	IS(patched(f, "\"n\":1024", "\"n\":1", "x"), "kdf_cost");
	IS(patched(f, "\"n\":1024", "\"n\":0", "x"), "kdf_cost");
	IS(patched(f, "\"n\":1024", "\"n\":-1024", "x"), "bad_key");
	IS(patched(f, "\"n\":1024", "\"n\":1e3", "x"), "bad_key");
	IS(patched(f, "\"r\":8", "\"r\":1048576", "x"), "kdf_cost");
	IS(patched(f, "\"r\":8", "\"r\":0", "x"), "kdf_cost");
	IS(patched(f, "\"p\":1", "\"p\":1073741823", "x"), "kdf_cost");
	IS(patched(f, "\"p\":1", "\"p\":4096", "x"), "kdf_cost");
	IS(patched(f, "\"kdf\":\"scrypt\"", "\"kdf\":\"pbkdf2\"", "x"),
	    "bad_key");
	IS(patched(f, "\"kdf\":\"scrypt\",\"kdfparams\":{", "\"kdf\":"
	    "\"pbkdf2\",\"kdfparams\":{\"prf\":\"hmac-sha256\","
	    "\"c\":2147483648,", "x"), "kdf_cost");
	IS(patched(f, "\"kdf\":\"scrypt\",\"kdfparams\":{", "\"kdf\":"
	    "\"pbkdf2\",\"kdfparams\":{\"prf\":\"hmac-sha256\","
	    "\"c\":10000000,", NULL), "bad_passphrase");
	IS(patched(f, "\"kdf\":\"scrypt\",\"kdfparams\":{", "\"kdf\":"
	    "\"pbkdf2\",\"kdfparams\":{\"prf\":\"hmac-sha1\","
	    "\"c\":1,", "x"), "bad_key");
}

static void
damaged(const char *f)
{
	size_t n = strlen(f), i, bad = 0;

	for (i = 0; i < n - 1; i++)		/* all but the LF */
		bad += strcmp(opens(keystore_read, f, i, "s3cret"), "bad_key")
		    != 0;
	OK(bad == 0);
	IS(patched(f, "\"version\":3", "\"version\":4", "s3cret"), "bad_key");
	IS(patched(f, "\"dklen\":32", "\"dklen\":16", "s3cret"), "bad_key");
	IS(patched(f, "128-ctr", "128-cbc", "s3cret"), "bad_key");
	IS(patched(f, "\"mac\":\"", "\"mac\":\"00", "s3cret"), "bad_key");
	IS(patched(f, "7e5f", "7e5e", "s3cret"), "bad_key");
	IS(patched(f, "\"address\":\"7e5f", "\"address\":\"0x7e5f",
	    "s3cret"), "0x" KEY1);
	IS(patched(f, "\"address\":\"7e5f", "\"address\":\"7e", "s3cret"),
	    "bad_key");
	IS(patched(f, "\"crypto\"", "\"Crypto\"", "s3cret"), "0x" KEY1);
	IS(reads("[]", "x"), "bad_key");
	IS(reads("", "x"), "bad_key");
}

/* The MAC says nothing of the IV; the address does. */
static void
odd_iv(const char *f)
{
	const char *iv = strstr(f, "\"iv\":\"") + 6;
	char old[33], new[33];

	memcpy(old, iv, 32);
	old[32] = '\0';
	memcpy(new, old, 33);
	new[0] = old[0] == '0' ? '1' : '0';
	IS(patched(f, old, new, "s3cret"), "bad_key");
}

static void
ours(void)
{
	struct buf file = BUF_INIT(KEYSTORE_MOST);
	struct wallet_address a, b;
	struct wallet_key k;
	struct secret pass;
	struct err e;

	key1(&k);
	put(&pass, "s3cret");
	OK(!keystore_write_n(&file, &k, &pass, 1024, &e));
	IS(reads(file.data, "s3cret"), "0x" KEY1);
	IS(reads(file.data, "s3cre"), "bad_passphrase");
	IS(reads(file.data, ""), "bad_passphrase");
	IS(reads(file.data, NULL), "bad_passphrase");
	wallet_address_of(&a, &k.pub);
	OK(!keystore_address(&b, file.data, file.len, &e) &&
	    !memcmp(&a, &b, sizeof(a)));
	hostile(file.data);
	damaged(file.data);
	odd_iv(file.data);
	buf_reset(&file);
	OK(!keystore_write(&file, &k, &pass, &e));
	OK(strstr(file.data, "{\"dklen\":32,\"n\":131072,\"p\":1,\"r\":8,")
	    != NULL);
	IS(reads(file.data, "s3cret"), "0x" KEY1);
	secret_release(&pass);
	wallet_key_release(&k);
	buf_release(&file);
}

static const char *
reads_fernet(const char *file, size_t n, const char *passphrase)
{
	return opens(keystore_read_fernet, file, n, passphrase);
}

static void
older(void)
{
	char copy[sizeof(fernet) + 1];
	size_t n = strlen(fernet), i, bad = 0;
	const char *got;

	IS(reads_fernet(fernet, n, "s3cret"), "0x" KEY1);
	IS(reads_fernet(fernet, n, "s3cre"), "bad_passphrase");
	IS(reads_fernet(fernet, n, NULL), "bad_passphrase");
	snprintf(copy, sizeof(copy), "%s\n", fernet);
	IS(reads_fernet(copy, n + 1, "s3cret"), "0x" KEY1);
	for (i = 0; i < n; i++) {
		got = reads_fernet(fernet, i, "s3cret");
		bad += !strncmp(got, "0x", 2);
		copy[i] = copy[i] == 'A' ? 'B' : 'A';
		got = reads_fernet(copy, n, "s3cret");
		bad += !strncmp(got, "0x", 2);
		copy[i] = fernet[i];
	}
	OK(bad == 0);
	printf("# wallet_key.enc: 1 of 1\n");
}

int
main(void)
{
	ethereum();
	ours();
	older();
	buf_release(&text);
	return DONE();
}
