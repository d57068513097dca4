#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/line.h"
#include "base/mem.h"
#include "batch/batch.h"
#include "ledger/ledger.h"
#include "once/once.h"

#define ANSWER_MAX (4 << 20)		/* of one request */
#define CHUNK_LINES 8192
#define CHUNK_BYTES (8 << 20)
#define WHOLE_BYTES ((size_t)1 << 30)	/* of an --all-or-nothing */

struct request {
	char *text;		/* owned */
	size_t n;
	unsigned long line;	/* 0 if it came from options */
};

struct chunk {
	struct request *request;
	size_t n, cap, bytes;
};

struct work {
	struct cli *cli;
	const struct batch *batch;
	const char *name;	/* of the stream */
	struct ledger *ledger;
	struct buf answers;	/* of the transaction, one a line */
	struct buf answer;
};

static void
chunk_add(struct chunk *c, const char *text, size_t n, unsigned long line)
{
	struct request *r;

	if (c->n == c->cap) {
		c->cap = c->cap ? 2 * c->cap : 16;
		c->request = mem_grow(c->request, c->cap,
		    sizeof(*c->request));
	}
	r = &c->request[c->n++];
	r->text = mem_grow(NULL, n + 1, 1);
	memcpy(r->text, text, n);
	r->text[n] = '\0';
	r->n = n;
	r->line = line;
	c->bytes += n;
}

static void
chunk_reset(struct chunk *c)
{
	while (c->n)
		free(c->request[--c->n].text);
	c->bytes = 0;
}

static void
chunk_release(struct chunk *c)
{
	chunk_reset(c);
	free(c->request);
}

/* What an answer tells beside what the verb put into it. */
static void
add_flag(struct buf *answer, const char *key)
{
	if (!answer->len)
		return;
	buf_cut(answer, answer->len - 1);
	json_bool(answer, key, true);
	json_close(answer, '}');
}

/*
 * Program, verb of one word or two, and who acts.  The parts are told apart,
 * since a name of a node has no blank, and a verb has always as many words.
 */
static int
put_scope(struct buf *out, const struct work *w, const struct json *in,
    struct err *e)
{
	const char *node = NULL;

	if (w->batch->node && json_opt_str(in, w->batch->node, &node, e))
		return -1;
	buf_addf(out, "%s %s", w->cli->prog->name,
	    w->cli->verb->name ? w->cli->verb->name : "");
	if (w->cli->word)
		buf_addf(out, " %s", w->cli->word);
	if (node)
		buf_addf(out, " %s", node);
	return 0;
}

static int
act_once(struct work *w, const struct json *in, const char *key,
    struct err *but, struct err *e)
{
	struct store *s = ledger_store(w->ledger);
	struct buf scope = BUF_INIT(JSON_MAX);
	struct once once = { .key = key, .request = in };
	int got, rc = -1;

	if (put_scope(&scope, w, in, e))
		goto out;
	once.scope = scope.data;
	got = once_find_in(s, &once, &w->answer, e);
	if (got > 0)
		add_flag(&w->answer, "idempotent");
	if (!got)
		got = w->batch->act(w->cli, w->ledger, in, &w->answer, but,
		    e) || (!but->kind && once_keep_in(s, &once,
		    w->answer.data, ledger_now(w->ledger), e)) ? -1 : 0;
	rc = got < 0 ? -1 : 0;
out:
	buf_release(&scope);
	return rc;
}

static int
act(struct work *w, const struct request *r, struct err *but, struct err *e)
{
	const char *key = NULL;
	struct json in = { 0 };
	int rc = -1;

	if (json_parse(&in, r->text, r->n, e) ||
	    json_want(&in, JSON_OBJECT, e))
		goto out;
	if (w->batch->key == BATCH_KEYED &&
	    json_opt_str(&in, "id", &key, e))
		goto out;
	if (key)
		rc = act_once(w, &in, key, but, e);
	else
		rc = w->batch->act(w->cli, w->ledger, &in, &w->answer, but,
		    e);
out:
	json_release(&in);
	return rc;
}

static int
locate(const struct work *w, const struct request *r, struct err *e)
{
	return r->line ? err_wrap(e, "%s:%lu", w->name, r->line) : -1;
}

/* One request under its savepoint; the answer joins those to be printed. */
static int
serve(struct work *w, const struct request *r, struct err *e)
{
	struct err but = { 0 };

	buf_reset(&w->answer);
	if (ledger_mark_in(w->ledger, e))
		return -1;
	if (act(w, r, &but, e)) {
		struct err undone;

		if (ledger_undo_in(w->ledger, &undone))
			*e = undone;
		return locate(w, r, e);
	}
	if (ledger_keep_in(w->ledger, e))
		return -1;
	if (w->cli->dry_run)
		add_flag(&w->answer, "dry_run");
	if (w->answer.len) {
		buf_add(&w->answers, w->answer.data, w->answer.len);
		buf_addc(&w->answers, '\n');
	}
	if (w->answer.full || w->answers.full)
		return err_set(e, E_too_long, "the answer is too long");
	if (but.kind) {
		(void)locate(w, r, &but);
		cli_complain(w->cli, &but);
	}
	return 0;
}

static int
print(struct work *w, struct err *e)
{
	const char *p = w->answers.data, *end;

	for (; *p; p = end + 1) {
		end = strchr(p, '\n');
		if (cli_emit(w->cli, p, (size_t)(end - p), e))
			return -1;
	}
	buf_reset(&w->answers);
	return cli_flush(e);
}

static int
transact(struct work *w, const struct chunk *c, struct err *e)
{
	struct cli *cli = w->cli;
	size_t i;

	buf_reset(&w->answers);
	if (cli_store(cli, e) || ledger_begin(cli->store, &w->ledger,
	    cli_now(cli), !cli->accept_clock, e))
		return -1;
	for (i = 0; i < c->n; i++) {
		if (!serve(w, &c->request[i], e))
			continue;
		if (err_ends_run(e) || w->batch->all_or_nothing ||
		    !c->request[i].line) {
			ledger_rollback(w->ledger);
			return -1;
		}
		cli_complain(cli, e);
		*e = (struct err){ 0 };
	}
	return ledger_commit(w->ledger, e) || print(w, e) ? -1 : 0;
}

static void
work_init(struct work *w, struct cli *cli, const struct batch *b)
{
	*w = (struct work){
		.cli = cli, .batch = b,
		.answer = BUF_INIT(ANSWER_MAX),
		.answers = BUF_INIT(WHOLE_BYTES),
	};
}

static void
work_release(struct work *w)
{
	ledger_free(w->ledger);
	buf_release(&w->answer);
	buf_release(&w->answers);
}

int
batch_one(struct cli *cli, const struct batch *b, const struct buf *request,
    struct err *e)
{
	struct buf text = BUF_INIT(2 * JSON_MAX);
	struct chunk c = { 0 };
	struct work w;
	int rc;

	work_init(&w, cli, b);
	buf_add(&text, request->data, request->len);
	json_str_if(&text, "id", cli->id);
	json_close(&text, '}');
	chunk_add(&c, text.data, text.len, 0);
	if (text.full || request->full)
		rc = err_set(e, E_too_long, "the request is too long");
	else
		rc = transact(&w, &c, e);
	chunk_release(&c);
	buf_release(&text);
	work_release(&w);
	return rc;
}

/*
 * Lines that are there, and no wait for more while some are: 1 if the stream
 * goes on, 0 at its end.  The lock is not held meanwhile.
 */
static int
gather(struct work *w, struct line *in, struct chunk *c, struct err *e)
{
	/* A dry run in pieces would not see its own effects. */
	bool whole = w->batch->all_or_nothing || w->cli->dry_run;
	int got;

	chunk_reset(c);
	while (whole || !c->n || (!line_would_block(in) &&
	    c->n < CHUNK_LINES && c->bytes < CHUNK_BYTES)) {
		got = line_next(in, e);
		if (!got)
			return 0;
		if (got < 0) {
			err_wrap(e, "%s:%lu", in->name, in->number);
			if (whole || e->code != E_too_long)
				return -1;
			cli_complain(w->cli, e);
			*e = (struct err){ 0 };
			continue;
		}
		chunk_add(c, in->text.data, in->text.len, in->number);
		if (c->bytes > WHOLE_BYTES)
			return err_set(e, E_too_long, "the input is over %zu "
			    "bytes", WHOLE_BYTES);
	}
	return 1;
}

int
batch_stream(struct cli *cli, const struct batch *b, struct err *e)
{
	return batch_file(cli, b, NULL, e);
}

int
batch_file(struct cli *cli, const struct batch *b, const char *path,
    struct err *e)
{
	struct chunk c = { 0 };
	struct line in;
	struct work w;
	int got, fd = STDIN_FILENO, rc = -1;

	if (cli->id)
		return err_set(e, E_usage, "--id is for one request: give "
		    "each line an \"id\"");
	if (!path || !strcmp(path, "-"))
		cli_expect_stdin(cli);
	else
		fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_sys(e, "cannot open '%s'", path);
	work_init(&w, cli, b);
	w.name = fd == STDIN_FILENO ? "stdin" : path;
	line_init(&in, fd, w.name);
	do {
		got = gather(&w, &in, &c, e);
		if (got < 0 || (c.n && transact(&w, &c, e)))
			goto out;
	} while (got);
	rc = 0;
out:
	chunk_release(&c);
	line_release(&in);
	work_release(&w);
	if (fd != STDIN_FILENO)
		close(fd);
	return rc;
}
