/*
 * health - fill a store with sweeps that nobody made:
 *
 *	health HOME <LINES
 *
 * Each line is an object.  {"node", "name", "from", "every", "found", "ms",
 * "family", "cert"} is a node probed every so many seconds from a moment on:
 * of found each letter is one probe, o s f t d for ok, slow, no connection,
 * too long, no name, . for none, x for a sweep whose observer was cut off.  A
 * node is repeated to 64 digits.  {"maint", "from", "to", "node"} is
 * maintenance for that reason.  {"fill", "from", "every", "rounds", "seed"} is
 * so many nodes, all in each of so many sweeps.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/line.h"
#include "base/mem.h"
#include "health/health.h"
#include "ledger/ledger.h"
#include "store/store.h"

#define AT_ONCE 200		/* sweeps in a transaction */

static struct params params;
static struct chance chance;
static struct store *store;
static struct ledger *ledger;
static int held;
static const char *called;		/* the node that comes */

static void
die(const char *what, const struct err *e)
{
	fprintf(stderr, "health: %s: %s\n", what, e->msg);
	exit(2);
}

static void
let_go(void)
{
	struct err e = { 0 };

	if (held && ledger_commit(ledger, &e))
		die("commit", &e);
	held = 0;
}

static void
hold(int64_t at_ms)
{
	struct err e = { 0 };

	if (held >= AT_ONCE)
		let_go();
	if (!held++ && ledger_begin(store, &ledger, at_ms, true, &e))
		die("begin", &e);
}

static const char *
name(void *arg, const char *node_id)
{
	(void)arg;
	(void)node_id;
	return called;
}

static void
take(const struct sample *s, size_t n, int64_t at_ms, bool offline)
{
	struct health_sweep w = { .began_ms = at_ms, .ended_ms = at_ms + 250,
	    .offline = offline, .params = &params, .chance = &chance,
	    .name = called ? name : NULL };
	struct health_taken taken;
	struct err e = { 0 };

	id_new(w.id, at_ms, &chance);
	hold(at_ms + 250);
	if (health_take_in(ledger, &w, s, n, &taken, &e))
		die("take", &e);
}

static struct sample
sample(const char *node, int64_t at_ms, char what, int64_t us)
{
	struct sample s = {
		.url = "https://node.example", .started_ms = at_ms,
		.mono_ms = at_ms, .ok = what == 'o' || what == 's',
		.slow = what == 's',
		.class = what == 'f' || what == 'x' ? CLASS_CONNECT :
		    what == 't' ? CLASS_TIMEOUT : what == 'd' ? CLASS_DNS :
		    CLASS_NONE,
		.us = { -1, -1, -1, -1, -1 },
	};
	size_t i;

	for (i = 0; i < HASH_HEX - 1; i++)
		s.node_id[i] = node[i % strlen(node)];
	if (s.ok) {
		s.us[PHASE_DNS] = us / 10;
		s.us[PHASE_CONNECT] = us / 5;
		s.us[PHASE_FIRST] = us / 2;
		s.us[PHASE_TOTAL] = us;
		s.http = 200;
	}
	return s;
}

static int64_t
number(const struct json *o, const char *key, int64_t otherwise)
{
	struct err e = { 0 };

	if (json_opt_int(o, key, &otherwise, &e))
		die(key, &e);
	return otherwise;
}

static const char *
text(const struct json *o, const char *key, const char *otherwise)
{
	struct err e = { 0 };

	if (json_opt_str(o, key, &otherwise, &e))
		die(key, &e);
	return otherwise;
}

static void
probe(const struct json *o)
{
	const char *found = text(o, "found", "o");
	int64_t at = number(o, "from", 0);
	int64_t every = number(o, "every", 120) * 1000;
	struct sample s;

	called = text(o, "name", NULL);
	for (; *found; found++, at += every) {
		if (*found == '.')
			continue;
		s = sample(text(o, "node", ""), at, *found,
		    number(o, "ms", 142) * 1000);
		s.cert_expires_ms = s.ok ? number(o, "cert", 0) : 0;
		if (!sample_family_named(text(o, "family", "any"), &s.family))
			exit(2);
		take(&s, 1, at, *found == 'x');
	}
	called = NULL;
}

static void
maintain(const struct json *o)
{
	struct health_maint m = { .from_ms = number(o, "from", 0),
	    .to_ms = number(o, "to", 0), .weekday = -1, .zone = "UTC" };
	const char *node = text(o, "node", "");
	struct err e = { 0 };
	size_t i;

	for (i = 0; *node && i < HASH_HEX - 1; i++)
		m.node_id[i] = node[i % strlen(node)];
	snprintf(m.reason, sizeof(m.reason), "%s", text(o, "maint", ""));
	hold(m.from_ms);
	if (health_maint_add_in(ledger, &m, m.from_ms, &chance, &e))
		die("maint", &e);
}

/* One in a hundred is ill for a while, one in a thousand always. */
static char
fate(int64_t node, int64_t round, int64_t rounds, int64_t seed)
{
	uint64_t h = (uint64_t)(node * 2654435761 + seed * 40503);

	h ^= h >> 13;
	if (h % 1000 == 7)
		return 'f';
	if (h % 1000 == 8)
		return 's';
	if (h % 100 < 3 && round >= (int64_t)(h / 100) % rounds &&
	    round < (int64_t)(h / 100) % rounds + 4)
		return h % 100 == 1 ? 't' : 'f';
	return 'o';
}

static void
fill(const struct json *o)
{
	int64_t n = number(o, "fill", 0), rounds = number(o, "rounds", 1);
	int64_t at = number(o, "from", 0), r, i;
	int64_t every = number(o, "every", 120) * 1000;
	struct sample *s = mem_zero((size_t)n, sizeof(*s));
	char id[HASH_HEX];

	for (r = 0; r < rounds; r++, at += every) {
		for (i = 0; i < n; i++) {
			snprintf(id, sizeof(id), "%08" PRIx64 "%056" PRIx64,
			    (uint64_t)(i * 2654435761) & 0xffffffff,
			    (uint64_t)i);
			s[i] = sample(id, at, fate(i, r, rounds,
			    number(o, "seed", 1)), 20000 + i % 977 * 211);
		}
		take(s, (size_t)n, at, false);
		let_go();
	}
	free(s);
}

int
main(int argc, char **argv)
{
	struct store_how how = { .mode = STORE_WRITE, .wait_ms = 5000,
	    .who = "health" };
	struct buf conf = BUF_INIT(1 << 16);
	char path[4096];
	struct err e = { 0 };
	struct line in;
	struct json o;
	int got;

	if (argc != 2)
		return 2;
	how.home = argv[1];
	param_defaults(&params);
	chance_seed(&chance, (uint64_t)getpid());	/* for ids */
	snprintf(path, sizeof(path), "%s/bzn.conf", argv[1]);
	if (!file_read(&conf, path, &e) &&
	    param_read(&params, conf.data, path, &e))
		die("conf", &e);
	buf_release(&conf);
	if (store_open(&store, &how, &e))
		die("open", &e);
	line_init(&in, STDIN_FILENO, "stdin");
	while ((got = line_next(&in, &e)) > 0) {
		if (json_parse(&o, in.text.data, in.text.len, &e))
			die("line", &e);
		if (json_has(&o, "maint"))
			maintain(&o);
		else if (json_has(&o, "fill"))
			fill(&o);
		else
			probe(&o);
		json_release(&o);
	}
	if (got)
		die("line", &e);
	let_go();
	ledger_free(ledger);
	line_release(&in);
	store_close(store);
	return 0;
}
