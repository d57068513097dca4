/*
 * ping - the verbs of bzn-ping: what a person or cron asked for, and what is
 * said of it.  The rules are those of lib/health, lib/alert and lib/probe.
 */
#ifndef PING_H
#define PING_H

#include "cli/cli.h"

int ping_stats(struct cli *, struct err *) CHECKED;

/* This node itself: E_needs_a_person if there is a finding. */
int ping_self(struct cli *, struct err *) CHECKED;

/* What a node has of its own; NULL leaves it as it is. */
struct ping_set {
	const char *interval, *owner, *depends, *require_signed;
};
int ping_set(struct cli *, const struct ping_set *, struct err *) CHECKED;

/* A job says how it went: -1: it did not say. */
struct ping_push {
	int64_t status;
	const char *name;
};
int ping_push(struct cli *, const struct ping_push *, struct err *) CHECKED;

/*
 * What would have become of the samples in a file, or without one of those
 * that are kept, under other rules; -1 and NULL: as it is.
 */
struct ping_replay {
	int64_t down_after, up_after, slow_after, ok_after;
	const char *interval;
};
int ping_replay(struct cli *, const struct ping_replay *, struct err *)
    CHECKED;

#endif
