/*
 * thumb - thumbprints of public keys: SHA-256 over the members of a JWK that
 * make the key (RFC 7638; RFC 8037, A.3), in base64url.
 */
#ifndef THUMB_H
#define THUMB_H

#include "crypto/rsa.h"
#include "crypto/sign.h"

#define THUMB_TEXT 44		/* with its NUL */

void thumb_of_rsa(char out[THUMB_TEXT], const struct token_public *);
void thumb_of_sign(char out[THUMB_TEXT], const struct sign_public *);

#endif
