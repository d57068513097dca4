/*
 * webhook - a parcel of alerts as an event that is posted, signed as others
 * are (spec/protocols.md 2.7, 4.8).
 *
 * Its type is "alert.down", or "alert.digest" if it is of several.  Its id,
 * which is made of the parcel's, and X-Delivery-Id, which is that, are the
 * same at each attempt; the time of the signature is not.
 */
#ifndef WEBHOOK_H
#define WEBHOOK_H

#include <stdbool.h>

#include "alert/text.h"

struct chance;
struct hook_signer;

struct alert_hook {
	const char *url;		/* which was judged */
	const struct hook_signer *signer;	/* that can sign */
	bool allow_private;
	const char *ca_file;		/* NULL: the system's */
	int64_t wait_ms;
	struct chance *chance;
};

/* {"id", "type", "created_at", "data"}.  E_too_long, E_bad_json. */
int webhook_envelope(struct buf *out, const struct alert_letter *,
    struct err *) CHECKED;

/* 0 if it was taken: 2xx.  E_not_delivered. */
int webhook_post(const struct alert_hook *, const struct alert_letter *,
    struct err *) CHECKED;

#endif
