/* Is what was queued still so? */
#include <inttypes.h>
#include <stdio.h>

#include "health/impl.h"

/* What tell.c made refs of: the series, and what else tells it apart. */
struct about { int64_t series, at_ms; };

struct now { int64_t state, since_ms, flapping, cert_ms; };

static int
look(struct store *s, int64_t series, struct now *out, struct err *e)
{
	struct query q;
	int got;

	query_open(&q, s, SQL_HEALTH_NODE_NEWS);
	query_int(&q, series);
	got = query_row(&q, e);
	if (got > 0)
		*out = (struct now){ query_get_int(&q, 0),
		    query_get_int(&q, 1), query_get_int(&q, 2),
		    query_get_int(&q, 3) };
	query_close(&q);
	return got;
}

static int
goes_on(struct store *s, const char *ref, struct err *e)
{
	struct health_incident i;

	if (!health_incident(s, ref, &i, e))
		return !i.ended_ms;
	if (e->code != E_no_incident)
		return -1;
	*e = (struct err){ 0 };
	return 0;
}

int
health_news_true(struct store *s, enum alert_kind kind, const char *ref,
    struct err *e)
{
	struct about a = { 0, -1 };
	struct now now;
	int got;

	if (kind == ALERT_STILL_DOWN)
		return goes_on(s, ref, e);
	if (kind != ALERT_DEGRADED && kind != ALERT_FLAPPING &&
	    kind != ALERT_CERTIFICATE)
		return 1;
	if (sscanf(ref, "%*[a-z]:%" SCNd64 ":%" SCNd64, &a.series,
	    &a.at_ms) < 1)
		return 0;
	got = look(s, a.series, &now, e);
	if (got <= 0)
		return got;
	if (kind == ALERT_FLAPPING)
		return now.flapping != 0;
	return kind == ALERT_DEGRADED ? now.state == STATE_DEGRADED &&
	    now.since_ms == a.at_ms : now.cert_ms == a.at_ms;
}
