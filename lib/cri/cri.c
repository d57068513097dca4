/* Reading: the counters of a node, and the score that they make now. */
#include "base/clock.h"
#include "cri/impl.h"

static void
take(const struct query *q, struct cri_row *out)
{
	struct cri_facts *f = &out->facts;
	struct cri_record *r = &out->record;

	f->sold = query_get_int(q, 0);
	f->bought = query_get_int(q, 1);
	f->partners = query_get_int(q, 2);
	f->most = query_get_int(q, 3);
	f->volume_minor = query_get_int(q, 4);
	f->delivered = query_get_int(q, 5);
	f->failed = query_get_int(q, 6);
	r->first_ms = query_get_int(q, 7);
	r->last_ms = query_get_int(q, 8);
	r->tenths = query_get_int(q, 9);
	r->scored_ms = query_get_int(q, 10);
	r->waits = !query_get_null(q, 11);
	r->verified = query_get_int(q, 12);
	r->rank = query_get_int(q, 13);
	r->awarded_ms = query_get_int(q, 14);
	out->number = query_get_int(q, 15);
	out->snapshot = query_get_int(q, 16);
}

int
cri_row(struct store *s, const char *node_id, struct cri_row *out,
    struct err *e)
{
	struct query q;
	int got;

	*out = (struct cri_row){ 0 };
	query_open(&q, s, SQL_CRI_GET);
	query_text(&q, node_id);
	got = query_row(&q, e);
	if (got > 0)
		take(&q, out);
	query_close(&q);
	return got < 0 ? -1 : 0;
}

/* Whole days between two moments; a clock that went back is no time. */
static int64_t
days(int64_t from_ms, int64_t to_ms)
{
	return to_ms > from_ms ? (to_ms - from_ms) / CLOCK_DAY_MS : 0;
}

void
cri_of(const struct cri_row *row, const struct node *n, int64_t now_ms,
    const struct params *p, struct cri *out)
{
	const struct cri_record *record = &row->record;
	struct cri_facts *f = &out->facts;

	*out = (struct cri){ .facts = row->facts };
	f->days = days(n->made_ms, now_ms);
	f->idle_days = record->last_ms ? days(record->last_ms, now_ms) : -1;
	f->strikes = n->strikes;
	f->sandbox = in_sandbox(n);
	f->banned = n->banned_ms != 0;
	f->badge = record->rank != 0;
	f->sheltered = f->badge && record->first_ms &&
	    n->strikes < p->value[PARAM_strikes_to_ban] &&
	    now_ms <= record->first_ms + p->value[PARAM_genesis_window];
	cri_formula(out, p);
}

int64_t
cri_first(const struct node *n, const struct params *p)
{
	struct cri c = { .facts = {
		.idle_days = -1, .sandbox = in_sandbox(n),
	} };

	cri_formula(&c, p);
	return c.tenths;
}

int
cri_score(struct store *s, const char *node_id, int64_t now_ms,
    const struct params *p, struct cri *out, struct err *e)
{
	struct cri_row row;
	struct node n;

	if (node_get(s, node_id, &n, e) || cri_row(s, node_id, &row, e))
		return -1;
	cri_of(&row, &n, now_ms, p, out);
	return 0;
}

int
cri_record(struct store *s, const char *node_id, struct cri_record *out,
    struct err *e)
{
	struct cri_row row;
	int rc = cri_row(s, node_id, &row, e);

	if (!rc)
		*out = row.record;
	return rc;
}

int
cri_times(struct store *s, const char *a, const char *b, int64_t *times,
    struct err *e)
{
	bool low = strcmp(a, b) < 0;
	struct query q;

	*times = 0;
	query_open(&q, s, SQL_CRI_PAIR_GET);
	query_text(&q, low ? a : b);
	query_text(&q, low ? b : a);
	return query_run(&q, times, e);
}

int
cri_traded(struct store *s, const char *a, const char *b, struct err *e)
{
	int64_t ignored;

	return cri_times(s, a, b, &ignored, e);
}
