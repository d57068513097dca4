/* The log that certificates name as their evidence. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/enc.h"
#include "base/mem.h"
#include "base/same.h"
#include "cri/attest.h"
#include "cri/impl.h"
#include "evidence/trail.h"
#include "ledger/exported.h"
#include "tlog/tlog.h"

struct attest_log {
	struct tally *tally;
	struct trail trail;
	struct tlog_edge edge;
};

struct attest_log *
attest_log_new(void)
{
	struct attest_log *l = mem_zero(1, sizeof(*l));

	l->tally = tally_new();
	return l;
}

void
attest_log_free(struct attest_log *l)
{
	if (!l)
		return;
	tally_free(l->tally);
	trail_release(&l->trail);
	free(l);
}

int64_t
attest_log_size(const struct attest_log *l)
{
	return (int64_t)l->edge.size;
}

int
attest_log_take(struct attest_log *l, const struct exported_entry *x,
    struct err *e)
{
	struct hash h;

	tlog_leaf(&h, x->leaf, x->leaf_n);
	tlog_push(&l->edge, &h);
	return tally_take(l->tally, x->entry, e) ||
	    trail_add(&l->trail, x->entry, e) ? -1 : 0;
}

static int
check_root(const struct attest_log *l, const struct json *evidence,
    struct err *e)
{
	const char *origin, *root;
	char hex[HASH_HEX];
	struct hash h;

	if (json_get_str(evidence, "origin", &origin, e) ||
	    json_get_str(evidence, "root", &root, e))
		return -1;
	if (!l->trail.n)
		return err_set(e, E_other_log, "the log does not say whose "
		    "it is");
	if (strcmp(origin, l->trail.origin))
		return err_set(e, E_other_log, "the log is '%.80s', and it "
		    "was certified of '%.80s'", l->trail.origin, origin);
	tlog_root(&l->edge, &h);
	hash_hex(hex, &h);
	return strcmp(hex, root) ? err_set(e, E_root_mismatch, "the log "
	    "differs: it has another root than was certified") : 0;
}

static int
check_signed(const struct attest_log *l, const struct json *evidence,
    struct err *e)
{
	const struct trail_key *key = trail_at(&l->trail, attest_log_size(l));
	const char *text = NULL;
	struct note note;

	if (json_opt_str(evidence, "note", &text, e))
		return -1;
	return text && (note_parse(&note, text, strlen(text), e) ||
	    note_check(&note, &key->key, 1, e)) ?
	    err_wrap(e, "/evidence/note") : 0;
}

/* Only the facts: score and history were found to follow from them. */
static int
check_facts(const struct attest_log *l, const struct json *claims,
    struct err *e)
{
	const struct tally_node *t;
	struct certified c;
	struct params params;
	const char *id;
	int64_t iat;

	if (json_get_str(claims, "sub", &id, e) ||
	    json_get_int(claims, "iat", &iat, e))
		return -1;
	t = tally_find(l->tally, id);
	if (!t || !t->registered)
		return err_set(e, E_facts_mismatch, "the log knows no node "
		    "'%.100s'", id);
	c.node = *t;
	if (attest_params_read(&params, claims, e))
		return -1;
	certificate_make(&c, 1000 * iat, &params);
	return attest_compare(claims, &c, "the log says", e);
}

int
attest_log_check(const struct attest_log *l, const struct json *claims,
    struct err *e)
{
	struct json evidence;

	return json_get(&evidence, claims, "evidence", JSON_OBJECT, e) ||
	    check_root(l, &evidence, e) || check_signed(l, &evidence, e) ||
	    check_facts(l, claims, e) ? -1 : 0;
}
