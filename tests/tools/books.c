/*
 * books - random books in a home of their own, for those who judge exports:
 *
 *	books HOME SEED N [SCALE]
 *
 * No unit of more decimals than SCALE is declared.  N groups of entries of any
 * shape that an operator may post: several units, of scale 0 and 18 and with
 * digits and odd codes, names as odd as names may be, many legs, groups,
 * reversals, business times before and behind log time, limits, memos, events.
 * What is refused is left out.  The same seed makes the same books, byte for
 * byte.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/chance.h"
#include "ledger/own.h"

#define START_MS INT64_C(1795161600000)
#define LEGS 6

static const char *const names[] = {
	"alice", "bob", "-x", "--", "9", "a", "a:b", "a:b:", "a::b", "a:",
	"b@c+d/e", "2026-01-01", "x.y_z", "ESCRO", "mint", "Equity:Mint",
	"Assets:Node:Xalice", "a-3Ab", "A", "_",
};
static const struct unit extra[] = {
	{ "UZ", 0 }, { "U2", 0 }, { "WEI18", 18 }, { "TRUE", 3 },
	{ "NULL", 1 }, { "HH", 0 },
};

static struct ledger *ledger;
static struct chance chance;
static int64_t now_ms = START_MS, made, refused;
static char past[4096][LEAF_ID];	/* ids that may be reversed */

static uint64_t
any(uint64_t n)
{
	return chance_below(&chance, n);
}

static void
die(const char *what, const struct err *e)
{
	fprintf(stderr, "books: %s: %s\n", what, e->msg);
	exit(2);
}

static const char *
name(void)
{
	return names[any(sizeof(names) / sizeof(*names))];
}

static const struct unit *
unit(void)
{
	const struct units *u = ledger_units(ledger);

	return u->unit[any(u->n)];
}

static int64_t
amount(void)
{
	static const int64_t most[] = { 9, 1000, 1000000, INT64_C(1) << 40 };

	return 1 + (int64_t)any((uint64_t)most[any(4)]);
}

static bool
has(const struct leg *legs, size_t n, const struct leg *leg)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!strcmp(legs[i].account, leg->account) &&
		    legs[i].unit == leg->unit)
			return true;
	return false;
}

/* Two to six legs; those of a unit sum to zero. */
static size_t
make_legs(struct leg legs[2 * LEGS])
{
	size_t n = 0, start, want;
	struct leg leg;
	int64_t sum;

	do {
		leg.unit = unit();
		start = n;
		sum = 0;
		for (want = 2 + any(LEGS - 2); want; want--) {
			leg.account = name();
			leg.minor = want == 1 ? -sum :
			    any(2) ? amount() : -amount();
			if (!leg.minor || has(legs, n, &leg)) {
				want += want == 1;
				if (any(50))
					continue;
				return 0;
			}
			legs[n++] = leg;
			sum += leg.minor;
		}
	} while (n - start && n < LEGS && !any(4));
	return n;
}

static void
transfer(void)
{
	static const char *const refs[] = {
		"order 7", "a, b; [2026-01-01] %", "  x  ", "::y", "'q'",
		"bzn-id:other",
	};
	size_t n = any(8) ? 1 : 2 + any(3), i;
	struct entry x[4] = { { 0 } };
	struct leg legs[4][2 * LEGS];
	struct terms terms[4] = { { 0 } };
	struct posted posted[4];
	int64_t effective[4];
	char id[4][LEAF_ID];
	struct err e = { 0 };

	for (i = 0; i < n; i++) {
		snprintf(id[i], LEAF_ID, "%s%lld", any(9) ? "e" : "X~=/@+.:-",
		    (long long)made++);
		x[i] = (struct entry){
			.kind = ENTRY_TRANSFER, .id = id[i],
			.type = "TRANSFER", .legs = legs[i],
			.n_legs = make_legs(legs[i]),
		};
		if (!x[i].n_legs)
			return;
		if (!any(3))
			x[i].ref = refs[any(6)];
		effective[i] = now_ms +
		    ((int64_t)any(60) - 50) * 86400000 - (int64_t)any(9999);
		if (!any(3))
			x[i].effective_ms = &effective[i];
		if (!any(6)) {
			terms[i].memo = "Rechnung \xc3\xa9 \"42\"";
			post_salt(&terms[i], &chance);
		}
	}
	if (ledger_post_with_in(ledger, x, terms, n, posted, NULL, &e)) {
		refused++;
		return;
	}
	snprintf(past[any(4096)], LEAF_ID, "%s", id[0]);
	snprintf(past[0], LEAF_ID, "%s", id[0]);
}

static void
issue(void)
{
	struct leg legs[2];
	struct posted posted;
	char id[LEAF_ID];
	struct err e = { 0 };
	const struct unit *u = &unit_builtin[any(4)];
	struct entry x = {
		.kind = ENTRY_TRANSFER, .id = id, .type = "CREDIT_ISSUE",
		.legs = legs, .n_legs = 2,
	};

	snprintf(id, sizeof(id), "i%lld", (long long)made++);
	legs[0] = (struct leg){ "MINT", u, -amount() * 100000 };
	legs[1] = (struct leg){ name(), u, -legs[0].minor };
	if (ledger_post_in(ledger, &x, 1, &posted, &e))
		refused++;
}

static void
take_back(void)
{
	struct posted posted[LEAF_GROUP];
	char id[LEAF_ID];
	struct reverse r = { .id = id, .target = past[any(8) ? 0 : any(4096)] };
	struct err e = { 0 };
	size_t n;

	snprintf(id, sizeof(id), "r%lld", (long long)made++);
	if (*r.target && ledger_reverse_in(ledger, &r, &chance, posted, &n,
	    &e))
		refused++;
}

/* In units of an operator's an account may go below zero. */
static void
limit(void)
{
	struct posted posted;
	char id[LEAF_ID];
	struct err e = { 0 };
	struct limit l = {
		.account = name(), .unit = extra[any(6)].code, .lo = "none",
	};

	snprintf(id, sizeof(id), "l%lld", (long long)made++);
	if (ledger_limit_in(ledger, id, &l, &posted, &e))
		refused++;
}

static void
declare(size_t i)
{
	struct posted posted;
	char id[LEAF_ID];
	struct err e = { 0 };

	snprintf(id, sizeof(id), "u%zu", i);
	if (ledger_unit_in(ledger, id, extra[i].code, extra[i].scale, &posted,
	    &e))
		die(extra[i].code, &e);
}

static void
step(void)
{
	static void (*const does[])(void) = {
		issue, issue, issue, limit, limit, limit, limit, take_back,
		transfer, transfer, transfer, transfer, transfer, transfer,
		transfer,
	};
	struct err e = { 0 };

	now_ms += any(3) ? 0 : (int64_t)any(40 * 3600000);
	if (ledger_begin(ledger_store(ledger), &ledger, now_ms, true, &e))
		die("begin", &e);
	does[any(sizeof(does) / sizeof(*does))]();
	if (ledger_commit(ledger, &e))
		die("commit", &e);
}

int
main(int argc, char **argv)
{
	struct store_how how = {
		.mode = STORE_CREATE, .wait_ms = 5000, .who = "books",
	};
	struct store *s = NULL;
	struct posted posted;
	struct err e = { 0 };
	long n, most;
	size_t i;

	if (argc < 4)
		return 2;
	most = argc > 4 ? strtol(argv[4], NULL, 10) : 18;
	how.home = argv[1];
	(void)mkdir(how.home, 0700);
	chance_seed(&chance, strtoull(argv[2], NULL, 10));
	if (store_open(&s, &how, &e) || ledger_init(s, "ledger.example/demo",
	    "ledger.example/demo+7b8488d1+"
	    "AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4", now_ms, &posted,
	    &e) || ledger_begin(s, &ledger, now_ms, true, &e))
		die(how.home, &e);
	for (i = 0; i < sizeof(extra) / sizeof(*extra); i++)
		if (any(4) && extra[i].scale <= most)
			declare(i);
	if (ledger_commit(ledger, &e))
		die("commit", &e);
	for (n = strtol(argv[3], NULL, 10); n > 0; n--)
		step();
	printf("%ld groups, %lld refused\n", strtol(argv[3], NULL, 10),
	    (long long)refused);
	ledger_free(ledger);
	store_close(s);
	return 0;
}
