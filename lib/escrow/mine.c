/* The tasks of a node, as it asks for them: vmp 2.4. */
#include <string.h>

#include "escrow/escrow.h"

static const struct { enum sql list, total; } asked[] = {
	[ROLE_SELLER] = { SQL_ESCROW_SOLD, SQL_ESCROW_SOLD_TOTAL },
	[ROLE_BUYER] = { SQL_ESCROW_BOUGHT, SQL_ESCROW_BOUGHT_TOTAL },
	[ROLE_ANY] = { SQL_ESCROW_MINE, SQL_ESCROW_MINE_TOTAL },
};

/* Open or in progress, nothing was delivered, and the escrow is pending. */
static bool
is_to_do(const struct escrow_mine *m)
{
	enum task_state state;

	return m->role == ROLE_SELLER && m->state &&
	    escrow_task_named(m->state, &state) && state < TASK_COMPLETED;
}

void
escrow_mine_open(struct query *q, struct store *s,
    const struct escrow_mine *m)
{
	query_open(q, s, is_to_do(m) ? SQL_ESCROW_TO_DO : asked[m->role].list);
	query_text(q, m->node_id);
	query_text(q, m->state);
	query_int(q, m->limit ? m->limit : INT64_MAX);
	query_int(q, m->offset);
}

int
escrow_mine_total(struct store *s, const struct escrow_mine *m, int64_t *out,
    struct err *e)
{
	struct query q;

	*out = 0;
	query_open(&q, s, is_to_do(m) ? SQL_ESCROW_TO_DO_TOTAL :
	    asked[m->role].total);
	query_text(&q, m->node_id);
	query_text(&q, m->state);
	return query_run(&q, out, e) < 0 ? -1 : 0;
}

int
escrow_opens(struct store *s, const char *buyer_id, struct escrow_opens *out,
    struct err *e)
{
	struct query q;
	int got;

	*out = (struct escrow_opens){ 0 };
	query_open(&q, s, SQL_ESCROW_OPENS);
	query_text(&q, buyer_id);
	got = query_row(&q, e);
	if (got > 0) {
		out->escrows = query_get_int(&q, 0);
		out->tasks = query_get_int(&q, 1);
	}
	query_close(&q);
	return got < 0 ? -1 : 0;
}

int
escrow_first_close(struct store *s, const char *buyer_id, int64_t by_ms,
    int64_t *out_ms, struct err *e)
{
	struct query q;
	int64_t at_ms = 0;

	query_open(&q, s, SQL_ESCROW_FIRST_CLOSE);
	query_text(&q, buyer_id);
	query_int(&q, by_ms);
	if (query_run(&q, &at_ms, e) < 0)
		return -1;
	*out_ms = at_ms ? at_ms : by_ms;
	return 0;
}
