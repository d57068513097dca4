/*
 * The log as a whole: its time, what may be a leaf at all, tiles across the
 * borders of batches, and writers who take turns.
 */
#include "tap.h"

#include "post.h"

#define LEAP_MS (366 * DAY_MS)

static enum err_code
begins(struct store *s, struct ledger **l, int64_t now_ms, bool sane)
{
	struct err e = { 0 };

	return ledger_begin(s, l, now_ms, sane, &e) ? e.code : E_ok;
}

static int64_t
head_ms(struct store *s)
{
	struct ledger_head h;
	struct err e = { 0 };

	if (ledger_head(s, &h, &e))
		home_die("ledger_head", &e);
	return h.at_ms;
}

static enum err_code
event(struct ledger *l, const char *id, const char *data)
{
	const struct entry x = {
		.kind = ENTRY_EVENT, .id = id, .type = "note.made",
		.data = data,
	};
	struct posted out;
	struct err e = { 0 };

	return ledger_post_in(l, &x, 1, &out, &e) ? e.code : E_ok;
}

/* C1 to C6: time never falls, and a wild clock is not believed. */
static void
clocks(void)
{
	static const int64_t wild[] = { 0, -1, 1000, 1735689599999, INT64_MIN };
	struct store *s = home_new("home-log");
	struct ledger *l = NULL;
	size_t i;

	for (i = 0; i < sizeof(wild) / sizeof(*wild); i++)
		OK(begins(s, &l, wild[i], true) == E_clock_unsane);
	OK(begins(s, &l, 1735689600000, true) == E_ok);
	OK(ledger_now(l) == HOME_MS);		/* the log is later */
	OK(event(l, "a", "{}") == E_ok);
	home_commit(l);
	OK(head_ms(s) == HOME_MS);
	OK(begins(s, &l, HOME_MS + LEAP_MS + 1, true) == E_clock_unsane);
	OK(begins(s, &l, INT64_MAX, true) == E_clock_unsane);
	OK(!ledger_writing(l) && !store_writing(s));
	OK(begins(s, &l, HOME_MS + LEAP_MS, true) == E_ok);
	OK(event(l, "b", "{}") == E_ok);
	ledger_rollback(l);
	OK(head_ms(s) == HOME_MS);
	/* Accepted: an old clock does not turn the log back... */
	OK(begins(s, &l, 0, false) == E_ok);
	OK(ledger_now(l) == HOME_MS);
	OK(event(l, "c", "{}") == E_ok);
	home_commit(l);
	OK(head_ms(s) == HOME_MS);
	/* ...and one far ahead takes it along. */
	OK(begins(s, &l, HOME_MS + 2 * LEAP_MS, false) == E_ok);
	OK(event(l, "d", "{}") == E_ok);
	home_commit(l);
	OK(head_ms(s) == HOME_MS + 2 * LEAP_MS);
	OK(begins(s, &l, HOME_MS, true) == E_ok);
	OK(ledger_now(l) == HOME_MS + 2 * LEAP_MS);
	OK(event(l, "e", "{}") == E_ok);
	home_commit(l);
	/* Beyond 2^53 no leaf could say the time: never. */
	OK(begins(s, &l, LEAF_INT_MAX + 1, false) == E_clock_unsane);
	OK(begins(s, &l, INT64_MAX, false) == E_clock_unsane);
	OK(home_verify(s) == 0);
	ledger_free(l);
	store_close(s);
}

/* Only what reads back as a leaf is written as one. */
static void
shapes(void)
{
	static char filler[LEAF_MAX];
	struct store *s = home_new("home-log");
	const struct unit *tck = unit_named("TCK");
	const struct leg legs[] = { { "MINT", tck, -1 }, { "a", tck, 1 } };
	const struct entry good = {
		.kind = ENTRY_TRANSFER, .type = "CREDIT_ISSUE", .id = "x",
		.legs = legs, .n_legs = 2,
	};
	int64_t when_ms = LEAF_INT_MAX + 1, least_ms = -LEAF_INT_MAX;
	struct entry x[2];
	struct ledger *l = NULL;
	struct posted out[2];
	struct hash before, after;
	struct err e = { 0 };

	home_hash(s, &before);
	home_begin(s, &l, HOME_MS);
	x[0] = good, x[0].effective_ms = &when_ms;
	OK(ledger_post_in(l, x, 1, out, &e) && err_kind(e.code) == ERR_INPUT);
	when_ms = -when_ms;
	OK(ledger_post_in(l, x, 1, out, &e) && err_kind(e.code) == ERR_INPUT);
	x[0] = good, x[0].memo_sha256 = "abc";
	OK(ledger_post_in(l, x, 1, out, &e) && err_kind(e.code) == ERR_INPUT);
	x[0] = good, x[0].reverses = "genesis";
	OK(ledger_post_in(l, x, 1, out, &e) && err_kind(e.code) == ERR_INPUT);
	x[0] = good, x[0].data = "{\"B\":1}";
	OK(ledger_post_in(l, x, 1, out, &e) && e.code == E_bad_json);
	x[0] = good, x[0].ref = "a\"b";
	OK(ledger_post_in(l, x, 1, out, &e) && e.code == E_bad_json);
	/* A reversal has rules (2.3), which nobody would keep yet. */
	x[0] = good, x[0].kind = ENTRY_REVERSAL, x[0].type = "REVERSAL";
	x[0].reverses = "genesis";
	OK(ledger_post_in(l, x, 1, out, &e));
	x[0] = good, x[0].kind = ENTRY_EVENT, x[0].type = "a.b";
	OK(ledger_post_in(l, x, 1, out, &e) && e.code == E_bad_json);
	OK(event(l, "y", NULL) == E_bad_json);
	OK(event(l, "y", "{\"a\":null}") == E_bad_json);
	OK(event(l, "y", "{\"a\":1.0}") == E_bad_json);
	/* The second of a group is too long: the first goes as well. */
	memset(filler, ' ', sizeof(filler) - 1);
	x[0] = good;
	x[1] = good, x[1].id = "z", x[1].data = filler;
	OK(ledger_post_in(l, x, 2, out, &e) && e.code == E_bad_json);
	snprintf(filler, sizeof(filler), "{\"a\":[");
	while (strlen(filler) < LEAF_MAX - 40)
		strncat(filler, "1234567890,", sizeof(filler) - 1);
	strncat(filler, "1]}", sizeof(filler) - 1);
	OK(leaf_data_ok(filler));
	OK(ledger_post_in(l, x, 2, out, &e) && e.code == E_leaf_too_long);
	OK(home_balance(l, "a", "TCK") == 0);
	home_commit(l);
	home_hash(s, &after);
	OK(!memcmp(&before, &after, sizeof(before)));
	home_begin(s, &l, HOME_MS);
	x[0].effective_ms = &least_ms;
	x[0].memo_sha256 = "0123456789abcdef0123456789abcdef"
	    "0123456789abcdef0123456789abcdef";
	OK(!ledger_post_in(l, x, 1, out, &e));
	home_commit(l);
	OK(home_verify(s) == 0);
	ledger_free(l);
	store_close(s);
}

static int64_t
tiles(struct store *s)
{
	return home_number(s, "SELECT count(*) FROM ledger_tile");
}

/* To a size, in batches; each size where a tile fills, on either side. */
static void
grow(struct store *s, struct ledger **l, int64_t *size, int64_t to,
    int64_t batch)
{
	char id[32];
	int64_t n;

	while (*size < to) {
		home_begin(s, l, HOME_MS);
		for (n = 0; n < batch && *size < to; n++, ++*size) {
			snprintf(id, sizeof(id), "e%07lld",
			    (long long)*size);
			if (event(*l, id, "{}"))
				OK(false);	/* an event refused */
		}
		home_commit(*l);
	}
}

static void
tree(void)
{
	static const int64_t batches[] = { 1, 7, 255, 300, 256, 257, 600 };
	struct store *s = home_new("home-log");
	struct ledger *l = NULL;
	int64_t size = 1, i, to;

	grow(s, &l, &size, 255, 7);
	OK(tiles(s) == 0);
	grow(s, &l, &size, 256, 1);
	OK(tiles(s) == 1);
	grow(s, &l, &size, 257, 1);
	OK(tiles(s) == 1);
	grow(s, &l, &size, 511, 300);
	OK(tiles(s) == 1);
	grow(s, &l, &size, 513, 2);
	OK(tiles(s) == 2);
	OK(home_verify(s) == 0);
	for (i = 0; size < 65500; i++) {
		to = size + 2 * batches[i % 7];
		grow(s, &l, &size, to < 65500 ? to : 65500, batches[i % 7]);
	}
	ledger_free(l);			/* another writer, cold */
	l = NULL;
	while (size < 65530)
		grow(s, &l, &size, size + 7, 7);
	OK(home_number(s, "SELECT count(*) FROM ledger_tile "
	    "WHERE pos >= 72057594037927936") == 0);
	/* 65,536 leaves fill 256 tiles, whose roots fill one above. */
	grow(s, &l, &size, size + 300, 300);
	OK(home_number(s, "SELECT count(*) FROM ledger_tile "
	    "WHERE pos >= 72057594037927936") == 1);
	OK(tiles(s) == size / 256 + 1);
	grow(s, &l, &size, size + 255, 255);
	OK(tiles(s) == size / 256 + 1);
	OK(home_verify(s) == 0);
	ledger_free(l);
	store_close(s);
}

/* All of it at once: 66,000 leaves in one transaction, the same tree. */
static void
tree_at_once(void)
{
	struct store *s = home_new("home-log"), *t = home_new("home-log2");
	struct ledger *l = NULL, *m = NULL;
	int64_t size = 1, other = 1;
	struct hash h, i;

	grow(s, &l, &size, 66000, 66000);
	grow(t, &m, &other, 66000, 1023);
	OK(tiles(s) == 66000 / 256 + 1);
	home_hash(s, &h);
	home_hash(t, &i);
	OK(!memcmp(&h, &i, sizeof(h)));
	ledger_free(l);
	ledger_free(m);
	store_close(s);
	store_close(t);
}

/* Two writers, and a third that only rehearses, on the same accounts. */
static void
turns(void)
{
	static const char *const names[] = {
		"a", "b", "c", "d", "e", "f", "g", "h",
	};
	struct store *s[3] = { home_new("home-log") };
	struct ledger *l[3] = { NULL };
	int64_t have[8] = { 0 }, minor;
	struct chance chance;
	int i, w, n, from, to, bad = 0;
	enum err_code due;
	char id[16];

	s[1] = home_open("home-log", STORE_WRITE);
	s[2] = home_open("home-log", STORE_DRY);
	chance_seed(&chance, 99);
	for (i = 0; i < 600; i++) {
		w = (int)chance_below(&chance, 3);
		home_begin(s[w], &l[w], HOME_MS + i);
		for (n = 0; n < 8; n++)
			bad += home_balance(l[w], names[n], "TCK") != have[n];
		from = (int)chance_below(&chance, 9) - 1;
		to = (int)chance_below(&chance, 8);
		minor = 1 + (int64_t)chance_below(&chance, 50);
		snprintf(id, sizeof(id), "t%d", i);
		due = from == to ? E_duplicate_leg : from >= 0 &&
		    have[from] < minor ? E_insufficient_funds : E_ok;
		bad += move(l[w], id, from < 0 ? "MINT" : names[from],
		    names[to], minor) != due;
		if (chance_below(&chance, 8) == 0) {
			ledger_rollback(l[w]);
			continue;
		}
		home_commit(l[w]);
		if (w == 2 || due)
			continue;
		have[to] += minor;
		if (from >= 0)
			have[from] -= minor;
	}
	OK(bad == 0);
	OK(home_verify(s[0]) == 0 && home_verify(s[1]) == 0);
	for (w = 0; w < 3; w++) {
		ledger_free(l[w]);
		store_close(s[w]);
	}
}

int
main(void)
{
	clocks();
	shapes();
	tree();
	tree_at_once();
	turns();
	return DONE();
}
