/*
 * What a peer says that it has seen, signed truly, whatever it says: it counts
 * or does not, and what is kept of it says the same again.
 */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "health/witness.h"
#include "key/domain.h"
#include "key/ident.h"

#define NONCE "0123456789abcdef"
#define NODE "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static struct sign_key key;
static struct ident id;

static void
make_key(void)
{
	struct secret seed = { 0 };

	if (key.pair.len)
		return;
	secret_init(&seed, 32);
	memset(seed.data, 7, 32);
	seed.len = 32;
	sign_key_of(&key, &seed);
	secret_release(&seed);
	ident_of(&id, &key.pub);
}

/* The samples are the input. */
static int
say(struct buf *out, const char *samples, size_t n)
{
	struct json root = { 0 };
	struct err e;
	int rc;

	json_open(out, NULL, '{');
	json_int(out, "v", 1);
	json_str(out, "observer", id.node_id);
	json_str(out, "node_id", NODE);
	json_str(out, "nonce", NONCE);
	json_str(out, "at", "2026-11-20T08:01:00.000Z");
	rc = json_parse(&root, samples, n, &e);
	if (!rc)
		json_copy(out, "samples", &root);
	json_release(&root);
	if (rc || domain_seal(out, DOMAIN_witness, &key, "signature", &e))
		return -1;
	json_close(out, '}');
	return 0;
}

static struct witness
judge(const char *text, size_t n)
{
	struct witness w = { .of = { .node_id = NODE,
	    .since_ms = INT64_C(1795161540000), .max_gap_ms = 300000 },
	    .asked_ms = INT64_C(1795161660000) };

	snprintf(w.peer, sizeof(w.peer), "%s", id.node_id);
	witness_judge(&w, &key.pub, NONCE, text, n);
	return w;
}

static void
look(const struct buf *text)
{
	struct witness w = judge(text->data, text->len), again;

	assert(w.class != CLASS_BADSIG || w.saw != WITNESS_NOTHING);
	assert(w.said || w.saw == WITNESS_NOTHING);
	assert(w.saw != WITNESS_UP || w.class == CLASS_NONE);
	if (w.said) {
		again = judge(w.said, strlen(w.said));
		assert(again.saw == w.saw && again.class == w.class &&
		    again.said && !strcmp(again.said, w.said));
		witness_release(&again);
	}
	witness_release(&w);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct buf text = BUF_INIT(4 * WITNESS_MAX);

	make_key();
	if (n <= WITNESS_MAX && !say(&text, (const char *)data, n))
		look(&text);
	buf_release(&text);
	return 0;
}
