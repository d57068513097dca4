/*
 * same - are two JSON values equal?
 *
 * Numbers are equal by value, objects whatever the order of their members,
 * arrays by their items in order: what "enum", "const" and "uniqueItems" of
 * JSON Schema ask.  Work is counted, so that a caller can bound it: one for
 * each value looked at, and for each 64 bytes of a string.
 */
#ifndef SAME_H
#define SAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/json.h"

/* Ends early, and then says false, once *work is below 0. */
bool same(const struct json *a, const struct json *b, int64_t *work);

/* Equal values have equal hashes; those of others differ, but by design. */
uint64_t same_hash(const struct json *, int64_t *work);
uint64_t same_hash_text(const char *);		/* of the string */

#endif
