/*
 * judge - what an answer says of the node that gave it: see probe.h.
 */
#ifndef JUDGE_H
#define JUDGE_H

#include "net/client.h"
#include "probe/probe.h"

#define PROBE_NONCE 33		/* 32 hex digits, and NUL */

/* How it failed to be asked; CLASS_NONE of what has to be looked at. */
enum sample_class probe_class(enum client_end);

/* Of a target that was asked with that nonce; confirm is the caller's. */
void probe_judge(struct sample *out, const struct probe_how *,
    const struct probe_target *, const char *nonce,
    const struct client_answer *);

#endif
