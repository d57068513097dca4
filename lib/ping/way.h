/*
 * way - the ways that alerts go, as options and bzn.conf have them: mail, by a
 * command or a server, and a webhook.
 */
#ifndef WAY_H
#define WAY_H

#include "alert/webhook.h"
#include "cli/feed.h"
#include "ping/ping.h"
#include "sig/hook.h"

struct way {
	struct cli *cli;
	struct ping_alert *say;
	unsigned wanted;		/* of enum alert_way */
	struct feed command;		/* that takes mail, if one does */
	struct secret login;		/* name:password, a NUL in between */
	const char *password;		/* in it; NULL: there is none */
	struct hook_signer signer;
	struct alert_hook hook;
};

/*
 * Read what is needed for the ways that are wanted; way_close().  E_bad_conf,
 * E_unfit_secret; what hook_target_read() says of a URL; E_no_passphrase and
 * E_no_key if there is nothing to sign a webhook with.
 */
int way_open(struct way *, struct cli *, struct ping_alert *, struct err *)
    CHECKED;

/*
 * There is something to send: open the key, if nobody has to be asked, and
 * give up what is not needed any more (spec/ops.md 8).  E_no_sandbox.
 */
int way_ready(struct way *, struct err *) CHECKED;

/* E_not_delivered, or what makes it impossible. */
int way_send(struct way *, enum alert_way, const struct alert_letter *,
    struct err *) CHECKED;

void way_close(struct way *);		/* harmless when zeroed */

#endif
