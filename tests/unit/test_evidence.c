/*
 * Pins move forward only; the trail of the demo log's keys, and of logs that
 * lie about theirs; which private key is which after every kind of crash;
 * checkpoints over a log of several tiles.
 */
#include <fcntl.h>
#include <sys/stat.h>

#include "tap.h"

#include "base/enc.h"
#include "base/file.h"
#include "crypto/pem.h"
#include "evidence/issue.h"
#include "evidence/judge.h"
#include "evidence/pin.h"
#include "evidence/prove.h"
#include "evidence/trail.h"
#include "home.h"
#include "key/logkey.h"
#include "ledger/make.h"
#include "ledger/own.h"

static const struct units none;

/* A note by nobody, of a log of that size. */
static void
note_of(struct buf *out, struct checkpoint *at, uint64_t size, int root)
{
	*at = (struct checkpoint){ .size = size };
	snprintf(at->origin, sizeof(at->origin), "ledger.example/demo");
	memset(&at->root, root, sizeof(at->root));
	buf_reset(out);
	checkpoint_write(out, at);
	buf_adds(out, "\n\xe2\x80\x94 x AAAAAAA=\n");
}

static uint64_t
pinned(const char *dir)
{
	struct pin pin = PIN_INIT;
	struct err e = { 0 };
	uint64_t size;
	int got = pin_read(&pin, dir, "ledger.example/demo", &e);

	size = got > 0 ? pin.at.size : got ? UINT64_MAX : 0;
	pin_release(&pin);
	return size;
}

static void
pins(void)
{
	static const uint64_t sizes[] = { 5, 3, 5, 9, 8, 1, 10 };
	struct buf note = BUF_INIT(NOTE_MAX);
	char path[PATH_MAX];
	struct checkpoint at;
	struct err e = { 0 };
	uint64_t most = 0;
	size_t i;
	int fd;

	OK(!pin_path(path, "pins", "ledger.example/demo", &e));
	IS(path, "pins/d192bb4457adcde10b626cc4fa0794d0e4c2c35ea2059b5a006e345"
	    "9beb24d28");
	(void)unlink(path);
	OK(!pin_dir(path, "/home", "pins", &e));
	IS(path, "/home/pins");
	OK(!pin_dir(path, "/home", "/else", &e));
	IS(path, "/else");
	OK(pinned("pins") == 0);
	for (i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		note_of(&note, &at, sizes[i], 1);
		most = sizes[i] > most ? sizes[i] : most;
		OK(!pin_move("pins", &at, note.data, note.len, &e));
		OK(pinned("pins") == most);
	}
	note_of(&note, &at, 10, 2);
	OK(pin_move("pins", &at, note.data, note.len, &e) &&
	    e.code == E_forked);
	OK(pinned("pins") == 10);
	OK(!pin_lock(&fd, "pins", &e));
	close(fd);
	OK(pin_lock(&fd, "/dev/null/pins", &e) && e.code == E_pin_unwritable);
	OK(!pin_path(path, "pins", "ledger.example/demo", &e));
	OK(!file_write(path, note.data, note.len - 1, 0600, &e));
	OK(pinned("pins") == UINT64_MAX);
	note_of(&note, &at, 11, 1);
	OK(pin_move("pins", &at, note.data, note.len, &e) &&
	    e.code == E_bad_note);
	OK(!unlink(path));
	buf_release(&note);
}

/* Fold the demo log, with one text in place of another in its last leaf. */
static enum err_code
follow(struct trail *t, const char *from, const char *to)
{
	const char *src = getenv("BZN_SRC");
	struct buf path = BUF_INIT(4096), text = BUF_INIT(65536);
	struct buf last = BUF_INIT(65536);
	struct leaf leaf = { 0 };
	struct err e = { 0 };
	char *line, *end, *at;
	int rc = 0;

	*t = (struct trail){ 0 };
	buf_addf(&path, "%s/tests/golden/demo.leaves", src ? src : ".");
	if (file_read(&text, path.data, &e))
		return e.code;
	for (line = text.data; *line && !rc; line = end + 1) {
		end = strchr(line, '\n');
		*end = '\0';
		buf_reset(&last);
		at = from ? strstr(line, from) : NULL;
		buf_add(&last, line, at ? (size_t)(at - line) : strlen(line));
		if (at)
			buf_addf(&last, "%s%s", to, at + strlen(from));
		if (trail_concerns(last.data, last.len) &&
		    !leaf_parse(&leaf, last.data, last.len, &none, &e))
			rc = trail_add(t, &leaf.entry, &e);
	}
	leaf_release(&leaf);
	buf_release(&path);
	buf_release(&text);
	buf_release(&last);
	return rc ? e.code : E_ok;
}

static void
trails(void)
{
	static const struct {
		const char *from, *to;
		enum err_code code;
	} c[] = {
		{ "\"origin\":\"ledger", "\"origin\":\"lodger", E_bad_vkey },
		{ "\"node_sig\":\"O", "\"node_sig\":\"P", E_bad_signature },
		{ "\"node_id\":\"a", "\"node_id\":\"b", E_id_mismatch },
		{ "\"node_sig\":\"cC", "\"node_sig\":\"cD", E_bad_signature },
		{ "\"key_sig\":\"om", "\"key_sig\":\"on", E_bad_signature },
		{ "\"reason\":\"s", "\"reason\":\"x", E_bad_json },
		{ "\"old_key\":\"ledger.example/demo+7b", "\"old_key\":\""
		    "ledger.example/demo+8b", E_wrong_state },
		{ "demo+3943ab50", "demo+3943ab51", E_bad_vkey },
	};
	enum err_code got;
	struct trail t;
	size_t i;

	OK(follow(&t, NULL, NULL) == E_ok && t.n == 2 && t.certified);
	IS(t.origin, "ledger.example/demo");
	OK(t.key[1].seq == 10 && t.key[1].reason == TRAIL_SCHEDULED);
	OK(trail_at(&t, 1) == &t.key[0] && trail_at(&t, 10) == &t.key[0]);
	OK(trail_at(&t, 11) == &t.key[1] && trail_at(&t, 999) == &t.key[1]);
	trail_release(&t);
	for (i = 0; i < sizeof(c) / sizeof(*c); i++) {
		got = follow(&t, c[i].from, c[i].to);
		if (got != c[i].code)
			printf("# %s: %s\n", c[i].to, err_word(got));
		OK(got == c[i].code);
		trail_release(&t);
	}
}

static void
put_key(const char *name, const struct sign_key *key)
{
	char path[PATH_MAX];
	struct secret pem = { 0 };
	struct err e = { 0 };

	snprintf(path, sizeof(path), "k/identity/%s", name);
	(void)unlink(path);
	if (key && !pem_write(&pem, key, NULL, &e))
		OK(!key_write_secret(path, &pem, true, &e));
	secret_release(&pem);
}

/* Which of the keys is in the file: its number, -1 none. */
static int
get_key(const char *name, const struct sign_key *keys, int n)
{
	char path[PATH_MAX];
	struct sign_key key;
	struct err e = { 0 };
	int i;

	snprintf(path, sizeof(path), "k/identity/%s", name);
	if (key_open(path, NULL, NULL, &key, &e))
		return -1;
	for (i = 0; i < n && memcmp(&keys[i].pub, &key.pub,
	    sizeof(key.pub)); i++)
		;
	sign_key_release(&key);
	return i;
}

/* A: before; B: in use; C: another's. */
static void
key_files(void)
{
	enum { A, B, C, NO };
	static const struct {
		int now, next, old;		/* as found */
		bool keep;
		int is_now, is_old;		/* as they must be; -1 none */
	} c[] = {
		{ A, B, NO, true, B, A },	/* killed after the commit */
		{ A, B, A, true, B, A },	/* and after the first step */
		{ B, B, A, true, B, A },	/* and after the second */
		{ B, NO, A, true, B, A },	/* done */
		{ B, NO, A, false, B, -1 },	/* the overlap is over */
		{ A, B, NO, false, B, -1 },	/* compromised */
		{ B, C, NO, true, B, -1 },	/* one that was never posted */
		{ B, NO, C, true, B, -1 },	/* older still */
		{ C, B, A, true, C, A },	/* of another log: left alone */
		{ C, NO, NO, true, C, -1 },
		{ A, NO, NO, true, A, -1 },	/* the new one is lost */
	};
	struct sign_key k[3], got;
	struct err e = { 0 };
	size_t i;

	(void)mkdir("k", 0700);
	(void)mkdir("k/identity", 0700);
	for (i = 0; i < 3; i++)
		sign_key_new(&k[i]);
	for (i = 0; i < sizeof(c) / sizeof(*c); i++) {
		put_key("log_private.pem", c[i].now == NO ? NULL :
		    &k[c[i].now]);
		put_key("log_next.pem", c[i].next == NO ? NULL :
		    &k[c[i].next]);
		put_key("log_old.pem", c[i].old == NO ? NULL : &k[c[i].old]);
		OK(!logkey_settle("k", &k[B].pub, &k[A].pub, c[i].keep, &e));
		OK(get_key("log_private.pem", k, 3) == c[i].is_now);
		OK(get_key("log_old.pem", k, 3) == c[i].is_old);
		OK(c[i].is_now != B || get_key("log_next.pem", k, 3) == -1);
	}
	/* Found wherever it is. */
	put_key("log_next.pem", &k[C]);
	OK(logkey_find("k", &k[C].pub, &got, &e) == 1);
	sign_key_release(&got);
	OK(logkey_find("k", &k[B].pub, &got, &e) == 0);
	put_key("log_private.pem", NULL);
	OK(logkey_find("k", &k[A].pub, &got, &e) == 0);
	put_key("log_next.pem", NULL);
	for (i = 0; i < 3; i++)
		sign_key_release(&k[i]);
}

#define ENTRIES 70000

/* Several full tiles of two levels, and a partial one of each. */
static void
fill(struct store *s, int64_t to)
{
	struct ledger *l = NULL;
	struct ledger_head head;
	struct err e = { 0 };
	char id[LEAF_ID];
	int bad = 0;

	OK(!ledger_head(s, &head, &e));
	home_begin(s, &l, HOME_MS);
	for (; head.size < to; head.size++) {
		snprintf(id, sizeof(id), "x%lld", (long long)head.size);
		bad += ledger_event_in(l, "note.test", id, NULL, "{}", &e);
	}
	home_commit(l);
	ledger_free(l);
	OK(!bad);
}

static bool
proves(struct issuer *i, struct judge *j, int64_t seq, struct issued *by)
{
	struct buf text = BUF_INIT(RECEIPT_MAX), record = BUF_INIT(1 << 20);
	char id[LEAF_ID];
	struct err e = { 0 };

	if (prove_receipt(i, seq, by, &text, id, &e))
		return false;
	judge_add(j, "x", &text);
	judge_write(j, j->n - 1, &record, &e);
	buf_release(&record);
	return !e.kind;
}

/* In a log that is large, every receipt, and every growth of its pin. */
static void
large(void)
{
	static const int64_t sizes[] = {
		2, 255, 256, 257, 511, 513, 65535, 65536, 65537, ENTRIES,
	};
	struct buf vkey = BUF_INIT(512);
	struct issued made = ISSUED_INIT, again = ISSUED_INIT;
	struct params params;
	struct posted posted;
	struct sign_public pub;
	struct err e = { 0 };
	struct store *s;
	struct issuer i;
	struct judge j;
	size_t k;
	int64_t seq;
	int bad = 0;

	(void)mkdir("big", 0700);
	(void)!system("rm -rf big/*");
	s = home_open("big", STORE_CREATE);
	OK(!key_log("big", &pub, &e));
	note_vkey(&vkey, HOME_ORIGIN, &pub);
	OK(!ledger_init(s, HOME_ORIGIN, vkey.data, HOME_MS, &posted, &e));
	param_defaults(&params);
	OK(!issue_begin(&i, s, "big", &params, HOME_MS, &e));
	judge_init(&j);
	OK(!note_key_read(&j.policy.key[0], vkey.data, &e));
	j.policy.keys = 1;
	for (k = 0; k < sizeof(sizes) / sizeof(*sizes); k++) {
		fill(s, sizes[k]);
		OK(!issue_checkpoint(&i, &made, &e));
		OK(made.at.size == (uint64_t)sizes[k]);
		OK(!issue_checkpoint(&i, &again, &e));
		IS(again.note.data, made.note.data);
		for (seq = 0; seq < sizes[k]; seq += 1 + sizes[k] / 37)
			bad += !proves(&i, &j, seq, &made);
		bad += !proves(&i, &j, sizes[k] - 1, &made);
		OK(!bad);
	}
	for (k = 0; k < sizeof(sizes) / sizeof(*sizes); k++) {
		OK(!issue_stored(&i, sizes[k], &made, &e));
		bad += !proves(&i, &j, sizes[k] / 2, &made);
	}
	OK(!bad);
	OK(issue_due(&i, 0, &e) == 0);
	fill(s, ENTRIES + 1);
	i.now_ms += 59999;
	OK(issue_due(&i, 60000, &e) == 0);
	i.now_ms += 1;
	OK(issue_due(&i, 60000, &e) == 1);
	OK(issue_due(&i, 60000, &e) == 0);
	judge_release(&j);
	issue_release(&made);
	issue_release(&again);
	buf_release(&vkey);
	store_close(s);
}

int
main(void)
{
	pins();
	trails();
	key_files();
	large();
	return DONE();
}
