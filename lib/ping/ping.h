/*
 * ping - the verbs of bzn-ping: what a person or cron asked for, and what is
 * said of it.  The rules are those of lib/health, lib/alert and lib/probe.
 */
#ifndef PING_H
#define PING_H

#include "cli/cli.h"
#include "cli/pass.h"
#include "ping/ask.h"

int ping_stats(struct cli *, struct err *) CHECKED;

/* What the options of sweeps say; zeroed, nothing. */
struct ping_sweep {
	const char *targets, *shard, *spread, *deadline, *family;
	const char *ca_file, *record, *prom, *heartbeat;
	int64_t in_flight;		/* -1: nobody said */
	int64_t sweeps;
	bool allow_private, require_signed, force, require_sandbox;
	struct pass pass;		/* for second opinions */
};
/* E_node_down; E_observer_offline, E_deadline, E_lock_timeout. */
int ping_sweep(struct cli *, const struct ping_sweep *, struct err *) CHECKED;
int ping_watch(struct cli *, const struct ping_sweep *, struct err *) CHECKED;

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

/* --- what was ------------------------------------------------------------- */

int ping_report(struct cli *, const struct ask_time *, struct err *) CHECKED;

struct ping_incidents { struct ask_time time; bool open; };
int ping_incidents(struct cli *, const struct ping_incidents *, struct err *)
    CHECKED;

int ping_explain(struct cli *, struct err *) CHECKED;

struct ping_bundle { struct pass pass; const char *output; bool force; };
int ping_bundle(struct cli *, struct ping_bundle *, struct err *) CHECKED;

struct ping_sla { struct ask_time time; const char *target; };
int ping_sla(struct cli *, const struct ping_sla *, struct err *) CHECKED;

/* --- maintenance ---------------------------------------------------------- */

struct ping_maint {
	const char *from, *to, *weekly, *lasts, *zone, *node, *reason;
	bool all;			/* list those that are over, too */
};
/* add, list, end: the first operand. */
int ping_maint(struct cli *, const struct ping_maint *, struct err *) CHECKED;

/*
 * Deliver the outbox: by mail, which a command takes or a server, by a
 * webhook, or both.  E_not_delivered.
 */
struct ping_alert {
	struct pass pass;
	const char *mail, *webhook, *ca_file;
	bool allow_private, test, require_sandbox;
};
int ping_alert(struct cli *, struct ping_alert *, struct err *) CHECKED;

#endif
