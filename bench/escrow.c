/*
 * escrow - what trades cost: pairs of lock and settlement, and a sweep.
 *
 *	escrow DIR [DUE]	an empty directory on disk, and how many escrows
 *				are due in the sweep: 20,000
 *
 * A pair is a task that is bought, delivered and settled: four leaves, their
 * rows, the purses and scores of both nodes.  Its control is the store's own
 * work for it: the same four entries posted alone, as many to a transaction.
 */
#include <string.h>

#include "base/buf.h"
#include "base/id.h"
#include "base/json.h"
#include "ledger/ledger.h"
#include "ledger/make.h"
#include "market/market.h"
#include "settle/settle.h"

#include "books.h"

#define ORIGIN "ledger.example/demo"
#define VKEY ORIGIN "+7b8488d1+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
#define NODES 200		/* half of them sell */
#define SMALL 64
#define LARGE 512
#define PAIRS 2048		/* in a round */

struct bench {
	struct store *store;
	struct ledger *ledger;
	struct params params;
	struct chance chance;
	struct json data;
	char node[NODES][16], skill[NODES / 2][ID_TEXT];
	int64_t now_ms;
	size_t batch, turn, swept;
};

static bool
is_prime(int n)
{
	int d;

	for (d = 2; d * d <= n; d++)
		if (n % d == 0)
			return false;
	return n > 1;
}

static void
join(struct bench *b, const char *id)
{
	struct node_answer a = { .node_id = id };
	struct err but = { 0 }, e = { 0 };
	struct node_challenge c;
	struct node n;
	char text[32];
	int i, sum = 0;

	must(node_challenge_in(b->ledger, id, &b->params, &b->chance, &c,
	    &e), &e);
	for (i = 0; i < c.n; i++)
		sum += is_prime(c.number[i]) ? c.number[i] : 0;
	snprintf(text, sizeof(text), "%d.%d", sum / 2, sum % 2 * 5);
	a.solution = text;
	must(node_register_in(b->ledger, &a, &b->params, &n, &but, &e) ||
	    but.kind, but.kind ? &but : &e);
}

static void
move(struct bench *b, enum type type, const char *from, const char *to,
    int64_t minor, const char *ref)
{
	const struct leg legs[] = {
		{ from, unit_named("TCK"), -minor },
		{ to, unit_named("TCK"), minor },
	};
	char id[ID_TEXT];
	const struct entry x = {
		.kind = ENTRY_TRANSFER, .type = type_word(type), .id = id,
		.ref = ref, .legs = legs, .n_legs = 2,
	};
	struct posted posted;
	struct err e;

	id_new(id, b->now_ms, &b->chance);
	must(ledger_post_in(b->ledger, &x, 1, &posted, &e), &e);
}

static void
make_market(struct bench *b)
{
	struct offer o = {
		.type = "SKILL_OFFER", .label = "work", .price = "1.00",
	};
	struct skill k;
	struct err e;
	size_t i;

	bench_begin(b->store, &b->ledger, b->now_ms);
	for (i = 0; i < NODES; i++) {
		snprintf(b->node[i], sizeof(b->node[i]), "node-%03zu", i);
		join(b, b->node[i]);
		move(b, TYPE_CREDIT_ISSUE, "MINT", b->node[i], 1000000000,
		    NULL);
	}
	for (i = 0; i < NODES / 2; i++) {
		o.node_id = b->node[NODES / 2 + i];
		must(market_publish_in(b->ledger, &o, &b->params, &b->chance,
		    &k, &e), &e);
		memcpy(b->skill[i], k.id, ID_TEXT);
		market_skill_release(&k);
	}
	bench_commit(b->ledger);
}

static void
buy(struct bench *b, struct task *t)
{
	size_t n = b->turn++;
	const struct order o = {
		.buyer_id = b->node[n % (NODES / 2)],
		.skill_id = b->skill[n / 7 % (NODES / 2)], .input = &b->data,
	};
	struct err e;

	must(escrow_lock_in(b->ledger, &o, &b->params, &b->chance, t, &e),
	    &e);
}

static void
deliver(struct bench *b, struct task *t)
{
	char id[ID_TEXT];
	const struct act a = {
		.event = ESCROW_COMPLETE, .task_id = id, .output = &b->data,
		.proof_hash = "x",
	};
	struct err e;

	memcpy(id, t->id, ID_TEXT);
	escrow_task_release(t);
	must(escrow_act_in(b->ledger, &a, &b->params, t, &e), &e);
}

/* In transactions of their own, as they would come: bought, then settled. */
static double
pairs(void *arg)
{
	struct bench *b = arg;
	struct settle_claim claim = { 0 };
	double start = bench_now_us();
	static struct task t[PAIRS];
	struct task done;
	struct err e;
	size_t i, k, n;

	b->params.value[PARAM_dispute_window] = 1000;
	for (i = 0; i < PAIRS; i += n) {
		n = b->batch < PAIRS - i ? b->batch : PAIRS - i;
		bench_begin(b->store, &b->ledger, b->now_ms);
		for (k = 0; k < n; k++) {
			buy(b, &t[k]);
			deliver(b, &t[k]);
		}
		bench_commit(b->ledger);
		b->now_ms += 2000;
		bench_begin(b->store, &b->ledger, b->now_ms);
		for (k = 0; k < n; k++) {
			claim.id = t[k].id;
			must(settle_one_in(b->ledger, &claim, &b->params,
			    &done, &e), &e);
			escrow_task_release(&done);
			escrow_task_release(&t[k]);
		}
		bench_commit(b->ledger);
	}
	return PAIRS * 1e6 / (bench_now_us() - start);
}

/* Two entries each way, in as many transactions: no row but the ledger's. */
static double
pairs_alone(void *arg)
{
	struct bench *b = arg;
	double start = bench_now_us();
	const char *buyer, *seller;
	size_t i, k, n;
	int half;

	for (i = 0; i < PAIRS; i += n) {
		n = b->batch < PAIRS - i ? b->batch : PAIRS - i;
		for (half = 0; half < 2; half++) {
			bench_begin(b->store, &b->ledger, b->now_ms);
			for (k = 0; k < n; k++) {
				buyer = b->node[(i + k) % (NODES / 2)];
				seller = b->node[NODES / 2 +
				    (i + k) / 7 % (NODES / 2)];
				move(b, TYPE_TRANSFER, buyer, seller, 97,
				    b->skill[0]);
				move(b, TYPE_TRANSFER, seller, buyer, 3,
				    b->skill[0]);
			}
			bench_commit(b->ledger);
		}
	}
	return PAIRS * 1e6 / (bench_now_us() - start);
}

static int
told(void *arg, const struct settled *s, struct err *e)
{
	struct bench *b = arg;

	(void)e;
	if (s->why)
		bench_die("%s", s->why->msg);
	b->swept++;
	return 0;
}

static void
make_due(struct bench *b, size_t due)
{
	struct task t;
	size_t i;

	b->params.value[PARAM_dispute_window] = 1000;
	for (i = 0; i < due; i++) {
		if (i % LARGE == 0)
			bench_begin(b->store, &b->ledger, b->now_ms);
		buy(b, &t);
		deliver(b, &t);
		escrow_task_release(&t);
		if (i % LARGE == LARGE - 1 || i == due - 1)
			bench_commit(b->ledger);
	}
	b->now_ms += 2000;
}

static double
sweep(struct bench *b)
{
	const struct settle s = {
		.now_ms = b->now_ms, .sane = true, .params = &b->params,
		.told = told, .arg = b,
	};
	double start = bench_now_us();
	struct err e;

	must(settle_sweep(b->store, &b->ledger, &s, &e), &e);
	return (double)b->swept * 1e6 / (bench_now_us() - start);
}

/* Payout and tax of as many, posted alone, settle_batch to a transaction. */
static double
sweep_alone(struct bench *b, size_t due)
{
	size_t batch = (size_t)b->params.value[PARAM_settle_batch], i;
	double start = bench_now_us();
	const char *seller;

	for (i = 0; i < due; i++) {
		if (i % batch == 0)
			bench_begin(b->store, &b->ledger, b->now_ms);
		seller = b->node[NODES / 2 + i % (NODES / 2)];
		move(b, TYPE_TRANSFER, b->node[i % (NODES / 2)], seller, 97,
		    b->skill[0]);
		move(b, TYPE_TRANSFER, seller, b->node[i % (NODES / 2)], 3,
		    b->skill[0]);
		if (i % batch == batch - 1 || i == due - 1)
			bench_commit(b->ledger);
	}
	return (double)due * 1e6 / (bench_now_us() - start);
}

int
main(int argc, char **argv)
{
	struct bench_figure small = { "escrow_pairs_64", "/s", false, 0, 0 };
	struct bench_figure large = { "escrow_pairs_512", "/s", false, 0, 0 };
	struct bench_figure swept = { "escrow_sweep", "/s", false, 0, 0 };
	size_t due = argc > 2 ? strtoul(argv[2], NULL, 10) : 20000;
	const struct store_how how = {
		.home = argc > 1 ? argv[1] : NULL, .mode = STORE_CREATE,
		.wait_ms = 10000, .who = "bench",
	};
	struct bench b = { .now_ms = INT64_C(1795161600000) };
	struct posted posted;
	struct err e;

	if (argc < 2)
		bench_die("usage: escrow DIR [DUE]");
	bench_fsync_us = bench_fsync(argv[1]);
	param_defaults(&b.params);
	b.params.value[PARAM_canary_exposure_pct] = 0;
	must(json_parse(&b.data, "{\"text\":\"a b\"}", 14, &e), &e);
	must(store_open(&b.store, &how, &e), &e);
	must(ledger_init(b.store, ORIGIN, VKEY, b.now_ms, &posted, &e), &e);
	make_market(&b);
	b.batch = SMALL;
	bench_compare(&small, pairs, pairs_alone, &b);
	b.batch = LARGE;
	bench_compare(&large, pairs, pairs_alone, &b);
	make_due(&b, due);
	swept.value = sweep(&b);
	swept.control = sweep_alone(&b, due);
	bench_print(&swept);
	ledger_free(b.ledger);
	store_close(b.store);
	json_release(&b.data);
	return 0;
}
