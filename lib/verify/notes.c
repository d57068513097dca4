/* What was noted of this log elsewhere: checkpoints, pins, anchors. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/enc.h"
#include "base/json.h"
#include "ledger/tree.h"
#include "verify/impl.h"

int
verify_read_note(struct run *r, const struct buf *text, struct note *note,
    struct checkpoint *cp, const char *what)
{
	if (!note_parse(note, text->data, text->len, r->e) &&
	    !checkpoint_read(cp, note->text, note->text_n, r->e))
		return 0;
	err_wrap_(r->e, "%s", what);
	return -1;
}

static int
ask_note(struct run *r, const struct buf *text, const char *what,
    enum err_code beyond)
{
	struct ask a = { .layer = 4, .code = E_forked, .beyond = beyond,
	    .what = what };
	struct checkpoint cp;
	struct note note;

	if (!text)
		return 0;
	if (verify_read_note(r, text, &note, &cp, what)) {
		r->stop = true;		/* nothing is said of the log by that */
		return -1;
	}
	a.size = cp.size;
	a.root = cp.root;
	return verify_ask(r, &a);
}

/* A record of lib/chain, or any with these members, a line each. */
static int
ask_anchor(struct run *r, const char *line, size_t n)
{
	struct ask a = { .layer = 4, .code = E_forked, .beyond = E_shrunk,
	    .what = "an anchor" };
	struct json in = { 0 };
	const char *root;
	int64_t size;
	int rc = -1;

	if (json_parse(&in, line, n, r->e) ||
	    json_get_int(&in, "size", &size, r->e) ||
	    json_get_str(&in, "root", &root, r->e))
		goto out;
	if (size < 0 || strlen(root) != 2 * HASH_BYTES ||
	    !enc_unhex(a.root.b, root, HASH_BYTES)) {
		err_set_(r->e, E_bad_json, "not the size and root of a log");
		goto out;
	}
	a.size = (uint64_t)size;
	rc = verify_ask(r, &a);
out:
	json_release(&in);
	return rc;
}

static int
ask_anchors(struct run *r)
{
	const struct buf *all = r->how->anchors;
	const char *line, *feed;
	int n = 0;

	for (line = all ? all->data : ""; *line; line = feed + (*feed != 0)) {
		feed = line + strcspn(line, "\n");
		n++;
		if (feed > line && ask_anchor(r, line,
		    (size_t)(feed - line))) {
			err_wrap_(r->e, "anchor %d", n);
			r->stop = true;
			return -1;
		}
	}
	return 0;
}

/* 6: the roots of all that are stored. */
static int
ask_stored(struct run *r)
{
	struct ask a = { .layer = 6, .code = E_checkpoint_mismatch,
	    .beyond = E_checkpoint_mismatch, .what = "the checkpoint" };
	const void *root;
	struct query q;
	size_t n;
	int got;

	query_open(&q, r->store, SQL_VERIFY_CHECKPOINTS);
	while ((got = query_row(&q, r->e)) > 0) {
		root = query_get_bytes(&q, 2, &n);
		if (n != HASH_BYTES || query_get_int(&q, 0) < 0)
			continue;	/* layer 4 says so */
		a.size = (uint64_t)query_get_int(&q, 0);
		memcpy(a.root.b, root, n);
		if (verify_ask(r, &a))
			break;
	}
	query_close(&q);
	return got;
}

int
verify_notes(struct run *r)
{
	if (ask_note(r, r->how->since, "the old checkpoint", E_shrunk) ||
	    ask_note(r, r->how->checkpoint, "the checkpoint", E_shrunk) ||
	    ask_note(r, r->how->pin, "the pin", E_rollback) ||
	    ask_anchors(r))
		return -1;
	return r->store && !r->how->fast && (r->want & LAYER(6)) ?
	    ask_stored(r) : 0;
}

/* Without a scan: is what was noted a prefix, as the tiles say? */
int
verify_ask_tiles(struct run *r)
{
	struct hash root;
	const struct ask *a;
	char text[128];

	if (tree_root(r->store, (uint64_t)r->head.size, &root, r->e))
		return -1;
	if (memcmp(&root, &r->head.root, sizeof(root)) &&
	    verify_find(r, 4, E_forked, -1, "the head is not that of its "
	    "tiles"))
		return -1;
	for (a = r->ask; a < r->ask + r->n_ask; a++) {
		if (a->size > (uint64_t)r->head.size) {
			if (verify_find(r, 4, a->beyond, -1, "%s has %llu "
			    "entries, the log %lld", a->what,
			    (unsigned long long)a->size,
			    (long long)r->head.size))
				return -1;
			continue;
		}
		if (tree_root(r->store, a->size, &root, r->e))
			return -1;
		snprintf(text, sizeof(text), "%s of size %llu has another "
		    "root than the log", a->what,
		    (unsigned long long)a->size);
		if (memcmp(&root, &a->root, sizeof(root)) &&
		    verify_find_hash(r, 4, a->code, -1, &a->root, &root,
		    text))
			return -1;
	}
	return 0;
}
