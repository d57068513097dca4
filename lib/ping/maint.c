/* Maintenance: made, listed, ended. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"
#include "batch/batch.h"
#include "ledger/ledger.h"
#include "ping/impl.h"
#include "uptime/zone.h"

#define RECORD_MAX 8192
#define LEAST_MS 1000

static const char *const days[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri",
    "Sat" };

/* The one that goes on, or else the next: false if there will be none. */
static int
coming(const struct health_maint *m, int64_t now_ms, struct window *out,
    struct err *e)
{
	int64_t at = m->from_ms > now_ms ? m->from_ms : now_ms;
	int week;

	if (m->weekday < 0) {
		*out = (struct window){ m->from_ms, m->to_ms };
		return m->to_ms > now_ms;
	}
	for (week = 0; week < 3; week++, at += 7 * CLOCK_DAY_MS) {
		if (zone_weekly(m->zone, m->weekday, m->minute, m->length_ms,
		    at, out, e))
			return -1;
		if (out->from_ms >= m->from_ms && out->to_ms > now_ms)
			return !m->to_ms || out->from_ms < m->to_ms;
	}
	return 0;
}

static void
write_weekly(struct buf *out, const struct health_maint *m)
{
	char text[CLOCK_TEXT];

	snprintf(text, sizeof(text), "%s %02d:%02d", days[m->weekday],
	    m->minute / 60, m->minute % 60);
	json_str(out, "weekly", text);
	clock_span_text(m->length_ms, text);
	json_str(out, "for", text);
	json_str(out, "tz", m->zone);
}

static int
write(struct buf *out, const struct health_maint *m, int64_t now_ms,
    struct err *e)
{
	struct window next;
	int got = coming(m, now_ms, &next, e);

	if (got < 0)
		return -1;
	json_open(out, NULL, '{');
	json_str(out, "maintenance_id", m->id);
	json_str(out, "node", *m->node_id ? m->node_id : "all");
	json_str(out, "state", !got ? "over" : next.from_ms <= now_ms ?
	    "running" : "planned");
	json_time(out, "from", m->from_ms);
	json_time_if(out, "to", m->to_ms);
	if (m->weekday >= 0)
		write_weekly(out, m);
	if (got) {
		json_time(out, "next_from", next.from_ms);
		json_time(out, "next_to", next.to_ms);
	}
	json_str(out, "reason", m->reason);
	json_time(out, "created_at", m->made_ms);
	json_close(out, '}');
	return 0;
}

/* --- add ------------------------------------------------------------------ */

struct job {
	const struct ping_maint *say;
	struct health_maint maint;
	const char *id;			/* of the one that is ended */
};

/* "Sun 02:30" */
static int
read_weekly(struct health_maint *m, const char *text, struct err *e)
{
	int day;

	for (day = 0; day < 7; day++)
		if (!strncmp(text, days[day], 3))
			break;
	if (day == 7 || strlen(text) != 9 || text[3] != ' ' ||
	    text[6] != ':' || strspn(text + 4, "0123456789") != 2 ||
	    strspn(text + 7, "0123456789") != 2)
		return err_set(e, E_usage, "--weekly: '%.40s' is not a day "
		    "and a time, such as 'Sun 02:30'", text);
	m->weekday = day;
	m->minute = ((text[4] - '0') * 10 + text[5] - '0') * 60 +
	    (text[7] - '0') * 10 + text[8] - '0';
	return text[4] > '2' || m->minute >= 24 * 60 || text[7] > '5' ?
	    err_set(e, E_usage, "--weekly: there is no such time: '%.40s'",
	    text) : 0;
}

static int
check_options(const struct ping_maint *say, struct err *e)
{
	if (!say->reason)
		return err_set(e, E_usage, "say why, with --reason: reports "
		    "do");
	if (!fit_text(say->reason, FIT_REASON))
		return err_set(e, E_usage, "--reason: is empty, too long, "
		    "or has control characters in it");
	if (say->weekly && !say->lasts)
		return err_set(e, E_usage, "--weekly needs --for, and --to "
		    "is when there will be no more");
	if (!say->weekly && !say->to == !say->lasts)
		return err_set(e, E_usage, "give --to or --for");
	if (!say->weekly && say->zone)
		return err_set(e, E_usage, "--tz is for --weekly");
	return 0;
}

static int
read_time(const char *option, const char *text, int64_t *out, struct err *e)
{
	return text && clock_parse(text, out, e) ? err_wrap(e, "%s", option) :
	    0;
}

static int
read_maint(struct cli *c, const struct ping_maint *say,
    struct health_maint *m, struct err *e)
{
	*m = (struct health_maint){ .weekday = -1, .from_ms = cli_now(c) };
	if (check_options(say, e) || (say->lasts && ping_span("--for",
	    say->lasts, LEAST_MS, &m->length_ms, e)) ||
	    (say->weekly && read_weekly(m, say->weekly, e)) ||
	    read_time("--from", say->from, &m->from_ms, e) ||
	    read_time("--to", say->to, &m->to_ms, e))
		return -1;
	if (say->weekly && say->to && m->to_ms <= m->from_ms)
		return err_set(e, E_bad_time, "there would be none before "
		    "--to");
	if (!say->weekly && say->lasts) {
		m->to_ms = m->from_ms + m->length_ms;
		m->length_ms = 0;
	}
	snprintf(m->zone, sizeof(m->zone), "%s", say->zone ? say->zone :
	    "UTC");
	snprintf(m->reason, sizeof(m->reason), "%s", say->reason);
	return zone_check(say->zone ? say->zone : "UTC", e);
}

static int
add_in(struct cli *c, struct ledger *l, const struct json *in,
    struct buf *out, struct err *but, struct err *e)
{
	struct job *j = c->own;

	(void)in;
	(void)but;
	return (j->say->node && ping_find(ledger_store(l), j->say->node,
	    j->maint.node_id, e)) || health_maint_add_in(l, &j->maint,
	    cli_now(c), &c->chance, e) ||
	    write(out, &j->maint, cli_now(c), e) ? -1 : 0;
}

static int
once(struct cli *c, batch_act *act, struct job *j, struct buf *request,
    struct err *e)
{
	const struct batch batch = { act, BATCH_KEYED, false, NULL };
	int rc;

	c->own = j;
	rc = batch_one(c, &batch, request, e);
	c->own = NULL;
	buf_release(request);
	return rc;
}

static int
add(struct cli *c, const struct ping_maint *say, struct err *e)
{
	struct job j = { .say = say };
	struct buf request = BUF_INIT(RECORD_MAX);

	if (c->argc != 1)
		return err_set(e, E_usage, "add takes options only: --node");
	if (say->all)
		return err_set(e, E_usage, "--all is for list");
	if (read_maint(c, say, &j.maint, e))
		return -1;
	json_open(&request, NULL, '{');
	json_str(&request, "do", "add");
	json_str_if(&request, "node", say->node);
	json_str_if(&request, "from", say->from);
	json_str_if(&request, "to", say->to);
	json_str_if(&request, "weekly", say->weekly);
	json_str_if(&request, "for", say->lasts);
	json_str_if(&request, "tz", say->zone);
	json_str(&request, "reason", say->reason);
	return once(c, add_in, &j, &request, e);
}

/* --- list, end ------------------------------------------------------------ */

/* Are there options of one that is yet to be made? */
static bool
describes(const struct ping_maint *say)
{
	return say->from || say->to || say->weekly || say->lasts ||
	    say->zone || say->reason;
}

static int
list(struct cli *c, const struct ping_maint *say, struct err *e)
{
	struct buf out = BUF_INIT(RECORD_MAX);
	char node_id[HASH_HEX] = "";
	struct health_maint m;
	struct query q;
	int got;

	if (c->argc != 1)
		return err_set(e, E_usage, "list takes options only: --node");
	if (describes(say))
		return err_set(e, E_usage, "list takes --node and --all "
		    "only");
	if (cli_store_read(c, e) || (say->node &&
	    ping_find(c->store, say->node, node_id, e)))
		return -1;
	health_maint_open(&q, c->store, say->all ? INT64_MIN : cli_now(c));
	while ((got = health_maint_next(&q, &m, e)) > 0) {
		if (*node_id && *m.node_id && strcmp(node_id, m.node_id))
			continue;
		if (write(&out, &m, cli_now(c), e) ||
		    cli_emit_buf(c, &out, e)) {
			got = -1;
			break;
		}
	}
	query_close(&q);
	buf_release(&out);
	return got;
}

/* The one whose id begins so. */
static int
find(struct store *s, const char *typed, struct health_maint *out,
    struct err *e)
{
	struct health_maint m;
	struct query q;
	int got, found = 0;

	health_maint_open(&q, s, INT64_MIN);
	while ((got = health_maint_next(&q, &m, e)) > 0)
		if (!strncmp(m.id, typed, strlen(typed)) && !found++)
			*out = m;
	if (got < 0)
		return -1;
	if (!found || !*typed)
		return err_set(e, E_no_maintenance, "there is no maintenance "
		    "'%.80s'", typed);
	return found == 1 ? 0 : err_set(e, E_ambiguous, "the ids of several "
	    "begin with '%.80s'", typed);
}

static int
end_in(struct cli *c, struct ledger *l, const struct json *in,
    struct buf *out, struct err *but, struct err *e)
{
	const struct job *j = c->own;
	struct store *s = ledger_store(l);
	struct health_maint m;

	(void)in;
	(void)but;
	return find(s, j->id, &m, e) || health_maint_end_in(l, m.id,
	    cli_now(c), e) || find(s, m.id, &m, e) ||
	    write(out, &m, cli_now(c), e) ? -1 : 0;
}

static int
end(struct cli *c, const struct ping_maint *say, struct err *e)
{
	struct job j = { .id = c->argc == 2 ? c->argv[1] : NULL };
	struct buf request = BUF_INIT(RECORD_MAX);

	if (!j.id)
		return err_set(e, E_usage, "which one?  Give its id, or the "
		    "beginning of it");
	if (describes(say) || say->node || say->all)
		return err_set(e, E_usage, "end takes an id only");
	json_open(&request, NULL, '{');
	json_str(&request, "do", "end");
	json_str(&request, "maintenance_id", j.id);
	return once(c, end_in, &j, &request, e);
}

int
ping_maint(struct cli *c, const struct ping_maint *say, struct err *e)
{
	c->word = c->argv[0];
	if (!strcmp(c->word, "add"))
		return add(c, say, e);
	if (!strcmp(c->word, "list"))
		return list(c, say, e);
	if (!strcmp(c->word, "end"))
		return end(c, say, e);
	return err_set(e, E_usage, "add, list or end?");
}
