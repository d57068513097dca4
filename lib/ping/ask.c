#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/line.h"
#include "base/mem.h"
#include "key/ident.h"
#include "key/member.h"
#include "ping/ask.h"
#include "uptime/latency.h"
#include "uptime/zone.h"

/* --- of which time -------------------------------------------------------- */

#define SPAN_MAX (3660 * CLOCK_DAY_MS)

/* 2026-03-01, 2026-W09, 2026-03, 2026-Q1: not one in the place of another. */
static bool
fits(enum zone_unit unit, const char *text)
{
	size_t n = strlen(text);
	char at = n > 5 ? text[5] : '\0';

	switch (unit) {
	case ZONE_DAY:
		return n == 10;
	case ZONE_WEEK:
		return at == 'W';
	case ZONE_MONTH:
		return n == 7 && at != 'Q';
	case ZONE_QUARTER:
		return at == 'Q';
	}
	return false;
}

static int
calendar(const char *option, enum zone_unit unit, const char *text,
    const char *zone, int64_t now_ms, struct window *out, struct err *e)
{
	if (!zone)
		zone = "UTC";
	if (!strcmp(text, "this"))
		return zone_window(zone, unit, now_ms, 0, out, e);
	if (!strcmp(text, "last"))
		return zone_window(zone, unit, now_ms, -1, out, e);
	if (!fits(unit, text))
		return err_set(e, E_usage, "--%s: '%.40s' is not one, such as "
		    "%s, nor 'this' or 'last'", option, text,
		    unit == ZONE_DAY ? "2026-03-01" :
		    unit == ZONE_WEEK ? "2026-W09" :
		    unit == ZONE_MONTH ? "2026-03" : "2026-Q1");
	return zone_parse(zone, text, out, e);
}

int
ask_time(const struct ask_time *t, const char *otherwise, int64_t now_ms,
    struct window *out, struct err *e)
{
	static const char *const names[] = { "day", "week", "month",
	    "quarter" };
	const char *const texts[] = { t->day, t->week, t->month, t->quarter };
	const char *span = t->span;
	int64_t ms;
	int i, given = span != NULL, which = -1;

	for (i = 0; i < 4; i++)
		if (texts[i]) {
			given++;
			which = i;
		}
	if (given > 1)
		return err_set(e, E_usage, "--window, --day, --week, --month "
		    "and --quarter exclude each other");
	if (which >= 0)
		return calendar(names[which], (enum zone_unit)which,
		    texts[which], t->zone, now_ms, out, e);
	if (t->zone)
		return err_set(e, E_usage, "--tz is for --day, --week, "
		    "--month and --quarter");
	if (!span)
		span = otherwise;
	if (clock_span(span, &ms, e) || ms <= 0 || ms > SPAN_MAX)
		return err_set(e, E_usage, "--window: '%.40s' is not a span "
		    "such as 24h or 30d, of at most ten years", span);
	*out = (struct window){ now_ms - ms, now_ms };
	return 0;
}

/* --- of which nodes ------------------------------------------------------- */

static int
compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void
add_id(struct ask_nodes *a, const char *id)
{
	/* Samples of a node stand together: most repeat the one before. */
	if (a->n && !strcmp(a->id[a->n - 1], id))
		return;
	if (!(a->n & (a->n - 1)))
		a->id = mem_grow(a->id, a->n ? 2 * a->n : 1, sizeof(*a->id));
	memcpy(a->id[a->n++], id, HASH_HEX);
}

static int
read_line(struct ask_nodes *a, const struct line *in, struct err *e)
{
	struct json root = { 0 };
	char id[HASH_HEX];
	int rc = json_parse(&root, in->text.data, in->text.len, e) ||
	    member_id(&root, "node_id", id, e) ? -1 : 0;

	if (!rc)
		add_id(a, id);
	json_release(&root);
	return rc;
}

/* Was there a line at all? */
static int
read_samples(struct cli *c, struct ask_nodes *a, bool *any, struct err *e)
{
	struct line in;
	int got;

	cli_expect_stdin(c);
	*any = false;
	line_init(&in, 0, "stdin");
	while ((got = line_next(&in, e)) != 0) {
		*any = true;
		if (got > 0 && !read_line(a, &in, e))
			continue;
		if (got < 0 && e->code != E_too_long)
			break;
		err_wrap_(e, "%s:%lu", in.name, in.number);
		cli_complain(c, e);
		*e = (struct err){ 0 };
	}
	line_release(&in);
	return got;
}

bool
ask_piped(void)
{
	struct stat st;

	return !fstat(0, &st) && S_ISFIFO(st.st_mode);
}

static int
add_named(struct cli *c, struct ask_nodes *a, const char *typed,
    struct err *e)
{
	struct health_series *h;
	size_t n;

	if (health_find(c->store, typed, &h, &n, e))
		return -1;
	add_id(a, h->node_id);
	free(h);
	return 0;
}

int
ask_nodes(struct cli *c, struct ask_nodes *a, struct err *e)
{
	bool any = false, dash = false;
	char **typed;

	*a = (struct ask_nodes){ .all = !c->argc };
	for (typed = c->argv; *typed; typed++)
		dash |= !strcmp(*typed, "-");
	if ((dash || (!c->argc && ask_piped())) && read_samples(c, a, &any, e))
		return -1;
	if (any)
		a->all = false;
	if (cli_store_read(c, e))
		return -1;
	for (typed = c->argv; *typed; typed++)
		if (strcmp(*typed, "-") && add_named(c, a, *typed, e))
			return -1;
	if (a->n)
		qsort(a->id, a->n, sizeof(*a->id), compare);
	return 0;
}

int
ask_what(struct cli *c, const struct ask_time *t, const char *otherwise,
    struct ask_nodes *nodes, struct window *w, int64_t *now_ms, struct err *e)
{
	/* A slip is told at once. */
	if (ask_time(t, otherwise, cli_now(c), w, e) ||
	    ask_nodes(c, nodes, e))
		return -1;
	*now_ms = cli_now(c);
	return ask_time(t, otherwise, *now_ms, w, e);
}

void
ask_nodes_release(struct ask_nodes *a)
{
	free(a->id);
	*a = (struct ask_nodes){ 0 };
}

bool
ask_nodes_want(void *nodes, const struct health_series *h)
{
	const struct ask_nodes *a = nodes;

	return a->all || (a->n && bsearch(h->node_id, a->id, a->n,
	    sizeof(*a->id), compare));
}

/* --- what records have in common ------------------------------------------ */

void
ask_write_window(struct buf *out, const struct window *w)
{
	json_time(out, "from", w->from_ms);
	json_time(out, "to", w->to_ms);
}

void
ask_write_series(struct buf *out, const struct health_series *h)
{
	json_str(out, "node_id", h->node_id);
	json_str(out, "name", h->name);
	json_str(out, "family", sample_family_word(h->family));
	json_str(out, "url", h->url);
}

void
ask_write_us(struct buf *out, const char *key, int64_t us)
{
	if (us >= 0 && us != LATENCY_NEVER)
		sample_us_write(out, key, us);
}

void
ask_write_verdict(struct buf *out, enum err_code code)
{
	json_int(out, "status", (int64_t)err_kind(code));
	json_str_or_null(out, "code", code == ASK_WELL ? NULL : err_word(code));
}

void
ask_write_percent(struct buf *out, const char *key, int hundredths)
{
	char text[SPAN_TEXT];

	span_percent_text(hundredths, text);
	json_str(out, key, text);
}

void
ask_write_span(struct buf *out, const struct span *s)
{
	json_int(out, "up_ms", s->ms[STATE_UP]);
	json_int(out, "degraded_ms", s->ms[STATE_DEGRADED]);
	json_int(out, "down_ms", s->ms[STATE_DOWN]);
	json_int(out, "unknown_ms", s->ms[STATE_UNKNOWN]);
	json_int(out, "maint_ms", s->maint_ms);
	json_int(out, "down_s", s->ms[STATE_DOWN] / 1000);
}
