#include <string.h>

#include "base/buf.h"
#include "base/enc.h"
#include "crypto/hash.h"
#include "crypto/thumb.h"

#define JWK_MOST 1024		/* a modulus of 4096 bits is 683 digits */

static void
finish(char out[THUMB_TEXT], struct buf *jwk)
{
	struct buf text = BUF_INIT(THUMB_TEXT - 1);
	struct hash h;

	hash_of(&h, jwk->data, jwk->len);
	enc_base64url(&text, h.b, HASH_BYTES);
	memcpy(out, text.data, THUMB_TEXT);
	buf_release(&text);
	buf_release(jwk);
}

/* The required members only, in the order of their names, without blanks. */
void
thumb_of_rsa(char out[THUMB_TEXT], const struct token_public *k)
{
	struct buf jwk = BUF_INIT(JWK_MOST);

	buf_adds(&jwk, "{\"e\":\"");
	enc_base64url(&jwk, k->e, k->e_len);
	buf_adds(&jwk, "\",\"kty\":\"RSA\",\"n\":\"");
	enc_base64url(&jwk, k->n, k->n_len);
	buf_adds(&jwk, "\"}");
	finish(out, &jwk);
}

void
thumb_of_sign(char out[THUMB_TEXT], const struct sign_public *k)
{
	struct buf jwk = BUF_INIT(JWK_MOST);

	buf_adds(&jwk, "{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"");
	enc_base64url(&jwk, k->b, SIGN_PUBLIC);
	buf_adds(&jwk, "\"}");
	finish(out, &jwk);
}
