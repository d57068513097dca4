#include <assert.h>
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "base/enc.h"
#include "crypto/pbes.h"
#include "crypto/pem.h"

#define PLAIN "PRIVATE KEY"
#define LOCKED "ENCRYPTED PRIVATE KEY"
#define LINE 64
#define LINE_BYTES (LINE / 4 * 3)
#define MARK 64			/* of a line that begins or ends a block */

#define ATTRIBUTES 0xa0
#define PUBLIC 0x81

static const uint8_t ed25519[] = { 0x2b, 0x65, 0x70 };

/* Before the seed in a file that holds no more than that (RFC 8410, 10.3). */
static const uint8_t head[] = {
	0x30, 0x2e, 0x02, 1, 0, 0x30, 5, 0x06, 3, 0x2b, 0x65, 0x70,
	0x04, 0x22, 0x04, SIGN_SEED,
};

static_assert(sizeof(head) + SIGN_SEED == PBES_PLAIN, "what is locked");

static size_t
mark(char out[MARK], const char *which, const char *label)
{
	int n = snprintf(out, MARK, "-----%s %s-----\n", which, label);

	assert(n > 0 && n < MARK);
	return (size_t)n;
}

static void
add(struct secret *out, const void *bytes, size_t n)
{
	memcpy(out->data + out->len, bytes, n);
	out->len += n;
}

static void
add_mark(struct secret *out, const char *which, const char *label)
{
	char text[MARK];
	size_t n = mark(text, which, label);

	add(out, text, n);
}

/* Straight into locked memory: a struct buf is not for secrets. */
void
pem_wrap(struct secret *out, const char *label, const void *der, size_t n)
{
	const uint8_t *p = der;
	size_t some;

	secret_init(out, 2 * MARK + (n / LINE_BYTES + 1) * (LINE + 1) + 1);
	add_mark(out, "BEGIN", label);
	for (; n; p += some, n -= some) {
		some = n < LINE_BYTES ? n : LINE_BYTES;
		sodium_bin2base64((char *)out->data + out->len,
		    out->cap - out->len, p, some,
		    sodium_base64_VARIANT_ORIGINAL);
		out->len += (some + 2) / 3 * 4;
		out->data[out->len++] = '\n';
	}
	add_mark(out, "END", label);
}

static bool
begins(const char *text, size_t n, const char *with, size_t len)
{
	return n >= len && !memcmp(text, with, len);
}

/* Lines of 64, and a last one that is not longer and may be padded. */
static bool
read_lines(struct secret *out, const char *p, size_t n)
{
	const char *lf;
	size_t len, got;

	while (n) {
		lf = memchr(p, '\n', n);
		if (!lf)
			return false;
		len = (size_t)(lf - p);
		n -= len + 1;
		if (!len || len > LINE || (n && len < LINE) ||
		    !enc_unbase64(out->data + out->len, out->cap - out->len,
		    &got, p, len) || (n && got < LINE_BYTES))
			return false;
		out->len += got;
		p = lf + 1;
	}
	return out->len > 0;
}

int
pem_unwrap(struct secret *out, const char *label, const void *text, size_t n,
    struct err *e)
{
	char begin[MARK], end[MARK];
	size_t nbegin = mark(begin, "BEGIN", label);
	size_t nend = mark(end, "END", label);
	const char *p = text;
	struct secret der;

	if (n > PEM_MOST || n < nbegin + nend || memcmp(p, begin, nbegin) ||
	    memcmp(p + n - nend, end, nend))
		return err_set(e, E_bad_pem, "not one PEM block with a %s",
		    label);
	n -= nbegin + nend;
	secret_init(&der, n + 1);
	if (!read_lines(&der, p + nbegin, n)) {
		secret_release(&der);
		return err_set(e, E_bad_pem, "the lines of the %s are damaged",
		    label);
	}
	*out = der;
	return 0;
}

int
pem_write(struct secret *out, const struct sign_key *k,
    const struct secret *pass, struct err *e)
{
	uint8_t locked[PBES_LOCKED];
	struct secret plain;
	int rc = 0;

	assert(!pass || pass->len);
	secret_init(&plain, PBES_PLAIN);
	add(&plain, head, sizeof(head));
	add(&plain, k->pair.data, SIGN_SEED);
	if (!pass)
		pem_wrap(out, PLAIN, plain.data, plain.len);
	else if (!(rc = pbes_lock(locked, &plain, pass, e)))
		pem_wrap(out, LOCKED, locked, sizeof(locked));
	secret_release(&plain);
	return rc;
}

enum answer { NO_KEY, OTHER_KEY, OUR_KEY };

/* A file that names its public key names the right one. */
static bool
read_public(struct sign_public *out, bool *given, struct der *in)
{
	struct der bits;

	*given = in->n > 0;
	if (!*given)
		return true;
	if (!der_take(&bits, in, PUBLIC) || in->n ||
	    bits.n != 1 + SIGN_PUBLIC || bits.p[0])
		return false;
	memcpy(out->b, bits.p + 1, SIGN_PUBLIC);
	return true;
}

/* The seed within a OneAsymmetricKey (RFC 5958, 2). */
static enum answer
find_seed(struct der *seed, struct sign_public *pub, bool *given,
    const struct secret *plain)
{
	struct der all = { plain->data, plain->len }, in, kind, oid, key, more;
	uint64_t version;

	if (!der_take(&in, &all, DER_SEQUENCE) || all.n ||
	    !der_small(&version, &in) || version > 1 ||
	    !der_take(&kind, &in, DER_SEQUENCE) ||
	    !der_take(&oid, &kind, DER_OID) ||
	    !der_take(&key, &in, DER_BYTES))
		return NO_KEY;
	if (!der_same(&oid, ed25519, sizeof(ed25519)))
		return OTHER_KEY;
	if (kind.n || !der_take(seed, &key, DER_BYTES) || key.n ||
	    seed->n != SIGN_SEED)
		return NO_KEY;
	if (der_is(&in, ATTRIBUTES) && !der_take(&more, &in, ATTRIBUTES))
		return NO_KEY;
	if ((in.n && version != 1) || !read_public(pub, given, &in))
		return NO_KEY;
	return OUR_KEY;
}

/* Of what is not locked any more. */
static enum answer
read_plain(struct sign_key *out, const struct secret *plain)
{
	struct sign_public pub;
	enum answer answer;
	struct secret own;
	struct sign_key k;
	struct der seed;
	bool given;

	answer = find_seed(&seed, &pub, &given, plain);
	if (answer != OUR_KEY)
		return answer;
	secret_init(&own, SIGN_SEED);
	add(&own, seed.p, SIGN_SEED);
	sign_key_of(&k, &own);
	secret_release(&own);
	if (given && memcmp(&pub, &k.pub, sizeof(pub))) {
		sign_key_release(&k);
		return NO_KEY;
	}
	*out = k;
	return OUR_KEY;
}

static int
other(struct err *e)
{
	return err_set(e, E_bad_pem, "the key is not an Ed25519 key");
}

/* Read what is around the key: DER, and how it is locked. */
static int
open_file(struct secret *der, struct pbes *p, bool *locked,
    const struct secret *file, struct err *e)
{
	char text[MARK];
	size_t n = mark(text, "BEGIN", LOCKED);

	*locked = begins((const char *)file->data, file->len, text, n);
	if (pem_unwrap(der, *locked ? LOCKED : PLAIN, file->data, file->len,
	    e))
		return -1;
	if (!*locked || !pbes_read(p, der->data, der->len, e))
		return 0;
	secret_release(der);
	return -1;
}

int
pem_look(struct pem_info *out, const struct secret *file, struct err *e)
{
	struct pem_info info = { 0 };
	struct sign_key ignored = { 0 };
	enum answer answer = OUR_KEY;
	struct secret der;
	struct pbes p;

	if (open_file(&der, &p, &info.locked, file, e))
		return -1;
	if (!info.locked) {
		answer = read_plain(&ignored, &der);
	} else if (p.kdf.kind == KDF_PBKDF2) {
		info.rounds = p.kdf.rounds;
		info.weak = info.rounds < PBES_ROUNDS;
	}
	sign_key_release(&ignored);
	secret_release(&der);
	if (answer == NO_KEY)
		return err_set(e, E_bad_pem, "the key is damaged");
	if (answer == OTHER_KEY)
		return other(e);
	*out = info;
	return 0;
}

/* Padding that is right by chance shows in what it pads. */
static int
read_locked(struct sign_key *out, const struct pbes *p,
    const struct secret *pass, struct err *e)
{
	enum answer answer;
	struct secret plain;

	if (!pass)
		return err_set(e, E_bad_passphrase, "the key is locked with a "
		    "passphrase");
	if (pbes_unlock(&plain, p, pass, e))
		return -1;
	answer = read_plain(out, &plain);
	secret_release(&plain);
	if (answer == NO_KEY)
		return err_set(e, E_bad_passphrase, "the passphrase is wrong");
	return answer == OTHER_KEY ? other(e) : 0;
}

int
pem_read(struct sign_key *out, const struct secret *file,
    const struct secret *pass, struct err *e)
{
	enum answer answer;
	struct secret der;
	struct pbes p;
	bool locked;
	int rc = 0;

	if (open_file(&der, &p, &locked, file, e))
		return -1;
	if (locked) {
		rc = read_locked(out, &p, pass, e);
	} else {
		answer = read_plain(out, &der);
		if (answer == NO_KEY)
			rc = err_set(e, E_bad_pem, "the key is damaged");
		else if (answer == OTHER_KEY)
			rc = other(e);
	}
	secret_release(&der);
	return rc;
}
