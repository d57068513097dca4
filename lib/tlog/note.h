/*
 * note - C2SP signed notes: the names of keys that sign them.
 */
#ifndef NOTE_H
#define NOTE_H

#include "crypto/sign.h"

struct buf;

/*
 * The verifier key of an Ed25519 note signer: name, '+', the key id in eight
 * hex digits, '+', base64 of the type 01 and the public key.
 */
void note_vkey(struct buf *out, const char *name, const struct sign_public *);

#endif
