/* Rows: what a series became, and the incidents that this makes. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "health/impl.h"

void
health_changes_open(struct query *q, struct store *s, int64_t series,
    int64_t from_ms)
{
	query_open(q, s, SQL_HEALTH_CHANGE_LIST);
	query_int(q, series);
	query_int(q, from_ms);
}

int
health_changes_next(struct query *q, struct health_change *out, struct err *e)
{
	int got = query_row(q, e);

	if (got > 0)
		*out = (struct health_change){
			.n = query_get_int(q, 0),
			.change = {
				.from = (enum state)query_get_int(q, 1),
				.to = (enum state)query_get_int(q, 2),
				.effective_ms = query_get_int(q, 3),
				.decided_ms = query_get_int(q, 4),
				.cause = (enum state_cause)
				    query_get_int(q, 5),
			},
			.class = (enum sample_class)query_get_int(q, 6),
			.seq = query_get_int(q, 7),
		};
	return got;
}

/* --- incidents ------------------------------------------------------------ */

static void
take(const struct query *q, struct health_incident *out)
{
	query_put_text(q, 0, out->id, sizeof(out->id));
	out->series = query_get_int(q, 1);
	out->began_ms = query_get_int(q, 2);
	out->decided_ms = query_get_int(q, 3);
	out->class = (enum sample_class)query_get_int(q, 4);
	out->good_ms = query_get_int(q, 5);
	out->ended_ms = query_get_int(q, 6);
	out->ended_decided_ms = query_get_int(q, 7);
}

/* Ids are hex and hyphens: all that begin so are before the next letter. */
int
health_incident(struct store *s, const char *typed,
    struct health_incident *out, struct err *e)
{
	char after[ID_TEXT + 1];
	struct query q;
	int got, more = 0;

	if (!*typed || strlen(typed) >= ID_TEXT ||
	    typed[strspn(typed, "0123456789abcdef-")])
		return err_set(e, E_no_incident, "'%.80s' is not the id of an "
		    "incident, nor the beginning of one", typed);
	snprintf(after, sizeof(after), "%sg", typed);
	query_open(&q, s, SQL_HEALTH_INCIDENT_RANGE);
	query_text(&q, typed);
	query_text(&q, after);
	got = query_row(&q, e);
	if (got > 0) {
		take(&q, out);
		more = query_row(&q, e);
	}
	query_close(&q);
	if (got < 0 || more < 0)
		return -1;
	if (more)
		return err_set(e, E_ambiguous, "several incidents begin with "
		    "'%s'", typed);
	return got ? 0 : err_set(e, E_no_incident, "no incident begins with "
	    "'%s'", typed);
}

int
health_incident_open(struct store *s, int64_t series,
    struct health_incident *out, struct err *e)
{
	struct query q;
	int got;

	query_open(&q, s, SQL_HEALTH_INCIDENT_OPEN);
	query_int(&q, series);
	got = query_row(&q, e);
	if (got > 0)
		take(&q, out);
	query_close(&q);
	return got;
}

void
health_incidents_open(struct query *q, struct store *s, int64_t series,
    const struct window *w)
{
	query_open(q, s, series ? SQL_HEALTH_INCIDENT_LIST :
	    SQL_HEALTH_INCIDENT_ALL);
	if (series)
		query_int(q, series);
	query_int(q, w->from_ms);
	query_int(q, w->to_ms);
}

int
health_incidents_next(struct query *q, struct health_incident *out,
    struct err *e)
{
	int got = query_row(q, e);

	if (got > 0)
		take(q, out);
	return got;
}

int
health_incident_begin_in(struct store *s, struct health_incident *h,
    struct err *e)
{
	struct query q;

	assert(store_writing(s));
	query_open(&q, s, SQL_HEALTH_INCIDENT_ADD);
	query_text(&q, h->id);
	query_int(&q, h->series);
	query_int(&q, h->began_ms);
	query_int(&q, h->decided_ms);
	query_int(&q, (int64_t)h->class);
	query_int(&q, h->good_ms);
	return query_run(&q, NULL, e) < 0 ? -1 : 0;
}

int
health_incident_end_in(struct store *s, const struct health_incident *h,
    struct err *e)
{
	struct query q;

	assert(store_writing(s));
	query_open(&q, s, SQL_HEALTH_INCIDENT_END);
	query_text(&q, h->id);
	query_int(&q, h->ended_ms);
	query_int(&q, h->ended_decided_ms);
	return query_run(&q, NULL, e) < 0 ? -1 : 0;
}
