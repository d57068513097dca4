/* What is known of checkpoints without reading them. */
#include "base/enc.h"
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

int
issue_covering(struct store *s, int64_t seq, struct issue_known *out,
    struct err *e)
{
	const void *root;
	struct query q;
	size_t n;
	int got;

	query_open(&q, s, SQL_EVIDENCE_COVERING);
	query_int(&q, seq);
	got = query_row(&q, e);
	if (got > 0) {
		out->size = query_get_int(&q, 0);
		out->at_ms = query_get_int(&q, 1);
		root = query_get_bytes(&q, 2, &n);
		if (n == HASH_BYTES)
			enc_hex(out->root, root, n);
		else
			got = err_set(e, E_store_corrupt, "the root of a "
			    "checkpoint is no hash");
	}
	query_close(&q);
	return got;
}
