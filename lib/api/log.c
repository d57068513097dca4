/* Lines of the log: spec/http.md 10. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "api/impl.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "store/health.h"

#define LINE 4096		/* written whole, or not at all */
#define SHOWN 200		/* bytes of a text of others */

/*
 * A reader that does not read must not hold up a loop: what a pipe that can
 * be written takes for sure is a line of this length.
 */
static void
put(struct api *a, int fd, struct buf *line)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };
	ssize_t n = -1;

	buf_addc(line, '\n');
	if (!line->full && poll(&p, 1, 0) > 0 && !(p.revents & POLLERR))
		do
			n = write(fd, line->data, line->len);
		while (n < 0 && errno == EINTR);
	if (n < 0)
		atomic_fetch_add(&a->log_dropped, 1);
	buf_reset(line);
}

static void
add_text(struct buf *out, const char *key, const char *text)
{
	if (text && *text)
		json_strn(out, key, text, strlen(text) > SHOWN ? SHOWN :
		    strlen(text));
}

/*
 * The names in a query, without what they are set to.  What is set to nothing
 * may be a value itself, as a key that was pasted there.
 */
static void
add_query(struct buf *out, const char *query)
{
	struct buf text = BUF_INIT(SHOWN);
	size_t n, name;

	for (; query && *query; query += n + (query[n] == '&')) {
		n = strcspn(query, "&");
		name = strcspn(query, "=&");
		buf_addf(&text, "%s%.*s", text.len ? "&" : "",
		    name < n ? (int)name : 1, name < n ? query : "?");
	}
	add_text(out, "query", text.data);
	buf_release(&text);
}

static void
add_ms(struct buf *out, const char *key, int64_t us)
{
	char text[32];
	int n = snprintf(text, sizeof(text), "%.2f", (double)us / 1000);

	json_raw(out, key, text, (size_t)n);
}

static void
add_call(struct buf *out, const struct job *j)
{
	if (!j)
		return;
	if (j->call.who == CALLER_NODE)
		json_str(out, "node", j->call.node.id);
	else if (j->call.who == CALLER_PEER)
		json_str(out, "node", j->call.peer);
	if (j->row)
		json_str(out, "route", j->row->route->pattern);
}

/* What the journal takes as the priority of a line: sd-daemon(3). */
static void
begin(struct buf *out, const struct api *a, int fd, const struct err *e)
{
	const char *level = "<6>";	/* there it is, for whoever looks */

	if (e)
		level = e->kind == ERR_SYSTEM || e->kind == ERR_UNKNOWN ?
		    "<3>" : "<4>";
	if (a->how.form == SERVE_LOG_JOURNAL && fd == a->how.log_fd)
		buf_adds(out, level);
}

void
log_access(struct loop *l, const struct job *j, const struct net_head *h,
    const struct net_facts *f)
{
	struct buf *out = &l->log;
	char at[CLOCK_TEXT];

	if (l->api->how.access_fd < 0)
		return;
	clock_text(serve_now_ms(l->api), at);
	begin(out, l->api, l->api->how.access_fd, NULL);
	json_open(out, NULL, '{');
	json_str(out, "log", "access");
	json_str(out, "ts", at);
	if (j)
		json_str(out, "id", j->request_id);
	if (h) {
		add_text(out, "ip", h->ip);
		if (h->peer && strcmp(h->peer, h->ip))
			add_text(out, "peer", h->peer);
		add_call(out, j);
		add_text(out, "method", net_method_name(h->method));
		add_text(out, "path", h->path);
		add_query(out, h->query);
	}
	json_int(out, "status", f->status);
	if (j && j->err.kind)
		json_str(out, "code", say_word(j->err.code));
	add_text(out, "reason", f->reason);
	json_int(out, "in", (int64_t)f->in);
	json_int(out, "out", (int64_t)f->out);
	add_ms(out, "ms", f->us);
	if (j && j->taken_us) {
		add_ms(out, "queue_ms", j->taken_us - j->queued_us);
		add_ms(out, "commit_ms", j->commit_us);
	}
	if (h) {
		json_str(out, "http", h->minor ? "1.1" : "1.0");
		json_int(out, "nth", (int64_t)h->nth);
		add_text(out, "ua", net_field(h, "user-agent"));
		add_text(out, "trace", net_field(h, "traceparent"));
	}
	if (f->gone)
		json_bool(out, "gone", true);
	json_close(out, '}');
	put(l->api, l->api->how.access_fd, out);
}

static void
put_event(struct api *a, const char *what, const char *key, const char *about,
    const struct err *e)
{
	struct buf out = BUF_INIT(LINE);
	char at[CLOCK_TEXT];

	if (a->how.form == SERVE_LOG_TEXT) {
		buf_addf(&out, "bzn-serve: %s%s%s", what, about ? " " : "",
		    about ? about : "");
		if (e)
			buf_addf(&out, ": %s (%s)", e->msg,
			    err_word(e->code));
	} else {
		clock_text(serve_now_ms(a), at);
		begin(&out, a, a->how.log_fd, e);
		json_open(&out, NULL, '{');
		json_str(&out, "log", "event");
		json_str(&out, "ts", at);
		json_str(&out, "event", what);
		add_text(&out, key, about);
		if (e) {
			json_str(&out, "code", err_word(e->code));
			add_text(&out, "text", e->msg);
		}
		json_close(&out, '}');
	}
	put(a, a->how.log_fd, &out);
	buf_release(&out);
}

void
log_event(struct api *a, const char *what, const char *id,
    const struct err *e)
{
	put_event(a, what, "id", id, e);
}

void
log_started(struct api *a)
{
	const char *url, *engine;
	bool wal_reset;
	size_t i;

	engine = health_engine(&wal_reset);
	if (wal_reset && a->how.form != SERVE_LOG_TEXT)
		put_event(a, "sqlite_wal_reset", "engine", engine, NULL);
	for (i = 0; (url = net_url(a->net, i)); i++)
		put_event(a, "listening", "url", url, NULL);
}
