/*
 * The protocol of Nagios plugins: one line of at most 80 columns, a bar, what
 * was measured; a status of 0 to 3.  Names are foreign: a bar in one would
 * end the text, a line feed the line.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "ping/check.h"

#define COLUMNS 80
#define NAME_LEAST 16		/* before the uptime has to go */
#define TEXT 256
#define WIDE 0x1100		/* from here on two columns, to be sure */
#define MINUTE_MS INT64_C(60000)

static const char *const words[] = { "OK", "WARNING", "CRITICAL", "UNKNOWN" };

/* --- thresholds ----------------------------------------------------------- */

static int
read_pair(struct range *time, struct range *uptime, const char *text,
    const char *what, struct err *e)
{
	size_t n;

	if (!text)
		return 0;
	n = strcspn(text, ",");
	return range_parse(time, text, n, what, e) ||
	    (text[n] && range_parse(uptime, text + n + 1,
	    strlen(text + n + 1), what, e)) ? -1 : 0;
}

int
nagios_ranges(struct nagios *g, const struct ping_check *say, struct err *e)
{
	return read_pair(&g->time[0], &g->uptime[0], say->warning,
	    "--warning", e) || read_pair(&g->time[1], &g->uptime[1],
	    say->critical, "--critical", e) ? -1 : 0;
}

static enum plugin
judge(const struct range *r, int64_t value)
{
	return range_alerts(&r[1], value) ? PLUGIN_CRITICAL :
	    range_alerts(&r[0], value) ? PLUGIN_WARNING : PLUGIN_OK;
}

/* --- text ----------------------------------------------------------------- */

static size_t
columns(const char *s, size_t n)
{
	size_t i, len, all = 0;

	for (i = 0; i < n; i += len) {
		len = utf8_len(s + i, n - i);
		all += len && utf8_number(s + i, len) >= WIDE ? 2 : 1;
		len += !len;
	}
	return all;
}

/* Foreign text without bars, and of no more than so many columns. */
static void
put_name(struct buf *out, const char *name, size_t most)
{
	struct buf clean = BUF_INIT(TEXT * 8);
	size_t n, i;

	cli_clean(&clean, name);
	for (i = 0; i < clean.len; i++)
		if (clean.data[i] == '|')
			clean.data[i] = '/';
	n = clean.len;
	if (columns(clean.data, n) > most) {
		while (n && columns(clean.data, n) + 3 > most)
			while (n && (clean.data[--n] & 0xc0) == 0x80)
				;
		buf_add(out, clean.data, n);
		buf_adds(out, "...");
	} else
		buf_add(out, clean.data, n);
	buf_release(&clean);
}

/* "42 s", "14 min", "3 h", "9 d": one figure is enough. */
static void
age_text(int64_t ms, char out[CLOCK_TEXT])
{
	int64_t s = ms / 1000;

	if (s < 120)
		snprintf(out, CLOCK_TEXT, "%lld s", (long long)s);
	else if (s < 7200)
		snprintf(out, CLOCK_TEXT, "%lld min", (long long)(s / 60));
	else if (s < 172800)
		snprintf(out, CLOCK_TEXT, "%lld h", (long long)(s / 3600));
	else
		snprintf(out, CLOCK_TEXT, "%lld d", (long long)(s / 86400));
}

/* To the minute, and with its date unless it is of today. */
static void
since_text(int64_t ms, int64_t now_ms, char out[CLOCK_TEXT])
{
	char text[CLOCK_TEXT];
	bool today = ms / CLOCK_DAY_MS == now_ms / CLOCK_DAY_MS;

	clock_text(ms, text);
	snprintf(out, CLOCK_TEXT, "%.*sZ", today ? 5 : 16,
	    text + (today ? 11 : 0));
}

static const char *
family_suffix(const struct checked *c, const char *before)
{
	static const char *const none[FAMILY__COUNT] = { "", "", "", "" };
	static const char *const blank[FAMILY__COUNT] = { "", " v4", " v6",
	    "" };
	static const char *const under[FAMILY__COUNT] = { "", "_v4", "_v6",
	    "" };

	return (*before == ' ' ? blank : *before == '_' ? under :
	    none)[c->series.family];
}

/* Without it, where there is no room: it is behind the bar as well. */
static void
put_uptime(const struct nagios *g, const struct checked *c, bool brief,
    char *out, size_t room)
{
	char text[SPAN_TEXT];

	*out = '\0';
	if (brief)
		return;
	span_uptime_text(&c->figures, text);
	snprintf(out, room, ", %s%s %.12s", text,
	    strcmp(text, "n/a") ? " %" : "", g->window);
}

/* "connect", "exit 3"; or NULL. */
static const char *
class_text(const struct checked *c, char out[CLOCK_TEXT])
{
	const char *class = sample_class_word(c->series.class);

	if (!class || c->series.class != CLASS_EXIT || !c->series.http)
		return class;
	snprintf(out, CLOCK_TEXT, "%s %d", class, c->series.http);
	return out;
}

/* What stands behind the name. */
static void
put_state(const struct nagios *g, const struct checked *c, int64_t now_ms,
    bool brief, char *out, size_t room)
{
	char exit_text[CLOCK_TEXT];
	const char *class = class_text(c, exit_text);
	const char *maint = c->maint ? ", maintenance" : "";
	char when[CLOCK_TEXT], up[64], day[48] = "";

	put_uptime(g, c, brief, up, sizeof(up));
	if (c->age_ms < 0)
		snprintf(out, room, " was never probed");
	else if (c->stale && c->state != STATE_UNKNOWN) {
		age_text(c->age_ms, when);
		snprintf(out, room, " was %s %s ago, not probed since%s",
		    state_word(c->state), when, maint);
	} else if (c->state == STATE_DOWN) {
		since_text(c->since_ms, now_ms, when);
		snprintf(out, room, " down%s%s%s since %s%s%s",
		    class ? " (" : "", class ? class : "", class ? ")" : "",
		    when, up, maint);
	} else if (c->state == STATE_UNKNOWN && class)
		snprintf(out, room, " fails (%s), not decided yet%s", class,
		    maint);
	else if (c->state == STATE_UNKNOWN) {
		age_text(c->age_ms, when);
		snprintf(out, room, " not probed for %s%s", when, maint);
	} else {
		*when = '\0';
		if (c->us >= 0)
			snprintf(when, sizeof(when), " %lld ms",
			    (long long)(c->us / 1000));
		if (c->shift.shifted)
			snprintf(day, sizeof(day), " (day %lld ms)",
			    (long long)(c->shift.day_us / 1000));
		snprintf(out, room, "%s%s%s%s%s%s", when, day,
		    c->state == STATE_DEGRADED ? " degraded" : "",
		    class ? " (fails)" : "", up, maint);
	}
}

/* --- what was measured ---------------------------------------------------- */

static void
put_ranges(struct buf *out, const struct range *r, const char *ends)
{
	buf_addf(out, ";%s;%s;%s", r[0].text, r[1].text, ends);
}

static void
put_measured(struct nagios *g, const struct checked *c)
{
	struct buf *out = &g->text;
	char text[SPAN_TEXT], seconds[32];
	size_t n;

	buf_addf(out, " time%s=", family_suffix(c, "_"));
	if (c->us < 0)
		buf_addc(out, 'U');
	else {
		snprintf(seconds, sizeof(seconds), "%lld.%06d",
		    (long long)(c->us / 1000000), (int)(c->us % 1000000));
		for (n = strlen(seconds); seconds[n - 1] == '0';)
			n--;
		buf_addf(out, "%.*ss", (int)n - (seconds[n - 1] == '.'),
		    seconds);
	}
	put_ranges(out, g->time, "0");
	buf_addf(out, " uptime%s=", family_suffix(c, "_"));
	span_uptime_text(&c->figures, text);
	if (!strcmp(text, "n/a"))
		buf_addc(out, 'U');
	else {
		span_percent_text(c->figures.uptime, text);
		buf_addf(out, "%s%%", text);
	}
	put_ranges(out, g->uptime, "0;100");
}

/* --- verdicts ------------------------------------------------------------- */

/* By what it is; a probe that failed is never just unknown. */
static enum plugin
by_state(const struct checked *c)
{
	if (c->age_ms < 0)
		return PLUGIN_UNKNOWN;
	if (c->state == STATE_UNKNOWN && c->series.class && !c->stale)
		return PLUGIN_CRITICAL;
	if (c->stale || c->state == STATE_UNKNOWN)
		return PLUGIN_UNKNOWN;
	return c->state == STATE_DOWN ? PLUGIN_CRITICAL :
	    c->state == STATE_DEGRADED || c->shift.shifted ? PLUGIN_WARNING :
	    PLUGIN_OK;
}

/* The worse, as Nagios sees it: unknown is worse than a warning only. */
static enum plugin
worse(enum plugin a, enum plugin b)
{
	static const int rank[] = { 0, 1, 3, 2 };

	return rank[b] > rank[a] ? b : a;
}

static enum plugin
verdict(const struct nagios *g, const struct checked *c)
{
	enum plugin p = by_state(c);
	char up[SPAN_TEXT];

	if (c->us >= 0 && p != PLUGIN_UNKNOWN)
		p = worse(p, judge(g->time, c->us));
	span_uptime_text(&c->figures, up);
	if (strcmp(up, "n/a"))
		p = worse(p, judge(g->uptime,
		    c->figures.uptime * (RANGE_UNIT / 100)));
	return p;
}

static void
put_more(struct nagios *g, const struct checked *c)
{
	char text[CLOCK_TEXT];

	clock_text(c->since_ms, text);
	buf_addf(&g->text, "%s%s since %s", state_word(c->state),
	    family_suffix(c, " "), text);
	if (c->age_ms >= 0) {
		clock_text(c->series.machine.probed_ms, text);
		buf_addf(&g->text, ", probed %s", text);
	}
	if (c->series.family == FAMILY_PUSH)
		buf_addf(&g->text, ", exit %d", c->series.http);
	else if (c->series.http)
		buf_addf(&g->text, ", HTTP %d", c->series.http);
	if (*c->series.url)
		buf_adds(&g->text, ", ");
	put_name(&g->text, c->series.url, TEXT);
	buf_addc(&g->text, '\n');
}

static void
put_line(struct nagios *g, const struct checked *c, int64_t now_ms)
{
	const char *family = family_suffix(c, " ");
	const char *name = c->series.name;
	size_t room = 0, want = columns(name, strlen(name));
	char head[32], tail[TEXT];
	int brief;

	if (want > NAME_LEAST)
		want = NAME_LEAST;

	snprintf(head, sizeof(head), "PING %s - ", words[g->status]);
	for (brief = 0; brief < 2 && (!brief || room < want); brief++) {
		put_state(g, c, now_ms, brief, tail, sizeof(tail));
		room = strlen(head) + strlen(family) + strlen(tail) + 1;
		room = room < COLUMNS ? COLUMNS - room : 0;
	}
	buf_adds(&g->text, head);
	put_name(&g->text, name, room);
	buf_addf(&g->text, "%s%s |", family, tail);
}

void
nagios_node(struct nagios *g, const struct checked *c, size_t n,
    int64_t now_ms)
{
	const struct checked *worst = c;
	size_t i;

	for (i = 0; i < n; i++) {
		if (worse(g->status, verdict(g, &c[i])) == g->status)
			continue;
		g->status = verdict(g, &c[i]);
		worst = &c[i];
	}
	put_line(g, worst, now_ms);
	for (i = 0; i < n; i++)
		put_measured(g, &c[i]);
	buf_addc(&g->text, '\n');
	for (i = 0; g->verbose && i < n; i++)
		put_more(g, &c[i]);
	g->done = true;
}

/* Here it is the sweeps that are watched: none for long is what is wrong. */
void
nagios_sweep(struct nagios *g, const struct health_swept *w, bool stale,
    int64_t age_ms)
{
	char when[CLOCK_TEXT];

	g->status = stale || !w ? PLUGIN_CRITICAL :
	    w->offline || w->unasked ? PLUGIN_WARNING : PLUGIN_OK;
	buf_addf(&g->text, "PING %s - ", words[g->status]);
	if (!w)
		buf_adds(&g->text, "there was no sweep yet | age=U targets=U "
		    "failed=U\n");
	else {
		age_text(age_ms, when);
		buf_addf(&g->text, "last sweep %s ago, %lld targets%s%s | "
		    "age=%llds targets=%lld failed=%lld\n", when,
		    (long long)w->targets, w->unasked ? ", not all asked" :
		    "", w->offline ? ", observer offline" : "",
		    (long long)(age_ms / 1000), (long long)w->targets,
		    (long long)w->failed);
	}
	g->done = true;
}

/* --- the end -------------------------------------------------------------- */

/* Also if the options could not be read, or not all of them. */
static bool
asked_for(char **argv)
{
	for (; *argv && strcmp(*argv, "--"); argv++)
		if (!strcmp(*argv, "--nagios"))
			return true;
	return false;
}

static int
say(const struct nagios *g, const struct err *e, struct buf *out)
{
	if (g && g->done && !e->kind) {
		buf_add(out, g->text.data, g->text.len);
		return (int)g->status;
	}
	buf_adds(out, "PING UNKNOWN - ");
	put_name(out, e->kind ? e->msg : "nothing was found out",
	    COLUMNS - 1 - out->len);
	buf_addc(out, '\n');
	return PLUGIN_UNKNOWN;
}

int
ping_check_end(struct cli *c, char **argv, const struct err *e, bool told,
    struct buf *out)
{
	struct nagios *g;
	int status;

	if (strcmp(c->verb->name, "check"))
		return -1;
	g = c->own;
	status = !asked_for(argv) ? -1 : told ? PLUGIN_UNKNOWN :
	    say(g, e, out);

	if (g)
		buf_release(&g->text);
	free(g);
	return status;
}
