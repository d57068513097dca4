/* Sweeps as they were taken in, for who looks at them again. */
#include <stdio.h>

#include "health/impl.h"

int
health_sweep_get(struct store *s, const char *id, struct health_sweep *out,
    struct err *e)
{
	struct query q;
	int got;

	*out = (struct health_sweep){ .began_ms = 0 };
	query_open(&q, s, SQL_HEALTH_SWEEP_GET);
	query_text(&q, id);
	got = query_row(&q, e);
	if (got > 0) {
		snprintf(out->id, sizeof(out->id), "%s", id);
		out->began_ms = query_get_int(&q, 0);
		out->ended_ms = query_get_int(&q, 1);
		out->unasked = query_get_int(&q, 2);
		out->offline = query_get_int(&q, 3) != 0;
	}
	query_close(&q);
	return got;
}

void
health_samples_open(struct query *q, struct store *s)
{
	query_open(q, s, SQL_HEALTH_SAMPLE_ALL);
}

void
health_samples_of(struct query *q, struct store *s, int64_t series,
    const struct window *w)
{
	query_open(q, s, SQL_HEALTH_SAMPLE_OF);
	query_int(q, series);
	query_int(q, w->from_ms);
	query_int(q, w->to_ms);
}

bool
health_sample_offline(const struct query *q)
{
	return query_get_int(q, 19) != 0;
}

int
health_samples_next(struct query *q, struct sample *out, struct err *e)
{
	enum found finding;
	int i, got = query_row(q, e);

	if (got <= 0)
		return got;
	finding = (enum found)query_get_int(q, 5);
	*out = (struct sample){
		.family = (enum sample_family)query_get_int(q, 1),
		.started_ms = query_get_int(q, 3),
		.mono_ms = query_get_int(q, 4),
		.ok = finding != FOUND_FAILED, .slow = finding == FOUND_SLOW,
		.confirm = query_get_int(q, 6) != 0,
		.class = (enum sample_class)query_get_int(q, 7),
		.http = (int)query_get_int(q, 8),
		.cert_expires_ms = query_get_int(q, 16),
		.is_signed = query_get_int(q, 17) != 0,
	};
	query_put_text(q, 0, out->node_id, sizeof(out->node_id));
	query_put_text(q, 2, out->url, sizeof(out->url));
	query_put_text(q, 9, out->version, sizeof(out->version));
	query_put_text(q, 10, out->ip, sizeof(out->ip));
	for (i = 0; i < PHASE__COUNT; i++)
		out->us[i] = query_get_null(q, 11 + i) ? -1 :
		    query_get_int(q, 11 + i);
	query_put_text(q, 18, out->sweep_id, sizeof(out->sweep_id));
	return 1;
}
