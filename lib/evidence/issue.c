#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "evidence/issue.h"
#include "evidence/pin.h"
#include "key/logkey.h"
#include "ledger/ledger.h"
#include "ledger/tree.h"
#include "store/store.h"

int
issue_begin(struct issuer *i, struct store *s, const char *home,
    const struct params *p, int64_t now_ms, struct err *e)
{
	i->store = s;
	i->home = home;
	i->now_ms = now_ms;
	i->sane = true;
	i->stored = false;
	i->overlap_ms = p->value[PARAM_log_key_overlap_days] * CLOCK_DAY_MS;
	return pin_dir(i->pins, home, param_string(p, PARAM_pin_dir), e);
}

/* The row that a query stands on: without its cosignatures. */
static int
read_row(struct issued *out, const struct query *q, struct err *e)
{
	const char *text = query_get_text(q, 3);
	struct note note;

	buf_reset(&out->note);
	buf_adds(&out->note, text ? text : "");
	out->at_ms = query_get_int(q, 1);
	if (note_parse(&note, out->note.data, out->note.len, e) ||
	    checkpoint_read(&out->at, note.text, note.text_n, e))
		return err_wrap(e, "the stored checkpoint of %" PRId64,
		    query_get_int(q, 0));
	if (out->at.size == (uint64_t)query_get_int(q, 0))
		return 0;
	return err_set(e, E_store_corrupt, "the checkpoint that is stored as "
	    "%" PRId64 " is of %" PRIu64 " entries", query_get_int(q, 0),
	    out->at.size);
}

/* 1, 0 if there is none, -1.  The newest if size is negative. */
static int
find(struct store *s, int64_t size, struct issued *out, struct err *e)
{
	struct query q;
	int got;

	query_open(&q, s, size < 0 ? SQL_EVIDENCE_LAST : SQL_EVIDENCE_GET);
	if (size >= 0)
		query_int(&q, size);
	got = query_row(&q, e);
	if (got > 0 && read_row(out, &q, e))
		got = -1;
	query_close(&q);
	return got;
}

static int
add_cosignatures(struct store *s, struct issued *out, struct err *e)
{
	struct query q;
	int got;

	query_open(&q, s, SQL_EVIDENCE_COSIG_ALL);
	query_int(&q, (int64_t)out->at.size);
	while ((got = query_row(&q, e)) > 0)
		buf_adds(&out->note, query_get_text(&q, 1));
	query_close(&q);
	return got;
}

/* What was signed, by pin or checkpoint, must be of a prefix of the log. */
static int
check_prefix(struct store *s, const char *what, const struct checkpoint *at,
    const struct ledger_head *head, struct err *e)
{
	struct hash root;

	if (at->size > (uint64_t)head->size)
		return err_set(e, E_below_pin, "the log has %" PRId64
		    " entries, and its %s is of %" PRIu64 ": restore those "
		    "that are missing", head->size, what, at->size);
	if (at->size == (uint64_t)head->size)
		root = head->root;
	else if (tree_root(s, at->size, &root, e))
		return -1;
	return memcmp(&root, &at->root, sizeof(root)) ? err_set(e,
	    E_below_pin, "the log is not the one whose %" PRIu64 " entries "
	    "its %s is of", at->size, what) : 0;
}

/*
 * Ours must be signed by a key of the log, if it is one that we know: a pin
 * that was tampered with shall not look like a fork.
 */
static int
check_pin_key(const struct pin *pin, const struct trail *t, struct err *e)
{
	struct err why = { 0 };
	struct note note;
	size_t i;

	if (note_parse(&note, pin->note.data, pin->note.len, e))
		return -1;
	for (i = 0; i < t->n; i++)
		if (note_check(&note, &t->key[i].key, 1, &why) &&
		    why.code == E_bad_signature) {
			*e = why;
			return err_wrap(e, "the pin is damaged");
		}
	return 0;
}

static int
check_pin(const struct issuer *i, const struct trail *t,
    const struct ledger_head *head, struct err *e)
{
	struct pin pin = PIN_INIT;
	int got = pin_read(&pin, i->pins, t->origin, e);

	if (got > 0 && (check_pin_key(&pin, t, e) ||
	    check_prefix(i->store, "pin", &pin.at, head, e)))
		got = -1;
	pin_release(&pin);
	return got < 0 ? -1 : 0;
}

/* The head against itself, so that no nonsense is ever signed. */
static int
check_head(struct store *s, const struct ledger_head *head, struct err *e)
{
	struct hash root;

	if (tree_root(s, (uint64_t)head->size, &root, e))
		return -1;
	return memcmp(&root, &head->root, sizeof(root)) ? err_set(e,
	    E_store_corrupt, "the root of the log is not that of its tree: "
	    "run 'bzn-ledger verify'") : 0;
}

static int
sign_with(const struct issuer *i, const struct trail_key *k, struct buf *note,
    size_t text_n, struct err *e)
{
	struct sign_key key = { 0 };
	int got = logkey_find(i->home, &k->key.pub, &key, e);

	if (got > 0)
		note_sign(note, &k->key, &key, note->data, text_n);
	sign_key_release(&key);
	return got;
}

/* For a while, the one before signs beside the one in use. */
static bool
overlaps(const struct issuer *i, const struct trail *t)
{
	const struct trail_key *now = &t->key[t->n - 1];

	return t->n > 1 && now->reason == TRAIL_SCHEDULED &&
	    i->now_ms < now->at_ms + i->overlap_ms;
}

/* Old key first; without its file the new one will do. */
static int
sign(const struct issuer *i, const struct trail *t, struct issued *out,
    struct err *e)
{
	const struct trail_key *now = &t->key[t->n - 1];
	struct buf *note = &out->note;
	size_t text_n;
	int got;

	buf_reset(note);
	checkpoint_write(note, &out->at);
	text_n = note->len;
	if (store_is_dry(i->store))
		return 0;
	buf_addc(note, '\n');
	if (overlaps(i, t) && sign_with(i, now - 1, note, text_n, e) < 0)
		return -1;
	got = sign_with(i, now, note, text_n, e);
	if (!got)
		return err_set(e, E_no_key, "no file in '%s/identity' holds "
		    "the key of this log: nothing can be signed", i->home);
	return got < 0 ? -1 : 0;
}

static int
insert(struct store *s, const struct issued *out, struct err *e)
{
	struct query q;

	query_open(&q, s, SQL_EVIDENCE_ADD);
	query_int(&q, (int64_t)out->at.size);
	query_int(&q, out->at_ms);
	query_bytes(&q, out->at.root.b, HASH_BYTES);
	query_text(&q, out->note.data);
	return query_run(&q, NULL, e) < 0 ? -1 : 0;
}

int
issue_allowed(const struct issuer *i, const struct trail *t,
    const struct ledger_head *head, struct err *e)
{
	return check_pin(i, t, head, e) || check_head(i->store, head, e) ?
	    -1 : 0;
}

/* And does it go on from the last checkpoint?  1 if there is one. */
static int
check(const struct issuer *i, const struct trail *t,
    const struct ledger_head *head, struct issued *last, struct err *e)
{
	int got;

	if (issue_allowed(i, t, head, e))
		return -1;
	got = find(i->store, -1, last, e);
	return got < 0 || (got && check_prefix(i->store, "last checkpoint",
	    &last->at, head, e)) ? -1 : got;
}

/* The one of this head: that which is stored, or a new one. */
static int
make_in(struct issuer *i, const struct trail *t,
    const struct ledger_head *head, struct issued *out, struct err *e)
{
	int got = check(i, t, head, out, e);

	if (got < 0)
		return -1;
	if (got && out->at.size == (uint64_t)head->size)
		return 0;
	snprintf(out->at.origin, sizeof(out->at.origin), "%s", t->origin);
	out->at.size = (uint64_t)head->size;
	out->at.root = head->root;
	if (!got || out->at_ms < i->now_ms)
		out->at_ms = i->now_ms;
	return sign(i, t, out, e) || (!store_is_dry(i->store) &&
	    (insert(i->store, out, e) ||
	    trail_keep_in(t, i->store, head->size, e))) ? -1 : 0;
}

/* After the commit: the pin, and only then the rest of the note. */
static int
let_out(const struct issuer *i, struct issued *out, struct err *e)
{
	return pin_move(i->pins, &out->at, out->note.data, out->note.len,
	    e) || add_cosignatures(i->store, out, e) ? -1 : 0;
}

/* The files of the keys are made to say what the log does. */
static int
settle_keys(const struct issuer *i, const struct trail *t, struct err *e)
{
	const struct trail_key *now = &t->key[t->n - 1];

	if (store_is_dry(i->store))
		return 0;
	return logkey_settle(i->home, &now->key.pub, t->n > 1 ?
	    &now[-1].key.pub : NULL, overlaps(i, t), e);
}

/*
 * As for an entry: time never falls, and a clock that leaps is not believed.
 * It would end the overlap of two keys too early, and date what is signed.
 */
static int
set_time(struct issuer *i, const struct ledger_head *head, struct err *e)
{
	if (i->sane && ledger_clock(i->now_ms, &head->at_ms, e))
		return -1;
	if (i->now_ms < head->at_ms)
		i->now_ms = head->at_ms;
	return 0;
}

int
issue_checkpoint(struct issuer *i, struct issued *out, struct err *e)
{
	struct ledger_head head;
	struct trail t = { 0 };
	int rc = -1;

	if (store_begin(i->store, e))
		return -1;
	if (ledger_head(i->store, &head, e) ||
	    (!head.size && err_set(e, E_no_ledger,
	    "the log has no leaf yet: run 'bzn-ledger init'")) ||
	    set_time(i, &head, e) ||
	    trail_load(&t, i->store, head.size, e) ||
	    make_in(i, &t, &head, out, e) || settle_keys(i, &t, e))
		goto out;
	if (store_commit(i->store, e))
		goto out;
	rc = store_is_dry(i->store) ? 0 : let_out(i, out, e);
out:
	store_rollback(i->store);
	trail_release(&t);
	return rc;
}

/*
 * A reader needs no lock: that the pin is of a prefix of what is committed
 * remains true, and pin_move() takes care of who comes between.
 */
int
issue_stored(struct issuer *i, int64_t size, struct issued *out,
    struct err *e)
{
	struct ledger_head head;
	struct trail t = { 0 };
	struct pin pin = PIN_INIT;
	int got, rc = -1;

	if (store_snapshot(i->store, e))
		return -1;
	got = find(i->store, size, out, e);
	if (!got)
		got = size < 0 ? err_set(e, E_no_checkpoint,
		    "no checkpoint has been issued yet") : err_set(e,
		    E_no_checkpoint, "no checkpoint of %" PRId64 " entries",
		    size);
	if (got < 0)
		goto out;
	got = pin_read(&pin, i->pins, out->at.origin, e);
	if (got < 0)
		goto out;
	if (got && pin.at.size == out->at.size &&
	    memcmp(&pin.at.root, &out->at.root, sizeof(pin.at.root))) {
		err_set(e, E_below_pin, "another log of %" PRIu64 " entries "
		    "was signed before", pin.at.size);
		goto out;
	}
	if (got && pin.at.size >= out->at.size) {
		rc = add_cosignatures(i->store, out, e);
		goto out;
	}
	if (ledger_head(i->store, &head, e) ||
	    trail_load(&t, i->store, head.size, e) ||
	    check_pin(i, &t, &head, e))
		goto out;
	rc = let_out(i, out, e);
out:
	store_rollback(i->store);
	pin_release(&pin);
	trail_release(&t);
	return rc;
}

int
issue_due(struct issuer *i, int64_t every_ms, struct err *e)
{
	struct issued last = ISSUED_INIT;
	struct ledger_head head;
	int got = ledger_head(i->store, &head, e) ? -1 :
	    find(i->store, -1, &last, e);

	if (got >= 0) {
		got = !got || (last.at.size < (uint64_t)head.size &&
		    i->now_ms - last.at_ms >= every_ms);
		if (got && issue_checkpoint(i, &last, e))
			got = -1;
	}
	issue_release(&last);
	return got;
}

int
issue_list(struct store *s, issue_told *told, void *arg, struct err *e)
{
	struct buf out = BUF_INIT(NOTE_MAX);
	struct hash root = { { 0 } };
	const void *bytes;
	char hex[HASH_HEX];
	struct query q;
	size_t n;
	int got;

	query_open(&q, s, SQL_EVIDENCE_ALL);
	while ((got = query_row(&q, e)) > 0) {
		bytes = query_get_bytes(&q, 2, &n);
		if (n == HASH_BYTES)
			memcpy(root.b, bytes, n);
		hash_hex(hex, &root);
		json_open(&out, NULL, '{');
		json_int(&out, "size", query_get_int(&q, 0));
		json_str(&out, "root", hex);
		json_time(&out, "at", query_get_int(&q, 1));
		json_int(&out, "cosignatures", query_get_int(&q, 4));
		if (told(arg, &out, e)) {
			got = -1;
			break;
		}
		buf_reset(&out);
	}
	query_close(&q);
	buf_release(&out);
	return got;
}

/* The line itself, as it stands in the note. */
static int
merge_line(struct store *s, const struct note *note,
    const struct note_line *l, int64_t size, int *added, struct err *e)
{
	const char *from = l->name, *end;
	struct buf name = BUF_INIT(NOTE_NAME), line = BUF_INIT(NOTE_MAX);
	struct query q;
	int got;

	while (from > note->text && from[-1] != '\n')
		from--;
	end = strchr(l->name, '\n');
	buf_add(&name, l->name, l->name_n);
	buf_add(&line, from, (size_t)(end + 1 - from));
	query_open(&q, s, SQL_EVIDENCE_COSIG_ADD);
	query_int(&q, size);
	query_text(&q, name.data);
	query_text(&q, line.data);
	got = query_run(&q, NULL, e);
	*added += got > 0;
	buf_release(&name);
	buf_release(&line);
	return got < 0 ? -1 : 0;
}

static int
merge_in(struct store *s, const struct note *note,
    const struct checkpoint *at, const char *origin, int *added,
    struct err *e)
{
	struct issued stored = ISSUED_INIT;
	int got = find(s, (int64_t)at->size, &stored, e);
	size_t i;

	if (!got)
		got = err_set(e, E_no_checkpoint, "no checkpoint of %" PRIu64
		    " entries", at->size);
	else if (got > 0 && (strcmp(at->origin, stored.at.origin) ||
	    strcmp(at->origin, origin) ||
	    memcmp(&at->root, &stored.at.root, sizeof(at->root))))
		got = err_set(e, E_forked, "the note is of another log than "
		    "the checkpoint of %" PRIu64 " entries", at->size);
	for (i = 0; i < note->n && got > 0; i++)
		if (note->line[i].verified &&
		    note->line[i].time_s && merge_line(s, note,
		    &note->line[i], (int64_t)at->size, added, e))
			got = -1;
	issue_release(&stored);
	return got < 0 ? -1 : 0;
}

int
issue_merge(struct issuer *i, const struct note_key *keys, size_t n_keys,
    const char *bytes, size_t n, int *added, struct err *e)
{
	struct ledger_head head;
	struct checkpoint at;
	struct trail t = { 0 };
	struct note note;
	int rc = -1;

	*added = 0;
	if (note_parse(&note, bytes, n, e) ||
	    checkpoint_read(&at, note.text, note.text_n, e) ||
	    note_check(&note, keys, n_keys, e) || store_begin(i->store, e))
		return -1;
	if (ledger_head(i->store, &head, e) ||
	    trail_load(&t, i->store, head.size, e) ||
	    merge_in(i->store, &note, &at, t.origin, added, e))
		goto out;
	rc = store_commit(i->store, e);
out:
	store_rollback(i->store);
	trail_release(&t);
	return rc;
}

void
issue_release(struct issued *out)
{
	buf_release(&out->note);
}
