/* What the changes of a series make of incidents. */
#include <stdlib.h>

#include "base/mem.h"
#include "health/impl.h"

int
health_tell_or_wait_in(struct intake *t, const struct health_turn *turn,
    struct err *e)
{
	if (!*turn->setting.depends)
		return t->sweep->offline ? 0 : health_tell_in(t->store,
		    t->sweep, &t->calendar, turn, e);
	t->turns = mem_grow(t->turns, t->n_turns + 1, sizeof(*t->turns));
	t->turns[t->n_turns++] = *turn;
	return 0;
}

/*
 * Of the failure that decided, and of what was seen before it began: by now a
 * probe may have found it good again, once.
 */
static int
look_back(struct intake *t, struct health_incident *i, struct err *e)
{
	struct query q;
	int64_t class = CLASS_NONE;

	query_open(&q, t->store, SQL_HEALTH_CHANGE_CLASS);
	query_int(&q, i->series);
	if (query_run(&q, &class, e) < 0)
		return -1;
	i->class = (enum sample_class)class;
	if (i->good_ms < i->began_ms)
		return 0;
	i->good_ms = -1;
	query_open(&q, t->store, SQL_HEALTH_SAMPLE_GOOD);
	query_int(&q, i->series);
	query_int(&q, i->began_ms);
	return query_run(&q, &i->good_ms, e) < 0 ? -1 : 0;
}

/* One that ended in this sweep is told of by itself. */
static int
begin_incident(struct intake *t, struct health_turn *turn, int64_t began_ms,
    int64_t decided_ms, struct err *e)
{
	struct health_incident *i = &turn->incident;

	if (turn->ended && health_tell_or_wait_in(t, turn, e))
		return -1;
	turn->ended = false;
	*i = (struct health_incident){
		.series = turn->series.id, .began_ms = began_ms,
		.decided_ms = decided_ms,
		.good_ms = turn->series.machine.good_ms,
	};
	if (look_back(t, i, e))
		return -1;
	id_new(i->id, t->sweep->ended_ms, t->sweep->chance);
	turn->incident_open = true;
	t->taken->opened++;
	return health_incident_begin_in(t->store, i, e);
}

static int
end_incident(struct intake *t, struct health_turn *turn, int64_t ended_ms,
    int64_t decided_ms, struct err *e)
{
	turn->incident.ended_ms = ended_ms > turn->incident.began_ms ?
	    ended_ms : turn->incident.began_ms;
	turn->incident.ended_decided_ms = decided_ms;
	turn->incident_open = false;
	turn->ended = true;
	t->taken->closed++;
	return health_incident_end_in(t->store, &turn->incident, e);
}

/*
 * It was down in [from, to): if any of that was not maintenance, that is an
 * incident, or belongs to the one that is open.
 */
static int
was_down(struct intake *t, struct health_turn *turn, int64_t from_ms,
    int64_t to_ms, int64_t decided_ms, struct err *e)
{
	struct window *w, of = { from_ms, to_ms };
	size_t i, n;

	if (turn->incident_open)
		return 0;
	if (health_calendar_windows(&t->calendar, turn->series.node_id, &of,
	    &w, &n, e))
		return -1;
	for (i = 0; i < n; i++)
		if (w[i].from_ms <= from_ms && from_ms < w[i].to_ms)
			from_ms = w[i].to_ms;
	free(w);
	return from_ms < to_ms ? begin_incident(t, turn, from_ms, decided_ms,
	    e) : 0;
}

int
health_follow_in(struct intake *t, struct health_turn *turn,
    const struct state_change *said, int n, int64_t down_ms,
    int64_t decided_ms, struct err *e)
{
	const struct state_machine *m = &turn->series.machine;
	int64_t until_ms;
	int i;

	for (i = 0; i < n; i++) {
		if (said[i].from == STATE_DOWN && was_down(t, turn, down_ms,
		    said[i].effective_ms, decided_ms, e))
			return -1;
		if (said[i].to == STATE_DOWN)
			down_ms = said[i].effective_ms;
		else if (said[i].to != STATE_UNKNOWN && turn->incident_open &&
		    end_incident(t, turn, said[i].effective_ms, decided_ms, e))
			return -1;
	}
	if (m->state != STATE_DOWN)
		return 0;
	until_ms = m->goods ? m->goods_ms : m->probed_ms + 1;
	return was_down(t, turn, m->since_ms, until_ms > m->since_ms ?
	    until_ms : m->since_ms + 1, decided_ms, e);
}
