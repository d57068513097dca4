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
	const char *space, *principal;
	const char *trust, *key, *chain, *at;
	const char *signature, *output, *comment, *quorum, *jobs, *seq;
	bool attached, manifest, list, zero, explain, fail_fast, force;
	bool ssh;			/* as ssh-keygen(1) does */
	bool html;			/* the file is a page that has it */
	bool verify;			/* instead of signing */
	bool require_sandbox;

	/* http */
	const char *method, *base, *nonce, *body, *type, *idempotency;
	bool raw, curl;

	/* webhook */
	const char *secret_file, *secret_fd, *timestamp, *window;

	/* jwt */
	const char *jwks, *aud, *iss, *ttl;
	bool token;

	/* eth, bind */
	const char *wallet, *address;
	struct pass wallet_pass;
};

int signer_sign(struct cli *, struct signer *, struct err *) CHECKED;
int signer_verify(struct cli *, struct signer *, struct err *) CHECKED;
int signer_json(struct cli *, struct signer *, struct err *) CHECKED;
int signer_http(struct cli *, struct signer *, struct err *) CHECKED;
int signer_inspect(struct cli *, struct signer *, struct err *) CHECKED;
int signer_jwt(struct cli *, struct signer *, struct err *) CHECKED;
int signer_eth(struct cli *, struct signer *, struct err *) CHECKED;
int signer_bind(struct cli *, struct signer *, struct err *) CHECKED;
int signer_request(struct cli *, struct signer *, struct err *) CHECKED;
int signer_webhook(struct cli *, struct signer *, struct err *) CHECKED;

#endif
