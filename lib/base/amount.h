/*
 * amount - money: a whole number of minor units of a named unit.
 *
 * 1.50 TCK is { 150, TCK }.  There is no floating point anywhere near it; in
 * JSON and on the command line an amount is a decimal string.  |minor| is at
 * most 2^63-1: INT64_MIN is refused everywhere (spec/ledger.md 1.2).
 */
#ifndef AMOUNT_H
#define AMOUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define UNIT_CODE 13		/* [A-Z][A-Z0-9]{1,11} and NUL */

struct unit {
	char code[UNIT_CODE];
	int scale;		/* digits after the point, 0 to 18 */
};

struct amount {
	int64_t minor;
	const struct unit *unit;	/* borrowed, never NULL */
};

/* For sums and shares on their way to an amount: they cannot overflow. */
__extension__ typedef __int128 amount_wide;

#define AMOUNT_TEXT 32		/* room for any amount, sign and NUL */

/* The four that every ledger has, in the order of their codes. */
extern const struct unit unit_builtin[4];
const struct unit *unit_named(const char *code);	/* of those; or NULL */

/*
 * Read "12", "12.5" or "12.50": digits, and a point with at most scale
 * digits behind it; no sign, no exponent, no rounding.  E_bad_amount,
 * E_amount_scale (too many decimals), E_amount_range (over 2^63-1).
 */
int amount_digits(const char *text, int scale, int64_t *minor, struct err *)
    CHECKED;

/* The same into out->minor; out->unit is set already.  Names the unit. */
int amount_parse(struct amount *out, const char *text, struct err *) CHECKED;

/* The same, and a minus may stand before it. */
int amount_signed(struct amount *out, const char *text, struct err *) CHECKED;

/*
 * The canonical text: "-0.50", exactly scale digits.  Returns its length;
 * the last argument also takes a NUL.
 */
size_t amount_print(int64_t minor, int scale, char out[AMOUNT_TEXT]);
void amount_text(struct amount, char out[AMOUNT_TEXT]);

/*
 * Read the canonical text and nothing else: -?(0|[1-9][0-9]*) and scale
 * digits behind a point.  The first n bytes must be all of it.
 */
bool amount_canonical(const char *text, size_t n, int scale, int64_t *minor);

#endif
