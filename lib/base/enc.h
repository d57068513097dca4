/*
 * enc - bytes as text: lower-case hex, and base64 with padding (RFC 4648).
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

#endif
