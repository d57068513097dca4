/*
 * Deliver what waits in the outbox.  What is due is read once; each mail is
 * sent, and then its rows are marked in a transaction of their own: killed
 * between, it is sent once more, under the same ids.  A lock in the home sees
 * to it that nobody else delivers at the time.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "alert/text.h"
#include "base/buf.h"
#include "base/json.h"
#include "cli/feed.h"
#include "health/health.h"
#include "key/key.h"
#include "net/mail.h"
#include "ping/impl.h"

#define MAIL_MAX (4 << 20)
#define SEND_MS 60000		/* for one delivery, by whatever way */
#define LOGIN_MAX 1024
#define SENDMAIL "sendmail -t"

struct run {
	struct cli *c;
	const struct ping_alert *say;
	unsigned wanted;		/* ways */
	struct secret login;		/* name:password, a NUL in between */
	const char *password;
	int64_t now_ms;
	size_t left;			/* alerts that could not go */
};

/* --- by mail -------------------------------------------------------------- */

static int
home_file(const struct cli *c, const char *name, char out[PATH_MAX],
    struct err *e)
{
	int n = *name == '/' ? snprintf(out, PATH_MAX, "%s", name) :
	    snprintf(out, PATH_MAX, "%s/%s", c->home, name);

	return n < PATH_MAX ? 0 : err_set(e, E_no_file, "'%.80s' is too long",
	    name);
}

static int
read_secret(const struct cli *c, enum param p, struct secret *out,
    struct err *e)
{
	char path[PATH_MAX];

	if (home_file(c, param_string(&c->params, p), path, e) ||
	    key_read_secret(path, out, LOGIN_MAX, e))
		return -1;
	while (out->len && strchr("\r\n", out->data[out->len - 1]))
		out->data[--out->len] = '\0';
	return 0;
}

static int
read_login(struct run *r, struct err *e)
{
	char *colon;

	if (!*param_string(&r->c->params, PARAM_alert_login))
		return 0;
	if (read_secret(r->c, PARAM_alert_login, &r->login, e))
		return err_wrap(e, "alert_login");
	colon = memchr(r->login.data, ':', r->login.len);
	if (!colon || r->login.len >= r->login.cap ||
	    memchr(r->login.data, '\0', r->login.len))
		return err_set(e, E_bad_conf, "alert_login: the file has no "
		    "name:password in it");
	r->login.data[r->login.len] = '\0';
	*colon = '\0';
	r->password = colon + 1;
	return 0;
}

static int
mail(const struct run *r, const struct alert_letter *l, struct err *e)
{
	struct mail_how how = {
		.url = param_string(&r->c->params, PARAM_alert_smtp),
		.user = r->password ? (const char *)r->login.data : NULL,
		.password = r->password, .total_ms = SEND_MS,
	};
	struct buf text = BUF_INIT(MAIL_MAX);
	struct mail m = { .from = l->from, .to = l->to };
	int rc = alert_mail(&text, l, e);

	m.text = text.data;
	m.n = text.len;
	if (!rc && !r->say->mail && *how.url)
		rc = mail_send(&how, &m, e);
	else if (!rc)
		rc = feed_run(r->say->mail ? r->say->mail : SENDMAIL,
		    text.data, text.len, SEND_MS, e);
	buf_release(&text);
	return rc;
}

/* --- one letter ----------------------------------------------------------- */

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

static int
say(struct run *r, const struct alert_letter *l, const char *outcome,
    const char *why, int64_t next_ms, struct err *e)
{
	struct buf out = BUF_INIT(MAIL_MAX), subject = BUF_INIT(PING_RECORD);
	char id[ID_TEXT];
	int rc;

	alert_name(id, l->row, l->n);
	rc = alert_subject(&subject, l, e);
	json_open(&out, NULL, '{');
	json_str(&out, "id", id);
	json_str(&out, "outcome", outcome);
	json_str_or_null(&out, "why", why);
	json_str(&out, "to", l->to);
	json_str(&out, "subject", subject.data);
	json_int(&out, "attempts", l->row->attempts);
	json_time_or_null(&out, "next_at", next_ms > 0 ? next_ms : 0);
	write_kinds(&out, l);
	if (r->c->dry_run)
		json_bool(&out, "dry_run", true);
	buf_release(&subject);
	if (!rc)
		return cli_emit_object(r->c, &out, e);
	buf_release(&out);
	return -1;
}

static int
mark(struct run *r, struct alert_row *row, size_t n, const struct err *bad,
    int64_t *next_ms, struct err *e)
{
	size_t i;
	int rc = 0;

	if (store_begin(r->c->store, e))
		return -1;
	for (i = 0; i < n && !rc; i++)
		rc = bad ? alert_failed_in(r->c->store, &row[i], bad->msg,
		    r->now_ms, next_ms, e) :
		    alert_sent_in(r->c->store, &row[i], ALERT_MAIL, r->wanted,
		    r->now_ms, e);
	if (!rc)
		return store_commit(r->c->store, e);
	store_rollback(r->c->store);
	return -1;
}

static int
deliver(struct run *r, struct alert_row *row, size_t n, struct err *e)
{
	const struct params *params = &r->c->params;
	const struct alert_letter l = {
		.row = row, .n = n, .now_ms = r->now_ms,
		.to = *row->owner ? row->owner :
		    param_string(params, PARAM_alert_to),
		.from = param_string(params, PARAM_alert_from),
	};
	struct err bad = { 0 };
	int64_t next_ms = 0;

	if (r->c->dry_run)
		return say(r, &l, "due", *row->owner ? "it is its owner's" :
		    "it has no owner", 0, e);
	if (!mail(r, &l, &bad))
		return mark(r, row, n, NULL, &next_ms, e) ||
		    say(r, &l, "sent", NULL, 0, e) ? -1 : 0;
	r->left += n;
	return mark(r, row, n, &bad, &next_ms, e) ||
	    say(r, &l, next_ms < 0 ? "failed" : "waits", bad.msg, next_ms,
	    e) ? -1 : 0;
}

/* --- all ------------------------------------------------------------------ */

/*
 * What was over before anybody was told is dropped.  After an attempt it is
 * not, since that may have told it.
 */
static int
drop(struct run *r, struct alert_rows *rows, size_t i, struct err *e)
{
	struct alert_row *row = &rows->row[i];
	const struct alert_letter l = {
		.row = row, .n = 1, .now_ms = r->now_ms,
		.to = *row->owner ? row->owner :
		    param_string(&r->c->params, PARAM_alert_to),
	};
	int is_true = row->attempts || row->done ? 1 :
	    health_news_true(r->c->store, row->kind, row->ref, e);

	if (is_true)
		return is_true < 0 ? -1 : 0;
	if (store_begin(r->c->store, e))
		return -1;
	if (alert_untrue_in(r->c->store, row, r->now_ms, e)) {
		store_rollback(r->c->store);
		return -1;
	}
	return store_commit(r->c->store, e) ||
	    say(r, &l, "dropped", "it is over", 0, e) ? -1 : 1;
}

/* Keep those that are true, and of a test only that. */
static int
winnow(struct run *r, struct alert_rows *rows, struct err *e)
{
	struct alert_row row;
	size_t i, kept = 0;
	int dropped;

	for (i = 0; i < rows->n; i++) {
		dropped = r->say->test ? rows->row[i].kind != ALERT_TEST :
		    drop(r, rows, i, e);
		if (dropped < 0)
			return -1;
		if (dropped)
			continue;
		row = rows->row[kept];
		rows->row[kept] = rows->row[i];
		rows->row[i] = row;
		kept++;
	}
	return (int)kept;
}

static int
deliver_all(struct run *r, struct alert_rows *rows, struct err *e)
{
	size_t i, n, kept;
	int got = winnow(r, rows, e);

	if (got < 0)
		return -1;
	kept = (size_t)got;
	for (i = 0; i < kept; i += n) {
		for (n = 1; i + n < kept && alert_together(&rows->row[i],
		    &rows->row[i + n]); n++)
			continue;
		if (deliver(r, &rows->row[i], n, e))
			return -1;
	}
	return 0;
}

static void
write_test(struct buf *out, const void *about)
{
	json_time(out, "at", *(const int64_t *)about);
}

static int
queue_test(struct run *r, struct err *e)
{
	char ref[ALERT_REF], id[ID_TEXT];
	const struct alert_news news = { .kind = ALERT_TEST, .ref = ref,
	    .write = write_test, .about = &r->now_ms };

	id_new(id, r->now_ms, &r->c->chance);
	snprintf(ref, sizeof(ref), "test:%s", id);
	return alert_queue_in(r->c->store, &news, r->now_ms, e) < 0 ? -1 : 0;
}

/* Of a test that is not to be sent, the row is seen before it is undone. */
static int
read_due(struct run *r, struct alert_rows *out, struct err *e)
{
	struct store *s = r->c->store;
	int rc;

	if (!r->say->test)
		return alert_due(s, r->now_ms, out, e);
	if (store_begin(s, e))
		return -1;
	rc = queue_test(r, e) || alert_due(s, r->now_ms, out, e) ? -1 : 0;
	if (!rc)
		return store_commit(s, e);
	store_rollback(s);
	return -1;
}

static int
lock(const struct cli *c, int *fd, struct err *e)
{
	char path[PATH_MAX];

	if (home_file(c, "alert.lock", path, e))
		return -1;
	*fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (*fd < 0)
		return err_sys(e, "cannot open '%s'", path);
	if (!flock(*fd, LOCK_EX | LOCK_NB))
		return 0;
	return errno == EWOULDBLOCK ? err_set(e, E_lock_timeout, "another "
	    "bzn-ping is delivering alerts") : err_sys(e, "cannot lock '%s'",
	    path);
}

int
ping_alert(struct cli *c, const struct ping_alert *say_, struct err *e)
{
	struct run r = { .c = c, .say = say_, .wanted = ALERT_MAIL,
	    .now_ms = cli_now(c) };
	struct alert_rows rows = { 0 };
	int fd = -1, rc;

	rc = cli_store(c, e) || (!c->dry_run && lock(c, &fd, e)) ||
	    read_login(&r, e) || read_due(&r, &rows, e) ||
	    deliver_all(&r, &rows, e) ? -1 : 0;
	alert_rows_release(&rows);
	secret_release(&r.login);
	if (fd >= 0)
		close(fd);
	if (rc || !r.left)
		return rc;
	return err_set(e, E_not_delivered, "%zu alert%s could not be "
	    "delivered now", r.left, r.left == 1 ? "" : "s");
}
