/* impl - what the files of health share; nobody else includes it. */
#ifndef HEALTH_IMPL_H
#define HEALTH_IMPL_H

#include "health/health.h"
#include "store/store.h"

/* Make it known, and set its id and machine. */
int health_add_in(struct store *, struct health_series *, struct err *)
    CHECKED;
int health_put_in(struct store *, const struct health_series *, struct err *)
    CHECKED;

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
	struct health_turn *turns;	/* what there may be to tell of */
	size_t n_turns;
};

void health_put_by(struct intake *, const struct health_turn *);

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

int health_incident_begin_in(struct store *, struct health_incident *,
    struct err *) CHECKED;
int health_incident_end_in(struct store *, const struct health_incident *,
    struct err *) CHECKED;

#endif
