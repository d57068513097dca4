/* What the books depend on: engine, disk, clock, keys, lock, log. */
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"
#include "clerk/impl.h"
#include "evidence/issue.h"
#include "evidence/pin.h"
#include "evidence/trail.h"
#include "key/audit.h"
#include "key/logkey.h"
#include "key/logkey.h"
#include "ledger/rebuild.h"
#include "store/health.h"

#define BEHIND_MS INT64_C(60000)	/* clocks of two machines differ */
#define TOO_FAST_US 15			/* no disk is done so soon */
#define MIB (1024 * 1024)

#define OK CLERK_OK
#define NOTE CLERK_NOTE
#define BAD CLERK_BAD

struct doctor {
	struct cli *c;
	clerk_looked *told;
	void *arg;
	bool lost;			/* who is told has had enough */
	struct err *e;
};

static void
tell(struct doctor *d, const char *check, enum clerk_look r, const char *fmt,
    ...) ERR_PRINTF(4, 5);

static void
tell(struct doctor *d, const char *check, enum clerk_look r, const char *fmt,
    ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (!d->lost && d->told(d->arg, check, r, text, d->e))
		d->lost = true;
}

static void
check_engine(struct doctor *d, const struct health *h)
{
	tell(d, "engine", h->wal_reset ? NOTE : OK, "SQLite %s%s", h->engine,
	    h->wal_reset ? ": before 3.51.3 two that write and copy the log "
	    "back at once can damage it, so both take node.lock; let no other "
	    "program write to node.db" : "");
}

static void
check_disk(struct doctor *d, const struct health *h)
{
	int64_t want = 2 * HEALTH_WAL_MOST;

	tell(d, "file_system", h->network || h->read_only ? BAD :
	    h->volatile_fs ? NOTE : OK, "%s%s", h->fs, h->network ?
	    ": locks do not hold across machines; move the home to a disk" :
	    h->read_only ? ": mounted read-only; nothing can be written" :
	    h->volatile_fs ? ": in memory; nothing survives a restart" : "");
	tell(d, "free_space", h->free_bytes < want ? BAD : OK,
	    "%" PRId64 " MiB%s", h->free_bytes / MIB, h->free_bytes < want ?
	    ": less than the 512 MiB that a long log may take; make room" :
	    "");
	if (h->sync_us < 0)
		tell(d, "sync", NOTE, "could not be measured here");
	else
		tell(d, "sync", h->sync_us < TOO_FAST_US ? NOTE : OK,
		    "%" PRId64 " us%s", h->sync_us, h->sync_us < TOO_FAST_US ?
		    ": too fast for a disk; in memory, or a cache that says "
		    "yes before it is true" : "");
}

static void
check_log(struct doctor *d, const struct health *h)
{
	if (h->has_db && !h->wal)
		tell(d, "log", BAD, "node.db is not kept with a write-ahead "
		    "log: run 'bzn-ledger verify', then any program that "
		    "writes");
	else if (h->wal_bytes < 0)
		tell(d, "log", OK, "none");
	else
		tell(d, "log", h->wal_bytes > HEALTH_WAL_MOST ? BAD :
		    h->wal_bytes > HEALTH_WAL_LONG ? NOTE : OK,
		    "%" PRId64 " KiB%s", h->wal_bytes / 1024, h->wal_bytes >
		    HEALTH_WAL_LONG ? ": a reader has kept it from being "
		    "cut; find who has node.db open" : "");
}

static void
check_lock(struct doctor *d, const struct health *h)
{
	switch (h->lock) {
	case LOCK_NONE:
		tell(d, "lock", OK, "not made yet");
		return;
	case LOCK_DENIED:
		tell(d, "lock", BAD, "node.lock is another user's: the "
		    "programs of a home run as its owner");
		return;
	case LOCK_ODD:
		tell(d, "lock", BAD, "node.lock is not a file that only its "
		    "owner writes: remove it while no program runs");
		return;
	case LOCK_FREE:
	case LOCK_HELD:
		break;
	}
	if (h->doubt)
		tell(d, "lock", NOTE, "a commit failed, and what it left in "
		    "the log is in doubt: the next writer clears it away");
	else
		tell(d, "lock", OK, "%s%s", h->lock == LOCK_HELD ?
		    "held by " : "free", h->lock == LOCK_HELD ? h->holder :
		    "");
}

static void
check_leftover(struct doctor *d, const struct health *h)
{
	if (h->leftover)
		tell(d, "restore", NOTE, ".restore is left of a restore that "
		    "did not end; it is not used, and the next one removes "
		    "it");
}

static void
check_clock(struct doctor *d, const struct ledger_head *head)
{
	int64_t now = cli_now(d->c), ahead = now - head->at_ms;
	struct err why = { 0 };
	char text[CLOCK_TEXT];

	clock_text(head->at_ms, text);
	if (ledger_clock(now, &head->at_ms, &why))
		tell(d, "clock", BAD, "%s; the last entry is of %s", why.msg,
		    text);
	else if (ahead < -BEHIND_MS)
		tell(d, "clock", NOTE, "%" PRId64 " s behind the last entry, "
		    "of %s: until then all entries are of that moment",
		    -ahead / 1000, text);
	else
		tell(d, "clock", OK, "the last entry is of %s", text);
}

static int
key_found(void *arg, const struct audit_finding *f, struct err *e)
{
	struct doctor *d = arg;

	(void)e;
	/* A log that nobody certifies needs no node. */
	if (!f->good && f->mode < 0 && !key_has_node(d->c->home))
		return 0;
	if (!f->good)
		tell(d, "keys", BAD, "%s: %s (%s)", f->file, f->text,
		    err_word(f->code));
	else if (*f->text)
		tell(d, "keys", NOTE, "%s: %s", f->file, f->text);
	return 0;
}

static void
check_keys(struct doctor *d)
{
	struct audit_result all = { 0 };
	struct err why = { 0 };

	if (audit_run(d->c->home, NULL, NULL, key_found, d, &all, &why))
		tell(d, "keys", BAD, "%s (%s)", why.msg, err_word(why.code));
	else if (!key_has_node(d->c->home))
		tell(d, "keys", NOTE, "no identity of a node");
	else if (!all.bad)
		tell(d, "keys", OK, "%d files", all.files);
}

static int
count(void *n, struct buf *record, struct err *e)
{
	(void)e;
	buf_reset(record);
	++*(int *)n;
	return 0;
}

/* Without its key a log can be read and written, and not signed. */
static void
check_log_key(struct doctor *d, const struct trail *t)
{
	struct sign_key key = { 0 };
	struct err why = { 0 };

	if (!logkey_find(d->c->home, &t->key[t->n - 1].key.pub, &key, &why))
		tell(d, "keys", BAD, "no file below identity/ holds the key "
		    "of this log, so nothing can be signed: bring it back, "
		    "or 'bzn-ledger checkpoint rotate --reason lost'");
	sign_key_release(&key);
}

/* Who was told of more than the store has must not be told otherwise. */
static void
check_pin(struct doctor *d, const struct ledger_head *head)
{
	struct trail trail = { 0 };
	struct pin pin = PIN_INIT;
	struct err why = { 0 };
	struct issuer issuer;
	int got = -1, n = 0;

	if (!clerk_issuer(d->c, &issuer, &why) &&
	    !trail_load(&trail, d->c->store, 1, &why) &&
	    !issue_list(d->c->store, count, &n, &why))
		got = pin_read(&pin, issuer.pins, trail.origin, &why);
	if (got > 0 && pin.at.size <= (uint64_t)head->size &&
	    issue_allowed(&issuer, &trail, head, &why))
		got = -1;
	if (got < 0)
		tell(d, "pin", BAD, "%s (%s)", why.msg, err_word(why.code));
	else if (!got && n)
		tell(d, "pin", NOTE, "it is gone, so a copy of the store that "
		    "is too old would not be noticed; the next checkpoint "
		    "makes it anew");
	else if (!got)
		tell(d, "pin", OK, "nothing was signed yet");
	else if (pin.at.size > (uint64_t)head->size)
		tell(d, "pin", BAD, "%" PRIu64 " entries were signed, and %"
		    PRId64 " are there: nothing is signed until 'bzn-ledger "
		    "restore --leaves' brings back the rest, or a successor "
		    "log begins", pin.at.size, head->size);
	else
		tell(d, "pin", OK, "%" PRIu64 " entries are signed",
		    pin.at.size);
	if (trail.n)
		check_log_key(d, &trail);
	pin_release(&pin);
	trail_release(&trail);
}

/* A long import stores it at its end, unless it is killed. */
static void
check_history(struct doctor *d, const struct ledger_head *head)
{
	if (head->posted < head->size)
		tell(d, "history", NOTE, "%" PRId64 " of %" PRId64 " entries "
		    "are stored: the rest is read from the log, and the next "
		    "import, or 'bzn-ledger doctor --rebuild', stores it",
		    head->posted, head->size);
	else
		tell(d, "history", OK, "of %" PRId64 " entries", head->size);
}

static void
tell_certified(struct doctor *d, const struct trail *t)
{
	struct sign_public node;
	struct err ignored;

	if (!t->certified)
		tell(d, "certificate", OK, "none: the log names no node");
	else if (key_node_public(d->c->home, &node, &ignored) ||
	    memcmp(&node, &t->node, sizeof(node)))
		tell(d, "certificate", NOTE, "by node %.16s..., which this "
		    "home is not, or no longer is: the log can be signed, but "
		    "its key cannot be replaced", t->cert.node_id);
	else
		tell(d, "certificate", OK, "by this node, %.16s...",
		    t->cert.node_id);
}

/* A copy that is only read needs no key, and has none. */
static void
tell_lost(struct doctor *d, const struct trail *t)
{
	char path[PATH_MAX];
	struct err ignored;
	bool copy = !key_path(path, d->c->home, "log_private.pem", &ignored) &&
	    access(path, F_OK);

	tell(d, "certificate", copy ? NOTE : BAD, "%s, so nothing can be "
	    "signed: put it back%s", copy ? "identity/log_private.pem is not "
	    "here" : "identity/log_private.pem is not the key of this log",
	    t->certified ? ", or 'bzn-ledger checkpoint rotate --reason lost'"
	    : "");
}

/* What leaf 0 and the rotations say, against the keys that are here. */
static void
check_certificate(struct doctor *d, const struct ledger_head *head)
{
	struct sign_key key = { 0 };
	struct trail t = { 0 };
	struct err why = { 0 };
	int got = trail_load(&t, d->c->store, head->size, &why) ? -1 :
	    logkey_find(d->c->home, &t.key[t.n - 1].key.pub, &key, &why);

	if (got < 0)
		tell(d, "certificate", BAD, "%s (%s)", why.msg,
		    err_word(why.code));
	else if (!got)
		tell_lost(d, &t);
	else
		tell_certified(d, &t);
	sign_key_release(&key);
	trail_release(&t);
}

/* What needs the store, unless it cannot be opened. */
static void
check_store(struct doctor *d)
{
	struct ledger_head head;
	struct err why = { 0 };
	int at, have;

	if (store_schema(d->c->home, &at, &have, &why)) {
		tell(d, "store", BAD, "%s (%s)", why.msg, err_word(why.code));
		return;
	}
	if (at < have) {
		tell(d, "store", NOTE, "schema %d of %d: 'bzn-ledger migrate' "
		    "brings it up to date", at, have);
		return;
	}
	if (cli_store_read(d->c, &why) || store_snapshot(d->c->store, &why) ||
	    ledger_head(d->c->store, &head, &why)) {
		tell(d, "store", BAD, "%s (%s)", why.msg, err_word(why.code));
		return;
	}
	/* Opening it has read back what it has set. */
	tell(d, "store", OK, "schema %d, %" PRId64 " entries, synchronous "
	    "FULL", at, head.size);
	check_clock(d, &head);
	check_pin(d, &head);
	check_history(d, &head);
	check_certificate(d, &head);
}

/* What is beside the leaves now can be wrong only where they say a hash. */
static void
check_memos(struct doctor *d)
{
	struct verified v;
	struct err why = { 0 };

	if (clerk_true(d->c->store, 1u << 6 | 1u << 10, NULL, cli_now(d->c),
	    &v, &why) && why.code == E_projection_mismatch)
		tell(d, "memos", BAD, "%s (%s): it is kept; 'bzn-ledger memo "
		    "erase' takes it away", why.msg, err_word(why.code));
}

int
clerk_look(struct cli *c, clerk_looked *told, void *arg, struct err *e)
{
	struct doctor d = { .c = c, .told = told, .arg = arg, .e = e };
	struct health h;

	if (health_look(&h, c->home, e))
		return -1;
	check_engine(&d, &h);
	check_disk(&d, &h);
	check_lock(&d, &h);
	check_leftover(&d, &h);
	check_log(&d, &h);
	check_store(&d);
	check_keys(&d);
	return d.lost ? -1 : 0;
}

/* --- the verb ------------------------------------------------------------- */

struct ward {
	struct cli *c;
	int bad;
};

static int
print(void *arg, const char *check, enum clerk_look r, const char *text,
    struct err *e)
{
	static const char *const words[] = { "ok", "note", "bad" };
	struct buf out = BUF_INIT(4096);
	struct ward *w = arg;
	int rc;

	w->bad += r == BAD;
	json_open(&out, NULL, '{');
	json_str(&out, "check", check);
	json_str(&out, "result", words[r]);
	json_str(&out, "detail", text);
	json_close(&out, '}');
	rc = cli_emit_buf(w->c, &out, e);
	buf_release(&out);
	return rc;
}

static int
rebuild(struct doctor *d)
{
	struct rebuilt made;

	if (cli_store(d->c, d->e) ||
	    ledger_rebuild(d->c->store, &made, d->e))
		return -1;
	tell(d, "rebuild", made.same ? OK : NOTE, "%s from %" PRId64
	    " entries%s", d->c->dry_run ? "would be made" : "made", made.size,
	    made.same ? ", and the same as before" : ": not what was stored, "
	    "so find out who else writes to node.db");
	if (!d->c->dry_run)
		check_memos(d);
	return 0;
}

int
clerk_doctor(struct cli *c, const struct clerk *say, struct err *e)
{
	struct ward w = { .c = c };
	struct doctor d = { .c = c, .told = print, .arg = &w, .e = e };

	if (say->rebuild && (rebuild(&d) || d.lost))
		return -1;
	if (clerk_look(c, print, &w, e))
		return -1;
	return w.bad ? err_set(e, E_doctor_bad, "%d thing%s about '%s' %s "
	    "to be put right", w.bad, w.bad > 1 ? "s" : "", c->home,
	    w.bad > 1 ? "need" : "needs") : 0;
}
