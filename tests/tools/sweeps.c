/*
 * sweeps - takes in the sweeps of a story, those that are there already too,
 * so that it can be killed anywhere and run again.
 *
 *	sweeps HOME N		take in the first N of it, one commit each
 *	sweeps HOME		what is there: verified, and as one hash
 *
 * Three nodes: one that goes down and comes back, one that depends on it, one
 * that is slow; an observer who is cut off once.  Prints alerts as letters.
 */
#include "../unit/sweeps.h"

static const char *const story[] = {
	/* a, b, c of each sweep; x: cut off */
	"ooo", "ffo", "ffs", "ffs", "ffs", "foo", "xxx", "fof", "ooo", "ooo",
	"offo", "ofo", "ofo", "oos", "ooo", "ooo",
};

static void
take_one(int64_t i)
{
	static const char *const ids[] = { A, B,
	    "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"
	};
	int64_t mono = i * 120 * S, at = HOME_MS + DAY_MS + mono -
	    (i < 300 ? 0 : HOUR_MS - 7 * S);
	struct health_sweep w = { .began_ms = at, .ended_ms = at + 9 * S,
	    .params = &params, .chance = &chance };
	const char *seen = story[i % (int64_t)(sizeof(story) /
	    sizeof(*story))];
	struct sample s[3];
	struct err e = { 0 };
	int k;

	/* The same each time, wherever it begins. */
	chance_seed(&chance, (uint64_t)i + 1);
	w.offline = *seen == 'x';
	id_new(w.id, at, &chance);
	for (k = 0; k < 3; k++) {
		s[k] = sample(ids[k], at + k * S, seen[k] == 'x' ? 'f' :
		    seen[k]);
		s[k].mono_ms = mono + k * S;
	}
	home_begin(store, &ledger, w.ended_ms);
	if (health_take_in(ledger, &w, s, 3, &taken, &e))
		home_die("health_take_in", &e);
	home_commit(ledger);
}

int
main(int argc, char *argv[])
{
	char hex[HASH_HEX];
	struct hash h;
	int64_t i, n;

	if (argc < 2)
		return 2;
	param_defaults(&params);
	store = home_open(argv[1], STORE_WRITE);
	n = argc > 2 ? strtoll(argv[2], NULL, 10) : 0;
	for (i = 0; i < n; i++)
		take_one(i);
	if (!n) {
		home_hash(store, &h);
		hash_hex(hex, &h);
		printf("%s %s %lld\n", told(), hex,
		    (long long)home_verify(store));
	}
	ledger_free(ledger);
	store_close(store);
	return 0;
}
