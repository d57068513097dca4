/* 90 days of a series: one drawing, a sentence, and the figures. */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "ping/face.h"

#define DATA_MAX (1 << 16)
#define PATH_MAX_BYTES 8192
#define TALL 30			/* of a bar */
#define LEAST 6			/* of it down, to be seen */

enum day { DAY_NONE, DAY_UP, DAY_SLOW, DAY_DOWN, DAY_UNKNOWN, DAY_MAINT,
    DAY__COUNT };

static enum day
day_of(const struct span *s, const struct window *w, int64_t first_ms)
{
	int64_t known = s->ms[STATE_UP] + s->ms[STATE_DEGRADED] +
	    s->ms[STATE_DOWN], all = known + s->ms[STATE_UNKNOWN];

	if (w->to_ms <= first_ms)
		return DAY_NONE;
	if (s->ms[STATE_DOWN])
		return DAY_DOWN;
	if (!all)
		return s->maint_ms ? DAY_MAINT : DAY_NONE;
	if (known * 2 < all)
		return DAY_UNKNOWN;
	return s->ms[STATE_DEGRADED] ? DAY_SLOW : DAY_UP;
}

/* Days of a kind in a row are one stroke, which the style sheet parts. */
static void
draw(struct buf *data, const char *key, const enum day *day, enum day which,
    int y)
{
	struct buf path = BUF_INIT(PATH_MAX_BYTES);
	int i, to;

	for (i = 0; i < FACE_DAYS; i = to + 1) {
		to = i;
		if (day[i] != which)
			continue;
		while (to + 1 < FACE_DAYS && day[to + 1] == which)
			to++;
		buf_addf(&path, "M%d %dH%d", 4 * i, y, 4 * to + 3);
	}
	json_str(data, key, path.data);
	buf_release(&path);
}

/* From the top as much as it was down, and a mark below. */
static void
draw_down(struct buf *data, const enum day *day, const struct span *s)
{
	struct buf down = BUF_INIT(PATH_MAX_BYTES);
	struct buf rest = BUF_INIT(PATH_MAX_BYTES);
	struct buf mark = BUF_INIT(PATH_MAX_BYTES);
	int64_t all;
	int i, h;

	for (i = 0; i < FACE_DAYS; i++) {
		if (day[i] != DAY_DOWN)
			continue;
		all = span_length(&s[i]) - s[i].maint_ms;
		h = (int)(TALL * s[i].ms[STATE_DOWN] / all);
		h = h < LEAST ? LEAST : h;
		buf_addf(&down, "M%d.5 0v%d", 4 * i + 1, h);
		buf_addf(&mark, "M%d.5 31v3", 4 * i + 1);
		if (h < TALL)
			buf_addf(&rest, "M%d.5 %dV%d", 4 * i + 1, h, TALL);
	}
	json_str(data, "d", down.data);
	json_str(data, "r", rest.data);
	json_str(data, "t", mark.data);
	buf_release(&down);
	buf_release(&rest);
	buf_release(&mark);
}

/* --- figures -------------------------------------------------------------- */

struct line {
	struct span_figures f;
	int64_t down_ms, maint_ms;
};

static struct line
line_of(const struct face *f, const struct span *s)
{
	struct line l = { .down_ms = s->ms[STATE_DOWN],
	    .maint_ms = s->maint_ms };

	span_figures(&l.f, s,
	    f->c->params.value[PARAM_health_degraded_up] != 0);
	return l;
}

static bool
alike(const struct line *a, const struct line *b)
{
	return a->f.uptime == b->f.uptime && a->f.coverage == b->f.coverage &&
	    a->down_ms == b->down_ms && a->maint_ms == b->maint_ms;
}

static void
put_percent(struct buf *data, const char *key, const char *figure)
{
	char text[SPAN_TEXT + 8];

	snprintf(text, sizeof(text), "%s%s", figure,
	    strcmp(figure, "n/a") ? " %" : "");
	json_str(data, key, text);
}

static int
put_line(const struct face *f, struct buf *data, int from, int to,
    const struct line *l, struct err *e)
{
	char a[ZONE_TEXT], b[ZONE_TEXT], text[FACE_LONG], figure[SPAN_TEXT];
	char days[2 * ZONE_TEXT];

	if (zone_text(f->zone, f->day[from].from_ms, a, e) ||
	    zone_text(f->zone, f->day[to].from_ms, b, e))
		return -1;
	snprintf(days, sizeof(days), "%.10s%s%.10s", a, from < to ? " to " :
	    "", from < to ? b : "");
	json_open(data, NULL, '{');
	json_str(data, "day", days);
	span_uptime_text(&l->f, figure);
	put_percent(data, "up", figure);
	span_percent_text(l->f.coverage, figure);
	put_percent(data, "known", figure);
	face_long(l->down_ms, text);
	json_str(data, "down", text);
	face_long(l->maint_ms, text);
	json_str(data, "maint", text);
	json_close(data, '}');
	return 0;
}

static int
put_lines(const struct face *f, struct buf *data, const enum day *day,
    const struct span *s, struct err *e)
{
	struct line l, next;
	int i, to;

	json_open(data, "days", '[');
	for (i = FACE_DAYS - 1; i >= 0; i = to - 1) {
		to = i;
		if (day[i] == DAY_NONE)
			continue;
		l = line_of(f, &s[i]);
		for (; to > 0 && day[to - 1] != DAY_NONE; to--) {
			next = line_of(f, &s[to - 1]);
			if (!alike(&l, &next))
				break;
		}
		if (put_line(f, data, to, i, &l, e))
			return -1;
	}
	json_close(data, ']');
	return 0;
}

static void
put_sentence(struct buf *data, const enum day *day, const char *uptime)
{
	int count[DAY__COUNT] = { 0 }, i;
	char text[160];
	int known;
	size_t n;

	for (i = 0; i < FACE_DAYS; i++)
		count[day[i]]++;
	known = FACE_DAYS - count[DAY_NONE];
	n = (size_t)snprintf(text, sizeof(text), "%s in %d day%s", uptime,
	    known, known == 1 ? "" : "s");
	if (count[DAY_DOWN])
		n += (size_t)snprintf(text + n, sizeof(text) - n,
		    ", %d with time down", count[DAY_DOWN]);
	if (count[DAY_SLOW])
		n += (size_t)snprintf(text + n, sizeof(text) - n,
		    ", %d slow at times", count[DAY_SLOW]);
	if (count[DAY_UNKNOWN])
		snprintf(text + n, sizeof(text) - n, ", %d not known",
		    count[DAY_UNKNOWN]);
	json_str(data, "sentence", text);
}

int
face_row_write(struct face *f, struct face_row *r, const struct span *s,
    struct err *e)
{
	const struct face_word *w = &face_words[r->shown];
	struct buf data = BUF_INIT(DATA_MAX);
	char figure[SPAN_TEXT], uptime[SPAN_TEXT + 16];
	enum day day[FACE_DAYS];
	int i, rc;

	for (i = 0; i < FACE_DAYS; i++)
		day[i] = day_of(&s[i], &f->day[i], r->series.first_ms);
	span_uptime_text(&r->figures, figure);
	snprintf(uptime, sizeof(uptime), "%s%s", figure,
	    strcmp(figure, "n/a") ? " % up" : " up");
	json_open(&data, NULL, '{');
	json_str(&data, "name", r->series.name);
	json_str(&data, "family", r->series.family == FAMILY_ANY ? "" :
	    sample_family_word(r->series.family));
	json_str(&data, "uptime", uptime);
	json_str(&data, "class", w->class);
	json_str(&data, "sign", w->sign);
	json_str(&data, "word", w->word);
	put_sentence(&data, day, uptime);
	draw(&data, "u", day, DAY_UP, 15);
	draw(&data, "g", day, DAY_SLOW, 23);
	draw(&data, "q", day, DAY_UNKNOWN, 15);
	draw(&data, "m", day, DAY_MAINT, 28);
	draw_down(&data, day, s);
	rc = put_lines(f, &data, day, s, e);
	r->at = f->rows.len;
	if (!rc)
		rc = face_render(f, &f->rows, "status_row.html", &data, e);
	r->n = f->rows.len - r->at;
	buf_release(&data);
	return rc;
}
