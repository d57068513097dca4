/* score and explain by the trust model: of the store, or of a log. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "desk/facts.h"
#include "desk/trust.h"
#include "key/ident.h"
#include "node/node.h"
#include "trust/fold.h"
#include "trust/trust.h"

#define RECORD_MAX (1 << 20)

struct asking {
	struct cli *cli;
	const struct desk_cri *said;
	struct facts facts;
	struct trust_fold *fold;	/* owned; NULL: the store is asked */
	char (*id)[HASH_HEX];		/* owned: with --all */
	size_t n, cap;
	bool explain;
};

bool
desk_trust_model(const struct desk_cri *d)
{
	return d->model && strcmp(d->model, "cri");
}

int
desk_trust_check(const struct desk_cri *d, struct err *e)
{
	return strcmp(d->model, "biznode") ? err_set(e, E_usage,
	    "--model is cri or biznode") : 0;
}

static int
take(void *asking, const struct tally *t, const struct entry *x,
    struct err *e)
{
	struct asking *a = asking;

	(void)t;
	return trust_fold_take(a->fold, x, e);
}

static int
tell(struct asking *a, const char *node_id, struct trust_facts *f,
    struct err *e)
{
	struct buf out = BUF_INIT(RECORD_MAX);
	struct cli *c = a->cli;
	struct trust_score t;
	int rc;

	trust_facts_score(f, a->facts.now_ms, &c->params, &t);
	if (a->explain)
		trust_explain_write(&out, f, &t, a->facts.now_ms,
		    &c->params);
	else
		trust_score_write(&out, node_id, &t);
	json_close(&out, '}');
	rc = cli_emit_buf(c, &out, e);
	buf_release(&out);
	return rc;
}

/* Of a log: one that it speaks of, or has seen registered. */
static int
find(struct asking *a, const char *node_id, struct trust_facts *out,
    struct err *e)
{
	const struct tally_node *t;

	if (!a->fold)
		return trust_known(a->cli->store, node_id, e) ||
		    trust_facts_read(a->cli->store, node_id, out, e) ? -1 : 0;
	if (!ident_is_id(node_id))
		return err_set(e, E_node_missing, "'%.100s' is not the id of "
		    "an identity, which has 64 hex digits", node_id);
	if (trust_fold_facts(a->fold, node_id, out))
		return 0;
	t = tally_find(a->facts.tally, node_id);
	return t && t->registered ? 0 : err_set(e, E_node_missing,
	    "no node '%s'", node_id);
}

static int
one(struct asking *a, const char *node_id, struct err *e)
{
	struct trust_facts f = { 0 };
	int rc = find(a, node_id, &f, e);

	if (!rc)
		rc = tell(a, node_id, &f, e);
	trust_facts_release(&f);
	return rc;
}

/* --- all: who was spoken of, and who is registered by its id -------------- */

static int
add(void *asking, const char *node_id, struct err *e)
{
	struct asking *a = asking;

	(void)e;
	if (!ident_is_id(node_id))
		return 0;
	if (a->n == a->cap) {
		a->cap = 2 * a->cap + 64;
		a->id = mem_grow(a->id, a->cap, sizeof(*a->id));
	}
	memcpy(a->id[a->n++], node_id, HASH_HEX);
	return 0;
}

static int
add_counted(void *asking, const struct tally_node *t, struct err *e)
{
	return add(asking, t->id, e);
}

static int
by_id(const void *a, const void *b)
{
	return memcmp(a, b, HASH_HEX);
}

static int
all(struct asking *a, struct err *e)
{
	struct store *s = a->cli->store;
	size_t i;

	if (facts_each(&a->facts, add_counted, a, e) || (a->fold ?
	    trust_fold_each(a->fold, add, a, e) :
	    trust_each(s, add, a, e)))
		return -1;
	if (a->n)
		qsort(a->id, a->n, sizeof(*a->id), by_id);
	for (i = 0; i < a->n; i++)
		if ((!i || by_id(a->id[i], a->id[i - 1])) &&
		    one(a, a->id[i], e))
			return -1;
	return 0;
}

static int
ask(struct cli *c, const struct desk_cri *d, bool explain, struct err *e)
{
	struct asking a = {
		.cli = c, .said = d, .explain = explain,
		.facts.cli = c,
	};
	char **id;
	int rc;

	if (desk_trust_check(d, e) || facts_check(c, d, e))
		return -1;
	if (d->facts || d->at)
		a.fold = trust_fold_new();
	rc = facts_open(&a.facts, c, d, a.fold ? take : NULL, &a, e);
	if (!rc && d->all)
		rc = all(&a, e);
	for (id = c->argv; *id && !rc; id++)
		rc = one(&a, *id, e);
	facts_close(&a.facts);
	trust_fold_free(a.fold);
	free(a.id);
	return rc;
}

int
desk_trust_score(struct cli *c, const struct desk_cri *d, struct err *e)
{
	return ask(c, d, false, e);
}

int
desk_trust_explain(struct cli *c, const struct desk_cri *d, struct err *e)
{
	return ask(c, d, true, e);
}
