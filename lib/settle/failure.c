/* What could not be done: counted, and given up after some times. */
#include "base/buf.h"
#include "base/json.h"
#include "settle/impl.h"

static void
take(const struct query *q, struct settle_failure *f)
{
	query_put_text(q, 0, f->id, sizeof(f->id));
	query_put_text(q, 1, f->phase, sizeof(f->phase));
	f->failures = query_get_int(q, 2);
	query_put_text(q, 3, f->code, sizeof(f->code));
	query_put_text(q, 4, f->reason, sizeof(f->reason));
	f->first_ms = query_get_int(q, 5);
	f->last_ms = query_get_int(q, 6);
	f->parked_ms = query_get_int(q, 7);
}

int
failure_any(struct store *s, bool *out, struct err *e)
{
	int64_t some = 0;
	struct query q;

	query_open(&q, s, SQL_SETTLE_FAILED_ANY);
	if (query_run(&q, &some, e) < 0)
		return -1;
	*out = some;
	return 0;
}

int
failure_get(struct store *s, const char *id, struct settle_failure *out,
    struct err *e)
{
	struct query q;
	int got;

	query_open(&q, s, SQL_SETTLE_FAILURE_GET);
	query_text(&q, id);
	got = query_row(&q, e);
	if (got > 0)
		take(&q, out);
	query_close(&q);
	return got;
}

int
failure_count_in(struct store *s, enum settle_phase phase, const char *id,
    const struct err *why, int64_t now_ms, int64_t most, int64_t *failures,
    bool *parked, struct err *e)
{
	struct query q;
	int got;

	query_open(&q, s, SQL_SETTLE_FAILED);
	query_text(&q, id);
	query_text(&q, settle_phase_word(phase));
	query_text(&q, err_word(why->code));
	query_text(&q, why->msg);
	query_int(&q, now_ms);
	query_int(&q, most);
	got = query_row(&q, e);
	if (got > 0) {
		*failures = query_get_int(&q, 0);
		*parked = query_get_int(&q, 1) != 0;
	}
	query_close(&q);
	return got > 0 ? 0 : -1;
}

int
failure_forgive_in(struct store *s, const char *id, struct err *e)
{
	struct query q;

	query_open(&q, s, SQL_SETTLE_FORGIVE);
	query_text(&q, id);
	return query_run(&q, NULL, e) < 0 ? -1 : 0;
}

void
settle_failures_open(struct query *q, struct store *s)
{
	query_open(q, s, SQL_SETTLE_FAILURE_LIST);
}

int
settle_failures_next(struct query *q, struct settle_failure *out,
    struct err *e)
{
	int got = query_row(q, e);

	if (got > 0)
		take(q, out);
	return got;
}

void
settle_failure_write(struct buf *out, const struct settle_failure *f)
{
	json_str(out, "id", f->id);
	json_str(out, "phase", f->phase);
	json_int(out, "failures", f->failures);
	json_str(out, "code", f->code);
	json_str(out, "reason", f->reason);
}
