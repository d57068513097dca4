/*
 * Deliver what waits in the outbox.  What is due is read once, and what is not
 * true any longer is dropped; each parcel is sent, and then its rows are
 * marked in a transaction of their own: killed between, it is sent once more,
 * under the same ids.  A lock in the home sees to it that nobody else delivers
 * at the time.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/json.h"
#include "health/health.h"
#include "ping/impl.h"
#include "ping/way.h"

#define RECORD_MAX (4 << 20)

struct run {
	struct cli *c;
	bool test;
	struct way way;
	struct alert_rows rows;		/* first those that go */
	size_t kept;
	int64_t now_ms;
	size_t left;			/* alerts that could not go */
};

/* --- what is said --------------------------------------------------------- */

static void
write_kinds(struct buf *out, const struct alert_letter *l)
{
	size_t i;

	json_open(out, "alerts", '[');
	for (i = 0; i < l->n; i++) {
		json_open(out, NULL, '{');
		json_str(out, "id", l->row[i].id);
		json_str(out, "kind", alert_kind_word(l->row[i].kind));
		json_str(out, "ref", l->row[i].ref);
		json_close(out, '}');
	}
	json_close(out, ']');
}

static void
write_went(struct buf *out, const struct alert_row *row)
{
	json_open(out, "went", '[');
	if (row->done & ALERT_MAIL)
		json_str(out, NULL, "mail");
	if (row->done & ALERT_HOOK)
		json_str(out, NULL, "webhook");
	json_close(out, ']');
}

static struct alert_letter
letter(const struct run *r, const struct alert_row *row, size_t n)
{
	const struct params *params = &r->c->params;

	return (struct alert_letter){
		.row = row, .n = n, .now_ms = r->now_ms,
		.to = *row->owner ? row->owner :
		    param_string(params, PARAM_alert_to),
		.from = param_string(params, PARAM_alert_from),
	};
}

static int
say(struct run *r, const struct alert_letter *l, const char *outcome,
    const char *why, int64_t next_ms, struct err *e)
{
	struct buf out = BUF_INIT(RECORD_MAX), subject = BUF_INIT(PING_RECORD);
	const struct alert_row *row = l->row;
	int rc = alert_subject(&subject, l, e);

	json_open(&out, NULL, '{');
	json_str(&out, "id", *row->parcel ? row->parcel : row->id);
	json_str(&out, "outcome", outcome);
	json_str_or_null(&out, "why", why);
	json_str_or_null(&out, "to", r->way.wanted & ALERT_MAIL ? l->to :
	    NULL);
	json_str(&out, "subject", subject.data);
	json_int(&out, "attempts", row->attempts);
	json_time_or_null(&out, "next_at", next_ms > 0 ? next_ms : 0);
	write_went(&out, row);
	write_kinds(&out, l);
	if (r->c->dry_run)
		json_bool(&out, "dry_run", true);
	buf_release(&subject);
	if (!rc)
		return cli_emit_object(r->c, &out, e);
	buf_release(&out);
	return -1;
}

/* --- one parcel ----------------------------------------------------------- */

/* What has come of the way, or of several; bad: it was an attempt in vain. */
static int
mark(struct run *r, struct alert_row *row, size_t n, unsigned ways,
    const struct err *bad, int64_t *next_ms, struct err *e)
{
	struct store *s = r->c->store;
	size_t i;
	int rc = 0;

	if (store_begin(s, e))
		return -1;
	for (i = 0; i < n && !rc; i++)
		rc = bad ? alert_failed_in(s, &row[i], bad->msg, r->now_ms,
		    next_ms, e) : alert_sent_in(s, &row[i], ways,
		    r->way.wanted, r->now_ms, e);
	if (!rc)
		return store_commit(s, e);
	store_rollback(s);
	return -1;
}

/* Each way that is left, once; bad is why the first did not work. */
static int
send_all(struct run *r, struct alert_row *row, const struct alert_letter *l,
    struct err *bad, struct err *e)
{
	static const enum alert_way ways[] = { ALERT_MAIL, ALERT_HOOK };
	unsigned left = r->way.wanted & ~row->done;
	struct err why = { 0 };
	int64_t no_next;
	size_t i;

	if (!left)		/* it went others than are wanted now, too */
		return mark(r, row, l->n, 0, NULL, &no_next, e);
	for (i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
		if (!(left & ways[i]))
			continue;
		if (way_send(&r->way, ways[i], l, &why)) {
			if (!bad->code)
				*bad = why;
		} else if (mark(r, row, l->n, ways[i], NULL, &no_next,
		    e)) {
			return -1;
		}
	}
	return 0;
}

static int
deliver(struct run *r, struct alert_row *row, size_t n, struct err *e)
{
	const struct alert_letter l = letter(r, row, n);
	struct err bad = { 0 };
	int64_t next_ms = 0;

	if (r->c->dry_run)
		return say(r, &l, "due", *row->owner ? "it is its owner's" :
		    "it has no owner", 0, e);
	if (send_all(r, row, &l, &bad, e))
		return -1;
	if (!bad.code)
		return say(r, &l, "sent", NULL, 0, e);
	r->left += n;
	return mark(r, row, n, 0, &bad, &next_ms, e) || say(r, &l,
	    next_ms < 0 ? "failed" : "waits", bad.msg, next_ms, e) ? -1 : 0;
}

/* What will not go now is told of where nothing does. */
static int
say_waiting(struct run *r, struct err *e)
{
	struct alert_rows rows = { 0 };
	const struct alert_row *row;
	struct alert_letter l;
	size_t i;
	int rc = 0;

	if (!r->c->dry_run || r->test)
		return 0;
	if (alert_waiting(r->c->store, r->now_ms, &rows, e))
		return -1;
	for (i = 0; i < rows.n && !rc; i++) {
		row = &rows.row[i];
		l = letter(r, row, 1);
		rc = say(r, &l, "waits", row->due_ms <= r->now_ms ?
		    "what is older of it does" : row->attempts ?
		    "it could not go" : "it is held until then",
		    row->due_ms > r->now_ms ? row->due_ms : 0, e);
	}
	alert_rows_release(&rows);
	return rc;
}

static int
deliver_all(struct run *r, struct err *e)
{
	struct alert_row *row = r->rows.row;
	struct alert_letter l;
	size_t i, n;

	for (i = r->kept; i < r->rows.n && !r->test; i++) {
		l = letter(r, &row[i], 1);
		if (say(r, &l, "dropped", "it is over", 0, e))
			return -1;
	}
	if (r->kept && way_ready(&r->way, e))
		return -1;
	for (i = 0; i < r->kept; i += n) {
		n = alert_parcel(&row[i], r->kept - i);
		if (deliver(r, &row[i], n, e))
			return -1;
	}
	return say_waiting(r, e);
}

/* --- what there is -------------------------------------------------------- */

/*
 * What was over before anybody was told is dropped.  After an attempt it is
 * not, since that may have told it.  1: it is; 0, -1.
 */
static int
drop_in(struct run *r, const struct alert_row *row, struct err *e)
{
	int is_true = row->attempts || row->done ? 1 :
	    health_news_true(r->c->store, row->kind, row->ref, e);

	if (is_true)
		return is_true < 0 ? -1 : 0;
	return alert_untrue_in(r->c->store, row, r->now_ms, e) ? -1 : 1;
}

/* Keep those that are true, and of a test only that. */
static int
winnow_in(struct run *r, struct err *e)
{
	struct alert_row *row = r->rows.row, one;
	size_t i;
	int out;

	for (i = 0; i < r->rows.n; i++) {
		out = r->test ? row[i].kind != ALERT_TEST :
		    drop_in(r, &row[i], e);
		if (out < 0)
			return -1;
		if (out)
			continue;
		one = row[r->kept];
		row[r->kept++] = row[i];
		row[i] = one;
	}
	return 0;
}

static void
write_test(struct buf *out, const void *about)
{
	json_time(out, "at", *(const int64_t *)about);
}

static int
queue_test_in(struct run *r, struct err *e)
{
	char ref[ALERT_REF], id[ID_TEXT];
	const struct alert_news news = { .kind = ALERT_TEST, .ref = ref,
	    .write = write_test, .about = &r->now_ms };

	id_new(id, r->now_ms, &r->c->chance);
	snprintf(ref, sizeof(ref), "test:%s", id);
	return alert_queue_in(r->c->store, &news, r->now_ms, e) < 0 ? -1 : 0;
}

/* Of what is not to be sent, the rows are seen before that is undone. */
static int
read_due(struct run *r, struct err *e)
{
	struct store *s = r->c->store;
	int rc;

	if (store_begin(s, e))
		return -1;
	rc = (r->test && queue_test_in(r, e)) ||
	    alert_due(s, r->now_ms, &r->rows, e) || winnow_in(r, e) ||
	    alert_pack_in(s, r->rows.row, r->kept, e) ? -1 : 0;
	if (!rc)
		return store_commit(s, e);
	store_rollback(s);
	return -1;
}

/* Behind a sweep in a pipe: what it finds is queued by its end. */
static int
await_sweep(struct err *e)
{
	char samples[65536];
	ssize_t n = 0;

	if (!ask_piped())
		return 0;
	do
		n = read(STDIN_FILENO, samples, sizeof(samples));
	while (n > 0 || (n < 0 && errno == EINTR));
	return n < 0 ? err_sys(e, "cannot read standard input") : 0;
}

int
ping_alert(struct cli *c, struct ping_alert *options, struct err *e)
{
	struct run r = { .c = c, .test = options->test };
	int fd = -1, rc;

	if (c->id)
		return err_set(e, E_usage, "--id: what is delivered has ids "
		    "of its own");
	if (await_sweep(e))
		return -1;
	r.now_ms = cli_now(c);
	rc = cli_store(c, e) || (!c->dry_run &&
	    ping_lock(c, "alert.lock", LOCK_EX, &fd, e)) ||
	    way_open(&r.way, c, options, e) || read_due(&r, e) ||
	    deliver_all(&r, e) ? -1 : 0;
	alert_rows_release(&r.rows);
	way_close(&r.way);
	if (fd >= 0)
		close(fd);
	if (rc || !r.left)
		return rc;
	return err_set(e, E_not_delivered, "%zu alert%s could not be "
	    "delivered now", r.left, r.left == 1 ? "" : "s");
}
