/* Memos, which are beside the log: each is the text whose hash a leaf has. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "ledger/own.h"
#include "verify/impl.h"

void
verify_erased(struct run *r, const struct entry *x)
{
	struct json data = { 0 };
	struct err why;
	int64_t target;

	if (strcmp(x->type, "memo.erased") || !r->store ||
	    !(r->want & LAYER(10)))
		return;
	if (!json_parse(&data, x->data, strlen(x->data), &why) &&
	    !json_get_int(&data, "target_seq", &target, &why)) {
		r->erased = mem_grow(r->erased, r->n_erased + 1,
		    sizeof(*r->erased));
		r->erased[r->n_erased++] = target;
	}
	json_release(&data);
}

static int
by_number(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

int
verify_memos(struct run *r)
{
	struct query q;
	bool erased;
	int64_t seq;
	int got, rc = 0;

	if (r->n_erased)
		qsort(r->erased, r->n_erased, sizeof(*r->erased), by_number);
	query_open(&q, r->store, SQL_LEDGER_MEMO_ALL);
	while (!rc && (got = query_row(&q, r->e)) > 0) {
		seq = query_get_int(&q, 3);
		erased = r->n_erased && bsearch(&seq, r->erased, r->n_erased,
		    sizeof(*r->erased), by_number);
		if (erased || !ledger_memo_fits(&q))
			rc = verify_find(r, 10, E_projection_mismatch, seq,
			    "entry %lld: its memo %s", (long long)seq, erased ?
			    "was erased" : "is not the text that it names");
	}
	query_close(&q);
	return rc || got < 0 ? -1 : 0;
}
