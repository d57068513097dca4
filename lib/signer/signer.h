/*
 * signer - the verbs of bzn-sign, over what lib/sig knows.
 *
 * All take what the options say as one struct, in which NULL, false and -1
 * mean that nothing was said.
 */
#ifndef SIGNER_H
#define SIGNER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "cli/cli.h"
#include "cli/pass.h"

struct signer {
	struct pass pass;
	const char *space, *principal;		/* -n, -I */
	const char *trust, *key, *at;
	const char *signature, *output, *comment, *quorum, *jobs;
	const char *seq;
	bool attached, manifest, list, zero, explain, fail_fast, force;
	bool verify;

	const char *method, *base, *created, *nonce, *type, *idempotency;
	bool raw, curl;				/* http */

	const char *secret, *secret_fd;		/* webhook */
	const char *timestamp, *window;

	const char *jwks, *aud, *iss, *kid;	/* jwt */
	bool token;

	const char *address;			/* eth, bind */
	const char *wallet_file, *wallet_pass_file;
};

int signer_sign(struct cli *, struct signer *, struct err *) CHECKED;
int signer_verify(struct cli *, struct signer *, struct err *) CHECKED;
int signer_json(struct cli *, struct signer *, struct err *) CHECKED;
int signer_inspect(struct cli *, struct signer *, struct err *) CHECKED;

#endif
