#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "ledger/at.h"
#include "ledger/ledger.h"
#include "ledger/tree.h"
#include "tlog/checkpoint.h"
#include "tlog/note.h"

static int
no_entry(const char *text, int64_t size, struct err *e)
{
	return err_set(e, E_no_entry,
	    "no entry %.40s: the log has %lld so far", text, (long long)size);
}

/* Digits, and nothing else: a seq.  -1 if it is too long for one. */
static bool
read_seq(const char *text, int64_t *seq)
{
	uint64_t n;
	size_t len = strspn(text, "0123456789");

	if (!len || text[len])
		return false;
	while (*text == '0' && text[1])
		text++;
	*seq = checkpoint_number(&n, text, strlen(text)) && n < INT64_MAX ?
	    (int64_t)n : INT64_MAX;
	return true;
}

/* 2026-11... or @...: what is no file. */
static bool
like_time(const char *text)
{
	return *text == '@' || (strspn(text, "0123456789") == 4 &&
	    text[4] == '-' && strspn(text + 5, "0123456789") == 2);
}

/* Every leaf begins {"at_ms":N, since keys are sorted. */
int
at_time(struct store *s, int64_t seq, int64_t *ms, struct err *e)
{
	static const char key[] = "{\"at_ms\":";
	const char *leaf;
	struct query q;
	size_t n = 0, len;
	int got;

	query_open(&q, s, SQL_LEDGER_ENTRY_BY_SEQ);
	query_int(&q, seq);
	got = query_row(&q, e);
	if (got > 0) {
		leaf = query_get_bytes(&q, 2, &len);
		while (sizeof(key) - 1 + n < len && n < 17 &&
		    leaf[sizeof(key) - 1 + n] >= '0' &&
		    leaf[sizeof(key) - 1 + n] <= '9')
			n++;
		if (len < sizeof(key) || memcmp(leaf, key, sizeof(key) - 1) ||
		    !amount_canonical(leaf + sizeof(key) - 1, n, 0, ms))
			got = err_set(e, E_store_corrupt,
			    "entry %lld has no time", (long long)seq);
	} else if (!got) {
		got = err_set(e, E_no_entry, "no entry %lld", (long long)seq);
	}
	query_close(&q);
	return got < 0 ? -1 : 0;
}

/* How many entries are before the time; log time never falls. */
static int
before(struct store *s, int64_t ms, int64_t size, int64_t *out,
    struct err *e)
{
	int64_t low = 0, high = size, middle, is = 0;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (at_time(s, middle, &is, e))
			return -1;
		if (is < ms)
			low = middle + 1;
		else
			high = middle;
	}
	*out = low;
	return 0;
}

/* What leaf 0 says of the log. */
static int
genesis(struct store *s, struct json *root, struct json *data, struct err *e)
{
	const void *leaf;
	struct query q;
	size_t n;
	int got;

	query_open(&q, s, SQL_LEDGER_ENTRY_BY_SEQ);
	query_int(&q, 0);
	got = query_row(&q, e);
	if (got > 0) {
		leaf = query_get_bytes(&q, 2, &n);
		got = json_parse(root, leaf, n, e) ||
		    json_get(data, root, "data", JSON_OBJECT, e) ? -1 : 1;
	} else if (!got) {
		got = err_set(e, E_no_entry, "the log is empty");
	}
	query_close(&q);
	return got < 0 ? -1 : 0;
}

/*
 * A signature by a key that is not the first proves nothing here, since keys
 * rotate; the root does.  But one that names the first key must be its own.
 */
static int
signed_well(struct note *n, const char *vkey, struct err *e)
{
	struct note_key key;
	struct err why = { 0 };

	if (note_key_read(&key, vkey, &why) ||
	    !note_check(n, &key, 1, &why) || why.code == E_unknown_signer)
		return 0;
	*e = why;
	return -1;
}

static int
of_this_log(struct store *s, struct note *n, const struct checkpoint *c,
    const struct ledger_head *head, struct err *e)
{
	struct json root = { 0 }, data;
	const char *origin, *vkey;
	struct hash h;
	int rc = -1;

	if (genesis(s, &root, &data, e) ||
	    json_get_str(&data, "origin", &origin, e) ||
	    json_get_str(&data, "log_key", &vkey, e))
		goto out;
	if (strcmp(origin, c->origin)) {
		err_set(e, E_other_log, "it is of the log '%.80s', and "
		    "this one is '%.80s'", c->origin, origin);
		goto out;
	}
	if (signed_well(n, vkey, e))
		goto out;
	if (c->size > (uint64_t)head->size) {
		err_set(e, E_no_entry, "it covers %llu entries, and the log "
		    "has %lld so far", (unsigned long long)c->size,
		    (long long)head->size);
		goto out;
	}
	if (tree_root(s, c->size, &h, e))
		goto out;
	if (memcmp(&h, &c->root, sizeof(h))) {
		err_set(e, E_root_mismatch, "its root is not that of the "
		    "first %llu entries", (unsigned long long)c->size);
		goto out;
	}
	rc = 0;
out:
	json_release(&root);
	return rc;
}

static int
from_file(struct store *s, const char *path, const struct ledger_head *head,
    int64_t *size, struct err *e)
{
	struct buf bytes = BUF_INIT(NOTE_MAX);
	struct checkpoint c;
	struct note n;
	int rc = -1;

	if (file_read(&bytes, path, e))
		goto out;
	if (note_parse(&n, bytes.data, bytes.len, e) ||
	    checkpoint_read(&c, n.text, n.text_n, e) ||
	    of_this_log(s, &n, &c, head, e)) {
		err_wrap(e, "'%s'", path);
		goto out;
	}
	*size = (int64_t)c.size;
	rc = 0;
out:
	buf_release(&bytes);
	return rc;
}

/* Both ends of a range; they differ in what a seq and a time include. */
static int
resolve(struct store *s, const char *at, bool first, int64_t *out,
    struct err *e)
{
	struct ledger_head head;
	int64_t ms, seq;

	if (ledger_head(s, &head, e))
		return -1;
	if (read_seq(at, &seq)) {
		if (seq >= head.size)
			return no_entry(at, head.size, e);
		*out = first ? seq : seq + 1;
		return 0;
	}
	if (!like_time(at))
		return from_file(s, at, &head, out, e);
	if (clock_parse(at, &ms, e))
		return -1;
	if (!first && ms < INT64_MAX)
		ms++;
	return before(s, ms, head.size, out, e);
}

int
at_size(struct store *s, const char *at, int64_t *size, struct err *e)
{
	return resolve(s, at, false, size, e);
}

int
at_first(struct store *s, const char *at, int64_t *seq, struct err *e)
{
	return resolve(s, at, true, seq, e);
}
