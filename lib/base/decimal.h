/*
 * decimal - numbers of JSON compared exactly.
 *
 * A number is what its digits say: 1.0 is 1, 1e2 is 100, and 1e400 is neither
 * infinite nor 1e401.  Nothing passes through a double.
 */
#ifndef DECIMAL_H
#define DECIMAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DECIMAL_DIGITS 127	/* as JSON_DIGITS */

/* The value is digits * 10^power; no digit is a zero first or last. */
struct decimal {
	bool negative;			/* never of zero */
	bool far;			/* 10^(10^17) and more, or as small: */
	char place[DECIMAL_DIGITS];	/* of the first digit, biased */
	char digits[DECIMAL_DIGITS];
	unsigned n;			/* of digits; 0: zero */
	int64_t power;			/* far: +-10^18, for past all others */
};

/* Read a JSON number of at most DECIMAL_DIGITS bytes, as json_lexeme() has. */
void decimal_read(struct decimal *, const char *lexeme, size_t n);

/* Less than 0, 0, more than 0, as a is to b. */
int decimal_compare(const struct decimal *a, const struct decimal *b);

bool decimal_whole(const struct decimal *);	/* an integer */

/* Is the number an integer times unit, which is not zero? */
bool decimal_multiple(const struct decimal *, const struct decimal *unit);

/* An integer that is not negative; the largest of the type if past it. */
uint64_t decimal_count(const struct decimal *);

#endif
