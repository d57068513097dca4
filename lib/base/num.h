/*
 * num - doubles as text, and back, the way ECMAScript does it, or Python.
 *
 * Exact in both directions: the text is the shortest that reads back as the
 * same double, the double is the nearest to the
 * text.  Neither depends on the locale.  Never for money.
 */
#ifndef NUM_H
#define NUM_H

#include <stddef.h>

#define NUM_TEXT 48	/* the longest is 25 bytes; gcc cannot know */

/*
 * Write a finite double (asserted) as text.  num_text() as ECMA-262's
 * Number::toString, where -0 is "0"; num_python() as Python's repr(), where
 * it is "-0.0" and 1 is "1.0".
 */
void num_text(double, char out[NUM_TEXT]);
void num_python(double, char out[NUM_TEXT]);

/*
 * Return the double nearest to a JSON number of n <= 127 bytes, such as
 * json_lexeme() gives; infinite if it is past the largest.
 */
double num_read(const char *lexeme, size_t n);

#endif
