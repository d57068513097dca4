/*
 * What uptime would have been, and is: the report of bzn-ping over what was
 * replayed, to the end of it.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "health/report.h"
#include "ping/impl.h"
#include "ping/replay.h"

struct told {
	struct health_line *line;	/* owned */
	size_t n;
};

static int
read_side(const struct replay_side *s, const struct window *w,
    struct told *out, struct err *e)
{
	struct health_calendar calendar = { 0 };
	const struct health_ask ask = {
		.params = s->params, .calendar = &calendar, .window = *w,
		.now_ms = w->to_ms,
	};
	int rc;

	if (store_snapshot(s->store, e))
		return -1;
	rc = health_calendar(s->store, &calendar, e) ||
	    health_report(s->store, &ask, &out->line, &out->n, e) ? -1 : 0;
	health_calendar_release(&calendar);
	store_rollback(s->store);
	return rc;
}

static const struct health_line *
same(const struct told *t, const struct health_line *l)
{
	size_t i;

	for (i = 0; i < t->n; i++)
		if (t->line[i].series.family == l->series.family &&
		    !strcmp(t->line[i].series.node_id, l->series.node_id))
			return &t->line[i];
	return NULL;
}

static void
write_figures(struct buf *out, const struct params *p,
    const struct health_line *l)
{
	struct span_figures f;
	char text[SPAN_TEXT];

	span_figures(&f, &l->span,
	    p->value[PARAM_health_degraded_up] != 0);
	span_uptime_text(&f, text);
	json_str(out, "uptime", text);
	ask_write_percent(out, "coverage", f.coverage);
	ask_write_percent(out, "worst", f.worst);
	ask_write_percent(out, "best", f.best);
	ask_write_span(out, &l->span);
	json_int(out, "incidents", l->incidents);
}

static int
emit(struct cli *c, const struct params *p, const struct window *w,
    const struct health_line *l, const struct health_line *was,
    struct err *e)
{
	struct buf out = BUF_INIT(PING_RECORD);

	json_open(&out, NULL, '{');
	json_str(&out, "event", "report");
	json_str(&out, "node_id", l->series.node_id);
	json_str(&out, "family", sample_family_word(l->series.family));
	ask_write_window(&out, w);
	write_figures(&out, p, l);
	if (was) {
		json_open(&out, "was", '{');
		write_figures(&out, p, was);
		json_close(&out, '}');
	}
	return cli_emit_object(c, &out, e);
}

int
replay_report(struct cli *c, const struct replay_side *is,
    const struct replay_side *would, const struct window *w, struct err *e)
{
	const struct replay_side *of = would ? would : is;
	struct told told = { 0 }, were = { 0 };
	size_t i;
	int rc = -1;

	if (w->to_ms <= w->from_ms)
		return 0;
	if (read_side(of, w, &told, e) ||
	    (would && read_side(is, w, &were, e)))
		goto out;
	rc = 0;
	for (i = 0; i < told.n && !rc; i++)
		rc = emit(c, of->params, w, &told.line[i],
		    same(&were, &told.line[i]), e);
out:
	free(told.line);
	free(were.line);
	return rc;
}
