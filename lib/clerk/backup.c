/* A copy of the store, made while others write, and checked. */
#include <limits.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/json.h"
#include "clerk/impl.h"
#include "store/backup.h"
#include "store/inspect.h"

#define LAYERS (1u << 1 | 1u << 3 | 1u << 6)	/* file, storage, leaves */

/* The copy as a stranger would have it: opened by itself. */
static int
check_copy(const struct cli *c, const char *path, struct verified *v,
    struct err *e)
{
	const struct inspect how = { .path = path, .tmp = cli_tmp() };
	struct store *s;
	int rc;

	if (inspect_open(&s, &how, e))
		return err_wrap(e, "the copy cannot be read back");
	rc = clerk_true(s, LAYERS, NULL, cli_now(c), v, e);
	store_close(s);
	return rc ? err_wrap(e, "the copy is not true, and was thrown away; "
	    "run 'bzn-ledger verify' on the home") : 0;
}

static int
print(struct cli *c, const char *file, const struct verified *v,
    int64_t bytes, struct err *e)
{
	struct buf out = BUF_INIT(4 * PATH_MAX);
	char root[HASH_HEX];
	int rc;

	hash_hex(root, &v->root);
	json_open(&out, NULL, '{');
	json_str(&out, "file", file);
	json_int(&out, "size", v->size);
	json_str(&out, "root", root);
	json_int(&out, "bytes", bytes);
	json_close(&out, '}');
	rc = cli_emit_buf(c, &out, e);
	buf_release(&out);
	return rc;
}

/* Do not copy for minutes, and then refuse. */
static int
refuse(const struct cli *c, const struct clerk *say, const char *file,
    struct err *e)
{
	if (backup_is_live(c->home, file))
		return err_set(e, E_usage, "'%s' is the store itself: say "
		    "another file", file);
	if (!say->force && !access(file, F_OK))
		return err_set(e, E_id_conflict, "'%s' exists already, and "
		    "was left alone: say --force to replace it", file);
	return 0;
}

int
clerk_backup(struct cli *c, const struct clerk *say, struct err *e)
{
	const char *file = c->argv[0];
	char temp[PATH_MAX];
	struct verified v;
	int64_t bytes;

	if (refuse(c, say, file, e) || cli_store(c, e) ||
	    file_temp(temp, file, e))
		return -1;
	if (backup_copy(c->store, temp, &bytes, e) ||
	    check_copy(c, temp, &v, e) ||
	    file_place(temp, file, say->force, e)) {
		unlink(temp);
		return -1;
	}
	return print(c, file, &v, bytes, e);
}
