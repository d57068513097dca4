/*
 * note - C2SP signed notes: text, and who signed it (spec/ledger.md 5.3, 5.6).
 *
 * A note is text, an empty line, and signature lines, each with the name of
 * a key, and in base64 four bytes of its id and the signature.  A verifier
 * key (vkey) is name, '+', the id in eight hex digits, '+', base64 of the
 * type and the public key.  Lines of keys that are not known are passed over;
 * a known key whose signature fails spoils the note.
 */
#ifndef NOTE_H
#define NOTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "crypto/sign.h"

struct buf;

#define NOTE_MAX 65536		/* bytes of a note */
#define NOTE_LINES 64		/* signatures in it */
#define NOTE_NAME 256		/* bytes of a key's name, and NUL */
#define NOTE_ID 4

enum note_type {
	NOTE_PLAIN = 1,		/* Ed25519 over the text */
	NOTE_COSIGNED = 4,	/* over a time and the text: tlog-cosignature */
};

struct note_key {
	char name[NOTE_NAME];
	uint8_t id[NOTE_ID];
	enum note_type type;
	struct sign_public pub;
};

/* A key of a name.  E_bad_vkey if it is no name for one. */
int note_key_of(struct note_key *out, const char *name, enum note_type,
    const struct sign_public *, struct err *) CHECKED;

/* E_bad_vkey: not of this form, another type, or not its own id. */
int note_key_read(struct note_key *out, const char *vkey, struct err *)
    CHECKED;

void note_key_write(struct buf *out, const struct note_key *);

/* The vkey of a log's key; the name is one for note_check_name(). */
void note_vkey(struct buf *out, const char *name, const struct sign_public *);

struct note_line {
	const char *name;		/* not ended */
	size_t name_n;
	uint8_t id[NOTE_ID];
	size_t sig_n;			/* bytes of it, the id left out */
	uint8_t sig[8 + SIGN_BYTES];	/* as far as it fits */
	bool verified;
	int64_t time_s;			/* of a cosignature, if verified */
};

/* Borrows the bytes that it was parsed from. */
struct note {
	const char *text;		/* with its last line feed */
	size_t text_n, n;
	struct note_line line[NOTE_LINES];
};

/* E_bad_note. */
int note_parse(struct note *out, const char *bytes, size_t n, struct err *)
    CHECKED;

/*
 * Mark what these keys verify: E_bad_signature if one of them fails,
 * E_unknown_signer if none has signed.
 */
int note_check(struct note *, const struct note_key *, size_t n, struct err *)
    CHECKED;

/* Append a signature line for text that ends in a line feed. */
void note_sign(struct buf *out, const struct note_key *,
    const struct sign_key *, const char *text, size_t n);
void note_cosign(struct buf *out, const struct note_key *,
    const struct sign_key *, int64_t time_s, const char *text, size_t n);

/*
 * Is it the name of a log of ours: 1 to 200 printable characters without a
 * blank, a plus, a quote or a backslash?  E_bad_origin.
 */
int note_check_name(const char *, struct err *) CHECKED;

#endif
