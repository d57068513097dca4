/*
 * States of the past: the tree as it was at every size, and what a seq, a
 * time and a checkpoint name (spec/ledger.md 5.1, 7.1).
 */
#include "tap.h"

#include "base/file.h"
#include "ledger/at.h"
#include "ledger/read.h"
#include "ledger/tree.h"
#include "post.h"
#include "tlog/checkpoint.h"
#include "tlog/note.h"
#include "tlog/proof.h"

#define MANY 700		/* two full tiles, and some */

static struct hash root[MANY + 1];

/* Seven entries share a millisecond; then the clock goes on by ten. */
static int64_t
moment(int64_t seq)
{
	return HOME_MS + seq / 7 * 10;
}

static void
fill(struct store *s)
{
	struct ledger *l = NULL;
	struct posted posted;
	char id[16];
	int64_t i;
	struct pay p = {
		.type = "CREDIT_ISSUE", .from = "MINT", .to = "alice",
		.unit = "TCK", .minor = 1, .id = id,
	};
	struct err e = { 0 };

	for (i = 1; i < MANY; i++) {
		snprintf(id, sizeof(id), "e%d", (int)i);
		if (ledger_begin(s, &l, moment(i), true, &e) ||
		    pay_all(l, &p, 1, &posted, &e) || ledger_commit(l, &e))
			home_die("fill", &e);
	}
	ledger_free(l);
}

/* Every root, and every perfect subtree, against an edge in memory. */
static void
trees(struct store *s)
{
	struct hash leaf[MANY], h, want;
	struct tlog_edge edge = { 0 };
	int64_t seq, wrong = 0;
	struct query q;
	struct err e = { 0 };
	const void *bytes_of;
	unsigned level;
	uint64_t i;
	size_t n;

	tlog_root(&edge, &root[0]);
	for (seq = 0; seq < MANY; seq++) {
		query_open(&q, s, SQL_LEDGER_ENTRY_BY_SEQ);
		query_int(&q, seq);
		if (query_row(&q, &e) != 1)
			home_die("entry", &e);
		bytes_of = query_get_bytes(&q, 2, &n);
		tlog_leaf(&leaf[seq], bytes_of, n);
		query_close(&q);
		tlog_push(&edge, &leaf[seq]);
		tlog_root(&edge, &root[seq + 1]);
	}
	for (i = 0; i <= MANY; i++)
		wrong += tree_root(s, i, &h, &e) ||
		    memcmp(&h, &root[i], sizeof(h));
	OK(wrong == 0);
	for (level = 0; level <= 9; level++)
		for (i = 0; (i + 1) << level <= MANY; i++) {
			tlog_fold(&want, &leaf[i << level],
			    (size_t)1 << level);
			wrong += tree_read(s, level, i, &h, &e) ||
			    memcmp(&h, &want, sizeof(h));
		}
	OK(wrong == 0);
	OK(tree_root(s, MANY + 1, &h, &e) && e.code == E_store_corrupt);
}

static struct leaf leaves[MANY];
static struct buf bytes[MANY];

static void
load(struct store *s)
{
	struct units units = { 0 };
	struct err e = { 0 };
	struct stored at;
	struct query q;
	size_t i = 0;

	if (ledger_units_read(s, &units, &e))
		home_die("units", &e);
	ledger_leaves_open(&q, s, 0, MANY);
	for (; ledger_leaves_next(&q, &at, &e) > 0; i++) {
		bytes[i] = (struct buf)BUF_INIT(LEAF_MAX);
		buf_add(&bytes[i], at.leaf, at.leaf_n);
		if (leaf_parse(&leaves[i], at.leaf, at.leaf_n, &units, &e))
			home_die("leaf", &e);
	}
	OK(i == MANY);
	ledger_units_free(&units);
}

/* The same state of a log that is read entry by entry. */
static int64_t
walk(const char *text, enum err_code *code)
{
	struct err e = { 0 };
	struct at *at = NULL;
	int64_t i = 0;
	int got = at_begin(&at, text, &e) ? -1 : 1;

	for (; got > 0 && i < MANY; i += got > 0)
		got = at_takes(at, &leaves[i].entry, bytes[i].data,
		    bytes[i].len, &e);
	if (got >= 0)
		got = at_ends(at, &e);
	at_free(at);
	*code = got ? e.code : E_ok;
	return got ? -1 : i;
}

static int64_t
size_of(struct store *s, const char *at, enum err_code *code)
{
	enum err_code walked;
	struct err e = { 0 };
	int64_t size = -1;

	*code = at_size(s, at, &size, &e) ? e.code : E_ok;
	if (walk(at, &walked) != size || walked != *code) {
		printf("# %s: %s, walked: %s\n", at, err_word(*code),
		    err_word(walked));
		*code = E_store_corrupt;
	}
	return size;
}

static void
seqs(struct store *s)
{
	enum err_code code;
	struct err e = { 0 };
	int64_t n;

	OK(size_of(s, "0", &code) == 1 && !code);
	OK(size_of(s, "699", &code) == MANY && !code);
	OK(size_of(s, "0012", &code) == 13 && !code);
	OK(size_of(s, "700", &code) == -1 && code == E_no_entry);
	OK(size_of(s, "99999999999999999999", &code) == -1 &&
	    code == E_no_entry);
	OK(!at_first(s, "12", &n, &e) && n == 12);
	OK(at_first(s, "700", &n, &e) && e.code == E_no_entry);
	OK(!at_time(s, 14, &n, &e) && n == moment(14));
	OK(at_time(s, 700, &n, &e) && e.code == E_no_entry);
}

/* Every millisecond of the log, and those around it, against a count. */
static void
times(struct store *s)
{
	int64_t ms, n, count, wrong = 0;
	enum err_code code;
	struct err e = { 0 };
	char text[32];

	for (ms = HOME_MS - 2; ms < moment(MANY) + 15; ms++) {
		for (count = 0; count < MANY && moment(count) <= ms; count++)
			;
		snprintf(text, sizeof(text), "@%lld", (long long)ms);
		wrong += size_of(s, text, &code) != count || code;
		for (count = 0; count < MANY && moment(count) < ms; count++)
			;
		wrong += at_first(s, text, &n, &e) || n != count;
	}
	OK(wrong == 0);
	OK(size_of(s, "2026-11-20T08:00:00.010Z", &code) == 14 && !code);
	OK(size_of(s, "2026-11-20", &code) == 0 && !code);
	OK(size_of(s, "2026-13-20", &code) == -1 && code == E_bad_time);
	OK(size_of(s, "@x", &code) == -1 && code == E_bad_time);
}

static struct sign_key first, other;

/* A checkpoint in a file; bad: its signature is of other bytes. */
static void
put_note(const char *file, const char *origin, uint64_t size,
    const struct hash *h, const struct sign_key *k, bool bad)
{
	struct checkpoint c = { .size = size, .root = *h };
	struct buf out = BUF_INIT(NOTE_MAX);
	struct err e = { 0 };
	struct note_key key;
	char *digit;

	snprintf(c.origin, sizeof(c.origin), "%s", origin);
	checkpoint_write(&out, &c);
	if (note_key_of(&key, origin, NOTE_PLAIN, &k->pub, &e))
		home_die("key", &e);
	buf_addc(&out, '\n');
	note_sign(&out, &key, k, out.data, out.len - 1);
	digit = strchr(out.data, '\n') + 1;
	if (bad)
		*digit = *digit == '5' ? '6' : '5';
	if (file_write(file, out.data, out.len, 0600, &e))
		home_die(file, &e);
	buf_release(&out);
}

static void
checkpoints(struct store *s)
{
	const char *const file = "at.ckpt";
	enum err_code code;
	struct err e = { 0 };
	uint64_t i;
	int64_t n, wrong = 0;

	for (i = 0; i <= MANY; i += 35) {
		put_note(file, HOME_ORIGIN, i, &root[i], &first, false);
		wrong += size_of(s, file, &code) != (int64_t)i || code;
		wrong += at_first(s, file, &n, &e) || n != (int64_t)i;
	}
	OK(wrong == 0);
	/* After a rotation the log signs with a key that is not in leaf 0. */
	put_note(file, HOME_ORIGIN, 300, &root[300], &other, false);
	OK(size_of(s, file, &code) == 300 && !code);
	put_note(file, HOME_ORIGIN, 300, &root[301], &other, false);
	OK(size_of(s, file, &code) == -1 && code == E_root_mismatch);
	put_note(file, HOME_ORIGIN, 300, &root[301], &first, false);
	OK(size_of(s, file, &code) == -1 && code == E_root_mismatch);
	put_note(file, HOME_ORIGIN, 300, &root[300], &first, true);
	OK(size_of(s, file, &code) == -1 && code == E_bad_signature);
	put_note(file, "ledger.example/x", 300, &root[300], &first, false);
	OK(size_of(s, file, &code) == -1 && code == E_other_log);
	put_note(file, HOME_ORIGIN, MANY + 1, &root[MANY], &first, false);
	OK(size_of(s, file, &code) == -1 && code == E_no_entry);
	OK(!file_write(file, "nonsense", 8, 0600, &e));
	OK(size_of(s, file, &code) == -1 && code == E_bad_note);
	OK(size_of(s, "at.none", &code) == -1 && code == E_no_file);
}

/* As home_new(), with the verifier key of a key that is there. */
static struct store *
log_of(const struct sign_key *k)
{
	struct buf vkey = BUF_INIT(512);
	struct posted posted;
	struct err e = { 0 };
	struct store *s;

	store_close(home_new("home-at"));
	(void)unlink("home-at/node.db");
	(void)unlink("home-at/node.db-wal");
	(void)unlink("home-at/node.db-shm");
	s = home_open("home-at", STORE_CREATE);
	note_vkey(&vkey, HOME_ORIGIN, &k->pub);
	if (ledger_init(s, HOME_ORIGIN, vkey.data, HOME_MS, &posted, &e))
		home_die("ledger_init", &e);
	buf_release(&vkey);
	return s;
}

int
main(void)
{
	struct store *s;
	size_t i;

	sign_key_new(&first);
	sign_key_new(&other);
	s = log_of(&first);
	fill(s);
	trees(s);
	load(s);
	seqs(s);
	times(s);
	checkpoints(s);
	store_close(s);
	sign_key_release(&first);
	sign_key_release(&other);
	for (i = 0; i < MANY; i++) {
		leaf_release(&leaves[i]);
		buf_release(&bytes[i]);
	}
	return DONE();
}
