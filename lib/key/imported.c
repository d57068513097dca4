#include <stdlib.h>
#include <string.h>

#include "base/enc.h"
#include "crypto/kdf.h"
#include "crypto/mac.h"
#include "key/imported.h"

#define PREFIX "$pbkdf2-sha256$"
#define PART 64			/* bytes of a salt, or of a hash */
#define TEXT 96			/* of one in base64 */
#define SECRET 256

struct parts {
	unsigned long rounds;
	unsigned char salt[PART], hash[PART];
	size_t nsalt, nhash;
};

/* Base64 of its own: '.' for '+', no padding. */
static bool
decode(unsigned char out[PART], size_t *n, const char *text, size_t len)
{
	char usual[TEXT + 4];
	size_t i;

	if (!len || len > TEXT || memchr(text, '+', len))
		return false;
	for (i = 0; i < len; i++)
		usual[i] = text[i] == '.' ? '+' : text[i];
	while (i % 4)
		usual[i++] = '=';
	return enc_unbase64(out, PART, n, usual, i);
}

static bool
take_apart(struct parts *p, const char *kept)
{
	const char *salt, *hash;
	char *end;

	if (strncmp(kept, PREFIX, strlen(PREFIX)))
		return false;
	kept += strlen(PREFIX);
	if (*kept < '1' || *kept > '9')
		return false;
	p->rounds = strtoul(kept, &end, 10);
	salt = end + 1;
	if (*end != '$' || p->rounds > IMPORTED_ROUNDS)
		return false;
	hash = strchr(salt, '$');
	return hash && decode(p->salt, &p->nsalt, salt,
	    (size_t)(hash - salt)) && decode(p->hash, &p->nhash, hash + 1,
	    strlen(hash + 1)) && p->nhash >= 16;
}

bool
imported_is(const char *kept)
{
	struct parts p;

	return take_apart(&p, kept);
}

bool
imported_fits(const char *kept, const char *text)
{
	struct secret secret, made;
	struct parts p;
	struct kdf how = { .kind = KDF_PBKDF2, .hash = KDF_SHA256 };
	struct err ignored;
	bool good = false;
	size_t n = strlen(text);

	if (!take_apart(&p, kept) || !n || n > SECRET)
		return false;
	how.salt = p.salt;
	how.nsalt = p.nsalt;
	how.rounds = p.rounds;
	secret_init(&secret, n);
	memcpy(secret.data, text, n);
	secret.len = n;
	if (!kdf_check(&how, 1 << 20, &ignored) &&
	    !kdf_derive(&made, p.nhash, &how, &secret, &ignored)) {
		good = mac_same(made.data, p.hash, p.nhash);
		secret_release(&made);
	}
	secret_release(&secret);
	return good;
}
