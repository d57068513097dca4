/*
 * A policy is read or refused, and who is trusted by it can sign; a proof of
 * growth that is read is written as what was read; a receipt is judged.
 */
#include <assert.h>
#include <string.h>

#include "evidence/judge.h"
#include "tlog/growth.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
policies(const char *text, size_t n)
{
	static struct policy p;
	struct checkpoint at;
	struct note note;
	struct err e = { 0 };
	size_t i;

	if (policy_read(&p, text, n, "x", &e)) {
		assert(e.code == E_bad_policy);
		return;
	}
	assert(p.keys <= POLICY_KEYS && p.quorum < (int)p.members);
	for (i = 0; i < p.members; i++)
		assert(*p.member[i].name && p.member[i].group <=
		    (int)p.members);
	assert(policy_open(&p, text, n, &at, &note, &e));
}

static void
growths(const char *text, size_t n)
{
	struct buf again = BUF_INIT(GROWTH_MAX + 64);
	struct growth g;
	struct err e = { 0 };

	if (growth_read(&g, text, n, &e)) {
		assert(e.code == E_bad_note);
		return;
	}
	growth_write(&again, &g);
	assert(again.len - 1 <= n && !memcmp(again.data, text,
	    again.len - 1));
	buf_release(&again);
}

static void
receipts(const char *text, size_t n)
{
	struct buf in = BUF_INIT(RECEIPT_MAX), out = BUF_INIT(1 << 20);
	struct judge j;
	struct err e = { 0 };

	buf_add(&in, text, n);
	if (in.full) {
		buf_release(&in);
		return;
	}
	judge_init(&j);
	judge_add(&j, "x", &in);
	assert(!judge_learn(&j, &e));
	judge_write(&j, 0, &out, &e);
	assert(e.kind);			/* nobody is trusted */
	judge_release(&j);
	buf_release(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const char *text = (const char *)data;

	policies(text, n);
	growths(text, n);
	receipts(text, n);
	return 0;
}
