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
	struct state_change change;	/* the last; from == to: none */
	bool flaps;			/* it has begun to */
	bool incident_open;
	struct health_incident incident;	/* open, or ended by this */
	bool ended;
};

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
