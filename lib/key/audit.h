/*
 * audit - is everything in identity/ as it should be?
 *
 * Every file is looked at by itself, for its mode and its form, and together
 * with those that it must agree with.  No passphrase is needed; whether
 * node_private.pem is of the node's key shows only who opens it.
 */
#ifndef AUDIT_H
#define AUDIT_H

#include "base/buf.h"
#include "base/err.h"
#include "key/key.h"

struct audit_finding {
	const char *file;	/* below the home */
	bool good;
	enum err_code code;	/* if it is not */
	const char *text;	/* why not, or a remark, or "" */
	int mode;		/* of the file; -1 without one */
};

typedef int audit_found(void *arg, const struct audit_finding *,
    struct err *);

struct audit_result {
	int files, bad;
	bool unsafe;		/* others can read a secret */
};

/*
 * Tell of every file.  With ask, which is then called, the private key is
 * opened as well.
 */
int audit_run(const char *home, key_ask *ask, void *ask_arg,
    audit_found *found, void *arg, struct audit_result *out, struct err *)
    CHECKED;

void audit_write(struct buf *, const struct audit_finding *);

#endif
