/*
 * probe - probes the endpoints that it is given, and prints what it found.
 *
 *	probe [NAME=VALUE | ENDPOINT]...
 *
 * A value holds for what follows it: of the run (in_flight, per_host,
 * connect_ms, total_ms, spread_ms, deadline_ms, again_ms, slow_ms, cert_ms,
 * allow_private, ca, seed, now_ms, repeat: confirmations of one that fails,
 * stop_after: samples, stall_ms, stalls: what samples hold us up, the first
 * or so many) or of targets (id, key in hex, version, family, require_signed,
 * reference).
 * Prints samples, and then how many are left.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/chance.h"
#include "base/enc.h"
#include "crypto/sign.h"
#include "probe/probe.h"

#define TARGETS 1024

static volatile sig_atomic_t stop;
static struct probe_target target[TARGETS];
static struct sign_public keys[TARGETS];
static int repeated[TARGETS];
static size_t n;
static long repeat, stop_after, stall_ms, stalls = 1;

static void
told(void *arg, size_t i, const struct sample *s, bool *again)
{
	struct buf line = BUF_INIT(16384);

	(void)arg;
	sample_write(&line, s);
	puts(line.data);
	buf_release(&line);
	if (stall_ms && stalls-- > 0)
		nanosleep(&(struct timespec){ stall_ms / 1000,
		    stall_ms % 1000 * 1000000 }, NULL);
	*again = !s->ok && repeated[i]++ < repeat;
	stop = stop_after && !--stop_after;
}

struct number { const char *name; int64_t *wide; unsigned *narrow; bool *yes; };

static bool
set(struct probe_how *h, struct probe_target *t, const char *arg,
    struct chance *chance)
{
	const char *value = strchr(arg, '=');
	int64_t again_ms = -1, times = -1, after = -1, seed = -1, stall = -1;
	int64_t many = -1;
	const struct number numbers[] = {
		{ "in_flight=", NULL, &h->in_flight, NULL },
		{ "per_host=", NULL, &h->per_host, NULL },
		{ "connect_ms=", &h->connect_ms, NULL, NULL },
		{ "total_ms=", &h->total_ms, NULL, NULL },
		{ "spread_ms=", &h->spread_ms, NULL, NULL },
		{ "deadline_ms=", &h->deadline_ms, NULL, NULL },
		{ "slow_ms=", &h->slow_ms, NULL, NULL },
		{ "cert_ms=", &h->cert_ms, NULL, NULL },
		{ "now_ms=", &h->now_ms, NULL, NULL },
		{ "again_ms=", &again_ms, NULL, NULL },
		{ "repeat=", &times, NULL, NULL },
		{ "stop_after=", &after, NULL, NULL },
		{ "stall_ms=", &stall, NULL, NULL },
		{ "stalls=", &many, NULL, NULL },
		{ "seed=", &seed, NULL, NULL },
		{ "allow_private=", NULL, NULL, &h->allow_private },
		{ "require_signed=", NULL, NULL, &t->require_signed },
		{ "reference=", NULL, NULL, &t->reference },
	};
	size_t i;

	if (!value++)
		return false;
	for (i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		if (strncmp(numbers[i].name, arg, strlen(numbers[i].name)))
			continue;
		if (numbers[i].wide)
			*numbers[i].wide = strtoll(value, NULL, 10);
		if (numbers[i].narrow)
			*numbers[i].narrow = (unsigned)strtoul(value, NULL,
			    10);
		if (numbers[i].yes)
			*numbers[i].yes = *value == '1';
		if (again_ms >= 0)
			h->again_least_ms = h->again_most_ms = again_ms;
		if (times >= 0)
			repeat = (long)times;
		if (after >= 0)
			stop_after = (long)after;
		if (stall >= 0)
			stall_ms = (long)stall;
		if (many >= 0)
			stalls = (long)many;
		if (seed >= 0)
			chance_seed(chance, (uint64_t)seed);
		return true;
	}
	if (!strncmp(arg, "ca=", 3))
		h->ca_file = value;
	else if (!strncmp(arg, "id=", 3))
		t->node_id = *value ? value : NULL;
	else if (!strncmp(arg, "version=", 8))
		t->version = value;
	else if (!strncmp(arg, "family=", 7))
		return sample_family_named(value, &t->family);
	else if (strncmp(arg, "key=", 4))
		return false;
	else if (enc_unhex(keys[n].b, value, SIGN_PUBLIC))
		t->key = &keys[n];
	else
		t->key = NULL;
	return true;
}

int
main(int argc, char *argv[])
{
	static struct chance chance;
	struct probe_target t = { 0 };
	struct probe_how h;
	struct err e = { 0 };
	size_t left;
	int i;

	probe_how_defaults(&h);
	h.chance = &chance;
	h.agent = "probe/1";
	h.sweep_id = "sweep";
	h.stop = &stop;
	for (i = 1; i < argc && n < TARGETS - 1; i++) {
		if (set(&h, &t, argv[i], &chance))
			continue;
		target[n] = t;
		target[n++].endpoint = argv[i];
		if (t.key) {
			keys[n] = *t.key;
			t.key = &keys[n];
		}
	}
	if (probe_run(&h, target, n, told, NULL, &left, &e)) {
		fprintf(stderr, "probe: %s (%s)\n", e.msg, err_word(e.code));
		return (int)e.kind;
	}
	printf("left %zu\n", left);
	return 0;
}
