#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "card/fit.h"
#include "cli/box.h"
#include "crypto/hash.h"
#include "key/ident.h"
#include "ping/face.h"
#include "store/store.h"

#define ROWS_MAX ((size_t)1 << 30)
#define ROW_MAX (1 << 16)		/* bytes of data of a row */
#define RECORD_MAX 4096

/* Others have to be able to read what is in it. */
static int
make_dir(const char *path, struct err *e)
{
	struct stat st;

	if (!stat(path, &st) && S_ISDIR(st.st_mode))
		return 0;
	if (file_mkdir(path, 0755, e))
		return -1;
	return chmod(path, 0755) ? err_sys(e, "cannot open '%s' to others",
	    path) : 0;
}

static int
make_dirs(const struct face *f, struct err *e)
{
	char path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s/badge", f->say->out) >=
	    (int)sizeof(path))
		return err_set(e, E_no_file, "the name of the directory is "
		    "too long");
	return make_dir(f->say->out, e) || make_dir(path, e) ? -1 : 0;
}

/* --- reading -------------------------------------------------------------- */

static int
set_days(struct face *f, struct err *e)
{
	char text[ZONE_TEXT];
	int i;

	for (i = 0; i < FACE_DAYS; i++) {
		if (zone_window(f->zone, ZONE_DAY, f->now_ms,
		    i + 1 - FACE_DAYS, &f->day[i], e) ||
		    zone_text(f->zone, f->day[i].from_ms, text, e))
			return -1;
		snprintf(f->date[i], FACE_DATE, "%.10s", text);
	}
	if (f->now_ms > f->day[FACE_DAYS - 1].from_ms)
		f->day[FACE_DAYS - 1].to_ms = f->now_ms;
	return 0;
}

static int
in_maint(const struct face *f, const char *node_id, struct err *e)
{
	const struct window now = { f->now_ms, f->now_ms + 1 };
	struct window *w;
	size_t n;

	if (health_calendar_windows(&f->calendar, node_id, &now, &w, &n, e))
		return -1;
	free(w);
	return n > 0;
}

static int
look(struct face *f, struct face_row *r, struct err *e)
{
	static const enum shown shown[] = { SHOWN_UNKNOWN, SHOWN_UP,
	    SHOWN_DEGRADED, SHOWN_DOWN };
	const struct params *p = &f->c->params;
	struct span day[FACE_DAYS], all = { .maint_ms = 0 };
	struct window own[FACE_DAYS];
	enum state state = health_now(&r->series, p, f->now_ms,
	    &r->since_ms);
	int i, s, maint = in_maint(f, r->series.node_id, e);

	/* Before it was known nobody could have asked. */
	for (i = 0; i < FACE_DAYS; i++) {
		own[i] = f->day[i];
		if (own[i].from_ms < r->series.first_ms &&
		    r->series.first_ms < own[i].to_ms)
			own[i].from_ms = r->series.first_ms;
	}
	if (maint < 0 || health_spans(f->c->store, &r->series, p,
	    &f->calendar, own, FACE_DAYS, f->now_ms, day, e))
		return -1;
	for (i = 0; i < FACE_DAYS; i++) {
		if (f->day[i].to_ms <= r->series.first_ms)
			continue;
		r->days++;
		for (s = 0; s < STATE__COUNT; s++)
			all.ms[s] += day[i].ms[s];
		all.maint_ms += day[i].maint_ms;
	}
	span_figures(&r->figures, &all,
	    p->value[PARAM_health_degraded_up] != 0);
	r->shown = maint && state != STATE_UP ? SHOWN_MAINT : shown[state];
	return face_row_write(f, r, day, e);
}

static int
read_rows(struct face *f, struct err *e)
{
	struct health_series h;
	struct query q;
	size_t i;
	int got;

	health_list_open(&q, f->c->store);
	while ((got = health_list_next(&q, &h, e)) > 0) {
		f->row = mem_grow(f->row, f->n + 1, sizeof(*f->row));
		f->row[f->n++] = (struct face_row){ .series = h };
		if (h.id > f->ids)
			f->ids = h.id;
	}
	query_close(&q);
	if (got < 0)
		return -1;
	f->of = mem_zero((size_t)f->ids + 1, sizeof(*f->of));
	for (i = 0; i < f->n; i++) {
		f->of[f->row[i].series.id] = i;
		if (look(f, &f->row[i], e))
			return -1;
	}
	return 0;
}

static int
read_incidents(struct face *f, struct err *e)
{
	const struct window w = { f->day->from_ms, f->now_ms + 1 };
	struct health_incident one;
	struct query q;
	int got;

	health_incidents_open(&q, f->c->store, 0, &w);
	while ((got = health_incidents_next(&q, &one, e)) > 0) {
		f->incident = mem_grow(f->incident, f->incidents + 1,
		    sizeof(*f->incident));
		f->incident[f->incidents++] = one;
	}
	query_close(&q);
	return got;
}

/* --- maintenance ---------------------------------------------------------- */

/* The window that is, or the next one; false if there is none soon. */
static int
next_of(const struct face *f, const struct health_maint *m,
    struct window *out, struct err *e)
{
	int64_t at_ms = m->from_ms > f->now_ms ? m->from_ms : f->now_ms;

	*out = (struct window){ m->from_ms, m->to_ms };
	if (m->weekday >= 0) {
		if (zone_weekly(m->zone, m->weekday, m->minute, m->length_ms,
		    at_ms, out, e))
			return -1;
		if ((out->to_ms <= f->now_ms || out->from_ms < m->from_ms) &&
		    zone_weekly(m->zone, m->weekday, m->minute,
		    m->length_ms, at_ms + 7 * CLOCK_DAY_MS, out, e))
			return -1;
		if (m->to_ms && out->to_ms > m->to_ms)
			out->to_ms = m->to_ms;
	}
	return out->to_ms > f->now_ms && out->to_ms > out->from_ms &&
	    out->from_ms < f->now_ms + FACE_RECENT_MS;
}

static int
sooner(const void *a, const void *b)
{
	const struct face_maint *x = a, *y = b;

	return (x->window.from_ms > y->window.from_ms) -
	    (x->window.from_ms < y->window.from_ms);
}

static int
read_maint(struct face *f, struct err *e)
{
	struct window w;
	size_t i;
	int got;

	for (i = 0; i < f->calendar.n; i++) {
		got = next_of(f, &f->calendar.maint[i], &w, e);
		if (got < 0)
			return -1;
		if (!got)
			continue;
		f->maint = mem_grow(f->maint, f->maints + 1,
		    sizeof(*f->maint));
		f->maint[f->maints++] = (struct face_maint){
		    &f->calendar.maint[i], w };
	}
	if (f->maints)
		qsort(f->maint, f->maints, sizeof(*f->maint), sooner);
	return 0;
}

/* --- in a word ------------------------------------------------------------ */

static void
count(struct face *f)
{
	enum shown shown;
	size_t i;

	for (i = 0; i < f->n; i += face_node(f, i, &shown)) {
		(void)face_node(f, i, &shown);
		f->count[shown]++;
		f->nodes++;
	}
}

static void
put_count(struct buf *out, int64_t n, const char *word, const char *of)
{
	if (!n)
		return;
	buf_addf(out, "%s%lld%s %s %s", out->len ? ", " : "", (long long)n,
	    out->len ? "" : of, n == 1 ? "is" : "are", word);
}

/* Half of them down is critical, a tenth major, anything else minor. */
static void
conclude(struct face *f)
{
	int64_t down = f->count[SHOWN_DOWN];
	char of[48];
	int i;

	snprintf(of, sizeof(of), " of %lld node%s", (long long)f->nodes,
	    f->nodes == 1 ? "" : "s");
	f->worst = SHOWN_UP;
	for (i = SHOWN_UP; i--;)
		if (f->count[i])
			f->worst = (enum shown)i;
	if (!f->nodes)
		f->worst = SHOWN_UNKNOWN;
	f->indicator = down && down * 2 >= f->nodes ? "critical" :
	    down && down * 10 >= f->nodes ? "major" :
	    down || f->count[SHOWN_DEGRADED] || f->count[SHOWN_UNKNOWN] ||
	    f->stale ? "minor" : "none";
	if (!f->nodes)
		buf_adds(&f->headline, "No node is watched yet");
	else if (f->count[SHOWN_UP] == f->nodes)
		buf_addf(&f->headline, f->nodes == 1 ? "The node is up" :
		    "All %lld nodes are up", (long long)f->nodes);
	else
		for (i = 0; i < SHOWN_UP; i++)
			put_count(&f->headline, f->count[i],
			    face_words[i].word, of);
}

/* --- the verb ------------------------------------------------------------- */

static int
read_all(struct face *f, struct err *e)
{
	struct state_rule rule;
	int got;

	if (health_calendar(f->c->store, &f->calendar, e))
		return -1;
	got = health_sweep_last(f->c->store, &f->swept, e);
	if (got < 0)
		return -1;
	health_rule(&rule, &f->c->params, 0);
	f->any_sweep = got > 0;
	f->stale = !got || f->now_ms - f->swept.ended_ms >
	    2 * rule.interval_ms;
	return read_rows(f, e) || read_incidents(f, e) || read_maint(f, e) ?
	    -1 : 0;
}

/* Of one state, so that who is down has an incident, and the other way. */
static int
gather(struct face *f, struct err *e)
{
	int rc;

	if (set_days(f, e) || store_snapshot(f->c->store, e))
		return -1;
	rc = read_all(f, e);
	store_rollback(f->c->store);
	if (rc)
		return -1;
	count(f);
	conclude(f);
	return 0;
}

static int
print(const struct face *f, struct err *e)
{
	struct buf out = BUF_INIT(RECORD_MAX);

	json_open(&out, NULL, '{');
	json_str(&out, "out", f->say->out);
	json_str(&out, "indicator", f->indicator);
	json_int(&out, "nodes", f->nodes);
	json_int(&out, "up", f->count[SHOWN_UP]);
	json_int(&out, "degraded", f->count[SHOWN_DEGRADED]);
	json_int(&out, "down", f->count[SHOWN_DOWN]);
	json_int(&out, "unknown", f->count[SHOWN_UNKNOWN]);
	json_int(&out, "maintenance", f->count[SHOWN_MAINT]);
	json_bool(&out, "stale", f->stale);
	json_bool(&out, "signed", f->is_signed);
	json_int(&out, "pages", f->pages);
	json_int(&out, "written", f->written);
	json_int(&out, "unchanged", f->same);
	return cli_emit_object(f->c, &out, e);
}

static void
name_it(struct face *f)
{
	const char *grid = param_string(&f->c->params, PARAM_grid_name);
	char hex[HASH_HEX];
	struct hash h;

	f->title = f->say->title ? f->say->title : *grid ? grid : "Status";
	f->zone = f->say->zone ? f->say->zone : "UTC";
	hash_of(&h, f->say->url ? f->say->url : f->title,
	    strlen(f->say->url ? f->say->url : f->title));
	hash_hex(hex, &h);
	snprintf(f->id, sizeof(f->id), "%.12s", hex);
	/* One of a kind of its own: RFC 9562, 5.8. */
	snprintf(f->uuid, sizeof(f->uuid), "%.8s-%.4s-8%.3s-8%.3s-%.12s", hex,
	    hex + 8, hex + 13, hex + 17, hex + 20);
}

/* Only what a browser would open as a page, and what ends in no slash. */
static int
check_url(const char *url, struct err *e)
{
	if (!url)
		return 0;
	if ((strncmp(url, "https://", 8) && strncmp(url, "http://", 7)) ||
	    strlen(url) > 1000 || url[strlen(url) - 1] == '/' ||
	    strpbrk(url, " \t\r\n<>\"'\\"))
		return err_set(e, E_usage, "--url: an address that begins "
		    "with http:// or https:// and does not end in '/'");
	return 0;
}

/* It stands on a badge, too. */
static int
check_title(const char *title, struct err *e)
{
	return fit_text(title, FIT_NAME) ? 0 : err_set(e, E_usage, "--title, "
	    "or grid_name: " FIT_TEXT_IS_NOT);
}

/* Nothing is written, and no key opened, for what is not asked for well. */
static int
prepare(struct face *f, struct err *e)
{
	const char *const read[] = { ZONE_FILES, NULL };
	const char *const write[] = { f->c->home, f->say->out, NULL };

	return check_title(f->title, e) || zone_check(f->zone, e) ||
	    face_sign_open(f, e) || cli_store(f->c, e) || make_dirs(f, e) ||
	    cli_sandbox(f->c, f->say->require_sandbox, read, write, e) ? -1 :
	    0;
}

int
ping_status(struct cli *c, struct ping_status *say, struct err *e)
{
	struct face f = { .c = c, .say = say, .now_ms = cli_now(c),
	    .headline = BUF_INIT(1024), .rows = BUF_INIT(ROWS_MAX),
	    .data = BUF_INIT(ROW_MAX), .path = BUF_INIT(ROW_MAX) };
	int rc = -1;

	if (!say->out && !say->prom)
		return err_set(e, E_usage, "--out or --prom is needed");
	if (check_url(say->url, e))
		return -1;
	if (say->prom && ping_prom(c, say->prom, e))
		return -1;
	if (!say->out)
		return 0;
	say->pass.of = "the node key";
	name_it(&f);
	if (!prepare(&f, e) && !gather(&f, e) && !face_pages(&f, e) &&
	    !face_summary(&f, e) && !face_feed(&f, e) && !face_badges(&f, e))
		rc = print(&f, e);
	sign_key_release(&f.key);
	buf_release(&f.headline);
	buf_release(&f.rows);
	buf_release(&f.data);
	buf_release(&f.path);
	health_calendar_release(&f.calendar);
	free(f.row);
	free(f.of);
	free(f.incident);
	free(f.maint);
	return rc;
}
