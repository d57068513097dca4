/*
 * keccak - Keccak-256 as Ethereum has it: the padding of the submission, not
 * that of SHA3-256 (FIPS 202).
 */
#ifndef KECCAK_H
#define KECCAK_H

#include "crypto/hash.h"

void keccak(struct hash *out, const void *data, size_t n);

#endif
