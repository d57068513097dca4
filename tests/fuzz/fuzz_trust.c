/*
 * What is said of nodes: events that are signed, certificates of tiers, and
 * entries of the log.  What is read is written again, signed by a key of ours,
 * and reads as the same; what an entry says is what was posted.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "ledger/leaf.h"
#include "trust/entry.h"
#include "trust/event.h"
#include "trust/tier.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* The same entry, out of what is posted of it. */
static void
entry(const struct trust_entry *x)
{
	struct buf data = BUF_INIT(LEAF_MAX);
	struct trust_entry again;
	struct err e = { 0 };
	char id[LEAF_ID];
	struct entry posted = {
		.kind = ENTRY_EVENT, .id = id, .at_ms = x->fact.at_ms,
	};

	trust_entry_id(x, id);
	trust_entry_data(&data, x, "0", "0");
	posted.type = trust_entry_type(x);
	posted.data = data.data;
	assert(leaf_data_ok(data.data));
	assert(trust_entry_read(&again, &posted, &e) == 1);
	assert(again.said == x->said);
	assert(!strcmp(again.node_id, x->node_id));
	assert(again.fact.kind == x->fact.kind);
	assert(!strcmp(again.fact.from_id, x->fact.from_id));
	assert(!strcmp(again.fact.stake_wei, x->fact.stake_wei));
	assert(again.fact.good == x->fact.good);
	assert(again.fact.ok == x->fact.ok);
	buf_release(&data);
}

static void
said(const struct trust_event *x, const struct json *o)
{
	struct trust_entry of = { .said = TRUST_SAID_FACT };
	struct buf text = BUF_INIT(4 * JSON_MAX);
	struct json again = { 0 };
	struct trust_event y;
	struct err e = { 0 };
	struct sign_key key;

	assert(trust_event_check(o, &x->key, &e) || x->has_key);
	assert(*x->node_id || *x->node_hash);
	if (!*x->node_id)
		return;
	sign_key_new(&key);
	if (!trust_event_make(&text, x, &key, &e)) {
		assert(!json_parse(&again, text.data, text.len, &e));
		assert(!trust_event_read(&y, &again, &e));
		assert(!trust_event_check(&again, &key.pub, &e));
		assert(y.kind == x->kind && y.good == x->good);
		assert(y.ok == x->ok && y.fail == x->fail);
		assert(y.since_ms == x->since_ms);
		assert(!strcmp(y.stake_wei, x->stake_wei));
		assert(!strcmp(y.evidence, x->evidence));
		json_release(&again);
	}
	sign_key_release(&key);
	of.fact = (struct trust_fact){
		.kind = x->kind, .since_ms = x->since_ms,
		.until_ms = x->until_ms, .ok = x->ok, .fail = x->fail,
		.good = x->good,
	};
	memcpy(of.node_id, x->node_id, HASH_HEX);
	memcpy(of.fact.from_id, x->from_id, HASH_HEX);
	memcpy(of.fact.stake_wei, x->stake_wei, TRUST_WEI);
	entry(&of);
	buf_release(&text);
}

static void
certified(const struct trust_certificate *x)
{
	struct buf text = BUF_INIT(TRUST_TIER_MAX);
	struct trust_certificate y;
	struct json again = { 0 };
	struct err e = { 0 };
	struct sign_key key;

	sign_key_new(&key);
	assert(!trust_tier_make(&text, x, &key, &e));
	assert(!json_parse(&again, text.data, text.len, &e));
	assert(!trust_tier_read(&y, &again, &e));
	assert(y.tier == x->tier && y.hundredths == x->hundredths);
	assert(y.expires_ms == x->expires_ms);
	if (!trust_tier_check(&again, &y, &key.pub, x->issued_ms, &e))
		assert(x->expires_ms > x->issued_ms);
	json_release(&again);
	buf_release(&text);
	sign_key_release(&key);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct trust_certificate c;
	struct json root = { 0 };
	struct trust_event x;
	struct err e = { 0 };

	if (json_parse(&root, (const char *)data, n, &e))
		return 0;
	if (!trust_event_read(&x, &root, &e))
		said(&x, &root);
	if (!trust_tier_read(&c, &root, &e))
		certified(&c);
	json_release(&root);
	return 0;
}
