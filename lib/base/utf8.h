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

/* Well-formed, and without control characters, C0 and C1. */
bool utf8_plain(const char *s);

#endif
