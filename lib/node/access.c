#include "node/access.h"
#include "store/store.h"

int
access_put_in(struct store *s, const char *node_id, const char *hash,
    int64_t now_ms, struct err *e)
{
	struct query q;

	query_open(&q, s, SQL_NODE_ACCESS_PUT);
	query_text(&q, node_id);
	query_text(&q, hash);
	query_int(&q, now_ms);
	return query_run(&q, NULL, e) < 0 ? -1 : 0;
}

int
access_get(struct store *s, const char *node_id, char out[ACCESS_HASH],
    struct err *e)
{
	struct query q;
	int got;

	query_open(&q, s, SQL_NODE_ACCESS_GET);
	query_text(&q, node_id);
	got = query_row(&q, e);
	if (got > 0)
		query_put_text(&q, 0, out, ACCESS_HASH);
	query_close(&q);
	return got;
}
