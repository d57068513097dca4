/* Memos: their text beside the log, their salted hash in a leaf (2.5). */
#include <string.h>

#include "base/buf.h"
#include "base/chance.h"
#include "base/json.h"
#include "base/utf8.h"
#include "ledger/apply.h"
#include "ledger/own.h"

void
post_salt(struct terms *t, struct chance *chance)
{
	chance_bytes(chance, t->salt, sizeof(t->salt));
}

void
post_memo_hash(const char *memo, const uint8_t salt[MEMO_SALT],
    char out[HASH_HEX])
{
	struct hash h;

	hash_of_two(&h, salt, MEMO_SALT, memo, strlen(memo));
	hash_hex(out, &h);
}

int
post_check_memo(const char *memo, struct err *e)
{
	size_t n = strlen(memo), i, len;

	if (n < 1 || n > MEMO_MAX)
		return err_set(e, E_bad_json, "a memo has 1 to %d bytes",
		    MEMO_MAX);
	for (i = 0; i < n; i += len) {
		len = utf8_len(memo + i, n - i);
		if (!len)
			return err_set(e, E_bad_json, "the memo is not UTF-8");
	}
	return 0;
}

int
ledger_memo(struct store *s, int64_t seq, struct buf *out, struct err *e)
{
	struct query q;
	int got;

	query_open(&q, s, SQL_LEDGER_MEMO_GET);
	query_int(&q, seq);
	got = query_row(&q, e);
	if (got > 0)
		buf_adds(out, query_get_text(&q, 0));
	query_close(&q);
	return got;
}

int
ledger_memo_erase_in(struct ledger *l, const char *id, const char *target,
    struct posted *out, struct err *e)
{
	struct buf data = BUF_INIT(256), memo = BUF_INIT(MEMO_MAX);
	struct ledger_known k, mine;
	struct query q;
	int got, done;

	if (leaf_check_id(id, e))
		return -1;
	got = ledger_find_in(l, target, &k, e);
	if (!got)
		return err_set(e, E_no_entry, "no entry '%.80s'", target);
	done = got < 0 ? -1 : ledger_find_in(l, id, &mine, e);
	got = done < 0 ? -1 : ledger_memo(ledger_store(l), k.seq, &memo, e);
	buf_release(&memo);
	if (got < 0)
		return -1;
	if (!got && !done)
		return err_set(e, E_no_entry, "'%s' has no memo", target);
	json_open(&data, NULL, '{');
	json_int(&data, "target_seq", k.seq);
	json_close(&data, '}');
	if (own_post(l, "memo.erased", id, &data, out, e))
		return -1;
	query_open(&q, ledger_store(l), SQL_LEDGER_MEMO_DROP);
	query_int(&q, k.seq);
	return query_run(&q, NULL, e) < 0 ? -1 : 0;
}
