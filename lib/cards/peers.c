/* The nodes that are known here. */
#include <stdlib.h>

#include "base/mem.h"
#include "batch/lines.h"
#include "cards/impl.h"
#include "cli/note.h"

static int
emit_peer(struct cli *c, const struct peer *p, struct err *e)
{
	struct buf out = BUF_INIT(CARDS_RECORD);
	int rc;

	peer_write(&out, p);
	json_close(&out, '}');
	rc = cli_emit_buf(c, &out, e);
	buf_release(&out);
	return rc;
}

int
cards_show_peers(struct cli *c, const struct cards *say, struct err *e)
{
	struct peer p = { 0 };
	char **typed;
	int rc = 0;

	if (cards_need_peers(c, e) || cards_shut_in(c, say, false, e))
		return -1;
	for (typed = c->argv; *typed && !rc; typed++) {
		rc = peer_find(c->store, *typed, &p, e) ||
		    emit_peer(c, &p, e) ? -1 : 0;
		peer_release(&p);
	}
	return rc;
}

/* No store is no peers, and no reason to make one. */
static int
open_known(struct cli *c, const struct cards *say, struct err *e)
{
	if (cards_open_peers(c, e) || cards_shut_in(c, say, false, e))
		return -1;
	if (!c->store)
		cli_note(c, "no peers are known in '%s' yet: 'bzn-card "
		    "import' takes their cards", c->home);
	return 0;
}

int
cards_list(struct cli *c, const struct cards *say, struct err *e)
{
	enum peer_state only = PEER_PENDING;
	struct peer p = { 0 };
	int got = 0;

	if (say->state && !peer_state_named(say->state, &only))
		return err_set(e, E_usage, "--state: '%.40s' is not pending, "
		    "pinned or revoked", say->state);
	if (open_known(c, say, e))
		return -1;
	while (c->store && (got = peer_next(c->store, &p, e)) > 0)
		if ((!say->state || p.state == only) && emit_peer(c, &p, e)) {
			got = -1;
			break;
		}
	peer_release(&p);
	return got;
}

int
cards_trust(struct cli *c, const struct cards *say, struct err *e)
{
	struct buf line = BUF_INIT(4096);
	struct peer p = { 0 };
	int got = 0;

	if (open_known(c, say, e))
		return -1;
	while (c->store && (got = peer_next(c->store, &p, e)) > 0) {
		peer_trust(&line, &p);
		got = cli_put(line.data, line.len, e);
		if (got)
			break;
		buf_reset(&line);
	}
	peer_release(&p);
	buf_release(&line);
	return got;
}

static void
answer(struct buf *out, const struct peer *p, enum peer_news news)
{
	static const char *const words[] = {
		[PEER_SAME] = "same", [PEER_CHANGED] = "changed",
		[PEER_NEW] = "new",
	};

	peer_write(out, p);
	json_str(out, "result", words[news]);
	json_close(out, '}');
	buf_addc(out, '\n');
}

/* What is to be imported. */
struct job {
	const struct cards *say;
	struct texts texts;
};

/* Pin what was just taken in: the operator vouches for it. */
static int
vouch(struct cli *c, struct peer *p, enum peer_news *news, struct err *e)
{
	enum peer_news pinned;
	struct peer after;
	int rc = peer_pin_in(c->store, p->node_id, cli_now(c), &after,
	    &pinned, e);

	if (rc)
		return -1;
	peer_release(p);
	*p = after;
	*news = *news == PEER_NEW ? PEER_NEW : PEER_CHANGED;
	return 0;
}

static int
take(struct cli *c, const struct cards *say, const struct text *t,
    struct buf *out, struct err *e)
{
	struct peer p = { 0 };
	enum peer_news news;
	struct doc d;
	int rc;

	if (cards_read(&d, say, t, e))
		return -1;
	rc = doc_in(c->store, &d, cli_now(c), &p, &news, e);
	doc_release(&d);
	if (!rc && say->pin && p.state == PEER_PENDING)
		rc = vouch(c, &p, &news, e);
	if (!rc)
		answer(out, &p, news);
	peer_release(&p);
	return rc;
}

static int
take_all(struct cli *c, void *arg, struct buf *out, struct err *e)
{
	const struct job *j = arg;
	const struct text *t = j->texts.text;
	struct err undone;
	size_t i;
	int rc;

	for (i = 0; i < j->texts.n; i++, t++) {
		if (store_mark(c->store, e))
			return -1;
		rc = take(c, j->say, t, out, e);
		if (rc && store_undo(c->store, &undone))
			*e = undone;
		if (rc ? texts_skip(c, t, e) : store_keep(c->store, e))
			return -1;
	}
	return 0;
}

int
cards_import(struct cli *c, const struct cards *say, struct err *e)
{
	struct job job = { .say = say };
	const struct lines lines = { .act = take_all, .arg = &job };
	struct buf request = BUF_INIT(1024);
	char hex[HASH_HEX];
	int rc;

	if (cli_store(c, e) || cards_shut_in(c, say, true, e) ||
	    texts_read(&job.texts, c, CARDS_SCHEME, e))
		return -1;
	texts_hash(hex, &job.texts);
	json_open(&request, NULL, '{');
	json_str(&request, "sha256", hex);
	json_bool(&request, "pin", say->pin);
	json_bool(&request, "uri", say->uri);
	json_close(&request, '}');
	rc = lines_run(c, &request, &lines, e);
	texts_release(&job.texts);
	buf_release(&request);
	return rc;
}

static int
mark_all(struct cli *c, void *arg, struct buf *out, struct err *e)
{
	const char *reason = arg;
	enum peer_news news;
	struct peer p, after;
	char **typed;
	int rc;

	for (typed = c->argv; *typed; typed++) {
		if (peer_find(c->store, *typed, &p, e))
			return -1;
		rc = reason ? peer_revoke_in(c->store, p.node_id, reason,
		    cli_now(c), &after, &news, e) : peer_pin_in(c->store,
		    p.node_id, cli_now(c), &after, &news, e);
		peer_release(&p);
		if (rc)
			return -1;
		answer(out, &after, news);
		peer_release(&after);
	}
	return 0;
}

/* Revoke the operands, or without a reason pin them. */
static int
mark(struct cli *c, const struct cards *say, char *reason, struct err *e)
{
	const struct lines lines = { .act = mark_all, .arg = reason };
	struct buf request = BUF_INIT(JSON_MAX);
	char **typed;
	int rc;

	if (cards_need_peers(c, e) || cards_shut_in(c, say, false, e))
		return -1;
	json_open(&request, NULL, '{');
	json_open(&request, "peers", '[');
	for (typed = c->argv; *typed; typed++)
		json_str(&request, NULL, *typed);
	json_close(&request, ']');
	json_str_if(&request, "reason", reason);
	json_close(&request, '}');
	rc = lines_run(c, &request, &lines, e);
	buf_release(&request);
	return rc;
}

int
cards_pin(struct cli *c, const struct cards *say, struct err *e)
{
	return mark(c, say, NULL, e);
}

int
cards_revoke(struct cli *c, const struct cards *say, struct err *e)
{
	char *reason;
	int rc;

	if (!say->reason)
		return err_set(e, E_usage, "--reason is missing");
	reason = mem_text(say->reason);
	rc = mark(c, say, reason, e);
	free(reason);
	return rc;
}
