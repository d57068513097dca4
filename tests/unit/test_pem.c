/*
 * Keys as files: those of other tools, our own, hostile ones and damaged
 * ones.  The key is that of RFC 8032, test 1; the passphrase is s3cret.
 */
#include "tap.h"

#include "seed.h"

#include <stdlib.h>

#include "base/enc.h"
#include "crypto/pem.h"

#define LOCKED "ENCRYPTED PRIVATE KEY"
#define KEY "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"

static const struct {
	const char *what, *pem;
	uint64_t rounds;
	bool weak;
} files[] = {
	{ "OpenSSL, 2048 rounds",
	    "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
	    "MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAh4/Uv6usLG3AICCAAw\n"
	    "DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEIf64MAlcVxTDyINtjXUBfIEQAaq\n"
	    "JD8sXHQavmdR/apJrYOLzINRlm5xWGQIRESnP2eSxKYFShk100T75Q9NfOiZIHST\n"
	    "9hbTl98XEDTiHIq4oPw=\n"
	    "-----END ENCRYPTED PRIVATE KEY-----\n", 2048, true },
	{ "Python, BestAvailableEncryption",
	    "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
	    "MIGjMF8GCSqGSIb3DQEFDTBSMDEGCSqGSIb3DQEFDDAkBBCAKuxlmVyBgBPkHBhq\n"
	    "aXnKAgIIADAMBggqhkiG9w0CCQUAMB0GCWCGSAFlAwQBKgQQYpPEUHWovlb9kDZC\n"
	    "BXQ8uQRAFFEnYKbLOy4m3Ifv5r6FqPLEURujvOHU+B/vUqLA+UqccQu0158BSKMo\n"
	    "8OqDc0h4zXhrBr4yJq/cmRdJ7goTRw==\n"
	    "-----END ENCRYPTED PRIVATE KEY-----\n", 2048, true },
	{ "scrypt, 16384 8 1",
	    "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
	    "MIGTME8GCSqGSIb3DQEFDTBCMCEGCSsGAQQB2kcECzAUBAji5SjaH9YuVgICQAAC\n"
	    "AQgCAQEwHQYJYIZIAWUDBAEqBBDnAiomgKMTNHGO05cPEZfxBEAESfpKX4f+xy3l\n"
	    "1VBN41vEtkJnH9E2nMmR/4pmkHue1H8P6VWLEQ+L6pJmt93GTqUqQr1XmyY8if91\n"
	    "xeiOdIeb\n"
	    "-----END ENCRYPTED PRIVATE KEY-----\n", 0, false },
	{ "one round, HMAC-SHA1",
	    "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
	    "MIGMMEgGCSqGSIb3DQEFDTA7MBoGCSqGSIb3DQEFDDANBAj1nXGnTM+x6QIBATAd\n"
	    "BglghkgBZQMEAQIEEGThpWtDtrr9/bUBHXxdimUEQJY5Mth0lsfWfvh8zbcF7fKN\n"
	    "qPIswQxdfis84SbwellKzJT6mR+1GNPzTt5iAUVzuwR6cTQlSYtUEHi++2x2ju4=\n"
	    "-----END ENCRYPTED PRIVATE KEY-----\n", 1, true },
	{ "3DES, HMAC-SHA512",
	    "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
	    "MIGKME4GCSqGSIb3DQEFDTBBMCkGCSqGSIb3DQEFDDAcBAgX2noPKI5+JwICCAAw\n"
	    "DAYIKoZIhvcNAgsFADAUBggqhkiG9w0DBwQIQdd6yO9XqrIEOP5oo+Id2j2kXIG8\n"
	    "gf2V6qcwehJbxzw+7vA/CGX3Z41+Ts54AEU9utPkUDnce+UIK6W3PdL+RYn6\n"
	    "-----END ENCRYPTED PRIVATE KEY-----\n", 2048, true },
};

/* PBES1, which nobody should have any more. */
static const char pbes1[] =
    "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
    "MFgwHAYKKoZIhvcNAQwBAzAOBAhRMt0Xfwe3iQICCAAEOLpYiumZxTqFs6nSVq+b\n"
    "1Mm7zhgBaRRgJXIgC6grueKybJcDoFbN4JMuqkSEp0NAXDuHZ78Wcbsh\n"
    "-----END ENCRYPTED PRIVATE KEY-----\n";

/* Keys for X25519. */
static const char x25519[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VuBCIEINgpMpRVGRm9W9Bkn8a1c5yQUU4HM8DCzfoxLCfxQ3B0\n"
    "-----END PRIVATE KEY-----\n";
static const char x25519_locked[] =
    "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
    "MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAgp001mnSr/WwICCAAw\n"
    "DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEAlELjXtceHYIKyqYHiDrDwEQOz7\n"
    "2+Rjod0dXN0kxn/O0Jduqf41qD4qIKU4lj3jgBQLqbhHLuWPfm3ES6cIt9fDf/zo\n"
    "MwHBSD2rAB3XAZFgE/4=\n"
    "-----END ENCRYPTED PRIVATE KEY-----\n";

/* RFC 8410, 10.3: with an attribute, and the public key. */
static const char rfc8410[] = "-----BEGIN PRIVATE KEY-----\n"
    "MHICAQEwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n"
    "oB8wHQYKKoZIhvcNAQkJFDEPDA1DdXJkbGUgQ2hhaXJzgSEAGb9ECWmEzf6FQbrB\n"
    "Z9w7lshQhqowtrbLDFw4rXAxZuE=\n"
    "-----END PRIVATE KEY-----\n";

static void
put(struct secret *out, const void *bytes, size_t n)
{
	secret_init(out, n + 1);
	memcpy(out->data, bytes, n);
	out->len = n;
}

/* The public key of a file, or the word of the error. */
static const char *
read_bytes(const void *file, size_t n, const char *passphrase)
{
	static char hex[ENC_HEX(SIGN_PUBLIC)];
	struct secret text, pass = { 0 };
	struct sign_key k;
	struct err e;
	int rc;

	put(&text, file, n);
	if (passphrase)
		put(&pass, passphrase, strlen(passphrase));
	rc = pem_read(&k, &text, passphrase ? &pass : NULL, &e);
	secret_release(&pass);
	secret_release(&text);
	if (rc)
		return err_word(e.code);
	enc_hex(hex, k.pub.b, SIGN_PUBLIC);
	sign_key_release(&k);
	return hex;
}

static const char *
reads(const char *file, const char *passphrase)
{
	return read_bytes(file, strlen(file), passphrase);
}

static const char *
look(const void *file, size_t n, struct pem_info *info)
{
	struct secret text;
	struct err e;
	int rc;

	put(&text, file, n);
	rc = pem_look(info, &text, &e);
	secret_release(&text);
	return rc ? err_word(e.code) : "ok";
}

static void
others(void)
{
	struct pem_info info;
	size_t i;

	for (i = 0; i < sizeof(files) / sizeof(*files); i++) {
		printf("# %s\n", files[i].what);
		IS(reads(files[i].pem, "s3cret"), KEY);
		IS(reads(files[i].pem, "s3creT"), "bad_passphrase");
		IS(reads(files[i].pem, ""), "bad_passphrase");
		IS(reads(files[i].pem, NULL), "bad_passphrase");
		IS(look(files[i].pem, strlen(files[i].pem), &info), "ok");
		OK(info.locked && info.weak == files[i].weak &&
		    info.rounds == files[i].rounds);
	}
	IS(reads(rfc8410, "not looked at"), "19bf44096984cdfe8541bac167dc3b96"
	    "c85086aa30b6b6cb0c5c38ad703166e1");
	IS(look(rfc8410, strlen(rfc8410), &info), "ok");
	OK(!info.locked && !info.weak && !info.rounds);
	IS(reads(pbes1, "s3cret"), "bad_pem");
	IS(reads(x25519, NULL), "bad_pem");
	IS(look(x25519, strlen(x25519), &info), "bad_pem");
	IS(reads(x25519_locked, "s3cret"), "bad_pem");
	IS(reads(x25519_locked, "s3cre"), "bad_passphrase");
}

static void
ours(void)
{
	struct secret file, again, pass;
	struct pem_info info;
	struct sign_key k;
	struct err e;

	seed_key(&k, SEED_A);
	OK(!pem_write(&file, &k, NULL, &e));
	IS(read_bytes(file.data, file.len, NULL), KEY);
	IS(look(file.data, file.len, &info), "ok");
	OK(!info.locked && file.len == 119);
	secret_release(&file);

	put(&pass, "a b\0c\n", 6);
	OK(!pem_write(&file, &k, &pass, &e));
	OK(!pem_write(&again, &k, &pass, &e));
	OK(file.len == again.len && memcmp(file.data, again.data, file.len));
	IS(look(file.data, file.len, &info), "ok");
	OK(info.locked && !info.weak && info.rounds == 600000);
	sign_key_release(&k);
	OK(!pem_read(&k, &again, &pass, &e));
	IS(read_bytes(file.data, file.len, "a b"), "bad_passphrase");
	sign_key_release(&k);
	secret_release(&pass);
	secret_release(&again);
	secret_release(&file);
}

/* Tag and length before what is in hex, up to 127 bytes. */
static const char *
tlv(char out[512], const char *tag, const char *a, const char *b)
{
	char both[512];

	snprintf(both, sizeof(both), "%s%s", a, b);
	snprintf(out, 512, "%s%02zx%.400s", tag, strlen(both) / 2, both);
	return out;
}

#define PBES2 "06092a864886f70d01050d"
#define PBKDF2 "06092a864886f70d01050c"
#define SCRYPT "06092b06010401da47040b"
#define SALT "040400112233"
#define AES "301d060960864801650304012a0410000102030405060708090a0b0c0d0e0f"
#define CODE "041000112233445566778899aabbccddeeff"

/* A file whose key derivation has these numbers, and what it is said of it. */
static const char *
asks(const char *kdf, const char *numbers)
{
	char a[512], b[512];
	struct secret der, text;
	struct pem_info info;
	const char *word;
	size_t n;

	tlv(a, "30", SALT, numbers);
	tlv(b, "30", kdf, a);
	tlv(a, "30", b, AES);
	tlv(b, "30", PBES2, a);
	tlv(a, "30", b, CODE);
	n = strlen(a) / 2;
	secret_init(&der, n);
	der.len = n;
	OK(enc_unhex(der.data, a, n));
	pem_wrap(&text, LOCKED, der.data, n);
	word = look(text.data, text.len, &info);
	secret_release(&text);
	secret_release(&der);
	return word;
}

/* Refused for what it asks for, before anything of it is done. */
static void
hostile(void)
{
	IS(asks(PBKDF2, "0203989681"), "bad_pem");	/* negative */
	IS(asks(PBKDF2, "020400989680"), "ok");
	IS(asks(PBKDF2, "020400989681"), "kdf_cost");
	IS(asks(PBKDF2, "02047fffffff"), "kdf_cost");
	IS(asks(PBKDF2, "02050080000000"), "kdf_cost");	/* 2^31 */
	IS(asks(PBKDF2, "0208" "7fffffffffffffff"), "kdf_cost");
	IS(asks(PBKDF2, "0209" "010000000000000001"), "bad_pem");
	IS(asks(PBKDF2, "020100"), "kdf_cost");
	IS(asks(PBKDF2, "02020001"), "bad_pem");	/* not minimal */
	IS(asks(PBKDF2, "0200"), "bad_pem");
	IS(asks(PBKDF2, ""), "bad_pem");
	IS(asks(PBKDF2, "020101" "020120"), "ok");	/* length of the key */
	IS(asks(PBKDF2, "020101" "020110"), "bad_pem");
	IS(asks(PBKDF2, "020101" "020120" "0500"), "bad_pem");
	IS(asks(SCRYPT, "02024000" "020108" "020101"), "ok");
	IS(asks(SCRYPT, "02024000" "020108" "020101" "020120"), "ok");
	IS(asks(SCRYPT, "02024000" "020108" "020101" "020121"), "bad_pem");
	IS(asks(SCRYPT, "02024001" "020108" "020101"), "kdf_cost");
	IS(asks(SCRYPT, "0203008000" "020108" "020101"), "kdf_cost");
	IS(asks(SCRYPT, "020440000000" "020108" "020101"), "kdf_cost");
	IS(asks(SCRYPT, "0208" "4000000000000000" "020108" "020101"),
	    "kdf_cost");
	IS(asks(SCRYPT, "02024000" "020440000000" "020101"), "kdf_cost");
	IS(asks(SCRYPT, "020102" "020101" "020440000000"), "kdf_cost");
	IS(asks(SCRYPT, "0203010000" "020101" "0203010000"), "kdf_cost");
	IS(asks(SCRYPT, "020101" "020101" "020101"), "kdf_cost");
	IS(asks(SCRYPT, "02024000" "020108" "020100"), "kdf_cost");
	IS(asks(SCRYPT, "02024000" "020108"), "bad_pem");
	IS(asks(AES, ""), "bad_pem");
}

/* Never a crash, and never a key unless nothing was lost. */
static void
damaged(void)
{
	static const char crlf[] = "-----BEGIN PRIVATE KEY-----\r\n"
	    "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g"
	    "\r\n-----END PRIVATE KEY-----\r\n";
	static const char other_public[] = "-----BEGIN PRIVATE KEY-----\n"
	    "MFECAQEwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
	    "gSEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURs=\n"
	    "-----END PRIVATE KEY-----\n";
	size_t n = strlen(files[0].pem), i, bad = 0;
	struct pem_info info;
	struct secret text;

	for (i = 0; i < n; i++)
		bad += strcmp(read_bytes(files[0].pem, i, "s3cret"),
		    "bad_pem") != 0;
	for (i = 0; i < strlen(rfc8410); i++)
		bad += strcmp(read_bytes(rfc8410, i, NULL), "bad_pem") != 0;
	OK(bad == 0);
	put(&text, files[0].pem, n);
	for (i = 0; i < n; i++) {
		text.data[i] ^= 1;
		(void)look(text.data, n, &info);
		text.data[i] ^= 1;
	}
	text.data[n] = '\n';
	IS(read_bytes(text.data, n + 1, "s3cret"), "bad_pem");
	text.data[60] = '\0';
	IS(read_bytes(text.data, n, "s3cret"), "bad_pem");
	secret_release(&text);
	IS(reads(crlf, NULL), "bad_pem");
	IS(reads(other_public, NULL), "bad_pem");
	secret_init(&text, 10000000);
	memset(text.data, 0, text.cap);
	IS(look(text.data, text.cap, &info), "bad_pem");
	secret_release(&text);
}

int
main(void)
{
	others();
	ours();
	hostile();
	damaged();
	return DONE();
}
