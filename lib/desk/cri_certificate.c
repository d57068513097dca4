/* Certificates of scores, with the facts that these follow from at will. */
#include <string.h>

#include "base/buf.h"
#include "base/id.h"
#include "cri/certificate.h"
#include "desk/cri.h"
#include "evidence/issue.h"
#include "key/token.h"
#include "ledger/ledger.h"

#define TRIES 8			/* at a head and a checkpoint of it */

/* Sign what is certified, and print it. */
static int
issue(struct cli *c, const struct token_key *key, const struct certificate *a,
    const struct certified *of, struct err *e)
{
	struct buf out = BUF_INIT(CERTIFICATE_RECORD);
	int rc;

	rc = certificate_issue(&out, key, a, of,
	    param_string(&c->params, PARAM_base_url), e) ||
	    cli_emit_buf(c, &out, e) ? -1 : 0;
	buf_release(&out);
	return rc;
}

/*
 * A checkpoint of what the log is now: that which is stored, or a new one.  1,
 * or 0 where nothing can be signed.
 */
static int
check_in(struct cli *c, bool writes, struct issued *out, struct err *e)
{
	struct err why = { 0 };
	struct ledger_head head;
	struct issuer i;

	if (ledger_head(c->store, &head, e) || issue_begin(&i, c->store,
	    c->home, &c->params, cli_now(c), e))
		return -1;
	if (!issue_stored(&i, head.size, out, &why) || (writes &&
	    why.code == E_no_checkpoint && !issue_checkpoint(&i, out, &why)))
		return 1;
	if (why.code == E_no_key || (!writes && why.code == E_no_checkpoint))
		return 0;
	*e = why;
	return -1;
}

/* Score and log are read in one state, so that one is evidence of the other. */
static int
read_state(struct cli *c, const char *node_id, struct certificate *a,
    struct ledger_head *head, struct certified *of, struct trail *trail,
    struct err *e)
{
	int rc = store_snapshot(c->store, e) ||
	    ledger_head(c->store, head, e) ||
	    trail_load(trail, c->store, head->size, e) ||
	    certificate_of(c->store, node_id, a->now_ms, &c->params, of, e) ?
	    -1 : 0;

	store_rollback(c->store);
	return rc;
}

struct certifying {
	const struct token_key *key;
	bool facts, writes;
};

static int
certify(struct cli *c, const struct certifying *how, const char *node_id,
    struct err *e)
{
	char issuer[CERTIFICATE_ISSUER], id[ID_TEXT];
	struct issued made = ISSUED_INIT;
	struct certificate a = {
		.id = id, .issuer = issuer,
		.now_ms = cli_now(c) / 1000 * 1000,	/* iat */
		.params = how->facts ? &c->params : NULL,
	};
	struct ledger_head head;
	struct trail trail = { 0 };
	struct certified of;
	int got = 0, rc, tries = how->facts ? TRIES : 1;

	a.exp_ms = a.now_ms + c->params.value[PARAM_cri_certificate_ttl];
	a.head = &head;
	id_new(id, a.now_ms, &c->chance);
	do {
		trail_release(&trail);
		trail = (struct trail){ 0 };
		if (how->facts)
			got = check_in(c, how->writes, &made, e);
		rc = got < 0 || read_state(c, node_id, &a, &head, &of, &trail,
		    e) ? -1 : 0;
	} while (!rc && got && made.at.size != (uint64_t)head.size && --tries);
	if (!rc && got && made.at.size == (uint64_t)head.size) {
		a.note = made.note.data;
		a.note_n = made.note.len;
	}
	a.origin = trail.origin;
	certificate_issuer(issuer, &c->params, trail.origin);
	if (!rc)
		rc = issue(c, how->key, &a, &of, e);
	trail_release(&trail);
	issue_release(&made);
	return rc;
}

/* A checkpoint is written, unless it is stored or nothing can be. */
static int
open_store(struct cli *c, struct certifying *how, struct err *e)
{
	struct err why = { 0 };

	if (how->facts && !cli_store_write(c, &why)) {
		how->writes = true;
		return 0;
	}
	if (why.kind && why.kind != ERR_DENIED && why.kind != ERR_SYSTEM) {
		*e = why;
		return -1;
	}
	return cli_store(c, e);
}

int
desk_cri_certificate(struct cli *c, const struct desk_cri *d, struct err *e)
{
	struct token_key key = { 0 };
	struct certifying how = { .key = &key, .facts = d->with_facts };
	char **id;
	int rc;

	rc = open_store(c, &how, e) || token_open(c->home, &key, e) ? -1 : 0;
	for (id = c->argv; *id && !rc; id++)
		rc = certify(c, &how, *id, e);
	rsa_key_release(&key);
	return rc;
}
