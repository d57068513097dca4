/*
 * health - what is known of the health of nodes, as rows (spec/ops.md 3).
 *
 * A series is a node as it is asked over one family of addresses.  A sweep
 * brings samples of many; taking them in moves the machine of each series
 * (uptime/state.h), and in the same transaction writes down what it became,
 * as a row and as an event "health.state" of the ledger, which incident that
 * begins or ends, and who is to be told (alert/alert.h).  Nothing else says
 * whether a node was up: reports, incidents, alerts and percentages all come
 * from these rows, so they agree.
 *
 * An incident begins when a node is down outside of maintenance, and ends
 * when it is up again; unknown time within one is no time of being down.
 * Units: _ms since 1970 UTC.  Functions that end in _in need a transaction.
 */
#ifndef HEALTH_H
#define HEALTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "alert/alert.h"
#include "base/chance.h"
#include "base/err.h"
#include "base/id.h"
#include "base/param.h"
#include "health/sample.h"
#include "node/signup.h"
#include "uptime/span.h"
#include "uptime/state.h"

struct buf;
struct ledger;
struct query;
struct store;
struct witness;
struct witness_case;

/* --- what a node has of its own ------------------------------------------- */

struct health_setting {
	char node_id[HASH_HEX];
	int64_t interval_ms;		/* 0: that of the parameters */
	char owner[SIGNUP_EMAIL];	/* who gets mail; "": the operator */
	char depends[HASH_HEX];		/* what it stands on; "": nothing */
	bool is_signed;			/* answers have to be */
};

/* What it has; zeroes if nothing. */
int health_setting(struct store *, const char *node_id,
    struct health_setting *out, struct err *) CHECKED;

/*
 * E_bad_email of an owner; E_id_conflict if it would stand on itself, also by
 * way of others.
 */
int health_set_in(struct store *, const struct health_setting *,
    struct err *) CHECKED;

/* How the machine of a node with that interval judges; 0: of no own. */
void health_rule(struct state_rule *out, const struct params *,
    int64_t interval_ms);

/* --- series --------------------------------------------------------------- */

struct health_series {
	int64_t id;			/* of its rows */
	char node_id[HASH_HEX];
	enum sample_family family;
	char name[FIT_NAME + 1], url[FIT_ENDPOINT + 1];
	int64_t first_ms;		/* known since */
	struct state_machine machine;
	int64_t flaps;			/* times that it began to flap */
	enum sample_class class;	/* of the last probe; its others: */
	int http;			/* of a job its status */
	char version[SAMPLE_VERSION];
	int64_t total_us, cert_ms;
	bool is_signed;
	int64_t interval_ms;		/* of its own, or 0 */
	int64_t rolled_ms;		/* samples before are added up */
};

/* 1, or 0 if it was never asked, or -1. */
int health_get(struct store *, const char *node_id, enum sample_family,
    struct health_series *out, struct err *) CHECKED;

/* The same by its row, which others refer to. */
int health_by_row(struct store *, int64_t id, struct health_series *out,
    struct err *) CHECKED;

/* All, by name: 1, 0 after the last, -1. */
void health_list_open(struct query *, struct store *);
int health_list_next(struct query *, struct health_series *out, struct err *)
    CHECKED;

/*
 * The series of the one node that is meant: its id, a beginning of it of at
 * least four digits, or its name.  out is for free().  E_node_missing if it
 * was never asked, E_ambiguous.
 */
int health_find(struct store *, const char *typed,
    struct health_series **out, size_t *n, struct err *) CHECKED;

/* How its machine judges: the word of a job needs no second one. */
void health_rule_of(struct state_rule *out, const struct params *,
    const struct health_series *);

/* What it is at that moment, to whoever asks, and since when. */
enum state health_now(const struct health_series *, const struct params *,
    int64_t now_ms, int64_t *since_ms);

/* --- sweeps --------------------------------------------------------------- */

struct health_sweep {
	char id[ID_TEXT];
	int64_t began_ms, ended_ms;
	bool offline;			/* who looked was cut off (3.5) */
	bool push;			/* nobody looked: it is not noted */
	int64_t unasked;		/* targets that the time was too
					   short for */
	const struct witness *witness;	/* of what is decided in it; owned by
					   others, as is all below */
	size_t witnesses;
	const struct params *params;
	struct chance *chance;
	const char *(*name)(void *, const char *node_id);	/* or NULL */
	void *arg;
};

struct health_taken {
	int64_t series, ok, failed, changes, opened, closed;
	int64_t down;			/* of the series, now */
};

/*
 * Take a sweep in.  Samples of a series are in the order of their beginnings,
 * and stand together; of a series whose samples were taken before, those are
 * left out.  Tidies what is old enough to be added up.
 */
int health_take_in(struct ledger *, const struct health_sweep *,
    const struct sample *, size_t n, struct health_taken *out, struct err *)
    CHECKED;

/*
 * Would one more failure of this series, after those of this sweep, be one
 * that its machine has not decided on?  Then the probe is repeated at once.
 */
bool health_confirms(const struct health_series *, const struct params *,
    const struct sample *, size_t n);

/*
 * Will it be called down by these?  Then out says of which failures: others
 * are to be asked first (witness.h).
 */
bool health_falls(const struct health_series *, const struct params *,
    const struct sample *, size_t n, struct witness_case *out);

/*
 * Of one that was taken in: when it was, how many it left out, and whether
 * who looked was cut off.  1, 0 if there is none, -1.
 */
int health_sweep_get(struct store *, const char *id,
    struct health_sweep *out, struct err *) CHECKED;

/* All samples that are kept, those of a sweep together: 1, 0, -1. */
void health_samples_open(struct query *, struct store *);
int health_samples_next(struct query *, struct sample *out, struct err *)
    CHECKED;

/*
 * The same of one series, of a window, in their order; and was who looked cut
 * off when he made the one that came last?
 */
void health_samples_of(struct query *, struct store *, int64_t series,
    const struct window *);
bool health_sample_offline(const struct query *);

/* When the last one ended that was not cut off; 0: there was none. */
int health_swept(struct store *, int64_t *ms, struct err *) CHECKED;

/* The last of all, cut off or not: 1, 0, -1. */
struct health_swept {
	int64_t began_ms, ended_ms, targets, ok, failed, unasked;
	bool offline;
};
int health_sweep_last(struct store *, struct health_swept *out, struct err *)
    CHECKED;

/* --- what it became ------------------------------------------------------- */

struct health_change {
	int64_t n;			/* of its series, from 0 */
	struct state_change change;
	enum sample_class class;
	int64_t seq;			/* of its leaf in the log */
};

/* Of a series, from the state that held at that moment on: 1, 0, -1. */
void health_changes_open(struct query *, struct store *, int64_t series,
    int64_t from_ms);
int health_changes_next(struct query *, struct health_change *out,
    struct err *) CHECKED;

struct health_incident {
	char id[ID_TEXT];
	int64_t series;
	int64_t began_ms, decided_ms;
	enum sample_class class;	/* of the failure that decided */
	int64_t good_ms;		/* last seen up; -1: never */
	int64_t ended_ms, ended_decided_ms;	/* 0: it goes on */
};

/* By id or a prefix of it that is one's only.  E_no_incident, E_ambiguous. */
int health_incident(struct store *, const char *typed,
    struct health_incident *out, struct err *) CHECKED;

/* The one that is open: 1, 0, -1. */
int health_incident_open(struct store *, int64_t series,
    struct health_incident *out, struct err *) CHECKED;

/* Of a series, or for 0 of all, which touch the window; oldest first. */
void health_incidents_open(struct query *, struct store *, int64_t series,
    const struct window *);
int health_incidents_next(struct query *, struct health_incident *out,
    struct err *) CHECKED;

/*
 * Is it true yet, what an alert that nobody was told of says: alert_kind, and
 * what it is about?  1, 0, -1.  Nobody is told that a node is still down,
 * degraded or flaps, or of a certificate, once that is over; that it was down
 * and has recovered, and that who looks was cut off, one is told afterwards
 * anyhow: each incident is told of by one of each.
 */
int health_news_true(struct store *, enum alert_kind, const char *ref,
    struct err *) CHECKED;

/* --- maintenance ---------------------------------------------------------- */

struct health_maint {
	char id[ID_TEXT];
	char node_id[HASH_HEX];		/* "": all */
	int64_t from_ms, to_ms;		/* 0: weekly, until it is ended */
	int weekday, minute;		/* -1: once */
	int64_t length_ms;
	char zone[64];
	char reason[FIT_REASON + 1];
	int64_t made_ms;
	int64_t seq, end_seq;		/* of its leaves in the log; -1: it
					   was not ended */
};

/*
 * Announced and ended in the log, too, as "health.maintenance" and
 * "health.maintenance_end": who counts uptime from it has to know what is
 * left out, and since when that was said.  Its id is made here.  E_bad_time
 * if it would end before it begins.
 */
int health_maint_add_in(struct ledger *, struct health_maint *,
    int64_t now_ms, struct chance *, struct err *) CHECKED;

/* From now on there is none.  E_no_maintenance. */
int health_maint_end_in(struct ledger *, const char *id, int64_t now_ms,
    struct err *) CHECKED;

/* Those that have not ended at that moment, by their beginning. */
void health_maint_open(struct query *, struct store *, int64_t after_ms);
int health_maint_next(struct query *, struct health_maint *out, struct err *)
    CHECKED;

/*
 * All windows, read once: what of a span was maintenance of a node, in order
 * and merged.  out is for free(); begin with a zeroed one, release it.
 */
struct health_calendar {
	struct health_maint *maint;	/* owned */
	size_t n;
};
int health_calendar(struct store *, struct health_calendar *out,
    struct err *) CHECKED;
void health_calendar_release(struct health_calendar *);
/* Is there any that is of this node alone?  "" asks for those of all. */
bool health_calendar_knows(const struct health_calendar *,
    const char *node_id);
int health_calendar_windows(const struct health_calendar *,
    const char *node_id, const struct window *, struct window **out,
    size_t *n, struct err *) CHECKED;

/* The same as they were made, not merged, each with why; for free(). */
struct health_cut {
	const struct health_maint *maint;	/* borrowed */
	struct window window;
};
int health_calendar_cuts(const struct health_calendar *, const char *node_id,
    const struct window *, struct health_cut **out, size_t *n, struct err *)
    CHECKED;

/* --- figures -------------------------------------------------------------- */

/*
 * What a series was in a window, up to now_ms; what is later, and what was
 * before it was known, is unknown.
 */
int health_span(struct store *, const struct health_series *,
    const struct params *, const struct health_calendar *,
    const struct window *, int64_t now_ms, struct span *out, struct err *)
    CHECKED;

/* The same of n windows, at least one, read once; for each its span. */
int health_spans(struct store *, const struct health_series *,
    const struct params *, const struct health_calendar *,
    const struct window *, size_t n, int64_t now_ms, struct span *out,
    struct err *) CHECKED;

#endif
