#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/enc.h"
#include "base/utf8.h"
#include "key/ident.h"
#include "sig/file.h"
#include "sig/space.h"

#define SPKI_LINE 60		/* base64 of the key, as in its PEM file */
#define SPKI_AT 27		/* where it stands in there */
#define LAST "signature "
#define DIGITS "0123456789"

/* Those lines that are signed. */
static void
write_signed(struct buf *out, const struct sig *s)
{
	char pem[SIGN_SPKI + 1], at[CLOCK_TEXT], hex[HASH_HEX];

	sign_spki(pem, &s->key);
	clock_text(s->at_ms, at);
	hash_hex(hex, &s->content);
	buf_addf(out, SPACE_FILE "\nnamespace %s\nkey %s\npublic %.*s\n"
	    "time %s\nsize %" PRId64 "\nsha256 %s\n", s->space, s->key_id,
	    SPKI_LINE, pem + SPKI_AT, at, s->size, hex);
	if (s->seq >= 0)
		buf_addf(out, "seq %" PRId64 "\n", s->seq);
	if (*s->comment)
		buf_addf(out, "comment %s\n", s->comment);
}

static bool
plain(const char *text)
{
	const unsigned char *p = (const unsigned char *)text;
	size_t left = strlen(text), n;

	for (; left; left -= n, p += n) {
		n = utf8_len((const char *)p, left);
		if (!n || *p < ' ' || *p == 0x7f ||
		    (*p == 0xc2 && p[1] < 0xa0))
			return false;
	}
	return true;
}

int
sig_make(struct sig *s, const struct sign_key *key, struct err *e)
{
	struct buf text = BUF_INIT(SIG_MAX);

	if (!plain(s->comment) || s->size < 0 || s->at_ms < 0)
		return err_set(e, E_bad_sig, "a comment is one line of UTF-8 "
		    "without control characters");
	s->key = key->pub;
	ident_id(s->key_id, &s->key);
	write_signed(&text, s);
	sign_make(&s->mark, key, text.data, text.len);
	buf_release(&text);
	return 0;
}

void
sig_write(struct buf *out, const struct sig *s)
{
	write_signed(out, s);
	buf_adds(out, LAST);
	enc_base64(out, s->mark.b, sizeof(s->mark.b));
	buf_addc(out, '\n');
}

bool
sig_holds(const struct sig *s)
{
	struct buf text = BUF_INIT(SIG_MAX);
	bool good;

	write_signed(&text, s);
	good = sign_check(&s->mark, &s->key, text.data, text.len);
	buf_release(&text);
	return good;
}

/* A cursor over the lines; once something was wrong, it stays there. */
struct lines {
	const char *at, *end;
	int number;
	char value[SIG_COMMENT + 1];
	const char *wrong;		/* what, or NULL */
};

/* If the next line has this name, put its value into place. */
static bool
line_is(struct lines *l, const char *name)
{
	const char *feed = memchr(l->at, '\n', (size_t)(l->end - l->at));
	size_t n = strlen(name), left;

	if (l->wrong || !feed || (size_t)(feed - l->at) < n ||
	    memcmp(l->at, name, n))
		return false;
	left = (size_t)(feed - l->at) - n;
	if (left >= sizeof(l->value) || memchr(l->at + n, '\0', left))
		return false;
	memcpy(l->value, l->at + n, left);
	l->value[left] = '\0';
	l->at = feed + 1;
	l->number++;
	return true;
}

static void
want(struct lines *l, const char *name)
{
	if (!line_is(l, name) && !l->wrong) {
		l->number++;
		l->wrong = name;
	}
}

static void
check(struct lines *l, const char *name, bool good)
{
	if (!l->wrong && !good)
		l->wrong = name;
}

/* Decimal, of at most 18 digits; that it is the shortest is seen later. */
static bool
number(const char *text, int64_t *out)
{
	size_t n = strlen(text);

	*out = n && n <= 18 && strspn(text, DIGITS) == n ?
	    (int64_t)strtoll(text, NULL, 10) : -1;
	return *out >= 0;
}

static bool
public_key(const char *text, struct sign_public *out)
{
	struct sign_public none = { 0 };
	char pem[SIGN_SPKI + 1];

	sign_spki(pem, &none);
	if (strlen(text) != SPKI_LINE)
		return false;
	memcpy(pem + SPKI_AT, text, SPKI_LINE);
	return sign_spki_read(out, pem, SIGN_SPKI);
}

static void
parse(struct lines *l, struct sig *s)
{
	struct err ignored;
	char id[HASH_HEX];
	size_t n;

	want(l, SPACE_FILE);
	check(l, SPACE_FILE, !*l->value);
	want(l, "namespace ");
	s->space = space_of_file(l->value);
	check(l, "namespace ", s->space != NULL);
	want(l, "key ");
	check(l, "key ", ident_is_id(l->value));
	memcpy(s->key_id, l->value, HASH_HEX);
	want(l, "public ");
	check(l, "public ", public_key(l->value, &s->key));
	ident_id(id, &s->key);
	check(l, "public ", !strcmp(id, s->key_id));
	want(l, "time ");
	check(l, "time ", !clock_parse(l->value, &s->at_ms, &ignored) &&
	    s->at_ms >= 0);
	want(l, "size ");
	check(l, "size ", number(l->value, &s->size));
	want(l, "sha256 ");
	check(l, "sha256 ", enc_unhex(s->content.b, l->value, HASH_BYTES));
	if (line_is(l, "seq "))
		check(l, "seq ", number(l->value, &s->seq));
	if (line_is(l, "comment ")) {
		check(l, "comment ", *l->value && plain(l->value));
		memcpy(s->comment, l->value, sizeof(s->comment));
	}
	want(l, LAST);
	check(l, LAST, enc_unbase64(s->mark.b, sizeof(s->mark.b), &n,
	    l->value, strlen(l->value)) && n == sizeof(s->mark.b));
}

/* What reads, but is written in another way than ours, is refused as well. */
int
sig_read(struct sig *out, const char *text, size_t n, struct err *e)
{
	struct lines l = { .at = text, .end = text + n };
	struct sig s = { .seq = -1 };
	struct buf again = BUF_INIT(SIG_MAX);
	bool same;

	parse(&l, &s);
	if (l.wrong)
		return err_set(e, E_bad_sig, "line %d of the signature is "
		    "not a correct '%.*s'", l.number,
		    (int)strcspn(l.wrong, " "), l.wrong);
	if (l.at != l.end)
		return err_set(e, E_bad_sig, "%zu bytes behind the signature",
		    (size_t)(l.end - l.at));
	sig_write(&again, &s);
	same = again.len == n && !memcmp(again.data, text, n);
	buf_release(&again);
	if (!same)
		return err_set(e, E_bad_sig, "the signature is not written "
		    "in the one way there is");
	*out = s;
	return 0;
}

size_t
sig_length(const char *text, size_t n)
{
	const char *end = text + n, *at = text, *feed;

	if (n < strlen(SPACE_FILE "\n") ||
	    memcmp(text, SPACE_FILE "\n", strlen(SPACE_FILE "\n")))
		return 0;
	for (; at < end && at - text < SIG_MAX; at = feed + 1) {
		feed = memchr(at, '\n', (size_t)(end - at));
		if (!feed)
			return 0;
		if ((size_t)(feed - at) > strlen(LAST) &&
		    !memcmp(at, LAST, strlen(LAST)))
			return feed + 1 < end && feed[1] == '\n' ?
			    (size_t)(feed + 1 - text) : 0;
	}
	return 0;
}
