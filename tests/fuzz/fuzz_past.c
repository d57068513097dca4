/*
 * Records of sweeps: what is read is written, and read, as the same; and what
 * they make of nodes adds up, whatever their times and their order.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "health/health.h"
#include "ledger/ledger.h"
#include "ping/past.h"

#define TEXT_MAX (1 << 20)
#define BEGAN INT64_C(1795161600000)

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

struct taking {
	struct params params;
	struct chance chance;
	struct store *store;
	struct ledger *ledger;
	struct buf text;
};

/* A file of its own, which is written over each time. */
static const char *
file_of(const void *data, size_t n)
{
	static char path[64];
	static FILE *f;

	if (!f) {
		f = tmpfile();
		assert(f);
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fileno(f));
	}
	if (ftruncate(fileno(f), 0) || pwrite(fileno(f), data, n, 0) !=
	    (ssize_t)n)
		abort();
	return path;
}

/* --- what is read --------------------------------------------------------- */

static int
write_down(void *arg, const struct health_sweep *w, const struct sample *s,
    size_t n, struct err *e)
{
	struct buf *out = arg;
	size_t i;

	(void)e;
	assert(strlen(w->id) < sizeof(w->id));
	for (i = 0; i < n; i++) {
		assert(!strcmp(s[i].sweep_id, w->id) && s[i].ok !=
		    (s[i].class != CLASS_NONE) && (s[i].ok || !s[i].slow));
		sample_write(out, &s[i]);
		buf_addc(out, '\n');
	}
	past_write(out, w);
	buf_addc(out, '\n');
	return 0;
}

/* --- what becomes of it --------------------------------------------------- */

static int
take(void *arg, const struct health_sweep *of, const struct sample *s,
    size_t n, struct err *e)
{
	struct taking *t = arg;
	struct health_sweep w = *of;
	struct health_taken taken;

	w.params = &t->params;
	w.chance = &t->chance;
	id_new(w.id, BEGAN, &t->chance);
	if (ledger_begin(t->store, &t->ledger, w.ended_ms, false, e) ||
	    health_take_in(t->ledger, &w, s, n, &taken, e) ||
	    ledger_commit(t->ledger, e)) {
		ledger_rollback(t->ledger);
		return -1;
	}
	return 0;
}

/* Down seconds of incidents are those of the window. */
static void
add_up(struct taking *t, const struct health_series *h)
{
	struct health_calendar none = { 0 };
	struct window w = { h->first_ms - 1000, h->machine.probed_ms +
	    2000 }, of;
	struct health_incident i;
	struct span all, one;
	struct query q;
	struct err e = { 0 };
	int64_t down = 0, now_ms;
	int got;

	if (w.to_ms <= w.from_ms)
		return;
	now_ms = w.to_ms;
	assert(!health_span(t->store, h, &t->params, &none, &w, now_ms, &all,
	    &e));
	assert(span_length(&all) == w.to_ms - w.from_ms);
	health_incidents_open(&q, t->store, h->id, &w);
	while ((got = health_incidents_next(&q, &i, &e)) > 0) {
		of.from_ms = i.began_ms > w.from_ms ? i.began_ms : w.from_ms;
		of.to_ms = i.ended_ms && i.ended_ms < w.to_ms ? i.ended_ms :
		    w.to_ms;
		if (of.to_ms <= of.from_ms)
			continue;
		assert(!health_span(t->store, h, &t->params, &none, &of,
		    now_ms, &one, &e));
		down += one.ms[STATE_DOWN];
	}
	assert(!got);
	assert(down == all.ms[STATE_DOWN]);
}

static void
add_up_all(struct taking *t)
{
	struct health_series *h = NULL;
	struct query q;
	struct err e = { 0 };
	size_t i, n = 0;

	health_list_open(&q, t->store);
	do
		h = mem_grow(h, n + 1, sizeof(*h));
	while (health_list_next(&q, &h[n], &e) > 0 && ++n);
	query_close(&q);
	for (i = 0; i < n; i++)
		add_up(t, &h[i]);
	free(h);
}

static void
take_all(const void *data, size_t n)
{
	const struct store_how how = { .mode = STORE_PRIVATE, .who = "fuzz" };
	struct taking t = { .store = NULL };
	struct posted posted;
	struct err e = { 0 };

	param_defaults(&t.params);
	chance_seed(&t.chance, 1);
	assert(!store_open(&t.store, &how, &e) && !ledger_init(t.store,
	    "fuzz.invalid/log", "key", BEGAN, &posted, &e));
	if (!past_file(file_of(data, n), take, &t, &e))
		add_up_all(&t);
	else
		assert(e.code == E_clock_unsane || e.code == E_bad_time);
	ledger_free(t.ledger);
	store_close(t.store);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct buf one = BUF_INIT(TEXT_MAX), two = BUF_INIT(TEXT_MAX);
	struct err e = { 0 };

	if (n > TEXT_MAX / 8)
		return 0;
	if (!past_file(file_of(data, n), write_down, &one, &e)) {
		assert(!one.full);
		assert(!past_file(file_of(one.data, one.len), write_down, &two,
		    &e));
		assert(one.len == two.len && !memcmp(one.data, two.data,
		    one.len));
		take_all(data, n);
	} else {
		assert(e.kind == ERR_INPUT);
	}
	buf_release(&one);
	buf_release(&two);
	return 0;
}
