/*
 * texts - documents in files: a JSON document that is printed over many
 * lines, or one document a line, as NDJSON has it.
 */
#ifndef TEXTS_H
#define TEXTS_H

#include <stddef.h>

#include "base/err.h"
#include "crypto/hash.h"

struct cli;

#define TEXTS_MAX (64 << 20)	/* bytes of a file */

struct text {
	const char *file;		/* for people; borrowed */
	unsigned long line;		/* 0: the whole file */
	const char *p;			/* n bytes, without a line feed */
	size_t n;
};

struct texts {
	struct text *text;		/* owned, n of them */
	size_t n, cap;
	char **file;			/* owned: what text points into */
	size_t files;
};

/*
 * Read the files that are the operands, or standard input if there are none;
 * "-" is that, too.  An operand that begins with scheme is a document itself.
 * Lines that are blank are passed over.  E_no_file and the like, E_bad_json
 * for a file without any document.  On failure out is empty.
 */
int texts_read(struct texts *out, struct cli *, const char *scheme,
    struct err *) CHECKED;
/* Of all documents, in hex: have they been read before? */
void texts_hash(char out[HASH_HEX], const struct texts *);
void texts_release(struct texts *);

/*
 * A document has failed: complain, saying where it stands, and go on with 0;
 * -1 if those that follow would fail as well.
 */
int texts_skip(struct cli *, const struct text *, struct err *) CHECKED;

#endif
