#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/line.h"
#include "base/mem.h"
#include "key/member.h"
#include "ping/past.h"
#include "store/store.h"

#define RECORD_BYTES ((size_t)1 << 30)

struct past {
	past_told *told;
	void *arg;
	struct sample *sample;		/* of the sweep that is read now */
	size_t n, cap;
	struct store *store;		/* NULL: a file, which says how it
					   went */
};

void
past_write(struct buf *out, const struct health_sweep *w)
{
	json_open(out, NULL, '{');
	json_int(out, "v", 1);
	json_str(out, "sweep_id", w->id);
	json_time(out, "began_at", w->began_ms);
	json_time(out, "ended_at", w->ended_ms);
	json_int(out, "unasked", w->unasked);
	json_bool(out, "offline", w->offline);
	json_close(out, '}');
}

/* Behind half a record nothing could be read any more. */
static bool
put(int fd, const struct buf *text)
{
	struct stat st;
	bool is_file;
	size_t done = 0;
	ssize_t n = 0;
	int why;

	(void)flock(fd, LOCK_EX);
	is_file = !fstat(fd, &st) && S_ISREG(st.st_mode);
	while (done < text->len &&
	    (n = write(fd, text->data + done, text->len - done)) > 0)
		done += (size_t)n;
	if (done == text->len)
		return true;
	why = errno;
	if (is_file && ftruncate(fd, st.st_size))
		why = errno;
	errno = why;
	return false;
}

int
past_append(const char *path, const struct health_sweep *w,
    const struct sample *s, size_t n, struct err *e)
{
	struct buf out = BUF_INIT(RECORD_BYTES);
	int fd, rc = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		sample_write(&out, &s[i]);
		buf_addc(&out, '\n');
	}
	past_write(&out, w);
	buf_addc(&out, '\n');
	fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0 || !put(fd, &out))
		rc = err_sys(e, "cannot record to '%s'", path);
	if (fd >= 0 && close(fd) && !rc)
		rc = err_sys(e, "cannot record to '%s'", path);
	buf_release(&out);
	return rc;
}

static int
read_sweep(struct health_sweep *w, const struct json *in, struct err *e)
{
	const char *id;

	*w = (struct health_sweep){ .began_ms = 0 };
	if (member_v1(in, e) || json_get_str(in, "sweep_id", &id, e) ||
	    member_time(in, "began_at", &w->began_ms, e) ||
	    member_time(in, "ended_at", &w->ended_ms, e) ||
	    json_get_int(in, "unasked", &w->unasked, e) ||
	    json_get_bool(in, "offline", &w->offline, e))
		return -1;
	if (!fit_text(id, sizeof(w->id) - 1))
		return json_fail(in, "sweep_id", E_bad_json, "is too long, or "
		    "has control characters in it", e);
	if (w->unasked < 0)
		return json_fail(in, "unasked", E_bad_json, "is negative", e);
	snprintf(w->id, sizeof(w->id), "%s", id);
	return 0;
}

static int
order(const void *left, const void *right)
{
	const struct sample *a = left, *b = right;
	int by = strcmp(a->node_id, b->node_id);

	if (!by)
		by = (a->family > b->family) - (a->family < b->family);
	if (!by)
		by = (a->started_ms > b->started_ms) -
		    (a->started_ms < b->started_ms);
	return by ? by : a->confirm - b->confirm;
}

void
past_sort(struct sample *s, size_t n)
{
	if (n)
		qsort(s, n, sizeof(*s), order);
}

/* A sweep that says nothing of itself lasted as long as its probes did. */
static void
guess(struct health_sweep *w, const struct past *p)
{
	const struct sample *s;
	int64_t end_ms;
	size_t i;

	*w = (struct health_sweep){ .began_ms = p->sample[0].started_ms };
	snprintf(w->id, sizeof(w->id), "%s", p->sample[0].sweep_id);
	for (i = 0; i < p->n; i++) {
		s = &p->sample[i];
		end_ms = s->started_ms + (s->us[PHASE_TOTAL] > 0 ?
		    s->us[PHASE_TOTAL] / 1000 : 0);
		if (end_ms > w->ended_ms)
			w->ended_ms = end_ms;
		if (s->started_ms < w->began_ms)
			w->began_ms = s->started_ms;
	}
}

static int
end(struct past *p, const struct health_sweep *w, struct err *e)
{
	struct health_sweep own;
	int got;

	if (!p->n && !w)
		return 0;
	if (!w && p->store) {
		got = health_sweep_get(p->store, p->sample[0].sweep_id, &own,
		    e);
		if (got < 0)
			return -1;
		w = got ? &own : NULL;
	}
	if (!w) {
		guess(&own, p);
		w = &own;
	}
	past_sort(p->sample, p->n);
	got = p->told(p->arg, w, p->sample, p->n, e);
	p->n = 0;
	return got;
}

static int
add(struct past *p, const struct sample *s, struct err *e)
{
	if (p->n && strcmp(p->sample[0].sweep_id, s->sweep_id) &&
	    end(p, NULL, e))
		return -1;
	if (p->n == p->cap) {
		p->cap = p->cap ? 2 * p->cap : 64;
		p->sample = mem_grow(p->sample, p->cap, sizeof(*p->sample));
	}
	p->sample[p->n++] = *s;
	return 0;
}

/* A sweep's own line may come without samples before it: nobody answered. */
static int
record(struct past *p, const struct json *in, struct err *e)
{
	struct health_sweep w;
	struct sample s;

	if (json_want(in, JSON_OBJECT, e))
		return -1;
	if (json_has(in, "node_id"))
		return sample_read(&s, in, e) || add(p, &s, e) ? -1 : 0;
	if (read_sweep(&w, in, e))
		return -1;
	if (p->n && strcmp(p->sample[0].sweep_id, w.id) && end(p, NULL, e))
		return -1;
	return end(p, &w, e);
}

static int
lines(struct past *p, struct line *in, struct err *e)
{
	struct json j = { 0 };
	int got, rc;

	while ((got = line_next(in, e)) > 0) {
		rc = json_parse(&j, in->text.data, in->text.len, e) ||
		    record(p, &j, e) ? -1 : 0;
		json_release(&j);
		if (rc)
			return err_wrap(e, "%s:%lu", in->name, in->number);
	}
	if (got < 0 && e->code == E_too_long)
		return err_wrap(e, "%s:%lu", in->name, in->number);
	return got < 0 ? -1 : end(p, NULL, e);
}

int
past_file(const char *path, past_told *told, void *arg, struct err *e)
{
	struct past p = { .told = told, .arg = arg };
	bool is_stdin = !strcmp(path, "-");
	struct line in;
	int fd = STDIN_FILENO, rc;

	if (!is_stdin)
		fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_sys(e, "cannot open '%s'", path);
	line_init(&in, fd, is_stdin ? "stdin" : path);
	rc = lines(&p, &in, e);
	line_release(&in);
	if (!is_stdin)
		close(fd);
	free(p.sample);
	return rc;
}

int
past_store(struct store *s, past_told *told, void *arg, struct err *e)
{
	struct past p = { .told = told, .arg = arg, .store = s };
	struct sample one;
	struct query q;
	int got;

	health_samples_open(&q, s);
	while ((got = health_samples_next(&q, &one, e)) > 0)
		if (add(&p, &one, e)) {
			got = -1;
			break;
		}
	query_close(&q);
	if (!got)
		got = end(&p, NULL, e);
	free(p.sample);
	return got;
}
