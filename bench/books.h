/*
 * books - transactions of a bench; what fails in one ends it.
 */
#ifndef BENCH_BOOKS_H
#define BENCH_BOOKS_H

#include "ledger/ledger.h"

#include "bench.h"

static inline void
must(int rc, const struct err *e)
{
	if (rc)
		bench_die("%s (%s)", e->msg, err_word(e->code));
}

static inline void
bench_begin(struct store *s, struct ledger **l, int64_t now_ms)
{
	struct err e;

	must(ledger_begin(s, l, now_ms, true, &e), &e);
}

static inline void
bench_commit(struct ledger *l)
{
	struct err e;

	must(ledger_commit(l, &e), &e);
}

#endif
