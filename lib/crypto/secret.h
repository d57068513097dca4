/*
 * secret - a buffer for what must not leak: keys, passphrases.
 *
 * Locked into memory between guard pages, wiped when released; and a process
 * that has had one is never dumped.  Never copied into a struct buf, a struct
 * err or argv.
 */
#ifndef SECRET_H
#define SECRET_H

#include <stddef.h>

struct secret {
	unsigned char *data;	/* owned; NULL when empty */
	size_t len, cap;
};

void secret_init(struct secret *, size_t cap);	/* room, and len 0 */
void secret_random(struct secret *, size_t n);	/* init, and n random bytes */
void secret_release(struct secret *);		/* accepts an empty one */

#endif
