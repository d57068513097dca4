/* Records from a file or a pipe: one entry, one group, or a stream. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/json.h"
#include "base/line.h"
#include "base/mem.h"
#include "clerk/impl.h"
#include "ledger/import.h"

/* Where the answers go; and which entries are to get receipts. */
struct sink {
	struct cli *cli;
	bool receipts;
	int64_t *seq;			/* owned */
	size_t n, cap;
};

static int64_t
now_ms(void *sink)
{
	return cli_now(((struct sink *)sink)->cli);
}

/* Entries that are there: those refused have no seq. */
static int
collect(struct sink *s, const char *line, size_t n, struct err *e)
{
	struct json root = { 0 };
	const char *result = "";
	int64_t seq = -1;
	int rc = json_parse(&root, line, n, e) ||
	    json_opt_str(&root, "result", &result, e) ||
	    json_opt_int(&root, "seq", &seq, e) ? -1 : 0;

	if (!rc && seq >= 0 && (!strcmp(result, "posted") ||
	    !strcmp(result, "exists"))) {
		if (s->n == s->cap) {
			s->cap = s->cap ? 2 * s->cap : 64;
			s->seq = mem_grow(s->seq, s->cap, sizeof(*s->seq));
		}
		s->seq[s->n++] = seq;
	}
	json_release(&root);
	return rc;
}

static int
put(void *sink, const char *lines, size_t n, struct err *e)
{
	const char *line = lines, *end = lines + n, *feed;
	struct sink *s = sink;

	for (; s->receipts && line < end; line = feed + 1) {
		feed = memchr(line, '\n', (size_t)(end - line));
		if (!feed)
			break;
		if (collect(s, line, (size_t)(feed - line), e))
			return -1;
	}
	return cli_put(lines, n, e) || cli_flush(e) ? -1 : 0;
}

static int
follow(void *sink, struct ledger *l, int64_t seq, struct err *e)
{
	(void)sink;
	return clerk_credited(l, seq, e);
}

static struct import_how
how(struct sink *s, struct line *in)
{
	struct cli *c = s->cli;

	return (struct import_how){
		.store = c->store, .chance = &c->chance, .in = in,
		.sane = !c->accept_clock, .now_ms = now_ms, .put = put,
		.arg = s,
	};
}

/* "-" or nothing is standard input. */
static int
open_input(struct cli *c, const char *path, struct line *in, struct err *e)
{
	int fd = STDIN_FILENO;

	if (path && strcmp(path, "-")) {
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			return err_sys(e, "cannot open '%.200s'", path);
		line_init(in, fd, path);
		return 0;
	}
	cli_expect_stdin(c);
	line_init(in, fd, "stdin");
	return 0;
}

static void
close_input(struct line *in)
{
	if (in->fd != STDIN_FILENO)
		close(in->fd);
	line_release(in);
}

/* A log that does not exist yet may begin with the leaves of another. */
static int
replay(struct cli *c, const struct clerk *say, struct err *e)
{
	const struct store_how store = {
		.home = c->home, .mode = c->dry_run ? STORE_TRY : STORE_CREATE,
		.wait_ms = c->wait_ms, .who = c->prog->name,
	};
	struct sink sink = { .cli = c };
	struct imported sum;
	struct import_how h;
	struct line in;
	int rc;

	if (c->argc)
		return err_set(e, E_usage, "--replay names the file");
	if (say->receipts)
		return err_set(e, E_usage, "--receipts is not for --replay");
	if (open_input(c, say->replay, &in, e))
		return -1;
	rc = (!c->dry_run && file_mkdir(c->home, 0700, e)) ||
	    store_open(&c->store, &store, e) ? -1 : 0;
	if (!rc) {
		h = how(&sink, &in);
		h.all_or_nothing = say->all_or_nothing;
		rc = import_replay(&h, &sum, e);
	}
	close_input(&in);
	return rc;
}

int
clerk_import_lines(struct cli *c, const struct clerk *say, struct line *in,
    struct err *e)
{
	struct sink sink = { .cli = c, .receipts = say->receipts != NULL };
	struct imported sum;
	struct import_how h;
	int rc = cli_store(c, e);

	if (!rc) {
		h = how(&sink, in);
		h.all_or_nothing = say->all_or_nothing;
		h.problems = say->problems;
		rc = import_run(&h, &sum, e);
		c->worst = err_worse(c->worst, sum.worst);
	}
	if (!rc && sink.n)
		rc = clerk_receipts(c, say->receipts, sink.seq, sink.n, e);
	free(sink.seq);
	return rc;
}

int
clerk_import(struct cli *c, const struct clerk *say, struct err *e)
{
	struct line in;
	int rc;

	if (c->id)
		return err_set(e, E_usage, "--id is for one entry: give each "
		    "line an \"id\"");
	if (say->replay)
		return replay(c, say, e);
	if (say->receipts && (c->dry_run || say->problems))
		return err_set(e, E_usage, "--receipts needs entries that are "
		    "posted and answered for: no --dry-run, no --problems");
	if (say->from)
		return clerk_import_hledger(c, say, e);
	if (say->account_prefix || say->id_prefix || say->unit_map || say->min)
		return err_set(e, E_usage, "--account-prefix, --id-prefix, "
		    "--unit-map and --min are for --from");
	if (open_input(c, c->argv[0], &in, e))
		return -1;
	rc = clerk_import_lines(c, say, &in, e);
	close_input(&in);
	return rc;
}

/* A record over several lines is one line, if there is but one. */
static void
flatten(struct buf *text)
{
	struct json whole = { 0 };
	struct err ignored;
	char *p;

	if (text->len <= JSON_MAX &&
	    !json_parse(&whole, text->data, text->len, &ignored))
		for (p = text->data; *p; p++)
			if (*p == '\n')
				*p = ' ';
	json_release(&whole);
}

int
clerk_post(struct cli *c, const struct clerk *say, struct err *e)
{
	struct buf text = BUF_INIT((size_t)LINE_MAX_BYTES * 64);
	const char *path = c->argc ? c->argv[0] : "-";
	struct sink sink = { .cli = c };
	struct imported sum;
	struct import_how h;
	struct line in;
	int rc = -1;

	(void)say;
	if (!strcmp(path, "-"))
		cli_expect_stdin(c);
	if (file_read(&text, path, e) || cli_store(c, e))
		goto out;
	flatten(&text);
	line_init_text(&in, text.data, text.len, path);
	h = how(&sink, &in);
	h.one = true;
	h.follow = follow;
	h.id = c->id;
	rc = import_run(&h, &sum, e);
	c->worst = err_worse(c->worst, sum.worst);
	line_release(&in);
out:
	buf_release(&text);
	return rc;
}
