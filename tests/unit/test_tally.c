/*
 * The fold of a log into facts of nodes: each kind of entry by itself, those
 * that no ledger would make, and the parts of leaves that it reads.
 */
#include "tap.h"

#include <stdlib.h>

#include "cri/cri.h"
#include "cri/tally.h"

#define AT INT64_C(1795161600000)

static struct tally *t;
static int64_t seq;

static int
take(enum entry_kind kind, const char *type, const char *ref,
    const char *data, const char *from, const char *to, int64_t minor)
{
	const struct leg legs[] = {
		{ to, unit_named("TCK"), minor },
		{ from, unit_named("TCK"), -minor },
	};
	const struct entry x = {
		.kind = kind, .id = "x", .type = type, .ref = ref,
		.data = data, .legs = from ? legs : NULL,
		.n_legs = from ? 2 : 0, .seq = seq, .at_ms = AT + seq,
	};
	struct err e = { 0 };

	seq++;
	return tally_take(t, &x, &e) ? (int)e.code : 0;
}

static void
event(const char *type, const char *ref, const char *data)
{
	OK(!take(ENTRY_EVENT, type, ref, data, NULL, NULL, 0));
}

static void
lock(const char *ref, const char *buyer, const char *seller, int64_t minor)
{
	char data[128];

	snprintf(data, sizeof(data), "{\"auto_refund_ms\":1,\"seller\":\"%s\","
	    "\"tax_bp\":300}", seller);
	OK(!take(ENTRY_TRANSFER, "ESCROW_LOCK", ref, data, buyer, "ESCROW:x",
	    minor));
}

static void
close_by(const char *type, const char *ref, const char *data)
{
	OK(!take(ENTRY_TRANSFER, type, ref, data, "ESCROW:x", "n", 1));
}

static struct tally_node
of(const char *id)
{
	const struct tally_node *n = tally_find(t, id);

	return n ? *n : (struct tally_node){ .id = "" };
}

static void
nodes(void)
{
	struct tally_node n;

	OK(!tally_find(t, "a"));
	event("node.registered", "a", "{\"node\":\"a\","
	    "\"realm\":\"production\"}");
	n = of("a");
	OK(n.registered && n.active && !n.early && !n.sandbox &&
	    n.made_ms == AT);
	event("node.registered", "b", "{\"early\":true,\"made_ms\":77,"
	    "\"node\":\"b\",\"realm\":\"sandbox\"}");
	n = of("b");
	OK(n.early && n.sandbox && n.made_ms == 77);
	event("node.strike", "a", "{\"node\":\"a\",\"strikes\":2}");
	event("node.strike", "a", "{\"node\":\"a\"}");
	OK(of("a").strikes == 2);
	event("admin.act", "a", "{\"act\":\"node.deactivate\",\"node\":\"a\"}");
	OK(!of("a").active);
	event("admin.act", "a", "{\"act\":\"node.activate\",\"node\":\"a\"}");
	OK(of("a").active);
	event("node.banned", "a", "{\"node\":\"a\",\"strikes\":3}");
	OK(!of("a").active && of("a").banned_ms == AT + seq - 1);
	event("node.genesis", "c", "{\"node\":\"c\",\"rank\":5}");
	OK(of("c").rank == 5 && !of("c").registered && of("c").awarded_ms);
	event("node.expired", "b", "{\"node\":\"b\"}");
	OK(!of("b").active);
	event("node.caps_changed", "d", "{\"node\":\"d\"}");
	event("shop.opened", "e", "{\"node\":\"e\"}");
	OK(!tally_find(t, "e"));
	OK(!take(ENTRY_TRANSFER, "LISTING_FEE", "s", NULL, "d", "VAULT", 50));
	OK(of("d").spent_minor == 50);
}

/* An escrow to each of its ends. */
static void
escrows(void)
{
	int64_t n, minor;

	lock("e1", "buyer", "seller", 700);
	OK(of("buyer").spent_minor == 700 && of("seller").sold == 0);
	lock("e1", "buyer", "seller", 900);		/* it is open */
	event("task.completed", "e1", "{}");
	event("task.completed", "e1", "{}");		/* once */
	OK(of("seller").delivered == 1);
	close_by("ESCROW_SETTLE", "e1", NULL);
	close_by("ESCROW_SETTLE", "e1", NULL);
	OK(of("seller").sold == 1 && of("seller").volume_minor == 700);
	OK(of("buyer").bought == 1 && of("buyer").partners == 1);
	OK(of("seller").first_ms == AT + seq - 2 && !of("buyer").first_ms);
	OK(of("buyer").last_ms == of("seller").first_ms);
	/* The other way round: one partner still. */
	lock("e2", "seller", "buyer", 50);
	close_by("DISPUTE_RELEASE", "e2", NULL);
	OK(of("seller").partners == 1 && of("seller").most == 2);
	tally_pair(t, "seller", "buyer", &n, &minor);
	OK(n == 1 && minor == 700);
	tally_pair(t, "buyer", "seller", &n, &minor);
	OK(n == 1 && minor == 50);
	tally_pair(t, "buyer", "nobody", &n, &minor);
	OK(n == 0 && minor == 0);
	tally_pair(t, "buyer", "buyer", &n, &minor);
	OK(n == 0);
	/* Disputed and won, disputed and lost. */
	lock("e3", "buyer", "seller", 1);
	event("task.completed", "e3", "{}");
	event("escrow.disputed", "e3", "{}");
	event("escrow.disputed", "e3", "{}");
	OK(of("seller").failed == 1);
	close_by("DISPUTE_RELEASE", "e3", NULL);
	OK(of("seller").failed == 0 && of("seller").sold == 2);
	lock("e4", "buyer", "seller", 1);
	event("task.completed", "e4", "{}");
	event("escrow.disputed", "e4", "{}");
	close_by("DISPUTE_REFUND", "e4", "{\"reason\":\"x\"}");
	OK(of("seller").failed == 1 && of("seller").delivered == 3);
	OK(of("buyer").spent_minor == 701);
	/* In time's name, of its own accord, by a rule. */
	lock("e5", "buyer", "seller", 1);
	close_by("ESCROW_REFUND", "e5", "{\"reason\":\"TIMEOUT\"}");
	OK(of("seller").failed == 1 && of("seller").delivered == 3);
	lock("e6", "buyer", "seller", 1);
	event("task.completed", "e6", "{}");
	close_by("ESCROW_REFUND", "e6", "{\"reason\":\"MANUAL\"}");
	OK(of("seller").failed == 1 && of("seller").delivered == 3);
	lock("e7", "buyer", "seller", 1);
	event("task.completed", "e7", "{}");
	close_by("ESCROW_REFUND", "e7", "{\"reason\":\"VALIDATION\"}");
	OK(of("seller").failed == 2 && of("seller").delivered == 4);
}

/* Bounties are spent, and count for nothing else. */
static void
bounties(void)
{
	OK(!take(ENTRY_TRANSFER, "BOUNTY_HOLD", "h1", "{}", "giver",
	    "ESCROW:BOUNTY:h1", 300));
	OK(!take(ENTRY_TRANSFER, "BOUNTY_HOLD", "h2", "{}", "giver",
	    "ESCROW:BOUNTY:h2", 30));
	event("task.completed", "h1", "{}");
	close_by("BOUNTY_RELEASE", "h1", NULL);
	close_by("BOUNTY_REFUND", "h2", NULL);
	close_by("ESCROW_SETTLE", "h2", NULL);
	OK(of("giver").spent_minor == 300 && !of("giver").bought);
	/* One id may be of both. */
	lock("h3", "giver", "seller", 10);
	OK(!take(ENTRY_TRANSFER, "BOUNTY_HOLD", "h3", "{}", "giver",
	    "ESCROW:BOUNTY:h3", 5));
	close_by("BOUNTY_REFUND", "h3", NULL);
	OK(of("giver").spent_minor == 310);
}

/* What no ledger makes must do no harm. */
static void
odd(void)
{
	char name[200], data[8192];

	lock("o1", "self", "self", 5);
	close_by("ESCROW_SETTLE", "o1", NULL);
	OK(!of("self").sold && !of("self").bought && !of("self").last_ms);
	OK(!take(ENTRY_TRANSFER, "ESCROW_LOCK", NULL, "{}", "a", "b", 5));
	OK(!take(ENTRY_TRANSFER, "ESCROW_LOCK", "o2", NULL, "lone", "b", 5));
	event("task.completed", "o2", "{}");
	event("escrow.disputed", "o2", "{}");
	close_by("ESCROW_SETTLE", "o2", NULL);
	OK(!take(ENTRY_TRANSFER, "ESCROW_LOCK", "o3", "{\"seller\":7}",
	    "lone", "b", 5));
	close_by("ESCROW_REFUND", "o3", NULL);
	OK(of("lone").spent_minor == 5);
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	snprintf(data, sizeof(data), "{\"seller\":\"%s\"}", name);
	OK(!take(ENTRY_TRANSFER, "ESCROW_LOCK", "o4", data, "lone", "b", 5));
	close_by("ESCROW_SETTLE", "o4", NULL);
	event("node.strike", name, "{\"strikes\":1}");
	event("node.strike", NULL, "{\"strikes\":1}");
	OK(!take(ENTRY_TRANSFER, "ESCROW_LOCK", name, "{}", "a", "b", 5));
	close_by("NO_SUCH_TYPE", "o4", NULL);
	/* More than there is money. */
	lock("o5", "rich", "seller", INT64_MAX - 1);
	OK(take(ENTRY_TRANSFER, "ESCROW_SETTLE", "o5", NULL, "ESCROW:x", "n",
	    1) == E_amount_overflow);
}

static int
count(void *last, const struct tally_node *n, struct err *e)
{
	(void)e;
	OK(strcmp(last, n->id) < 0);
	snprintf(last, NODE_ID, "%s", n->id);
	return 0;
}

static int
stop(void *pairs, const char *seller, const char *buyer, int64_t n,
    int64_t minor, struct err *e)
{
	(void)minor;
	OK(n > 0 && strcmp(seller, buyer));
	if (++*(int *)pairs < 2)
		return 0;
	return err_set(e, E_no_entry, "enough");
}

static void
order(void)
{
	char last[NODE_ID] = "";
	struct tally_end end;
	struct err e = { 0 };
	int pairs = 0;

	tally_end(t, &end);
	OK(end.size == seq && end.at_ms == AT + seq - 1 && end.pairs == 2);
	OK(!tally_each(t, count, last, &e));
	OK(tally_pairs(t, stop, &pairs, &e) == -1 && e.code == E_no_entry);
}

/* Members of canonical data, and types of leaves, without reading them. */
static void
data(void)
{
	static const char text[] = "{\"a\":{\"b\":\"no\",\"s\":\"}\\\"\"},"
	    "\"b\":\"yes\",\"c\":-5,\"d\":[1,{\"e\":2}],\"e\":true,"
	    "\"f\":\"x\\\\y\",\"g\":\"\"}";
	static const char leaf[] = "{\"at_ms\":1,\"id\":\"x\",\"kind\":"
	    "\"event\",\"seq\":1,\"type\":\"a.b\",\"v\":1}";
	char out[4];
	int64_t n = 9;
	size_t len = 0;

	OK(leaf_data_text(text, "b", out, sizeof(out)));
	IS(out, "yes");
	OK(!leaf_data_text(text, "b", out, 3));
	OK(!leaf_data_text(text, "f", out, sizeof(out)));
	OK(!leaf_data_text(text, "c", out, sizeof(out)));
	OK(!leaf_data_text(text, "s", out, sizeof(out)));
	OK(leaf_data_text(text, "g", out, sizeof(out)) && !*out);
	OK(leaf_data_is(text, "b", "yes") && !leaf_data_is(text, "b", "ye"));
	OK(leaf_data_int(text, "c", &n) && n == -5);
	OK(!leaf_data_int(text, "b", &n) && !leaf_data_int(text, "d", &n));
	OK(leaf_data_true(text, "e") && !leaf_data_true(text, "b"));
	OK(!leaf_data_true(NULL, "e") && !leaf_data_true("{}", "e"));
	OK(leaf_type(leaf, strlen(leaf), &len) && len == 3 &&
	    !memcmp(leaf_type(leaf, strlen(leaf), &len), "a.b", 3));
	OK(!leaf_type(leaf, strlen(leaf) - 1, &len));
	OK(!leaf_type("\",\"v\":1}", 8, &len));
	OK(!leaf_type("0123456789012345678901\",\"v\":1}", 30, &len));
}

int
main(void)
{
	t = tally_new();
	nodes();
	escrows();
	bounties();
	odd();
	order();
	tally_free(t);
	tally_free(NULL);
	data();
	return DONE();
}
