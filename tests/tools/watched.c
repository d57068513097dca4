/*
 * watched - put sweeps of the past into a home, as if they had been made.
 *
 *	watched HOME FROM NAME FINDINGS [NAME FINDINGS ...]
 *
 * Findings are letters with a number of times, one each 120 s from FROM on:
 * "o700 F f2 o" - o answered, s slowly, f no connection, F one that was asked
 * once more after 3 s, h a wrong status, t too late, b signed by another, x
 * whoever looked was cut off, . nobody looked.  A node_id is the SHA-256 of
 * its name.  Prints when the last sweep was.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "crypto/hash.h"
#include "health/health.h"
#include "ledger/ledger.h"

#define EACH_MS INT64_C(120000)
#define AT_ONCE 300		/* sweeps in a transaction */

struct played {
	const char *name, *at;
	char id[HASH_HEX];
	long left;
	char what;
};

static struct params params;
static struct chance chance;
static struct played *nodes;
static int n_nodes;

static void
must(int rc, const struct err *e)
{
	if (!rc)
		return;
	fprintf(stderr, "watched: %s (%s)\n", e->msg, err_word(e->code));
	exit(7);
}

/* The next letter, or '\0' at the end. */
static char
next(struct played *n)
{
	char *end;

	while (!n->left) {
		n->at += strspn(n->at, " ");
		if (!*n->at)
			return '\0';
		n->what = *n->at++;
		n->left = 1;
		if (isdigit((unsigned char)*n->at)) {
			n->left = strtol(n->at, &end, 10);
			n->at = end;
		}
	}
	n->left--;
	return n->what;
}

static struct sample
sample(const struct played *n, char what, int64_t at_ms)
{
	bool ok = what == 'o' || what == 's';
	struct sample s = {
		.started_ms = at_ms, .mono_ms = at_ms, .ok = ok,
		.slow = what == 's', .http = ok ? 200 : what == 'h' ? 503 : 0,
		.class = ok ? CLASS_NONE : what == 't' ? CLASS_TIMEOUT :
		    what == 'h' ? CLASS_HTTP : what == 'b' ? CLASS_BADSIG :
		    CLASS_CONNECT,
		.us = { 1000, 2000, 3000, 40000, -1 }, .is_signed = ok,
		.cert_expires_ms = ok ? 1893456000000 : 0,
	};

	if (ok || what == 'h')
		s.us[PHASE_TOTAL] = what == 's' ? 1500000 :
		    46000 + at_ms / EACH_MS % 10 * 1000;
	snprintf(s.node_id, sizeof(s.node_id), "%s", n->id);
	snprintf(s.url, sizeof(s.url), "https://%s.example", n->name);
	snprintf(s.ip, sizeof(s.ip), "192.0.2.%d", ok ? 1 : 2);
	if (ok)
		snprintf(s.version, sizeof(s.version), "1.0");
	return s;
}

static const char *
name_of(void *arg, const char *id)
{
	int i;

	(void)arg;
	for (i = 0; i < n_nodes; i++)
		if (!strcmp(nodes[i].id, id))
			return nodes[i].name;
	return NULL;
}

/* 0 when all have come to their end. */
static int
sweep(struct ledger *l, int64_t at_ms)
{
	static struct sample all[256];
	struct health_sweep w = {
		.began_ms = at_ms, .ended_ms = at_ms + 5000,
		.params = &params, .chance = &chance, .name = name_of,
	};
	struct health_taken taken;
	struct err e = { 0 };
	size_t n = 0;
	int i, more = 0;
	char what;

	for (i = 0; i < n_nodes; i++) {
		what = next(&nodes[i]);
		more += what != '\0';
		if (!what || what == '.')
			continue;
		w.offline |= what == 'x';
		all[n++] = sample(&nodes[i], what, at_ms);
		if (what == 'F') {
			all[n] = all[n - 1];
			all[n].confirm = true;
			all[n].started_ms += 3000;
			all[n++].mono_ms += 3000;
		}
	}
	id_new(w.id, at_ms, &chance);
	if (n)
		must(health_take_in(l, &w, all, n, &taken, &e), &e);
	return more;
}

int
main(int argc, char *argv[])
{
	const struct store_how how = { .home = argc > 1 ? argv[1] : NULL,
	    .mode = STORE_WRITE, .wait_ms = 5000, .who = "watched" };
	struct ledger *l = NULL;
	struct store *s = NULL;
	struct err e = { 0 };
	char text[CLOCK_TEXT];
	struct hash h;
	int64_t at_ms;
	int i, more = 1;

	if (argc < 5 || argc % 2 == 0)
		return 2;
	param_defaults(&params);
	chance_seed(&chance, 5);
	n_nodes = (argc - 3) / 2;
	nodes = calloc((size_t)n_nodes, sizeof(*nodes));
	if (!nodes)
		return 7;
	for (i = 0; i < n_nodes; i++) {
		nodes[i].name = argv[3 + 2 * i];
		nodes[i].at = argv[4 + 2 * i];
		hash_of(&h, nodes[i].name, strlen(nodes[i].name));
		hash_hex(nodes[i].id, &h);
	}
	must(clock_parse(argv[2], &at_ms, &e), &e);
	must(store_open(&s, &how, &e), &e);
	while (more) {
		must(ledger_begin(s, &l, at_ms, false, &e), &e);
		for (i = 0; i < AT_ONCE && more; i++, at_ms += EACH_MS)
			more = sweep(l, at_ms);
		must(ledger_commit(l, &e), &e);
	}
	clock_text(at_ms - 2 * EACH_MS, text);
	puts(text);
	ledger_free(l);
	store_close(s);
	free(nodes);
	return 0;
}
