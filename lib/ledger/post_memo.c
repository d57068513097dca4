/* Memos: their text beside the log, their salted hash in a leaf (2.5). */
#include <stdio.h>
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

/* The hash that a leaf has of its memo: a member, or one of its data. */
static bool
hash_in(const struct json *leaf, char out[HASH_HEX])
{
	const char *kind, *hex = NULL;
	struct err why;
	struct json data;

	if (json_get_str(leaf, "kind", &kind, &why))
		return false;
	if (strcmp(kind, "reversal")) {
		if (json_get_str(leaf, "memo_sha256", &hex, &why))
			return false;
	} else if (!json_find(&data, leaf, "data") ||
	    json_get_str(&data, "memo_sha256", &hex, &why)) {
		return false;
	}
	snprintf(out, HASH_HEX, "%s", hex);
	return strlen(hex) == HASH_HEX - 1;
}

bool
ledger_memo_fits(const struct query *q)
{
	size_t memo_n, salt_n, n;
	const char *memo = query_get_bytes(q, 0, &memo_n);
	const void *salt = query_get_bytes(q, 1, &salt_n);
	const void *leaf = query_get_bytes(q, 2, &n);
	char said[HASH_HEX] = "", is[HASH_HEX];
	struct json root = { 0 };
	struct hash h;
	struct err why;
	bool has;

	has = !json_parse(&root, leaf, n, &why) && hash_in(&root, said);
	json_release(&root);
	hash_of_two(&h, salt, salt_n, memo, memo_n);
	hash_hex(is, &h);
	return has && salt_n == MEMO_SALT && !memchr(memo, '\0', memo_n) &&
	    !strcmp(said, is);
}

int
ledger_memo(struct store *s, int64_t seq, struct buf *out, struct err *e)
{
	struct query q;
	int got;

	query_open(&q, s, SQL_LEDGER_MEMO_GET);
	query_int(&q, seq);
	got = query_row(&q, e);
	if (got > 0 && !ledger_memo_fits(&q))
		got = err_set(e, E_projection_mismatch, "what is stored as "
		    "the memo of entry %lld is not its memo", (long long)seq);
	if (got > 0)
		buf_adds(out, query_get_text(&q, 0));
	query_close(&q);
	return got;
}

/* Whatever it says: 1, 0, -1. */
static int
has_memo(struct store *s, int64_t seq, struct err *e)
{
	struct query q;

	query_open(&q, s, SQL_LEDGER_MEMO_GET);
	query_int(&q, seq);
	return query_run(&q, NULL, e);
}

int
ledger_memo_erase_in(struct ledger *l, const char *id, const char *target,
    struct posted *out, struct err *e)
{
	struct buf data = BUF_INIT(256);
	struct ledger_known k, mine;
	struct query q;
	int got, done;

	if (leaf_check_id(id, e))
		return -1;
	got = ledger_find_in(l, target, &k, e);
	if (!got)
		return err_set(e, E_no_entry, "no entry '%.80s'", target);
	done = got < 0 ? -1 : ledger_find_in(l, id, &mine, e);
	got = done < 0 ? -1 : has_memo(ledger_store(l), k.seq, e);
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
