/*
 * fresh - secrets of the server that are made at first need: 32 random bytes
 * as 64 digits in a file of identity/, which the operator may replace by any
 * other line, or empty, which turns off what asks for it.
 */
#ifndef FRESH_H
#define FRESH_H

#include "base/err.h"
#include "crypto/secret.h"

#define FRESH_BYTES 32
#define FRESH_MAX 1024		/* bytes of a line */

/*
 * The line in identity/NAME, without its line feed, and with a NUL behind it;
 * secret_release().  As key_read_secret().
 */
int fresh_secret(const char *home, const char *name, struct secret *out,
    struct err *) CHECKED;

#endif
