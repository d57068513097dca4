/*
 * A backup becomes the store of a home that has none.  It is found true
 * first, in a place of its own, and then moved; pins are looked at and never
 * touched: they know how long the log has been (spec/ledger.md 5.7).
 */
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/json.h"
#include "base/line.h"
#include "clerk/impl.h"
#include "evidence/pin.h"
#include "ledger/import.h"
#include "ledger/tree.h"
#include "store/backup.h"

#define WHO "bzn-ledger restore"

struct restore {
	struct backup_in in;
	struct store *store;		/* the staged one */
	struct verified v;
	struct pin pin;
	bool pinned;
	struct buf since;		/* what --verify-root names */
	const struct buf *proof;	/* that, if it was named: empty, too */
};

static int
open_stage(struct restore *r, const struct cli *c, struct err *e)
{
	const struct store_how how = {
		.home = r->in.stage, .mode = STORE_WRITE,
		.wait_ms = c->wait_ms, .who = WHO,
	};

	return store_open(&r->store, &how, e) ?
	    err_wrap(e, "the backup cannot be opened") : 0;
}

static int
check(struct restore *r, const struct cli *c, struct err *e)
{
	if (!clerk_true(r->store, VERIFY_ALL, r->proof, cli_now(c), &r->v, e))
		return 0;
	return err_wrap(e, "the backup is not true, and nothing was restored");
}

static int
read_pin(struct restore *r, const struct cli *c, struct err *e)
{
	char dir[PATH_MAX];
	int got;

	if (pin_dir(dir, c->home,
	    param_string(&c->params, PARAM_pin_dir), e))
		return -1;
	got = pin_read(&r->pin, dir, r->v.origin, e);
	r->pinned = got > 0;
	return got < 0 ? -1 : 0;
}

/* How many leaves the backup lacks of those that were signed here. */
static int64_t
below(const struct restore *r)
{
	int64_t lacks = (int64_t)r->pin.at.size - r->v.size;

	return r->pinned && lacks > 0 ? lacks : 0;
}

/* Is it of the history that was signed here? */
static int
check_pin(struct restore *r, struct err *e)
{
	struct hash root;

	if (!r->pinned || below(r))
		return 0;
	if (store_snapshot(r->store, e) ||
	    tree_root(r->store, r->pin.at.size, &root, e))
		return -1;
	store_rollback(r->store);
	if (!memcmp(&root, &r->pin.at.root, sizeof(root)))
		return 0;
	return err_set(e, E_forked, "the first %lld entries of the backup are "
	    "not those that were signed: it is of another history, and "
	    "nothing was restored", (long long)r->pin.at.size);
}

static int64_t
moment(void *cli)
{
	return cli_now(cli);
}

static int
put_nothing(void *cli, const char *lines, size_t n, struct err *e)
{
	(void)cli;
	(void)lines;
	(void)n;
	(void)e;
	return 0;
}

/* What was signed and is not in the backup, byte for byte. */
static int
add_leaves(struct restore *r, struct cli *c, const char *path, struct err *e)
{
	struct imported sum;
	struct line in;
	const struct import_how how = {
		.store = r->store, .chance = &c->chance, .in = &in,
		.sane = !c->accept_clock, .now_ms = moment,
		.put = put_nothing, .arg = c,
	};
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc;

	if (fd < 0)
		return err_sys(e, "cannot open '%.200s'", path);
	line_init(&in, fd, path);
	rc = import_replay(&how, &sum, e);
	line_release(&in);
	close(fd);
	if (rc)
		return err_wrap(e, "nothing was restored");
	if (check(r, c, e))
		return -1;
	return below(r) ? err_set(e, E_below_pin, "with these leaves the log "
	    "has %lld entries, and %lld were signed: nothing was restored",
	    (long long)r->v.size, (long long)r->pin.at.size) : 0;
}

static int
print(struct cli *c, const struct restore *r, struct err *e)
{
	struct buf out = BUF_INIT(4 * PATH_MAX);
	char root[HASH_HEX];
	int rc;

	hash_hex(root, &r->v.root);
	json_open(&out, NULL, '{');
	json_str(&out, "result", "restored");
	json_str(&out, "file", c->argv[0]);
	json_str(&out, "origin", r->v.origin);
	json_int(&out, "size", r->v.size);
	json_str(&out, "root", root);
	if (r->pinned) {
		json_int(&out, "pinned", (int64_t)r->pin.at.size);
		json_int(&out, "below_pin", below(r));
	}
	if (c->dry_run)
		json_bool(&out, "dry_run", true);
	json_close(&out, '}');
	rc = cli_emit_buf(c, &out, e);
	buf_release(&out);
	return rc;
}

static int
restore(struct cli *c, const struct clerk *say, struct restore *r,
    struct err *e)
{
	if ((say->verify_root && file_read(&r->since, say->verify_root, e)) ||
	    file_mkdir(c->home, 0700, e) ||
	    backup_begin(&r->in, c->home, c->argv[0], c->wait_ms, WHO, e) ||
	    open_stage(r, c, e) || check(r, c, e) || read_pin(r, c, e) ||
	    (say->leaves && add_leaves(r, c, say->leaves, e)) ||
	    check_pin(r, e))
		return -1;
	store_close(r->store);
	r->store = NULL;
	if (!c->dry_run && backup_place(&r->in, e))
		return -1;
	return print(c, r, e);
}

int
clerk_restore(struct cli *c, const struct clerk *say, struct err *e)
{
	struct restore r = {
		.in.lock = -1, .pin = PIN_INIT,
		.since = BUF_INIT(2 * NOTE_MAX),
		.proof = say->verify_root ? &r.since : NULL,
	};
	int rc = restore(c, say, &r, e);

	store_close(r.store);
	backup_end(&r.in);
	pin_release(&r.pin);
	buf_release(&r.since);
	return rc;
}
