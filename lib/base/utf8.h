/*
 * utf8 - well-formed UTF-8 (RFC 3629).
 */
#ifndef UTF8_H
#define UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* Length of the well-formed character that s begins with, or 0. */
size_t utf8_len(const char *s, size_t n);

/* The number of the well-formed character of n bytes that s begins with. */
unsigned utf8_number(const char *s, size_t n);

/* How many characters; of what is not well-formed, each byte is one. */
size_t utf8_count(const char *s, size_t n);

/* How many bytes the first characters, at most so many, have. */
size_t utf8_first(const char *s, size_t n, size_t most);

/*
 * Is the character white space: one with the property White_Space, or one of
 * the four separators U+001C to U+001F?
 */
bool utf8_space(unsigned c);

/*
 * Would the character steer whoever shows it: a control character, C0, DEL or
 * C1, the end of a line or a paragraph, or a mark that turns text around?
 */
bool utf8_steers(unsigned c);

/* Well-formed, and without control characters, C0 and C1. */
bool utf8_plain(const char *s);

#endif
