/*
 * form - a public Ed25519 key as other tools write it.
 */
#ifndef FORM_H
#define FORM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "crypto/sign.h"

enum form {
	FORM_PEM,	/* SubjectPublicKeyInfo: the 113 bytes of openssl(1) */
	FORM_HEX,	/* 64 digits, and a line feed */
	FORM_SSH,	/* the line of ssh-keygen(1) */
	FORM_MINISIGN,	/* the two lines of minisign(1) */
	FORM__COUNT
};

#define FORM_PRINT 64		/* room for what form_print() writes */

const char *form_word(enum form);	/* "pem" "hex" "ssh" "minisign" */
bool form_named(const char *word, enum form *out);

/* The whole file. */
void form_write(struct buf *, enum form, const struct sign_public *);

/*
 * Read any of them, and be strict: no CRLF, nothing behind it but the comment
 * of an ssh key.  E_bad_pem, E_bad_key.
 */
int form_read(struct sign_public *out, const char *text, size_t n,
    struct err *) CHECKED;

/* The same of a file.  And E_no_file, ... */
int form_file(struct sign_public *out, const char *path, struct err *)
    CHECKED;

/*
 * Is a file of secrets a seed as 64 hex digits?  1, and the seed, which is to
 * be released; or 0.
 */
int form_read_seed(struct secret *out, struct secret *file);

/* The fingerprint that ssh-keygen -l shows: SHA256: and base64. */
void form_print(char out[FORM_PRINT], const struct sign_public *);

#endif
