/*
 * note - C2SP signed notes: the names of keys that sign them.
 */
#ifndef NOTE_H
#define NOTE_H

#include "base/err.h"
#include "crypto/sign.h"

struct buf;

/*
 * The verifier key of an Ed25519 note signer: name, '+', the key id in eight
 * hex digits, '+', base64 of the type 01 and the public key.
 */
void note_vkey(struct buf *out, const char *name, const struct sign_public *);

/*
 * Is it the name of a log: 1 to 200 printable characters without a blank, a
 * plus, a quote or a backslash?  E_bad_origin.
 */
int note_check_name(const char *, struct err *) CHECKED;

#endif
