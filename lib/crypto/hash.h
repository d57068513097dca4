/*
 * hash - SHA-256, where another is not named (FIPS 180-4).
 */
#ifndef HASH_H
#define HASH_H

#include <stddef.h>
#include <stdint.h>

#define HASH_BYTES 32
#define HASH_HEX 65		/* with its NUL */

struct hash { uint8_t b[HASH_BYTES]; };

void hash_of(struct hash *out, const void *data, size_t n);

/* Of two pieces, as if they were one. */
void hash_of_two(struct hash *out, const void *a, size_t na, const void *b,
    size_t nb);

/* SHA-512, of the same standard. */
#define HASH_BYTES_512 64
struct hash_512 { uint8_t b[HASH_BYTES_512]; };
void hash_512_of(struct hash_512 *out, const void *data, size_t n);

/* Piece by piece: start, any number of adds, end. */
struct hash_run { uint64_t state[16]; };
void hash_start(struct hash_run *);
void hash_add(struct hash_run *, const void *data, size_t n);
void hash_end(struct hash *out, struct hash_run *);

struct hash_512_run { uint64_t state[28]; };
void hash_512_start(struct hash_512_run *);
void hash_512_add(struct hash_512_run *, const void *data, size_t n);
void hash_512_end(struct hash_512 *out, struct hash_512_run *);

void hash_hex(char out[HASH_HEX], const struct hash *);

#endif
