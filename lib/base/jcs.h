/*
 * jcs - canonical JSON, RFC 8785: the bytes that are signed and hashed.
 *
 * Equal values give equal bytes: no white space, members sorted by the
 * UTF-16 code units of their keys, strings with the fewest escapes, numbers
 * as ECMAScript prints the nearest double.  Canonical text canonicalises to
 * itself.  Numbers beyond 2^53 lose digits here, as the RFC has it: what must
 * not, such as amounts, is a string.
 *
 * On failure the buffer holds what it held before.
 */
#ifndef JCS_H
#define JCS_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"

/*
 * Append the canonical form of a value.  E_bad_json if a number is beyond
 * the largest double; E_too_long if the buffer is, or becomes, full.
 */
int jcs_write(struct buf *out, const struct json *value, struct err *) CHECKED;

/* The same from text; also all that json_parse() may say. */
int jcs_text(struct buf *out, const char *text, size_t n, struct err *)
    CHECKED;

#endif
