#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/crew.h"
#include "base/mem.h"
#include "sig/space.h"
#include "signer/impl.h"

#define RECORD_MAX (JSON_MAX + 131072)

int
signer_round_open(struct signer_round *r, struct cli *c,
    const struct signer *o, const char *space, struct err *e)
{
	*r = (struct signer_round){
		.cli = c, .opts = o, .argv = c->argv,
		.sums = BUF_INIT(1), .voters = BUF_INIT(1 << 20),
	};
	line_init(&r->in, STDIN_FILENO, "stdin");
	check_init(&r->signer);
	if (o->zero)
		r->in.end = '\0';
	r->ask = (struct check_ask){
		.trust = &r->trust, .space = space,
		.principal = o->principal, .as_of = o->at != NULL,
		.explain = o->explain,
	};
	if (!space_known(space))
		return err_set(e, E_usage, "--namespace: '%.40s' is none: see "
		    "bzn-sign(1)", space);
	if (signer_at(c, o, &r->ask.at_ms, e))
		return -1;
	return signer_trust(c, o, &r->trust, e);
}

void
signer_round_close(struct signer_round *r)
{
	line_release(&r->in);
	buf_release(&r->sums);
	buf_release(&r->voters);
	check_release(&r->signer);
	trust_release(&r->trust);
}

static int
take(void *arg, void *slot, struct err *e)
{
	struct signer_round *r = arg;
	struct signer_item *i = slot;
	int got;

	if (!i->check.explain.max) {
		check_init(&i->check);
		i->text = (struct buf)BUF_INIT(JSON_MAX);
		i->also = (struct buf)BUF_INIT(JSON_MAX);
	}
	check_reset(&i->check);
	buf_reset(&i->text);
	buf_reset(&i->also);
	free(i->path);
	i->path = NULL;
	got = r->next(r, i, e);		/* which may wait for a line */
	i->at_ms = r->ask.as_of ? r->ask.at_ms : cli_now(r->cli);
	return got;
}

static void
work(void *arg, void *slot)
{
	const struct signer_round *r = arg;
	struct signer_item *i = slot;

	if (!i->check.why.kind)		/* it could be taken */
		r->work(r, i);
}

static void
count(struct signer_round *r, const struct err *why)
{
	r->items++;
	r->good += !why->kind;
	r->count[why->code]++;
	if (err_worse(r->worst.kind, why->kind) != r->worst.kind)
		r->worst = *why;
}

int
signer_round_give(struct signer_round *r, struct signer_item *i,
    struct err *e)
{
	struct buf out = BUF_INIT(RECORD_MAX);
	struct err why = i->check.why;
	int rc;

	if (why.kind)
		err_wrap_(&why, "%s", i->path);
	count(r, &why);
	if (r->seen)
		r->seen(r, i);
	json_open(&out, NULL, '{');
	json_str(&out, "path", i->path);
	check_write(&out, &i->check);
	if (i->also.len) {
		buf_addc(&out, ',');
		buf_add(&out, i->also.data, i->also.len);
	}
	json_close(&out, '}');
	rc = cli_emit_buf(r->cli, &out, e);
	buf_release(&out);
	return rc ? -1 : why.kind && r->opts->fail_fast;
}

static int
give(void *arg, void *slot, struct err *e)
{
	return signer_round_give(arg, slot, e);
}

static void
end(void *slot)
{
	struct signer_item *i = slot;

	free(i->path);
	if (i->text.max)
		buf_release(&i->text);
	if (i->also.max)
		buf_release(&i->also);
	check_release(&i->check);
}

/* What the end of a quorum is: enough is enough. */
static void
weigh(struct signer_round *r)
{
	if (!r->needed)
		return;
	if (r->votes >= r->needed)
		r->worst = (struct err){ 0 };
	else
		err_set_(&r->worst, E_no_quorum, "%" PRId64 " of %" PRId64
		    " principals have signed", r->votes, r->needed);
}

int
signer_round_sum(struct signer_round *r, struct err *e)
{
	struct buf out = BUF_INIT(RECORD_MAX);
	int code, rc;

	weigh(r);
	if (!r->items)		/* an empty variable must not pass for a yes */
		err_set_(&r->worst, E_nothing_given, "there is nothing to "
		    "verify");
	json_open(&out, NULL, '{');
	json_bool(&out, "summary", true);
	json_int(&out, "status", (int64_t)r->worst.kind);
	json_str(&out, "code", err_word(r->worst.code));
	json_int(&out, "items", r->items);
	json_int(&out, "good", r->good);
	if (r->needed) {
		json_int(&out, "needed", r->needed);
		json_int(&out, "principals", r->votes);
	}
	json_open(&out, "counts", '{');
	for (code = 0; code < E__COUNT; code++)
		if (r->count[code])
			json_int(&out, err_word((enum err_code)code),
			    r->count[code]);
	json_close(&out, '}');
	json_close(&out, '}');
	rc = cli_emit_buf(r->cli, &out, e);
	buf_release(&out);
	if (rc || !r->worst.kind)
		return rc;
	*e = r->worst;
	return -1;
}

int
signer_round_run(struct signer_round *r, struct err *e)
{
	struct crew crew = {
		.arg = r, .size = sizeof(struct signer_item),
		.take = take, .work = work, .give = give, .end = end,
	};
	int64_t jobs;

	if (signer_number(r->opts->jobs, "--jobs", 1, CREW_JOBS, 1, &jobs, e))
		return -1;
	crew.jobs = (int)jobs;
	if (crew_run(&crew, e))
		return -1;
	return signer_round_sum(r, e);
}
