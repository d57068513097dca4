#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"

#define DIGITS 17	/* enough to tell any two doubles apart */

/*
 * Find the shortest digits d and exponent with d * 10^exponent == v, for
 * v > 0.  Any normal double that has a text of at most 15 digits prints as
 * that text, padded, when asked for 15, so looking starts there; a denormal
 * holds fewer digits, so for it looking starts at one.
 *
 * The nearest text of some length may miss although one of that length
 * exists: the doubles above a power of two lie twice as far apart as those
 * below it, so its neighbour, one up, may hit.
 *
 * Texts tried have no decimal point, so strtod() reads them in any locale.
 */
static uint64_t
shortest(double v, int *exponent)
{
	char text[DIGITS + 16], *p;
	uint64_t d;
	int precision, up;

	for (precision = isnormal(v) ? 15 : 1; ; precision++) {
		snprintf(text, sizeof text, "%.*e", precision - 1, v);
		d = 0;
		for (p = text; *p != 'e'; p++)
			if (*p >= '0' && *p <= '9')
				d = d * 10 + (uint64_t)(*p - '0');
		*exponent = (int)strtol(p + 1, NULL, 10) - (precision - 1);
		if (precision == DIGITS)
			return d;
		for (up = 0; up < 2; up++) {
			snprintf(text, sizeof text, "%" PRIu64 "e%d",
			    d + (uint64_t)up, *exponent);
			if (strtod(text, NULL) == v)
				return d + (uint64_t)up;
		}
	}
}

/*
 * The digits of v > 0, none of them a zero at the end, and how many stand
 * before the decimal point; less than 1 if zeroes follow it.
 */
static int
spread(double v, char digits[DIGITS + 8], int *count)
{
	uint64_t d;
	int exponent;

	d = shortest(v, &exponent);
	while (d % 10 == 0) {
		d /= 10;
		exponent++;
	}
	*count = snprintf(digits, DIGITS + 8, "%" PRIu64, d);
	return *count + exponent;
}

/* Both languages write numbers that are not too long without an exponent. */
static void
lay_out(char out[NUM_TEXT], const char *sign, const char *digits, int k,
    int n)
{
	if (k <= n)
		snprintf(out, NUM_TEXT, "%s%s%.*s", sign, digits, n - k,
		    "00000000000000000000");
	else if (n > 0)
		snprintf(out, NUM_TEXT, "%s%.*s.%s", sign, n, digits,
		    digits + n);
	else
		snprintf(out, NUM_TEXT, "%s0.%.*s%s", sign, -n, "00000",
		    digits);
}

void
num_text(double v, char out[NUM_TEXT])
{
	const char *sign = v < 0 ? "-" : "";
	char digits[DIGITS + 8];
	int k, n;

	assert(isfinite(v));
	if (v == 0) {
		memcpy(out, "0", 2);
		return;
	}
	/* k digits, the decimal point after the nth: the spec's letters. */
	n = spread(fabs(v), digits, &k);
	if (-6 < n && n <= 21)
		lay_out(out, sign, digits, k, n);
	else
		snprintf(out, NUM_TEXT, "%s%c%s%se%+d", sign, digits[0],
		    k > 1 ? "." : "", digits + 1, n - 1);
}

void
num_python(double v, char out[NUM_TEXT])
{
	const char *sign = signbit(v) ? "-" : "";
	char digits[DIGITS + 8];
	int k, n;

	assert(isfinite(v));
	if (v == 0) {
		snprintf(out, NUM_TEXT, "%s0.0", sign);
		return;
	}
	n = spread(fabs(v), digits, &k);
	if (-4 < n && n <= 16) {
		lay_out(out, sign, digits, k, n);
		if (k <= n)
			memcpy(out + strlen(out), ".0", 3);
	} else {
		snprintf(out, NUM_TEXT, "%s%c%s%se%+.2d", sign, digits[0],
		    k > 1 ? "." : "", digits + 1, n - 1);
	}
}

/*
 * The point is moved to the end of the digits and into the exponent, because
 * strtod() wants the locale's point.  An exponent may have dozens of digits:
 * past a few thousand it decides alone, so it may stop counting there.
 */
double
num_read(const char *lexeme, size_t n)
{
	char text[160];
	size_t i, len = 0;
	long shift = 0, exponent = 0, sign = 1;
	int point = 0;

	assert(n <= 127);
	for (i = 0; i < n && lexeme[i] != 'e' && lexeme[i] != 'E'; i++) {
		if (lexeme[i] == '.') {
			point = 1;
			continue;
		}
		text[len++] = lexeme[i];
		shift -= point;
	}
	for (i++; i < n; i++) {
		if (lexeme[i] == '-')
			sign = -1;
		else if (lexeme[i] != '+' && exponent < 10000)
			exponent = exponent * 10 + (lexeme[i] - '0');
	}
	snprintf(text + len, sizeof text - len, "e%ld",
	    sign * exponent + shift);
	return strtod(text, NULL);
}
