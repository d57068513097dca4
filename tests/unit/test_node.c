/*
 * Registration: the vectors of spec/vmp.md 12.6, what every challenge looks
 * like, and the ways to answer one wrongly.
 */
#include "tap.h"

#include "actors.h"

static struct params params;

static void
vectors(void)
{
	static const struct { int number[14], n; int64_t halves; } rows[] = {
		{ { 17, 4, 23, 8, 11, 6, 29, 15 }, 8, 80 },
		{ { 47, 12, 7, 33, 19, 8, 61, 45 }, 8, 134 },
		{ { 63, 19, 37, 90, 38, 11, 41 }, 7, 108 },
		{ { 70, 37, 35, 11, 71, 23, 64, 3, 61, 54, 80, 31 }, 12, 237 },
		{ { 4, 6, 8, 9, 1, 0 }, 6, 0 },
		{ { 2 }, 1, 2 },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		OK(node_challenge_answer(rows[i].number, rows[i].n) ==
		    rows[i].halves);
}

/* Is it a challenge as 2.1 describes one?  Primes are counted by trial. */
static bool
well_formed(const struct node_challenge *c, int *primes, bool seen[100])
{
	int i, j, d;

	*primes = 0;
	for (i = 0; i < c->n; i++) {
		if (c->number[i] < 2 || c->number[i] > 99)
			return false;
		seen[c->number[i]] = true;
		for (j = 0; j < i; j++)
			if (c->number[i] == c->number[j])
				return false;
		for (d = 2; c->number[i] % d; d++)
			;
		*primes += d == c->number[i];
	}
	return c->n >= 6 && c->n <= 14 && *primes >= 3 && *primes <= 7 &&
	    c->n - *primes >= 3 && c->n - *primes <= 7;
}

static void
shapes(struct ledger *l)
{
	int count[8][8] = { 0 }, i, k, primes, bad = 0, missing = 0;
	bool seen[100] = { false }, first_prime = false, first_not = false;
	struct node_challenge c;
	struct err e = { 0 };
	struct chance chance;

	chance_seed(&chance, 42);
	for (i = 0; i < 5000; i++) {
		if (node_challenge_in(l, "drawn", &params, &chance, &c, &e))
			home_die("node_challenge_in", &e);
		if (!well_formed(&c, &primes, seen)) {
			bad++;
			continue;
		}
		count[primes][c.n - primes]++;
		bad += node_challenge_answer(c.number, c.n) != actor_sum(&c);
		bad += c.expires_ms != c.made_ms + 30000;
		c.n = 1;
		first_prime |= actor_sum(&c) > 0;
		first_not |= actor_sum(&c) == 0;
	}
	OK(bad == 0);
	for (i = 3; i <= 7; i++)
		for (k = 3; k <= 7; k++)
			missing += count[i][k] < 100;	/* 200 expected */
	OK(missing == 0);
	for (i = 2; i < 100; i++)
		missing += !seen[i];
	OK(missing == 0);
	OK(first_prime && first_not);
}

/* A code of failure, one that was counted, or E_ok. */
static enum err_code
answer(struct ledger *l, const char *node, const char *challenge,
    const char *solution)
{
	const struct node_answer a = { node, solution, challenge, NULL };
	struct err but = { 0 }, e = { 0 };
	struct node n;

	if (node_register_in(l, &a, &params, &n, &but, &e))
		return e.code;
	return but.code;
}

static const char *
decimal(int64_t thousandths)
{
	static char text[32];

	snprintf(text, sizeof(text), "%lld.%03lld",
	    (long long)thousandths / 1000, (long long)thousandths % 1000);
	return text;
}

static void
answers(struct store *s, struct ledger **l)
{
	struct node_challenge c;
	struct err e = { 0 };
	struct chance chance;
	int64_t right;

	chance_seed(&chance, 43);
	home_begin(s, l, HOME_MS);
	OK(answer(*l, "alice", NULL, "1") == E_no_challenge);
	OK(!node_challenge_in(*l, "alice", &params, &chance, &c, &e));
	right = actor_sum(&c) * 500;
	OK(answer(*l, "alice", "other", decimal(right)) == E_no_challenge);
	OK(answer(*l, "alice", c.id, "forty") == E_bad_amount);
	OK(answer(*l, "alice", c.id, "-1") == E_bad_amount);
	OK(answer(*l, "alice", c.id, decimal(right + 11)) ==
	    E_challenge_wrong);
	OK(answer(*l, "alice", c.id, decimal(right - 11)) ==
	    E_challenge_wrong);
	OK(answer(*l, "alice", c.id, "9223372036.854775807") ==
	    E_challenge_wrong);
	/* That was the third: even the right answer comes too late. */
	OK(answer(*l, "alice", c.id, decimal(right)) == E_no_challenge);
	OK(!node_challenge_in(*l, "alice", &params, &chance, &c, &e));
	right = actor_sum(&c) * 500;
	OK(answer(*l, "alice", NULL, "0") == E_challenge_wrong);
	OK(answer(*l, "alice", NULL, "0.0") == E_challenge_wrong);
	/* Another challenge forgets the misses and the old id. */
	OK(!node_challenge_in(*l, "alice", &params, &chance, &c, &e));
	right = actor_sum(&c) * 500;
	OK(answer(*l, "alice", NULL, "0") == E_challenge_wrong);
	OK(answer(*l, "alice", NULL, "0") == E_challenge_wrong);
	OK(answer(*l, "alice", c.id, decimal(right + 10)) == E_ok);
	OK(home_balance(*l, "alice", "TCK") == 10000);
	OK(answer(*l, "alice", c.id, decimal(right)) == E_node_exists);
	OK(node_challenge_in(*l, "alice", &params, &chance, &c, &e) &&
	    e.code == E_node_exists);
	home_commit(*l);
}

/* Half open: good until a millisecond before, and then gone. */
static void
expiry(struct store *s, struct ledger **l)
{
	struct node_challenge c;
	struct err e = { 0 };
	struct chance chance;
	int64_t made_ms = HOME_MS + HOUR_MS, right[2];
	int i;

	chance_seed(&chance, 44);
	home_begin(s, l, made_ms);
	for (i = 0; i < 2; i++) {
		OK(!node_challenge_in(*l, i ? "carol" : "bob", &params,
		    &chance, &c, &e));
		OK(c.made_ms == made_ms && c.expires_ms == made_ms + 30000);
		right[i] = actor_sum(&c) * 500;
	}
	home_commit(*l);
	home_begin(s, l, made_ms + 29999);
	OK(answer(*l, "bob", NULL, decimal(right[0])) == E_ok);
	home_commit(*l);
	home_begin(s, l, made_ms + 30000);
	OK(answer(*l, "carol", NULL, decimal(right[1])) ==
	    E_challenge_expired);
	OK(answer(*l, "carol", NULL, decimal(right[1])) == E_no_challenge);
	OK(home_balance(*l, "carol", "TCK") == 0);
	home_commit(*l);
}

static void
names(void)
{
	static const char *const bad[] = {
		"", "ab", "a b", "a.b", "a:b", "node\xc3\xa9", "abc\n",
		"a/b", "abc ",
	};
	static const char *const taken[] = {
		"me", "ME", "mine", "Mine", "vault", "VAULT", "mint", "MiNT",
		"escrow", "ESCROW", "Escrow-1", "escrow_x", "house",
		"HOUSE-buyer", "housewife", "botnode-official",
		"BotNode-Official", "sandbox-1", "SandBox-",
	};
	static const char *const good[] = {
		"abc", "A_-", "sandbox", "minted", "mines", "vault2", "hous",
		"0-0", "a-very-long-one",
	};
	struct err e = { 0 };
	char longest[102];
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		OK(node_check_id(bad[i], &e) && e.code == E_bad_id);
	for (i = 0; i < sizeof(taken) / sizeof(*taken); i++)
		OK(node_check_id(taken[i], &e) && e.code == E_reserved_id);
	for (i = 0; i < sizeof(good) / sizeof(*good); i++)
		OK(!node_check_id(good[i], &e));
	memset(longest, 'x', sizeof(longest));
	longest[101] = '\0';
	OK(node_check_id(longest, &e) && e.code == E_bad_id);
	longest[100] = '\0';
	OK(!node_check_id(longest, &e));
}

int
main(void)
{
	struct store *s = home_new("home-node");
	struct ledger *l = NULL;

	param_defaults(&params);
	vectors();
	names();
	home_begin(s, &l, HOME_MS);
	shapes(l);
	ledger_rollback(l);
	answers(s, &l);
	expiry(s, &l);
	OK(home_verify(s) == 0);
	OK(home_reconciles(s, &params, HOME_MS));
	ledger_free(l);
	store_close(s);
	return DONE();
}
