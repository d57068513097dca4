/* What is known of the newest checkpoint without reading it. */
#include "evidence/issue.h"
#include "store/store.h"

int
issue_newest(struct store *s, int64_t *size, int64_t *at_ms, struct err *e)
{
	struct query q;
	int got;

	query_open(&q, s, SQL_EVIDENCE_LAST);
	got = query_row(&q, e);
	if (got > 0) {
		*size = query_get_int(&q, 0);
		*at_ms = query_get_int(&q, 1);
	}
	query_close(&q);
	return got;
}
