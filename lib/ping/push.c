/*
 * A job says how it went.  It is a series of its own: its id is a hash of
 * this node's and the job's name, so that jobs of two nodes are two.
 */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "batch/batch.h"
#include "health/health.h"
#include "key/ident.h"
#include "key/key.h"
#include "ledger/ledger.h"
#include "ping/impl.h"

#define NAME "job"		/* of one that has none */

/* A home need not have a node. */
static void
id_of(const struct cli *c, const char *name, char out[HASH_HEX])
{
	static const char domain[] = "bzn-push-v1";
	char node_id[HASH_HEX] = "";
	struct sign_public key;
	struct hash_run run;
	struct hash h;
	struct err none;

	if (!key_node_public(c->home, &key, &none))
		ident_id(node_id, &key);
	hash_start(&run);
	hash_add(&run, domain, sizeof(domain));
	hash_add(&run, node_id, strlen(node_id) + 1);
	hash_add(&run, name, strlen(name));
	hash_end(&h, &run);
	hash_hex(out, &h);
}

static const char *
name_of(void *name, const char *node_id)
{
	(void)node_id;
	return name;
}

static int
act(struct cli *c, struct ledger *l, const struct json *in, struct buf *out,
    struct err *but, struct err *e)
{
	const struct ping_push *say = c->own;
	char name[FIT_NAME + 1];
	int64_t now_ms = cli_now(c);
	struct health_sweep w = {
		.began_ms = now_ms, .ended_ms = now_ms, .push = true,
		.params = &c->params,
		.chance = &c->chance, .name = name_of, .arg = name,
	};
	struct sample s = {
		.family = FAMILY_PUSH, .started_ms = now_ms,
		.mono_ms = cli_mono(c),
		.ok = !say->status,
		.class = say->status ? CLASS_EXIT : CLASS_NONE,
		.http = (int)say->status,
		.us = { -1, -1, -1, -1, -1 },
	};
	struct health_taken taken;

	(void)in;
	(void)out;
	(void)but;
	snprintf(name, sizeof(name), "%s", say->name);
	id_of(c, name, s.node_id);
	id_new(w.id, now_ms, &c->chance);
	return health_take_in(l, &w, &s, 1, &taken, e);
}

int
ping_push(struct cli *c, const struct ping_push *say, struct err *e)
{
	static const struct batch batch = { act, BATCH_KEYED, false, NULL };
	struct buf request = BUF_INIT(PING_RECORD);
	struct ping_push own = *say;
	int rc;

	if (say->status < 0)
		return err_set(e, E_usage, "--status is missing: how did it "
		    "go?");
	if (say->status > SAMPLE_EXIT_MOST)
		return err_set(e, E_usage, "--status: at most %d",
		    SAMPLE_EXIT_MOST);
	if (!own.name)
		own.name = NAME;
	if (!fit_name(own.name))
		return err_set(e, E_usage, "--name: " FIT_NAME_IS_NOT);
	c->own = &own;
	json_open(&request, NULL, '{');
	json_str(&request, "name", own.name);
	json_int(&request, "status", own.status);
	rc = batch_one(c, &batch, &request, e);
	c->own = NULL;
	buf_release(&request);
	return rc;
}
