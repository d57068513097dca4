/*
 * stay - for verbs that go on until they are told to end: signals are held
 * back while there is work, and looked for where it may end, so that nothing
 * is ever cut short.
 */
#ifndef STAY_H
#define STAY_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

struct cli;

/* Hold back SIGTERM and SIGINT, and SIGHUP if that is so: *out are these. */
void stay_hold(sigset_t *out, bool hangup);

/* One of them that has come, or comes within so long; or 0. */
int stay_told(const sigset_t *, int64_t wait_ms);

/*
 * The same between two turns: the store is closed, for what lies there next
 * time may be another; and a clock that stands still is set forward instead.
 */
int stay_rest(struct cli *, const sigset_t *, int64_t wait_ms);

#endif
