/*
 * The market: statistics of prices against a plain count after every change,
 * how long tasks take, quotes of what has changed since, and the copies of
 * buyers' validators.
 */
#include "tap.h"

#include "actors.h"
#include "base/chance.h"
#include "market/capability.h"
#include "market/custom.h"
#include "market/quote.h"
#include "market/stats.h"

#define NODES 5
#define ROUNDS 1500
#define SKILLS 600

static struct params params;

static void
must(int rc, const char *what, const struct err *e)
{
	if (rc)
		home_die(what, e);
}

static int
by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* The same from all the rows: what is on offer, sorted. */
static void
count_plainly(struct store *s, struct stats *out)
{
	static int64_t price[SKILLS];
	amount_wide sum = 0;
	sqlite3_stmt *q;
	int64_t n = 0, i;

	sqlite3_prepare_v2(s->db, "SELECT s.price_minor FROM market_skill s "
	    "JOIN node_node n ON n.id = s.node_id WHERE n.active AND "
	    "s.retired_ms IS NULL AND s.unit = 'TCK'", -1, &q, NULL);
	while (sqlite3_step(q) == SQLITE_ROW)
		price[n++] = sqlite3_column_int64(q, 0);
	sqlite3_finalize(q);
	qsort(price, (size_t)n, sizeof(*price), by_size);
	*out = (struct stats){ .skills = n };
	if (!n)
		return;
	for (i = 0; i < n; i++)
		sum += price[i];
	out->least = price[0];
	out->greatest = price[n - 1];
	out->median = (price[(n - 1) / 2] + price[n / 2] + 1) / 2;
	out->average = (int64_t)((2 * sum + n) / (2 * n));
}

/* All, those below the middle one and those from there on. */
static bool
between(struct store *s, const struct stats *st)
{
	const struct unit *unit = unit_named("TCK");
	struct err e = { 0 };
	int64_t all, low, high;

	must(stats_between(s, unit, 0, INT64_MAX, &all, &e), "between", &e);
	must(stats_between(s, unit, 0, st->median - 1, &low, &e), "low", &e);
	must(stats_between(s, unit, st->median, st->greatest, &high, &e),
	    "high", &e);
	return all == st->skills && low + high == all && 2 * low <= all;
}

static bool
counted(struct store *s)
{
	struct stats is, want;
	struct err e = { 0 };

	must(stats_prices(s, unit_named("TCK"), &is, &e), "stats", &e);
	count_plainly(s, &want);
	if (between(s, &is) && is.skills == want.skills &&
	    is.least == want.least &&
	    is.greatest == want.greatest && is.median == want.median &&
	    is.average == want.average)
		return true;
	printf("# %lld %lld %lld %lld %lld, not %lld %lld %lld %lld %lld\n",
	    (long long)is.skills, (long long)is.least,
	    (long long)is.greatest, (long long)is.average,
	    (long long)is.median, (long long)want.skills,
	    (long long)want.least, (long long)want.greatest,
	    (long long)want.average, (long long)want.median);
	return false;
}

/* Few prices and many, near the edges of buckets and anywhere. */
static int64_t
some_price(struct chance *c)
{
	static const int64_t edges[] = {
		1, 99, 100, 101, 9999, 10000, 10001, 990000, 999999, 1000000,
	};

	switch (chance_below(c, 3)) {
	case 0:
		return edges[chance_below(c, 10)];
	case 1:
		return 1 + (int64_t)chance_below(c, 300);
	default:
		return 1 + (int64_t)chance_below(c, 1000000);
	}
}

/* Behind the domain's back, as a ban does. */
static void
turn(struct store *s, int64_t node)
{
	char sql[160];

	snprintf(sql, sizeof(sql), "UPDATE node_node SET active = 1 - active "
	    "WHERE id = 'node%lld'", (long long)node);
	sqlite3_exec(s->db, sql, NULL, NULL, NULL);
}

static bool
is_active(struct store *s, int64_t node)
{
	char sql[96];

	snprintf(sql, sizeof(sql), "SELECT active FROM node_node WHERE "
	    "id = 'node%lld'", (long long)node);
	return home_number(s, sql) == 1;
}

static void
test_prices(void)
{
	static char skill[SKILLS][ID_TEXT];
	struct store *s = home_new("market-prices");
	struct chance chance = { 0 };
	struct ledger *l = NULL;
	int round, n = 0, bad = 0, refused = 0;
	char id[32], price[32];
	struct skill k;

	chance_seed(&chance, 5);
	home_begin(s, &l, HOME_MS);
	for (round = 0; round < NODES; round++) {
		snprintf(id, sizeof(id), "node%d", round);
		actor_join(l, id, &params, &chance);
	}
	OK(counted(s));
	for (round = 0; round < ROUNDS; round++) {
		int64_t who = (int64_t)chance_below(&chance, NODES);
		int64_t cents = some_price(&chance);
		struct change c = { .price = price };
		struct err e = { 0 };

		snprintf(id, sizeof(id), "node%lld", (long long)who);
		snprintf(price, sizeof(price), "%lld.%02lld",
		    (long long)cents / 100, (long long)cents % 100);
		c.skill_id = n ? skill[chance_below(&chance, (uint64_t)n)] :
		    "none";
		switch (chance_below(&chance, 8)) {
		case 0: case 1: case 2:
			if (n < SKILLS && is_active(s, who))
				actor_offer(l, id, cents, &params, &chance,
				    skill[n++]);
			break;
		case 3: case 4:
			if (market_update_in(l, &c, &params, &k, &e))
				refused++;
			else
				market_skill_release(&k);
			break;
		case 5: case 6:
			if (market_retire_in(l, c.skill_id, NULL, &k, &e))
				refused++;
			else
				market_skill_release(&k);
			break;
		default:
			turn(s, who);
		}
		bad += !counted(s);
	}
	printf("# prices after %d changes of %d skills: %d wrong\n", round, n,
	    bad);
	OK(!bad && n > 200 && refused > 50);
	/* What is undone is not counted. */
	home_mark(l);
	turn(s, 0);
	turn(s, 1);
	bad = !counted(s);
	home_undo(l);
	OK(!bad && counted(s));
	home_commit(l);
	OK(home_number(s, "SELECT count(*) FROM market_past") > 50);
	ledger_free(l);
	store_close(s);
}

static int64_t
took(struct store *s, const char *skill)
{
	struct err e = { 0 };
	int64_t seconds;

	must(stats_took(s, skill, &seconds, &e), "stats_took", &e);
	return seconds;
}

static void
test_took(struct store *s, struct ledger *l, const char *skill)
{
	static const struct { int64_t ms, median; } tasks[] = {
		{ 0, 0 }, { 1, 0 }, { 99000, 1 }, { 99001, 1 }, { 100000, 99 },
		{ 12345678, 99 }, { 259200000, 100 },
	};
	struct err e = { 0 };
	size_t i;

	OK(took(s, skill) == -1);
	for (i = 0; i < sizeof(tasks) / sizeof(*tasks); i++) {
		must(stats_delivered_in(l, skill, tasks[i].ms, &e), "took",
		    &e);
		OK(took(s, skill) == tasks[i].median);
	}
	OK(home_number(s, "SELECT max(seconds) FROM market_took") == 250000);
	OK(home_number(s, "SELECT count(*) FROM market_took "
	    "WHERE seconds = 12000") == 1);
}

static void
change(struct ledger *l, const char *skill, const char *label,
    const char *price)
{
	const struct change c = {
		.skill_id = skill, .label = label, .price = price,
	};
	struct err e = { 0 };
	struct skill k;

	must(market_update_in(l, &c, &params, &k, &e), "update", &e);
	market_skill_release(&k);
}

static void
quote(struct ledger *l, const char *what, struct chance *chance,
    char out[ID_TEXT])
{
	const struct ask a = { .node_id = "alice", .capability = what };
	struct err e = { 0 };
	int64_t seconds;
	struct quote q;

	must(market_quote_in(l, &a, &params, chance, &q, &seconds, &e),
	    "quote", &e);
	snprintf(out, ID_TEXT, "%s", q.id);
	market_quote_release(&q);
}

/* What a quote sells, and what is said when it is asked for again. */
static bool
sells(struct ledger *l, const char *id, const char *label, int64_t cents)
{
	struct err e = { 0 };
	struct skill k;
	bool good;

	if (!market_quote_take_in(l, id, "bob", &k, &e) ||
	    e.code != E_quote_missing)
		return false;
	must(market_quote_take_in(l, id, "alice", &k, &e), "take", &e);
	good = !strcmp(k.label, label) && k.price.minor == cents;
	market_skill_release(&k);
	return good && market_quote_take_in(l, id, "alice", &k, &e) &&
	    e.code == E_quote_expired;
}

static void
test_quotes(struct store *s, struct ledger **l, const char *skill,
    struct chance *chance)
{
	int64_t ttl = params.value[PARAM_quote_ttl];
	char id[5][ID_TEXT];
	struct err e = { 0 };
	struct skill k;
	int i;

	for (i = 0; i < 3; i++) {
		quote(*l, skill, chance, id[i]);
		change(*l, skill, i ? "third" : "second", i ? "3" : "2");
	}
	OK(sells(*l, id[0], "translate_v1", 1000));
	OK(sells(*l, id[1], "second", 200));
	must(market_retire_in(*l, skill, NULL, &k, &e), "retire", &e);
	market_skill_release(&k);
	OK(sells(*l, id[2], "third", 300));
	OK(market_quote_take_in(*l, "none", "alice", &k, &e) &&
	    e.code == E_quote_missing);
	actor_offer(*l, "bob", 500, &params, chance, id[4]);
	quote(*l, id[4], chance, id[0]);
	quote(*l, "translate", chance, id[1]);
	home_commit(*l);
	home_begin(s, l, HOME_MS + ttl - 1);
	OK(sells(*l, id[0], "translate_v1", 500));
	home_commit(*l);
	home_begin(s, l, HOME_MS + ttl);
	OK(market_quote_take_in(*l, id[1], "alice", &k, &e) &&
	    e.code == E_quote_expired);
}

static void
keep(struct ledger *l, const char *node, const char *name,
    struct chance *chance, char out[ID_TEXT])
{
	static const char text[] = "{\"pattern\":\"x\"}";
	struct json config = { 0 };
	const struct wanted w = {
		.node_id = node, .name = name, .type = "regex",
		.config = &config,
	};
	struct err e = { 0 };

	must(json_parse(&config, text, strlen(text), &e), "json", &e);
	must(market_custom_add_in(l, &w, &params, chance, out, &e), "add",
	    &e);
	json_release(&config);
}

static void
test_customs(struct store *s, struct ledger *l, struct chance *chance)
{
	char id[3][ID_TEXT], want[512];
	const char *ids[] = { id[1], id[0], id[1] };
	struct buf b = BUF_INIT(65536);
	struct err e = { 0 };

	keep(l, "alice", "a", chance, id[0]);
	keep(l, "alice", "b", chance, id[1]);
	keep(l, "bob", "c", chance, id[2]);
	OK(!market_customs(s, "alice", NULL, 0, &b, &e) &&
	    !strcmp(b.data, "[]"));
	buf_reset(&b);
	snprintf(want, sizeof(want), "[{\"id\":\"%s\",\"name\":\"b\","
	    "\"type\":\"regex\",\"config\":{\"pattern\":\"x\"}},"
	    "{\"id\":\"%s\",\"name\":\"a\","
	    "\"type\":\"regex\",\"config\":{\"pattern\":\"x\"}}]",
	    id[1], id[0]);
	OK(!market_customs(s, "alice", ids, 3, &b, &e));
	IS(b.data, want);
	buf_reset(&b);
	ids[0] = id[2];
	OK(market_customs(s, "alice", ids, 3, &b, &e) &&
	    e.code == E_validator_missing);
	ids[0] = id[0];
	must(market_custom_remove_in(l, id[1], "alice", &e), "remove", &e);
	OK(market_customs(s, "alice", ids, 3, &b, &e) &&
	    e.code == E_validator_missing);
	buf_release(&b);
}

static void
test_capabilities(void)
{
	char label[CAPABILITY_LABEL];
	size_t n = 0;

	while (capability_at(n)) {
		OK(capability_named(capability_at(n)->name) ==
		    capability_at(n));
		n++;
	}
	OK(n == 30 && !capability_named("web_research") &&
	    !capability_named(""));
	capability_label(capability_named("key-point-extractor"), label);
	IS(label, "key_point_extractor");
}

int
main(void)
{
	struct chance chance = { 0 };
	struct ledger *l = NULL;
	char skill[ID_TEXT];
	struct store *s;

	param_defaults(&params);
	params.value[PARAM_listing_fee] = 0;
	chance_seed(&chance, 1);
	test_capabilities();
	test_prices();
	s = home_new("market-quotes");
	home_begin(s, &l, HOME_MS);
	actor_join(l, "alice", &params, &chance);
	actor_join(l, "bob", &params, &chance);
	actor_offer(l, "bob", 1000, &params, &chance, skill);
	test_took(s, l, skill);
	test_quotes(s, &l, skill, &chance);
	test_customs(s, l, &chance);
	home_commit(l);
	OK(home_verify(s) == 0);
	ledger_free(l);
	store_close(s);
	return DONE();
}
