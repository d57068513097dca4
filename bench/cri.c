/*
 * cri - what scores cost: all of them from the log, and one settlement more.
 *
 *	cri DIR [ESCROWS [NODES]]	an empty directory on disk; 100,000
 *					escrows that settled, of 10,000 nodes
 *
 * The log is made of what a trade leaves in it: lock, delivery, payout and
 * tax, all posted as the domains post them.  To score all nodes every leaf is
 * read; the control reads the same leaves, and does nothing with them.  What
 * one more settlement adds to the counters, snapshots and scores of both is
 * beside the two entries that pay it, posted alone.
 */
#include <limits.h>
#include <string.h>

#include "base/buf.h"
#include "base/id.h"
#include "base/json.h"
#include "cri/tally.h"
#include "cri/cri.h"
#include "ledger/make.h"
#include "ledger/read.h"
#include "node/sync.h"

#include "books.h"

#define ORIGIN "ledger.example/demo"
#define VKEY ORIGIN "+7b8488d1+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
#define BATCH 8192		/* escrows, or nodes, in a transaction */
#define SETTLED 5000		/* in a round, of one more each */
#define HASH "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

struct bench {
	struct store *store;
	struct ledger *ledger;
	struct params params;
	struct chance chance;
	int64_t now_ms, escrows, nodes;
	int64_t seen;			/* so that nothing is optimised away */
};

static void
name(char out[32], int64_t n)
{
	snprintf(out, 32, "node-%06lld", (long long)n);
}

static void
move(struct bench *b, enum type type, const char *ref, const char *from,
    const char *to, int64_t minor, const char *data)
{
	const struct move m = {
		.type = type, .ref = ref, .from = from, .to = to,
		.amount = { minor, unit_named("TCK") }, .data = data,
	};
	struct err e;

	must(ledger_move_in(b->ledger, &m, &e), &e);
}

static void
make_nodes(struct bench *b)
{
	struct sync s = { 0 };
	struct node node;
	char id[32];
	struct err e;
	int64_t i;
	bool made;

	for (i = 0; i < b->nodes; i++) {
		if (i % BATCH == 0)
			bench_begin(b->store, &b->ledger, b->now_ms);
		name(id, i);
		s.node_id = id;
		must(sync_in(b->ledger, &s, &node, &made, &e), &e);
		move(b, TYPE_REGISTRATION_CREDIT, id, "MINT", id, 100000000,
		    NULL);
		if (i % BATCH == BATCH - 1 || i == b->nodes - 1)
			bench_commit(b->ledger);
	}
}

/* What a trade leaves in the log, from its lock to its end. */
static void
trade(struct bench *b)
{
	char seller[32], buyer[32], id[ID_TEXT], account[LEAF_ACCOUNT];
	char done[LEAF_ID], data[512];
	int64_t n = (int64_t)chance_below(&b->chance, (uint64_t)b->nodes);
	struct move payout = {
		.type = TYPE_ESCROW_SETTLE, .ref = id, .from = account,
		.to = seller, .amount = { 100, unit_named("TCK") },
	};
	struct err e;

	name(seller, n);
	name(buyer, (n + 1 + (int64_t)chance_below(&b->chance,
	    (uint64_t)b->nodes - 1)) % b->nodes);
	id_new(id, b->now_ms, &b->chance);
	snprintf(account, sizeof(account), "ESCROW:%s", id);
	snprintf(done, sizeof(done), "%s:completed", id);
	snprintf(data, sizeof(data), "{\"auto_refund_ms\":1795420800000,"
	    "\"input_sha256\":\"" HASH "\",\"seller\":\"%s\",\"skill\":\"%s\","
	    "\"task\":\"%s\",\"tax_bp\":300}", seller, id, id);
	move(b, TYPE_ESCROW_LOCK, id, buyer, account, 100, data);
	must(ledger_event_in(b->ledger, "task.completed", done, id,
	    "{\"auto_settle_ms\":1795420800000,\"output_sha256\":\"" HASH
	    "\"}", &e), &e);
	must(ledger_payout_in(b->ledger, &payout, 300, &e), &e);
}

static void
make_trades(struct bench *b)
{
	int64_t i;

	for (i = 0; i < b->escrows; i++) {
		if (i % BATCH == 0)
			bench_begin(b->store, &b->ledger, b->now_ms);
		trade(b);
		if (i % BATCH == BATCH - 1 || i == b->escrows - 1)
			bench_commit(b->ledger);
	}
}

static int
score(void *bench, const struct tally_node *t, struct err *e)
{
	struct bench *b = bench;
	struct cri c;

	(void)e;
	tally_score(t, b->now_ms, &b->params, &c);
	b->seen += c.tenths;
	return 0;
}

static double
recompute(void *bench)
{
	struct bench *b = bench;
	double start = bench_now_us();
	struct tally *t = tally_new();
	struct ledger_head head;
	struct tally_end end;
	struct err e;

	must(ledger_head(b->store, &head, &e), &e);
	must(tally_read(t, b->store, head.size, &e), &e);
	must(tally_each(t, score, b, &e), &e);
	tally_end(t, &end);
	if (end.settled != b->escrows || end.nodes != b->nodes)
		bench_die("not all are counted");
	tally_free(t);
	return (bench_now_us() - start) / 1e6;
}

static double
scan(void *bench)
{
	struct bench *b = bench;
	double start = bench_now_us();
	struct stored at;
	struct query q;
	struct err e;
	int got;

	ledger_leaves_open(&q, b->store, 0, INT64_MAX);
	while ((got = ledger_leaves_next(&q, &at, &e)) > 0)
		b->seen += ((const char *)at.leaf)[at.leaf_n - 1];
	must(got, &e);
	return (bench_now_us() - start) / 1e6;
}

/* Two of the nodes, as a settlement has them. */
static void
two(struct bench *b, char seller[32], char buyer[32])
{
	int64_t n = (int64_t)chance_below(&b->chance, (uint64_t)b->nodes);

	name(seller, n);
	name(buyer, (n + 1) % b->nodes);
}

static double
update(void *bench)
{
	struct bench *b = bench;
	char seller[32], buyer[32];
	struct cri_trade trade = {
		.seller_id = seller, .buyer_id = buyer,
		.amount = { 100, unit_named("TCK") },
	};
	double start = bench_now_us();
	struct err e;
	int i;

	bench_begin(b->store, &b->ledger, b->now_ms);
	for (i = 0; i < SETTLED; i++) {
		two(b, seller, buyer);
		must(cri_delivered_in(b->ledger, seller, &b->params, &e) ||
		    cri_settled_in(b->ledger, &trade, &b->params, &e), &e);
	}
	bench_commit(b->ledger);
	return (bench_now_us() - start) / SETTLED;
}

/* The two entries that pay it, and no more. */
static void
pay(struct bench *b, const char *from, const char *to, int64_t minor)
{
	const struct leg legs[] = {
		{ from, unit_named("TCK"), -minor },
		{ to, unit_named("TCK"), minor },
	};
	char id[ID_TEXT];
	const struct entry x = {
		.kind = ENTRY_TRANSFER, .type = type_word(TYPE_TRANSFER),
		.id = id, .legs = legs, .n_legs = 2,
	};
	struct posted posted;
	struct err e;

	id_new(id, b->now_ms, &b->chance);
	must(ledger_post_in(b->ledger, &x, 1, &posted, &e), &e);
}

static double
update_alone(void *bench)
{
	struct bench *b = bench;
	char seller[32], buyer[32];
	double start = bench_now_us();
	int i;

	bench_begin(b->store, &b->ledger, b->now_ms);
	for (i = 0; i < SETTLED; i++) {
		two(b, seller, buyer);
		pay(b, buyer, seller, 97);
		pay(b, buyer, "VAULT-of-it", 3);
	}
	bench_commit(b->ledger);
	return (bench_now_us() - start) / SETTLED;
}

int
main(int argc, char **argv)
{
	struct bench_figure all = { "cri_recompute", "s", true, 0, 0 };
	struct bench_figure one = { "cri_update", "us", true, 0, 0 };
	const struct store_how how = {
		.home = argc > 1 ? argv[1] : NULL, .mode = STORE_CREATE,
		.wait_ms = 10000, .who = "bench",
	};
	struct bench b = {
		.now_ms = INT64_C(1795161600000), .escrows = 100000,
		.nodes = 10000,
	};
	struct posted posted;
	struct err e;

	if (argc < 2)
		bench_die("usage: cri DIR [ESCROWS [NODES]]");
	if (argc > 2)
		b.escrows = strtoll(argv[2], NULL, 10);
	if (argc > 3)
		b.nodes = strtoll(argv[3], NULL, 10);
	if (b.escrows < 1 || b.nodes < 2)
		bench_die("nothing to do");
	param_defaults(&b.params);
	chance_seed(&b.chance, 1);
	must(store_open(&b.store, &how, &e) ||
	    store_roomy(b.store, &e), &e);	/* as bzn-settle does */
	must(ledger_init(b.store, ORIGIN, VKEY, b.now_ms, &posted, &e), &e);
	make_nodes(&b);
	make_trades(&b);
	bench_compare(&all, recompute, scan, &b);
	bench_compare(&one, update, update_alone, &b);
	ledger_free(b.ledger);
	store_close(b.store);
	return b.seen == 0;
}
