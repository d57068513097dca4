/* Where leaves come from: the store, or a file with one in each line. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/line.h"
#include "base/mem.h"
#include "verify/impl.h"

struct leaves {
	struct query q;			/* of the store */
	bool open, done;

	struct line line;		/* of the file */
	int fd;
	int64_t n, offset;		/* given out; where the next begins */
	int64_t *start;			/* of every BATCH-th leaf */
	size_t cap;

	struct marks ids;		/* so far */
	int64_t asked;			/* leaves that had one */
};

/* A line without a leaf is none of those that there may be. */
static void
begin(struct line *in, int fd, const struct run *r)
{
	line_init(in, fd, r->how->leaves);
	in->every = true;
}

static int
open_file(struct run *r)
{
	struct leaves *f = r->file;
	struct stat st;

	f->fd = open(r->how->leaves, O_RDONLY | O_CLOEXEC);
	if (f->fd < 0)
		return err_sys(r->e, "cannot open '%s'", r->how->leaves);
	if (fstat(f->fd, &st) || !S_ISREG(st.st_mode))
		return err_set(r->e, E_io_error, "'%s' is not a file: leaves "
		    "are looked up in it", r->how->leaves);
	begin(&f->line, f->fd, r);
	return 0;
}

int
verify_leaves_open(struct run *r)
{
	r->file = mem_zero(1, sizeof(*r->file));
	r->file->fd = -1;
	return r->how->leaves ? open_file(r) : 0;
}

static void
remember(struct leaves *f)
{
	size_t i = (size_t)f->n / BATCH;

	if (f->n % BATCH)
		return;
	if (i == f->cap) {
		f->cap = 2 * f->cap + 16;
		f->start = mem_grow(f->start, f->cap, sizeof(*f->start));
	}
	f->start[i] = f->offset;
}

int
verify_leaves_next(struct run *r, struct stored *out)
{
	struct leaves *f = r->file;
	int got;

	if (f->done)
		return 0;
	if (!r->how->leaves) {
		if (!f->open)
			ledger_leaves_open(&f->q, r->store, INT64_MIN,
			    INT64_MAX);
		f->open = true;
		got = ledger_leaves_next(&f->q, out, r->e);
		f->done = got <= 0;
		return got;
	}
	got = line_next(&f->line, r->e);
	if (got <= 0)
		return got;
	remember(f);
	*out = (struct stored){
		.seq = f->n++, .leaf = f->line.text.data,
		.leaf_n = f->line.text.len,
	};
	f->offset += (int64_t)f->line.text.len + 1;
	return 1;
}

/* The leaf in a line, from the nearest whose place is known. */
static int
past_line(struct run *r, int64_t seq, struct leaf *out, struct err *e)
{
	const struct leaves *f = r->file;
	struct line at;
	int64_t i = seq / BATCH * BATCH;
	int fd, got = 0;

	fd = open(r->how->leaves, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || lseek(fd, f->start[seq / BATCH], SEEK_SET) < 0) {
		err_sys(e, "cannot read '%s'", r->how->leaves);
		if (fd >= 0)
			close(fd);
		return -1;
	}
	begin(&at, fd, r);
	for (; i <= seq && (got = line_next(&at, e)) > 0; i++)
		;
	if (got > 0)
		got = leaf_parse(out, at.text.data, at.text.len,
		    fold_units(r->fold), e) ? 0 : 1;
	line_release(&at);
	close(fd);
	return got;
}

int
verify_leaves_past(void *run, int64_t seq, struct leaf *out, struct err *e)
{
	struct run *r = run;
	struct query q;
	struct stored s;
	int got;

	if (seq < 0 || seq >= r->next)
		return 0;
	if (r->how->leaves)
		return past_line(r, seq, out, e);
	query_open(&q, r->store, SQL_LEDGER_ENTRY_BY_SEQ);
	query_int(&q, seq);
	got = query_row(&q, e);
	if (got > 0) {
		s.leaf = query_get_bytes(&q, 2, &s.leaf_n);
		got = leaf_parse(out, s.leaf, s.leaf_n, fold_units(r->fold),
		    e) ? 0 : 1;
	}
	query_close(&q);
	return got;
}

/* Is it truly there, and not only its hash?  Few are asked for. */
static int
is_among(struct run *r, const char *id, int64_t below)
{
	struct leaf leaf = { 0 };
	struct err why;
	struct line at;
	int fd, got = 0, found = 0;

	fd = open(r->how->leaves, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_sys(r->e, "cannot read '%s'", r->how->leaves);
	begin(&at, fd, r);
	while (below > 0 && !found && (got = line_next(&at, r->e)) > 0)
		if (!leaf_parse(&leaf, at.text.data, at.text.len,
		    fold_units(r->fold), &why)) {
			found = !strcmp(leaf.entry.id, id);
			below--;
		}
	line_release(&at);
	leaf_release(&leaf);
	close(fd);
	return got < 0 ? -1 : found;
}

int
verify_leaves_known(struct run *r, const char *id)
{
	struct leaves *f = r->file;

	f->asked++;
	return verify_mark(&f->ids, id, 0) ? 0 :
	    is_among(r, id, f->asked - 1);
}

void
verify_leaves_close(struct run *r)
{
	struct leaves *f = r->file;

	if (!f)
		return;
	if (f->open)
		query_close(&f->q);
	if (r->how->leaves)
		line_release(&f->line);
	if (f->fd >= 0)
		close(f->fd);
	free(f->start);
	free(f->ids.at);
	free(f);
	r->file = NULL;
}
