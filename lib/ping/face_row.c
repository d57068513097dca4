/* 90 days of a series: one drawing, a sentence, and the figures. */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "ping/face.h"

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

static void
put_path(struct face *f, const char *key)
{
	json_str(&f->data, key, f->path.data);
	buf_reset(&f->path);
}

/* Days of a kind in a row are one stroke, which the style sheet parts. */
static void
draw(struct face *f, const char *key, const enum day *day, enum day which,
    int y)
{
	int i, to;

	for (i = 0; i < FACE_DAYS; i = to + 1) {
		to = i;
		if (day[i] != which)
			continue;
		while (to + 1 < FACE_DAYS && day[to + 1] == which)
			to++;
		buf_addf(&f->path, "M%d %dH%d", 4 * i, y, 4 * to + 3);
	}
	put_path(f, key);
}

static int
height(const struct span *s)
{
	int h = (int)(TALL * s->ms[STATE_DOWN] /
	    (span_length(s) - s->maint_ms));

	return h < LEAST ? LEAST : h;
}

/* From the top as much as it was down, below that the rest, and a mark. */
static void
draw_down(struct face *f, const enum day *day, const struct span *s)
{
	int i, h;

	for (i = 0; i < FACE_DAYS; i++)
		if (day[i] == DAY_DOWN)
			buf_addf(&f->path, "M%d.5 0v%d", 4 * i + 1,
			    height(&s[i]));
	put_path(f, "d");
	for (i = 0; i < FACE_DAYS; i++) {
		h = day[i] == DAY_DOWN ? height(&s[i]) : TALL;
		if (h < TALL)
			buf_addf(&f->path, "M%d.5 %dV%d", 4 * i + 1, h, TALL);
	}
	put_path(f, "r");
	draw(f, "t", day, DAY_DOWN, TALL + 2);
}

/* --- figures -------------------------------------------------------------- */

struct line {
	struct span_figures f;
	int64_t ms[3];			/* down, slow, maintenance */
};

static struct line
line_of(const struct face *f, const struct span *s)
{
	struct line l = { .ms = { s->ms[STATE_DOWN], s->ms[STATE_DEGRADED],
	    s->maint_ms } };

	span_figures(&l.f, s,
	    f->c->params.value[PARAM_health_degraded_up] != 0);
	return l;
}

static bool
alike(const struct line *a, const struct line *b)
{
	return a->f.uptime == b->f.uptime && a->f.coverage == b->f.coverage &&
	    !memcmp(a->ms, b->ms, sizeof(a->ms));
}

static void
put_percent(struct buf *out, const char *figure)
{
	buf_addf(out, "<td>%s%s", figure, strcmp(figure, "n/a") ? " %" : "");
}

static void
put_line(struct face *f, int from, int to, const struct line *l)
{
	char text[FACE_LONG], figure[SPAN_TEXT];
	struct buf *out = &f->rows;
	int i;

	buf_addf(out, "<tr><th scope=\"row\">%s%s%s", f->date[from],
	    from < to ? " to " : "", from < to ? f->date[to] : "");
	span_uptime_text(&l->f, figure);
	put_percent(out, figure);
	span_percent_text(l->f.coverage, figure);
	put_percent(out, figure);
	for (i = 0; i < 3; i++) {
		face_long(l->ms[i], text);
		buf_addf(out, "<td>%s", l->ms[i] ? text : "0");
	}
}

/*
 * Lines of the table.  Here and not by a template, which takes three times as
 * long: of 10,000 nodes there can be hundreds of thousands.
 */
static void
put_lines(struct face *f, const enum day *day, const struct span *s)
{
	struct line l, next;
	int i, to;

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
		put_line(f, to, i, &l);
	}
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
	struct buf *data = &f->data;
	char figure[SPAN_TEXT], uptime[SPAN_TEXT + 16];
	enum day day[FACE_DAYS];
	int i, rc;

	for (i = 0; i < FACE_DAYS; i++)
		day[i] = day_of(&s[i], &f->day[i], r->series.first_ms);
	span_uptime_text(&r->figures, figure);
	snprintf(uptime, sizeof(uptime), "%s%s", figure,
	    strcmp(figure, "n/a") ? " % up" : " up");
	buf_reset(data);
	json_open(data, NULL, '{');
	json_str(data, "name", r->series.name);
	json_str(data, "family", r->series.family == FAMILY_ANY ? "" :
	    sample_family_word(r->series.family));
	json_str(data, "class", w->class);
	json_str(data, "sign", w->sign);
	json_str(data, "word", w->word);
	put_sentence(data, day, uptime);
	draw(f, "u", day, DAY_UP, 15);
	draw(f, "g", day, DAY_SLOW, 23);
	draw(f, "q", day, DAY_UNKNOWN, 15);
	draw(f, "m", day, DAY_MAINT, 28);
	draw_down(f, day, s);
	r->at = f->rows.len;
	rc = face_render(f, &f->rows, "status_row.html", data, e);
	put_lines(f, day, s);
	buf_adds(&f->rows, "</table></details></li>\n");
	r->n = f->rows.len - r->at;
	return rc;
}
