/*
 * Layer 3: is the file whole?  SQLite reads all of it twice for that, which
 * takes as long as the layers of the scan; with more than one job it is done
 * beside them, on a connection of its own.  Whoever has something to say then
 * waits for what it finds, so that the order is that of a single thread.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "store/inspect.h"
#include "verify/impl.h"

#define LINES (256 * 1024)	/* room for the 100 that there are at most */

struct whole {
	struct store *twin;
	pthread_t thread;
	struct buf lines;		/* each with its NUL */
	struct err why;
	int rc;
};

static int
keep_line(void *arg, const char *line, struct err *e)
{
	struct whole *w = arg;

	(void)e;
	buf_add(&w->lines, line, strlen(line) + 1);
	return 0;
}

static void *
look(void *arg)
{
	struct whole *w = arg;

	w->rc = inspect_whole(w->twin, keep_line, w, &w->why);
	return NULL;
}

static int
not_whole(struct run *r, const char *line)
{
	return verify_find(r, 3, E_store_corrupt, -1, "%.200s", line);
}

static int
told(void *arg, const char *line, struct err *e)
{
	(void)e;
	return not_whole(arg, line);
}

static int
no_parent(void *arg, const char *line, struct err *e)
{
	(void)e;
	return verify_find(arg, 3, E_foreign_key, -1,
	    "a row refers to one that is not there: %.120s", line);
}

/* As verify_failed(), which has the error of the run, another may be in. */
static int
failed(struct run *r, const struct err *why)
{
	if (r->stop)
		return -1;
	verify_skip(r, LAYER(3), why->kind == ERR_BUSY ? ERR_BUSY :
	    ERR_SYSTEM, "%s", why->msg);
	return 0;
}

static int
check_parents(struct run *r)
{
	struct err why = { 0 };

	return inspect_foreign(r->store, no_parent, r, &why) ?
	    failed(r, &why) : 0;
}

/* False where it has to be done here. */
static bool
begin(struct run *r)
{
	struct whole *w = mem_zero(1, sizeof(*w));

	w->lines = (struct buf)BUF_INIT(LINES);
	w->twin = inspect_twin(r->store);
	if (w->twin && !pthread_create(&w->thread, NULL, look, w)) {
		r->whole = w;
		return true;
	}
	store_close(w->twin);
	free(w);
	return false;
}

int
verify_whole(struct run *r)
{
	struct err why = { 0 };

	if (r->how->jobs > 1 && begin(r))
		return 0;
	return inspect_whole(r->store, told, r, &why) ? failed(r, &why) :
	    check_parents(r);
}

int
verify_whole_end(struct run *r)
{
	struct whole *w = r->whole;
	const char *line;
	int rc = 0;

	if (!w)
		return 0;
	r->whole = NULL;		/* what it tells waits for nobody */
	pthread_join(w->thread, NULL);
	line = w->lines.data;
	for (; !rc && line < w->lines.data + w->lines.len;
	    line += strlen(line) + 1)
		rc = not_whole(r, line);
	if (!rc)
		rc = w->rc ? failed(r, &w->why) : check_parents(r);
	buf_release(&w->lines);
	store_close(w->twin);
	free(w);
	return rc;
}
