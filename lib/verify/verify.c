/* The run: which layers, in which order, and what their findings amount to. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "verify/impl.h"

#define OF_SCAN (LAYER(5) | LAYER(6) | LAYER(7) | LAYER(8) | LAYER(9) | \
	LAYER(10) | LAYER(11))

/* 6.2: shown false before could not tell before a promise unmet. */
static bool
weighs_more(enum err_kind a, enum err_kind b)
{
	static const enum err_kind order[] = {
		ERR_OK, ERR_REFUSED, ERR_INPUT, ERR_MISSING, ERR_DENIED,
		ERR_BUSY, ERR_SYSTEM, ERR_NO,
	};
	size_t i, at[2] = { 0, 0 };

	for (i = 0; i < sizeof(order) / sizeof(*order); i++) {
		at[0] = order[i] == a ? i : at[0];
		at[1] = order[i] == b ? i : at[1];
	}
	return at[0] > at[1];
}

static void
weigh(struct run *r, enum err_kind status, enum err_code code)
{
	if (!weighs_more(status, r->out->status))
		return;
	r->out->status = status;
	r->out->code = code;
}

static int
report(struct run *r, const struct finding *f)
{
	if (!(r->want & LAYER(f->layer)) || r->stop)
		return r->stop ? -1 : 0;
	if (verify_whole_end(r))
		return -1;
	weigh(r, err_kind(f->code), f->code);
	if (++r->out->findings > r->how->most)
		return 0;
	if (!r->how->told(r->how->arg, f, r->e))
		return 0;
	r->stop = true;
	return -1;
}

int
verify_find(struct run *r, int layer, enum err_code code, int64_t seq,
    const char *fmt, ...)
{
	char text[320];
	const struct finding f = { layer, code, seq, text, NULL, NULL };
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return report(r, &f);
}

int
verify_find_hash(struct run *r, int layer, enum err_code code, int64_t seq,
    const struct hash *want, const struct hash *got, const char *text)
{
	char hex[2][HASH_HEX];
	const struct finding f = { layer, code, seq, text, hex[0], hex[1] };

	hash_hex(hex[0], want);
	hash_hex(hex[1], got);
	return report(r, &f);
}

void
verify_skip(struct run *r, unsigned layers, enum err_kind kind,
    const char *fmt, ...)
{
	va_list ap;
	int i;

	/* If that says stop, the next who has something to say will know. */
	(void)!verify_whole_end(r);
	layers &= r->want;
	for (i = 1; i <= VERIFY_LAYERS; i++) {
		if (!(layers & LAYER(i)))
			continue;
		va_start(ap, fmt);
		vsnprintf(r->out->why[i], sizeof(r->out->why[i]), fmt, ap);
		va_end(ap);
		weigh(r, kind, kind == ERR_BUSY ? E_database_busy :
		    kind == ERR_NO ? E_seq_gap : E_store_corrupt);
	}
	r->want &= ~layers;
	r->out->skipped |= layers;
}

int
verify_failed(struct run *r, unsigned layers)
{
	if (r->stop)
		return -1;
	verify_skip(r, layers, r->e->kind == ERR_BUSY ? ERR_BUSY : ERR_SYSTEM,
	    "%s", r->e->msg);
	return 0;
}

int
verify_layers(const char *text, unsigned *out, struct err *e)
{
	const char *p = text;
	unsigned long from, to;
	char *end;

	*out = 0;
	for (;;) {
		from = to = *p >= '0' && *p <= '9' ? strtoul(p, &end, 10) : 0;
		if (from && *end == '-') {
			p = end + 1;
			to = *p >= '0' && *p <= '9' ?
			    strtoul(p, &end, 10) : 0;
		}
		if (!from || from > to || to > VERIFY_LAYERS)
			break;
		for (; from <= to; from++)
			*out |= 1u << from;
		if (!*end)
			return 0;
		if (*end != ',')
			break;
		p = end + 1;
	}
	return err_set(e, E_usage, "--layers is a list of 1 to %d such as "
	    "1-8,12, not '%.40s'", VERIFY_LAYERS, text);
}

/* Has the store said anything?  Between its making and leaf 0 it has not. */
static int
is_silent(struct run *r)
{
	int64_t leaves = 1;
	struct query q;
	int got;

	query_open(&q, r->store, SQL_VERIFY_LEAVES);
	if (query_run(&q, &leaves, r->e) < 0)
		return -1;
	query_open(&q, r->store, SQL_EVIDENCE_LAST);
	got = query_run(&q, NULL, r->e);
	return got < 0 ? -1 : !leaves && !got;
}

/* The head as it is committed, which the leaves have to lead to. */
static int
read_head(struct run *r)
{
	struct query q;
	int got;

	if (!r->store)
		return 0;
	got = ledger_head(r->store, &r->head, r->e);
	if ((got || !r->head.size) && is_silent(r) > 0)
		return err_set(r->e, E_no_ledger, "the log has no leaf yet: "
		    "run 'bzn-ledger init'");
	if (got)
		return verify_failed(r, LAYER(6) | LAYER(7));
	r->has_head = true;
	r->posted = r->head.size;
	query_open(&q, r->store, SQL_LEDGER_POSTED);
	return query_run(&q, &r->posted, r->e) < 0 ?
	    verify_failed(r, LAYER(10)) : 0;
}

static int
scan(struct run *r)
{
	unsigned of_scan = r->want & OF_SCAN;

	if (!of_scan || r->how->fast)
		return 0;
	if ((verify_scan(r) || verify_judge_end(r) || verify_hashes_end(r)) &&
	    verify_failed(r, of_scan))
		return -1;
	if (r->store && (r->want & LAYER(10)) && verify_projections(r) &&
	    verify_failed(r, LAYER(10)))
		return -1;
	if ((r->want & LAYER(11)) && verify_promises(r) &&
	    verify_failed(r, LAYER(11)))
		return -1;
	return 0;
}

static void
sum_up(struct run *r)
{
	unsigned asked = r->how->layers;

	r->out->layers = asked & r->want;
	r->out->trust = r->how->trust;
	if (*r->trail.origin)
		snprintf(r->out->origin, sizeof(r->out->origin), "%s",
		    r->trail.origin);
	if (r->how->fast && r->has_head) {
		r->out->size = r->head.size;
		r->out->root = r->head.root;
	}
}

static int
all(struct run *r)
{
	if (r->store && verify_file(r))
		return -1;
	if (read_head(r) || verify_leaves_open(r))
		return -1;
	if (verify_notes(r) && verify_failed(r, LAYER(4)))
		return -1;
	verify_asks_ready(r);
	if (scan(r))
		return -1;
	if ((r->want & LAYER(4)) && verify_signatures(r) &&
	    verify_failed(r, LAYER(4)))
		return -1;
	return verify_whole_end(r);
}

int
verify_run(struct store *s, const struct verify_how *how,
    struct verified *out, struct err *e)
{
	struct run *r = mem_zero(1, sizeof(*r));
	int rc = -1;

	*out = (struct verified){ .checkpoint = -1 };
	*r = (struct run){
		.store = s, .how = how, .out = out, .e = e,
		.want = how->layers, .posted = INT64_MAX,
	};
	r->fold = fold_new();
	fold_past(r->fold, verify_leaves_past, r);
	r->clearing = verify_clearing_new();
	if (s && store_snapshot(s, e))
		goto out;
	rc = all(r);
	if (verify_whole_end(r))	/* it may have ended before */
		rc = -1;
	sum_up(r);
out:
	if (s)
		store_rollback(s);
	verify_leaves_close(r);
	verify_clearing_free(r->clearing);
	fold_free(r->fold);
	leaf_release(&r->leaf);
	trail_release(&r->trail);
	free(r->ask);
	free(r->suspect);
	free(r->seen);
	free(r->erased);
	free(r);
	return rc;
}
