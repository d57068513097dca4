/*
 * utf8 - well-formed UTF-8 (RFC 3629).
 */
#ifndef UTF8_H
#define UTF8_H

#include <stddef.h>

/* Length of the well-formed character that s begins with, or 0. */
size_t utf8_len(const char *s, size_t n);

#endif
