#include <stdint.h>
#include <string.h>

#include "base/enc.h"
#include "key/ident.h"
#include "sig/ssh.h"

#define BEGIN "-----BEGIN SSH SIGNATURE-----\n"
#define END "\n-----END SSH SIGNATURE-----"
#define MAGIC "SSHSIG"
#define FORM 1			/* version of the blob */
#define TYPE "ssh-ed25519"
#define LINE 70			/* of base64, as ssh-keygen cuts it */
#define LINE_READ 76		/* as the document says one should */

/* RFC 4251, 5: integers of four bytes, the first the highest. */
static void
put_int(struct buf *out, size_t n)
{
	int shift;

	for (shift = 24; shift >= 0; shift -= 8)
		buf_addc(out, (char)(n >> shift & 0xff));
}

static void
put(struct buf *out, const void *data, size_t n)
{
	put_int(out, n);
	buf_add(out, data, n);
}

static void
put_text(struct buf *out, const char *text)
{
	put(out, text, strlen(text));
}

/* A type, and so many bytes: the form of public keys and of signatures. */
static void
put_typed(struct buf *out, const void *data, size_t n)
{
	put_int(out, 4 + strlen(TYPE) + 4 + n);
	put_text(out, TYPE);
	put(out, data, n);
}

int
ssh_hash(const struct ssh *s)
{
	return s->sha256 ? CONTENT_256 : CONTENT_512;
}

const char *
ssh_hash_word(const struct ssh *s)
{
	return s->sha256 ? "sha256" : "sha512";
}

static void
write_signed(struct buf *out, const struct ssh *s, const struct content *c)
{
	buf_adds(out, MAGIC);
	put_text(out, s->space);
	put_text(out, "");
	put_text(out, ssh_hash_word(s));
	if (s->sha256)
		put(out, c->sha256.b, sizeof(c->sha256.b));
	else
		put(out, c->sha512.b, sizeof(c->sha512.b));
}

void
ssh_make(struct ssh *s, const struct sign_key *key, const struct content *c)
{
	struct buf text = BUF_INIT(SSH_MAX);

	s->key = key->pub;
	ident_id(s->key_id, &s->key);
	s->sha256 = false;
	write_signed(&text, s, c);
	sign_make(&s->mark, key, text.data, text.len);
	buf_release(&text);
}

bool
ssh_holds(const struct ssh *s, const struct content *c)
{
	struct buf text = BUF_INIT(SSH_MAX);
	bool good;

	write_signed(&text, s, c);
	good = sign_check(&s->mark, &s->key, text.data, text.len);
	buf_release(&text);
	return good;
}

void
ssh_write(struct buf *out, const struct ssh *s)
{
	struct buf blob = BUF_INIT(SSH_MAX), text = BUF_INIT(SSH_MAX);
	size_t at;

	buf_adds(&blob, MAGIC);
	put_int(&blob, FORM);
	put_typed(&blob, s->key.b, sizeof(s->key.b));
	put_text(&blob, s->space);
	put_text(&blob, "");
	put_text(&blob, ssh_hash_word(s));
	put_typed(&blob, s->mark.b, sizeof(s->mark.b));
	enc_base64(&text, blob.data, blob.len);
	buf_add(out, BEGIN, strlen(BEGIN) - 1);
	for (at = 0; at < text.len; at += LINE)
		buf_addf(out, "\n%.*s", LINE, text.data + at);
	buf_adds(out, END "\n");
	buf_release(&blob);
	buf_release(&text);
}

bool
ssh_is(const char *text, size_t n)
{
	return n >= strlen(BEGIN) && !memcmp(text, BEGIN, strlen(BEGIN));
}

/* What stands between the two lines, without its line feeds; or false. */
static bool
unwrap(struct buf *out, const char *text, size_t n)
{
	const char *at = text + strlen(BEGIN), *end, *feed;
	size_t left;

	if (n && text[n - 1] == '\n')
		n--;
	if (!ssh_is(text, n) || n < strlen(BEGIN) + strlen(END))
		return false;
	end = text + n - strlen(END);
	if (memcmp(end, END, strlen(END)))
		return false;
	for (;; at = feed + 1) {
		feed = memchr(at, '\n', (size_t)(end + 1 - at));
		left = (size_t)(feed - at);
		if (!left || left > LINE_READ)
			return false;
		buf_add(out, at, left);
		if (feed == end)
			return !out->full;
	}
}

/* A cursor over the blob; once something was wrong, it is at the end. */
struct blob {
	const unsigned char *at;
	size_t left;
	bool wrong;
};

static const void *
take(struct blob *b, size_t n)
{
	const void *at = b->at;

	if (b->wrong || n > b->left) {
		b->wrong = true;
		return "";
	}
	b->at += n;
	b->left -= n;
	return at;
}

static size_t
take_int(struct blob *b)
{
	const unsigned char *p = take(b, 4);

	return b->wrong ? 0 : (size_t)p[0] << 24 | (size_t)p[1] << 16 |
	    (size_t)p[2] << 8 | p[3];
}

/* A string of any bytes, of which the next is *n, which is 0 if wrong. */
static const char *
take_string(struct blob *b, size_t *n)
{
	const char *at;

	*n = take_int(b);
	at = take(b, *n);
	if (b->wrong)
		*n = 0;
	return at;
}

static bool
string_is(struct blob *b, const char *want)
{
	size_t n;
	const char *at = take_string(b, &n);

	return !b->wrong && n == strlen(want) && !memcmp(at, want, n);
}

/* What put_typed() has written, to its last byte. */
static bool
take_typed(struct blob *b, void *out, size_t size)
{
	struct blob in = { .at = NULL };
	const char *at;
	size_t n;

	at = take_string(b, &in.left);
	in.at = (const unsigned char *)at;
	if (b->wrong || !string_is(&in, TYPE))
		return false;
	at = take_string(&in, &n);
	if (in.wrong || in.left || n != size)
		return false;
	memcpy(out, at, size);
	return true;
}

static bool
take_space(struct blob *b, char out[SSH_SPACE + 1])
{
	size_t n, i;
	const char *at = take_string(b, &n);

	if (b->wrong || !n || n > SSH_SPACE)
		return false;
	for (i = 0; i < n; i++)
		if (at[i] < ' ' || at[i] > '~')
			return false;
	memcpy(out, at, n);
	out[n] = '\0';
	return true;
}

static bool
take_hash(struct blob *b, bool *sha256)
{
	size_t n;
	const char *at = take_string(b, &n);

	*sha256 = n == 6 && !memcmp(at, "sha256", 6);
	return *sha256 || (n == 6 && !memcmp(at, "sha512", 6));
}

/* The first that is wrong, or NULL. */
static const char *
parse(struct blob *b, struct ssh *s)
{
	const void *magic = take(b, strlen(MAGIC));

	if (b->wrong || memcmp(magic, MAGIC, strlen(MAGIC)))
		return "it does not begin with " MAGIC;
	if (take_int(b) != FORM)
		return "it is not of version 1";
	if (!take_typed(b, s->key.b, sizeof(s->key.b)))
		return "the public key is not one of " TYPE;
	if (!take_space(b, s->space))
		return "the namespace is not 1 to 255 bytes of ASCII";
	if (!string_is(b, ""))
		return "what is reserved is not empty";
	if (!take_hash(b, &s->sha256))
		return "the hash is neither sha512 nor sha256";
	if (!take_typed(b, s->mark.b, sizeof(s->mark.b)))
		return "the signature is not one of " TYPE;
	return b->left ? "there are bytes behind it" : NULL;
}

int
ssh_read(struct ssh *out, const char *text, size_t n, struct err *e)
{
	struct buf base64 = BUF_INIT(SSH_MAX);
	unsigned char bytes[SSH_MAX];
	struct blob b = { .at = bytes };
	struct ssh s = { .sha256 = false };
	const char *wrong;
	bool good;

	good = unwrap(&base64, text, n) && enc_unbase64(bytes, sizeof(bytes),
	    &b.left, base64.data, base64.len);
	buf_release(&base64);
	if (!good)
		return err_set(e, E_bad_sig, "not base64 in lines between "
		    "those of an SSH signature");
	wrong = parse(&b, &s);
	if (wrong)
		return err_set(e, E_bad_sig, "an SSH signature: %s", wrong);
	ident_id(s.key_id, &s.key);
	*out = s;
	return 0;
}
