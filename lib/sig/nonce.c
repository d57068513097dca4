#include <assert.h>

#include "sig/nonce.h"
#include "store/store.h"

#define COUNT "sig_nonces"

/* Count down by those that are too old by now. */
static int
forget(struct store *s, int64_t now_ms, int64_t *kept, struct err *e)
{
	struct query q;
	int got;

	query_open(&q, s, SQL_SIG_FORGET);
	query_int(&q, now_ms);
	while ((got = query_row(&q, e)) > 0)
		(*kept)--;
	query_close(&q);
	return got;
}

int
nonce_take_in(struct store *s, const char *key_id, const char *nonce,
    int64_t until_ms, int64_t now_ms, struct err *e)
{
	struct query q;
	int64_t kept;
	int got;

	assert(store_writing(s));
	if (store_number(s, COUNT, &kept, e) || forget(s, now_ms, &kept, e))
		return -1;
	if (kept >= NONCE_MOST)
		return err_set(e, E_nonces_full, "%d nonces are kept: try "
		    "again when some are too old", NONCE_MOST);
	query_open(&q, s, SQL_SIG_KEEP);
	query_text(&q, key_id);
	query_text(&q, nonce);
	query_int(&q, until_ms);
	got = query_run(&q, NULL, e);
	if (got < 0)
		return -1;
	if (!got)
		return err_set(e, E_replayed, "the nonce '%.64s' of this key "
		    "was seen before", nonce);
	return store_keep_number_in(s, COUNT, kept + 1, e);
}
