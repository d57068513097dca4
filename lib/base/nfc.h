/*
 * nfc - text in the normal form C of Unicode, UAX 15.
 *
 * Texts that look alike, such as an e with an accent and an e followed by
 * one, become the same bytes.  Which characters there are is up to the
 * version of libunistring.
 */
#ifndef NFC_H
#define NFC_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

/*
 * Append the form of n bytes of UTF-8, at most three times as long; false,
 * and nothing appended, if they are not UTF-8.
 */
bool nfc_add(struct buf *out, const char *s, size_t n);

#endif
