#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "ledger/at.h"
#include "ledger/ledger.h"
#include "ledger/tree.h"
#include "tlog/checkpoint.h"
#include "tlog/note.h"
#include "tlog/tlog.h"

/* What AT says. */
struct at {
	enum { SEQ, TIME, NOTE } kind;
	const char *text;		/* borrowed */
	int64_t seq, ms;
	struct buf bytes;		/* of the file */
	struct note note;
	struct checkpoint checkpoint;

	/* Of a log that is read entry by entry. */
	struct tlog_edge edge;
	int64_t size;			/* so many counted */
};

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

/* Does a checkpoint name the log of which leaf 0 says this? */
static int
names_this(struct at *at, const struct json *data, struct err *e)
{
	const char *origin, *vkey;

	if (json_get_str(data, "origin", &origin, e) ||
	    json_get_str(data, "log_key", &vkey, e))
		return -1;
	return strcmp(origin, at->checkpoint.origin) ? err_set(e,
	    E_other_log, "it is of the log '%.80s', and this one is '%.80s'",
	    at->checkpoint.origin, origin) : signed_well(&at->note, vkey, e);
}

static int
too_short(const struct checkpoint *c, int64_t size, struct err *e)
{
	return err_set(e, E_no_entry, "it covers %llu entries, and the log "
	    "has %lld so far", (unsigned long long)c->size, (long long)size);
}

static int
check_root(const struct checkpoint *c, const struct hash *root, struct err *e)
{
	return !memcmp(root, &c->root, sizeof(*root)) ? 0 : err_set(e,
	    E_root_mismatch, "its root is not that of the first %llu entries",
	    (unsigned long long)c->size);
}

static int
of_this_log(struct store *s, struct at *at, const struct ledger_head *head,
    struct err *e)
{
	const struct checkpoint *c = &at->checkpoint;
	struct json root = { 0 }, data;
	struct hash h;
	int rc;

	rc = genesis(s, &root, &data, e) || names_this(at, &data, e) ? -1 : 0;
	json_release(&root);
	if (rc)
		return -1;
	if (c->size > (uint64_t)head->size)
		return too_short(c, head->size, e);
	return tree_root(s, c->size, &h, e) || check_root(c, &h, e) ? -1 : 0;
}

static int
read_note(struct at *at, const char *path, struct err *e)
{
	at->kind = NOTE;
	at->bytes = (struct buf)BUF_INIT(NOTE_MAX);
	if (file_read(&at->bytes, path, e))
		return -1;
	return note_parse(&at->note, at->bytes.data, at->bytes.len, e) ||
	    checkpoint_read(&at->checkpoint, at->note.text, at->note.text_n,
	    e) ? err_wrap(e, "'%s'", path) : 0;
}

static int
read_at(struct at *at, const char *text, struct err *e)
{
	at->text = text;
	if (read_seq(text, &at->seq)) {
		at->kind = SEQ;
		return 0;
	}
	if (!like_time(text))
		return read_note(at, text, e);
	at->kind = TIME;
	return clock_parse(text, &at->ms, e);
}

static int
locate(struct store *s, struct at *at, const struct ledger_head *head,
    bool first, int64_t *out, struct err *e)
{
	switch (at->kind) {
	case SEQ:
		if (at->seq >= head->size)
			return no_entry(at->text, head->size, e);
		*out = at->seq + !first;
		return 0;
	case TIME:
		return before(s, at->ms + (!first && at->ms < INT64_MAX),
		    head->size, out, e);
	case NOTE:
		break;
	}
	if (of_this_log(s, at, head, e))
		return err_wrap(e, "'%s'", at->text);
	*out = (int64_t)at->checkpoint.size;
	return 0;
}

/* Both ends of a range; they differ in what a seq and a time include. */
static int
resolve(struct store *s, const char *text, bool first, int64_t *out,
    struct err *e)
{
	struct ledger_head head;
	struct at at = { 0 };
	int rc;

	rc = ledger_head(s, &head, e) || read_at(&at, text, e) ||
	    locate(s, &at, &head, first, out, e) ? -1 : 0;
	buf_release(&at.bytes);
	return rc;
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

int
at_moment(const char *at, int64_t *ms, struct err *e)
{
	return like_time(at) ? clock_parse(at, ms, e) : 0;
}

int
at_begin(struct at **out, const char *text, struct err *e)
{
	struct at *at = mem_zero(1, sizeof(*at));

	*out = NULL;
	if (read_at(at, text, e)) {
		at_free(at);
		return -1;
	}
	*out = at;
	return 0;
}

/* It begins another log, or is not the first of any. */
static int
check_first(struct at *at, const struct entry *x, struct err *e)
{
	struct json data = { 0 };
	int rc;

	if (!x->data)
		return err_set(e, E_other_log, "the log does not say whose "
		    "it is");
	rc = json_parse(&data, x->data, strlen(x->data), e) ||
	    names_this(at, &data, e) ? -1 : 0;
	json_release(&data);
	return rc;
}

static bool
is_beyond(const struct at *at, const struct entry *x)
{
	return at->kind == SEQ ? x->seq > at->seq : at->kind == TIME ?
	    x->at_ms > at->ms : (uint64_t)x->seq >= at->checkpoint.size;
}

int
at_takes(struct at *at, const struct entry *x, const void *leaf, size_t n,
    struct err *e)
{
	struct hash h;

	if (is_beyond(at, x))
		return 0;
	if (at->kind == NOTE) {
		if (!x->seq && check_first(at, x, e))
			return err_wrap(e, "'%s'", at->text);
		tlog_leaf(&h, leaf, n);
		tlog_push(&at->edge, &h);
	}
	at->size = x->seq + 1;
	return 1;
}

int
at_ends(const struct at *at, struct err *e)
{
	const struct checkpoint *c = &at->checkpoint;
	struct hash root;

	if (at->kind == SEQ && at->size <= at->seq)
		return no_entry(at->text, at->size, e);
	if (at->kind != NOTE)
		return 0;
	tlog_root(&at->edge, &root);
	return ((uint64_t)at->size < c->size ?
	    too_short(c, at->size, e) : check_root(c, &root, e)) ?
	    err_wrap(e, "'%s'", at->text) : 0;
}

void
at_free(struct at *at)
{
	if (!at)
		return;
	buf_release(&at->bytes);
	free(at);
}
