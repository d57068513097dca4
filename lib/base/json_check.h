/*
 * json_check - the strict validator that runs before cJSON; for json*.c only.
 */
#ifndef JSON_CHECK_H
#define JSON_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define JSON_RAW_DIGITS	63	/* bytes of a number that cJSON reads */

/* Where each value of a document begins, in document order; at is owned. */
struct json_places {
	uint32_t *at;
	size_t n, cap;
	bool long_number;	/* one that cJSON cannot read: json.c */
};

/*
 * Check that the text is one JSON value as json.h has it, but for duplicate
 * keys, and note where its values begin.  The caller frees places->at, also
 * after a failure.  E_bad_json, E_too_long.
 */
int json_check(struct json_places *, const char *text, size_t n, struct err *)
    CHECKED;

#endif
