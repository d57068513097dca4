/* impl - what the files of health share; nobody else includes it. */
#ifndef HEALTH_IMPL_H
#define HEALTH_IMPL_H

#include "health/health.h"
#include "health/rollup.h"
#include "store/store.h"

/* Make it known, and set its id and machine. */
int health_add_in(struct store *, struct health_series *, struct err *)
    CHECKED;
int health_put_in(struct store *, const struct health_series *, struct err *)
    CHECKED;

/*
 * Changes of a series, in their order, on their way to spans of windows: the
 * caller sets w, n, out, and maint, which is merged; all borrowed.
 */
struct health_trace {
	const struct window *w, *maint;
	size_t n, n_maint;
	struct span *out;
	struct window all;
	int64_t at_ms, until_ms;
	enum state state;
};
void health_trace_begin(struct health_trace *, const struct health_series *,
    const struct params *, int64_t now_ms);
void health_trace_change(struct health_trace *, enum state to,
    int64_t effective_ms);
void health_trace_end(struct health_trace *);

/* A series as a sweep has left it, and what that has to do with alerts. */
struct health_turn {
	struct health_series series;
	struct health_setting setting;
	bool incident_open;
	struct health_incident incident;	/* open, or ended by this */
	bool ended;
};

/* A sweep on its way in. */
struct intake {
	struct ledger *ledger;
	struct store *store;
	const struct health_sweep *sweep;
	struct health_calendar calendar;
	struct health_taken *taken;
	struct health_turn *turns;	/* what may be to be told of later */
	size_t n_turns;
};

/*
 * Tell of it; but of what stands on another node not before all are known, so
 * that is put by.
 */
int health_tell_or_wait_in(struct intake *, const struct health_turn *,
    struct err *) CHECKED;

/*
 * What changes make of incidents.  down_ms: since when it was down before
 * them, if it was.  What is down yet is so at this moment, if not longer:
 * also when the clock was set back, and the moment is before its beginning.
 */
int health_follow_in(struct intake *, struct health_turn *,
    const struct state_change *said, int n, int64_t down_ms,
    int64_t decided_ms, struct err *) CHECKED;

/* Queue what there is to tell of it; in is where maintenance is known. */
int health_tell_in(struct store *, const struct health_sweep *,
    const struct health_calendar *, const struct health_turn *,
    struct err *) CHECKED;

/* That whoever looks is cut off, once each time. */
int health_tell_offline_in(struct store *, const struct health_sweep *,
    struct err *) CHECKED;

/* Is it maintenance then?  Until when: *until_ms, if so. */
int health_in_maint(const struct health_calendar *, const char *node_id,
    int64_t at_ms, int64_t *until_ms, struct err *) CHECKED;

/*
 * A window in pieces, each of one kind: sums of a width, or where that is 0,
 * samples; its ends are moved outwards to what is kept.
 */
#define HEALTH_PIECES 10
struct health_piece { int64_t width_s; struct window window; };
size_t health_pieces(const struct window *, int64_t rolled_ms, int64_t now_ms,
    struct health_piece out[HEALTH_PIECES]);

/*
 * Add a row of sums, or of a sample, as the statements have them; phases: all
 * of them, not only the total.  E_store_corrupt.
 */
int health_sum_row(struct health_sum *, const struct query *, bool phases,
    struct err *) CHECKED;
void health_sum_sample(struct health_sum *, const struct query *,
    bool phases);

int health_incident_begin_in(struct store *, struct health_incident *,
    struct err *) CHECKED;
int health_incident_end_in(struct store *, const struct health_incident *,
    struct err *) CHECKED;

#endif
