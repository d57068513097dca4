/*
 * content - what is signed, as signatures see it: its size and its hashes.
 *
 * The two are read in one pass, piece by piece; who needs only one asks for
 * that one, and the other is zeros.
 */
#ifndef CONTENT_H
#define CONTENT_H

#include <stdint.h>

#include "base/err.h"
#include "crypto/hash.h"

enum {
	CONTENT_256 = 1,	/* SHA-256: of bzn-signature(5) */
	CONTENT_512 = 2,	/* SHA-512: of ssh-keygen(1) */
	CONTENT_BOTH = 3
};

struct content {
	int64_t size;
	struct hash sha256;
	struct hash_512 sha512;
};

/* Of n bytes; and of all that a file has, where "-" is standard input. */
void content_of(struct content *out, int which, const void *data, size_t n);
int content_file(struct content *out, int which, const char *path,
    struct err *) CHECKED;

#endif
