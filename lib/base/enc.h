/*
 * enc - bytes as text, and back: hex, base64 with padding, base64url without,
 * base32 in lower case without (all RFC 4648), base58 as Bitcoin has it.
 */
#ifndef ENC_H
#define ENC_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

#define ENC_HEX(n) (2 * (n) + 1)

void enc_hex(char *out, const void *data, size_t n);	/* ENC_HEX(n) bytes */

/* Exactly 2n digits of either case, and nothing behind them. */
bool enc_unhex(void *out, const char *text, size_t n);

void enc_base64(struct buf *out, const void *data, size_t n);
void enc_base64url(struct buf *out, const void *data, size_t n);
void enc_base32(struct buf *out, const void *data, size_t n);
void enc_base58(struct buf *out, const void *data, size_t n);	/* n <= 64 */

/*
 * Exactly what enc_base64() and its like write for some bytes: no other
 * padding, no blanks, no bits set behind the last byte.  False too for more
 * than max bytes.
 */
bool enc_unbase64(void *out, size_t max, size_t *n, const char *text,
    size_t len);
bool enc_unbase64url(void *out, size_t max, size_t *n, const char *text,
    size_t len);
bool enc_unbase32(void *out, size_t max, size_t *n, const char *text,
    size_t len);

#endif
