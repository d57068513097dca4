#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/enc.h"
#include "base/utf8.h"
#include "crypto/hash.h"
#include "tlog/note.h"

#define DASH "\xe2\x80\x94 "		/* what a signature line begins with */
#define TIME_BYTES 8
#define RAW_MAX (NOTE_MAX / 4 * 3)

/* White_Space of Unicode: none may be in a name. */
static bool
is_space(const unsigned char *p, size_t n)
{
	switch (n) {
	case 1:
		return *p <= 0x20;
	case 2:
		return *p == 0xc2 && (p[1] == 0x85 || p[1] == 0xa0);
	case 3:
		return (*p == 0xe1 && p[1] == 0x9a && p[2] == 0x80) ||
		    (*p == 0xe2 && p[1] == 0x80 && (p[2] <= 0x8a ||
		    p[2] == 0xa8 || p[2] == 0xa9 || p[2] == 0xaf)) ||
		    (*p == 0xe2 && p[1] == 0x81 && p[2] == 0x9f) ||
		    (*p == 0xe3 && p[1] == 0x80 && p[2] == 0x80);
	default:
		return false;
	}
}

static bool
is_name(const char *s, size_t n)
{
	size_t len;

	if (!n || n >= NOTE_NAME || memchr(s, '+', n))
		return false;
	for (; n; s += len, n -= len) {
		len = utf8_len(s, n);
		if (!len || is_space((const unsigned char *)s, len))
			return false;
	}
	return true;
}

/* Type and public key, as a vkey and the hash of its id have them. */
static void
typed(uint8_t out[1 + SIGN_PUBLIC], const struct note_key *k)
{
	out[0] = (uint8_t)k->type;
	memcpy(out + 1, k->pub.b, SIGN_PUBLIC);
}

int
note_key_of(struct note_key *out, const char *name, enum note_type type,
    const struct sign_public *key, struct err *e)
{
	uint8_t in[NOTE_NAME + 1 + SIGN_PUBLIC];
	size_t n = strlen(name);
	struct hash h;

	if (!is_name(name, n))
		return err_set(e, E_bad_vkey, "'%.80s' is no name for a key",
		    name);
	*out = (struct note_key){ .type = type, .pub = *key };
	memcpy(out->name, name, n);
	memcpy(in, name, n);
	in[n] = '\n';
	typed(in + n + 1, out);
	hash_of(&h, in, n + 1 + 1 + SIGN_PUBLIC);
	memcpy(out->id, h.b, NOTE_ID);
	return 0;
}

int
note_key_read(struct note_key *out, const char *vkey, struct err *e)
{
	const char *id = strchr(vkey, '+'), *key = id ? strchr(id + 1, '+') :
	    NULL;
	uint8_t raw[1 + SIGN_PUBLIC], want[NOTE_ID];
	char name[NOTE_NAME] = "", hex[ENC_HEX(NOTE_ID)] = "";
	struct sign_public pub;
	size_t n;

	if (!key || (size_t)(id - vkey) >= sizeof(name) ||
	    (size_t)(key - id - 1) >= sizeof(hex))
		goto bad;
	memcpy(name, vkey, (size_t)(id - vkey));
	memcpy(hex, id + 1, (size_t)(key - id - 1));
	if (strspn(hex, "0123456789abcdef") != sizeof(hex) - 1 ||
	    !enc_unhex(want, hex, NOTE_ID) ||
	    !enc_unbase64(raw, sizeof(raw), &n, key + 1, strlen(key + 1)) ||
	    n != sizeof(raw) ||
	    (raw[0] != NOTE_PLAIN && raw[0] != NOTE_COSIGNED))
		goto bad;
	memcpy(pub.b, raw + 1, SIGN_PUBLIC);
	if (note_key_of(out, name, (enum note_type)raw[0], &pub, e))
		return -1;
	if (!memcmp(out->id, want, NOTE_ID))
		return 0;
bad:
	return err_set(e, E_bad_vkey, "'%.80s' is no verifier key", vkey);
}

void
note_key_write(struct buf *out, const struct note_key *k)
{
	uint8_t raw[1 + SIGN_PUBLIC];
	char hex[ENC_HEX(NOTE_ID)];

	typed(raw, k);
	enc_hex(hex, k->id, NOTE_ID);
	buf_addf(out, "%s+%s+", k->name, hex);
	enc_base64(out, raw, sizeof(raw));
}

void
note_vkey(struct buf *out, const char *name, const struct sign_public *pub)
{
	struct note_key k;
	struct err e;

	if (note_key_of(&k, name, NOTE_PLAIN, pub, &e))
		abort();
	note_key_write(out, &k);
}

/* One signature line, given without its line feed. */
static bool
parse_line(struct note_line *out, const char *s, size_t n)
{
	uint8_t raw[RAW_MAX];
	const char *blank;
	size_t raw_n;

	if (n < strlen(DASH) || memcmp(s, DASH, strlen(DASH)))
		return false;
	s += strlen(DASH);
	n -= strlen(DASH);
	blank = memchr(s, ' ', n);
	if (!blank || !is_name(s, (size_t)(blank - s)))
		return false;
	*out = (struct note_line){ .name = s, .name_n = (size_t)(blank - s) };
	n -= out->name_n + 1;
	if (!enc_unbase64(raw, sizeof(raw), &raw_n, blank + 1, n) ||
	    raw_n <= NOTE_ID)
		return false;
	memcpy(out->id, raw, NOTE_ID);
	out->sig_n = raw_n - NOTE_ID;
	memcpy(out->sig, raw + NOTE_ID, out->sig_n < sizeof(out->sig) ?
	    out->sig_n : sizeof(out->sig));
	return true;
}

/* Where the last empty line begins: its line feed; or NULL. */
static const char *
last_gap(const char *s, size_t n)
{
	for (; n >= 2; n--)
		if (s[n - 1] == '\n' && s[n - 2] == '\n')
			return s + n - 1;
	return NULL;
}

static bool
is_text(const char *s, size_t n)
{
	size_t len;

	for (; n; s += len, n -= len) {
		len = utf8_len(s, n);
		if (!len || (len == 1 && *s < 0x20 && *s != '\n'))
			return false;
	}
	return true;
}

int
note_parse(struct note *out, const char *bytes, size_t n, struct err *e)
{
	const char *gap = last_gap(bytes, n), *line, *next;
	const char *end = bytes + n;

	if (n > NOTE_MAX)
		return err_set(e, E_bad_note, "a note has at most %d bytes",
		    NOTE_MAX);
	if (!gap || end[-1] != '\n' || end == gap + 1 || !is_text(bytes, n))
		return err_set(e, E_bad_note, "not a signed note");
	out->text = bytes;
	out->text_n = (size_t)(gap - bytes);
	out->n = 0;
	for (line = gap + 1; line < end; line = next + 1) {
		next = memchr(line, '\n', (size_t)(end - line));
		if (out->n == NOTE_LINES)
			return err_set(e, E_bad_note, "over %d signatures",
			    NOTE_LINES);
		if (!parse_line(&out->line[out->n++], line,
		    (size_t)(next - line)))
			return err_set(e, E_bad_note,
			    "signature line %zu is malformed", out->n);
	}
	return 0;
}

/* What a cosignature is over. */
static void
cosigned(struct buf *out, int64_t time_s, const char *text, size_t n)
{
	buf_addf(out, "cosignature/v1\ntime %lld\n", (long long)time_s);
	buf_add(out, text, n);
}

static bool
verifies(struct note_line *l, const struct note_key *k, const char *text,
    size_t n)
{
	struct buf message = BUF_INIT(NOTE_MAX + 64);
	size_t head = k->type == NOTE_COSIGNED ? TIME_BYTES : 0, i;
	struct sign_sig sig;
	uint64_t time_s = 0;
	bool ok;

	if (l->sig_n != head + SIGN_BYTES)
		return false;
	memcpy(sig.b, l->sig + head, SIGN_BYTES);
	if (!head)
		return sign_check(&sig, &k->pub, text, n);
	for (i = 0; i < TIME_BYTES; i++)
		time_s = time_s << 8 | l->sig[i];
	if (time_s > INT64_MAX)
		return false;
	l->time_s = (int64_t)time_s;
	cosigned(&message, l->time_s, text, n);
	ok = sign_check(&sig, &k->pub, message.data, message.len);
	buf_release(&message);
	return ok;
}

int
note_check(struct note *note, const struct note_key *keys, size_t n,
    struct err *e)
{
	size_t i, j, good = 0;
	struct note_line *l;

	for (i = 0; i < note->n; i++) {
		l = &note->line[i];
		for (j = 0; j < n; j++) {
			if (strlen(keys[j].name) != l->name_n ||
			    memcmp(keys[j].name, l->name, l->name_n) ||
			    memcmp(keys[j].id, l->id, NOTE_ID))
				continue;
			if (!verifies(l, &keys[j], note->text, note->text_n))
				return err_set(e, E_bad_signature,
				    "the signature of '%s' does not fit",
				    keys[j].name);
			l->verified = true;
			good++;
			break;
		}
	}
	return good ? 0 : err_set(e, E_unknown_signer,
	    "nobody whose key is known has signed");
}

static void
add_line(struct buf *out, const struct note_key *k, const uint8_t *sig,
    size_t n)
{
	uint8_t raw[NOTE_ID + TIME_BYTES + SIGN_BYTES];

	memcpy(raw, k->id, NOTE_ID);
	memcpy(raw + NOTE_ID, sig, n);
	buf_addf(out, DASH "%s ", k->name);
	enc_base64(out, raw, NOTE_ID + n);
	buf_addc(out, '\n');
}

void
note_sign(struct buf *out, const struct note_key *k,
    const struct sign_key *key, const char *text, size_t n)
{
	struct sign_sig sig;

	assert(k->type == NOTE_PLAIN && n && text[n - 1] == '\n');
	sign_make(&sig, key, text, n);
	add_line(out, k, sig.b, sizeof(sig.b));
}

void
note_cosign(struct buf *out, const struct note_key *k,
    const struct sign_key *key, int64_t time_s, const char *text, size_t n)
{
	uint8_t timed[TIME_BYTES + SIGN_BYTES];
	struct buf message = BUF_INIT(NOTE_MAX + 64);
	struct sign_sig sig;
	int i;

	assert(k->type == NOTE_COSIGNED && time_s >= 0);
	for (i = 0; i < TIME_BYTES; i++)
		timed[i] = (uint8_t)((uint64_t)time_s >> (56 - 8 * i));
	cosigned(&message, time_s, text, n);
	sign_make(&sig, key, message.data, message.len);
	memcpy(timed + TIME_BYTES, sig.b, SIGN_BYTES);
	add_line(out, k, timed, sizeof(timed));
	buf_release(&message);
}

int
note_check_name(const char *name, struct err *e)
{
	size_t n = 0;

	while (name[n] > ' ' && name[n] < 0x7f && !strchr("+\"\\", name[n]))
		n++;
	return n && n <= 200 && !name[n] ? 0 : err_set(e, E_bad_origin,
	    "'%.80s' is not an origin such as ledger.example.com/main", name);
}
