/* Bounties: put up, handed in for, awarded, cancelled, shown. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/json.h"
#include "base/utf8.h"
#include "batch/batch.h"
#include "bounty/bounty.h"
#include "cri/cri.h"
#include "desk/bounty.h"
#include "desk/total.h"

#define RECORD_MAX (4 << 20)
#define CONTENT_MAX (64 << 10)		/* bytes of a file */
#define LIST_MAX 100			/* bounties on a page */

/* What a gate that is soft has to say. */
static void
put_warnings(struct buf *out, const char *warning)
{
	json_open(out, "warnings", '[');
	if (*warning)
		json_str(out, NULL, warning);
	json_close(out, ']');
	json_close(out, '}');
}

static int
create_act(struct cli *c, struct ledger *l, const struct json *in,
    struct buf *out, struct err *but, struct err *e)
{
	char warning[BOUNTY_WARNING];
	struct json tags;
	struct bounty b;
	struct wish w;

	(void)but;
	if (bounty_wish_read(&w, &tags, in, e) ||
	    bounty_create_in(l, &w, &c->params, &c->chance, &b, warning, e))
		return -1;
	bounty_write(out, &b, false);
	put_warnings(out, warning);
	bounty_release(&b);
	return 0;
}

static int
submit_act(struct cli *c, struct ledger *l, const struct json *in,
    struct buf *out, struct err *but, struct err *e)
{
	char warning[BOUNTY_WARNING];
	struct submission is;
	struct solution s;

	(void)but;
	if (bounty_solution_read(&s, in, e) ||
	    bounty_submit_in(l, &s, &c->params, &c->chance, &is, warning, e))
		return -1;
	bounty_submission_write(out, &is, true);
	put_warnings(out, warning);
	bounty_submission_release(&is);
	return 0;
}

static int
end_act(struct cli *c, struct ledger *l, const struct json *in,
    struct buf *out, enum bounty_event event, struct err *e)
{
	struct bounty_end end = { .event = event, .params = &c->params };
	struct bounty b;

	if (bounty_end_read(&end, in, e) || bounty_end_in(l, &end, &b, e))
		return -1;
	bounty_write_end(out, &b);
	json_close(out, '}');
	bounty_release(&b);
	return 0;
}

static int
award_act(struct cli *c, struct ledger *l, const struct json *in,
    struct buf *out, struct err *but, struct err *e)
{
	(void)but;
	return end_act(c, l, in, out, BOUNTY_AWARD, e);
}

static int
cancel_act(struct cli *c, struct ledger *l, const struct json *in,
    struct buf *out, struct err *but, struct err *e)
{
	(void)but;
	return end_act(c, l, in, out, BOUNTY_CANCEL, e);
}

/* "a, b" as ["a","b"]. */
static void
put_tags(struct buf *in, const char *tags)
{
	size_t n;

	json_open(in, "tags", '[');
	for (; *tags; tags += n + (tags[n] == ',')) {
		tags += strspn(tags, " ");
		n = strcspn(tags, ",");
		json_strn(in, NULL, tags, n);
	}
	json_close(in, ']');
}

static int
put_content(struct buf *in, const char *path, struct err *e)
{
	struct buf text = BUF_INIT(CONTENT_MAX);
	size_t i, n;
	int rc = file_read(&text, path, e);

	for (i = 0; !rc && i < text.len; i += n) {
		n = utf8_len(text.data + i, text.len - i);
		if (!n || !text.data[i])
			rc = err_set(e, E_bad_json, "'%s' is not UTF-8 text",
			    path);
	}
	if (!rc)
		json_strn(in, "content", text.data, text.len);
	buf_release(&text);
	return rc;
}

static int
put_request(struct cli *c, const struct desk_bounty *say, struct buf *in,
    struct err *e)
{
	json_open(in, NULL, '{');
	json_str_if(in, "bounty_id", c->argc > 1 ? c->argv[1] : NULL);
	json_str_if(in, "submission_id", c->argc > 2 ? c->argv[2] : NULL);
	json_str_if(in, "node_id", say->node);
	json_str_if(in, "title", say->title);
	json_str_if(in, "description", say->description);
	json_str_if(in, "reward", say->reward);
	json_str_if(in, "category", say->category);
	if (say->tags)
		put_tags(in, say->tags);
	if (say->days >= 0)
		json_int(in, "deadline_days", say->days);
	json_str_if(in, "proof_url", say->proof_url);
	json_str_if(in, "skill_id", say->skill);
	return say->content ? put_content(in, say->content, e) : 0;
}

/* One request from operands and options, or many from standard input. */
static int
run_batch(struct cli *c, const struct desk_bounty *say, batch_act *act,
    struct err *e)
{
	const struct batch batch = { act, BATCH_KEYED, say->all_or_nothing,
	    "node_id" };
	struct buf in = BUF_INIT(RECORD_MAX);
	int rc = -1;

	if (c->argc == 1 && !say->title)
		return say->node || say->content ? err_set(e, E_usage,
		    "which bounty? without one requests come from stdin, and "
		    "say all that options would") :
		    batch_stream(c, &batch, e);
	if (!put_request(c, say, &in, e))
		rc = batch_one(c, &batch, &in, e);
	buf_release(&in);
	return rc;
}

static int
create(struct cli *c, const struct desk_bounty *say, struct err *e)
{
	bool any = say->node || say->title || say->description || say->reward;
	bool all = say->node && say->title && say->description && say->reward;

	if (any != all)
		return err_set(e, E_usage, "--as, --title, --description and "
		    "--reward belong together; without them requests come "
		    "from stdin");
	return run_batch(c, say, create_act, e);
}

static int
submit(struct cli *c, const struct desk_bounty *say, struct err *e)
{
	if (c->argc > 1 && (!say->node || !say->content))
		return err_set(e, E_usage, "--as and --content are needed");
	return run_batch(c, say, submit_act, e);
}

static int
award(struct cli *c, const struct desk_bounty *say, struct err *e)
{
	if (c->argc == 2)
		return err_set(e, E_usage, "which submission?");
	return run_batch(c, say, award_act, e);
}

static int
cancel(struct cli *c, const struct desk_bounty *say, struct err *e)
{
	return run_batch(c, say, cancel_act, e);
}

/* How reliable the creator is, now. */
static int
put_cri(struct cli *c, struct buf *out, const struct bounty *b,
    struct err *e)
{
	char text[AMOUNT_TEXT];
	struct cri cri;
	size_t n;

	if (cri_score(c->store, b->creator_id, cli_now(c), &c->params, &cri,
	    e))
		return -1;
	n = amount_print(cri.tenths, 1, text);
	json_raw(out, "creator_cri", text, n);
	return 0;
}

static int
print(struct cli *c, const struct bounty *b, struct err *e)
{
	struct buf out = BUF_INIT(RECORD_MAX);
	int rc;

	bounty_write(&out, b, false);
	rc = put_cri(c, &out, b, e);
	json_close(&out, '}');
	if (!rc)
		rc = cli_emit_buf(c, &out, e);
	buf_release(&out);
	return rc;
}

static int
print_total(struct cli *c, const struct bounty_filter *f, struct err *e)
{
	int64_t total;

	return bounty_total(c->store, f, &total, e) ||
	    desk_total(c, total, f->limit, f->offset, e) ? -1 : 0;
}

/* What is asked for, in the words of the options. */
static int
read_filter(const struct desk_bounty *say, struct bounty_filter *f,
    struct err *e)
{
	struct amount least = { 0, unit_named("TCK") };
	enum bounty_state state;

	*f = (struct bounty_filter){
		.state = say->status ? say->status : "open",
		.category = say->category, .creator_id = say->node,
		.unit = "TCK", .offset = say->offset,
	};
	if (say->limit >= 0 && (!say->limit || say->limit > LIST_MAX))
		return err_set(e, E_usage, "--limit is 1 to %d", LIST_MAX);
	f->limit = say->limit < 0 ? 0 : say->limit;
	if (!strcmp(f->state, "all"))
		f->state = NULL;
	else if (!bounty_state_named(f->state, &state))
		return err_set(e, E_usage, "no status '%.40s'", say->status);
	if (say->category && !bounty_category(say->category))
		return err_set(e, E_usage, "no category '%.40s'",
		    say->category);
	if (say->sort && !bounty_sort_named(say->sort, &f->sort))
		return err_set(e, E_usage, "--sort is newest, reward or "
		    "deadline");
	if (say->realm && !strcmp(say->realm, "all"))
		f->unit = NULL;
	else if (say->realm && !strcmp(say->realm, "sandbox"))
		f->unit = "SBX";
	else if (say->realm && strcmp(say->realm, "production"))
		return err_set(e, E_usage, "--realm is production, sandbox "
		    "or all");
	if (say->min_reward && amount_parse(&least, say->min_reward, e))
		return -1;
	f->least = least.minor;
	return 0;
}

static int
list(struct cli *c, const struct desk_bounty *say, struct err *e)
{
	struct bounty_filter f;
	struct bounty b;
	struct query q;
	int got;

	if (read_filter(say, &f, e) || cli_store_read(c, e))
		return -1;
	if (say->total)
		return print_total(c, &f, e);
	bounty_list_open(&q, c->store, &f);
	while ((got = bounty_list_next(&q, &b, e)) > 0) {
		if (print(c, &b, e))
			got = -1;
		bounty_release(&b);
		if (got < 0)
			break;
	}
	query_close(&q);
	return got;
}

static int
put_submissions(struct cli *c, const struct bounty *b, const char *node,
    struct buf *out, struct err *e)
{
	struct submission is;
	struct query q;
	int got;

	json_open(out, "submissions", '[');
	bounty_submissions_open(&q, c->store, b->id);
	while ((got = bounty_submissions_next(&q, &is, e)) > 0) {
		bounty_submission_write(out, &is,
		    bounty_may_see(b, &is, node));
		json_close(out, '}');
		bounty_submission_release(&is);
	}
	json_close(out, ']');
	return got;
}

static int
show_one(struct cli *c, const char *id, const char *node, struct err *e)
{
	struct buf out = BUF_INIT(64 << 20);
	struct bounty b;
	int rc;

	if (bounty_get(c->store, id, &b, e))
		return -1;
	bounty_write(&out, &b, true);
	rc = put_cri(c, &out, &b, e) || put_submissions(c, &b, node, &out, e);
	json_close(&out, '}');
	if (!rc)
		rc = out.full ? err_set(e, E_too_long,
		    "bounty '%s' has too many submissions to show", b.id) :
		    cli_emit_buf(c, &out, e);
	bounty_release(&b);
	buf_release(&out);
	return rc ? -1 : 0;
}

static int
show(struct cli *c, const struct desk_bounty *say, struct err *e)
{
	char **id;

	if (cli_store_read(c, e))
		return -1;
	for (id = c->argv + 1; *id; id++)
		if (show_one(c, *id, say->node, e))
			return -1;
	return 0;
}

/* What would do nothing is a misunderstanding. */
static int
check_options(const struct desk_bounty *say, const char *word, struct err *e)
{
	bool creates = !strcmp(word, "create"), submits = !strcmp(word,
	    "submit"), lists = !strcmp(word, "list");

	if (!creates && (say->title || say->description || say->reward ||
	    say->tags || say->days >= 0))
		return err_set(e, E_usage, "--title, --description, --reward, "
		    "--tags and --days are for create");
	if (!submits && (say->content || say->proof_url || say->skill))
		return err_set(e, E_usage, "--content, --proof-url and "
		    "--skill are for submit");
	if (!lists && (say->status || say->min_reward || say->sort ||
	    say->realm || say->limit >= 0 || say->offset || say->total))
		return err_set(e, E_usage, "--status, --min-reward, --sort, "
		    "--realm, --limit, --offset and --total are for list");
	if (!lists && !creates && say->category)
		return err_set(e, E_usage, "--category is for create and "
		    "list");
	return say->all_or_nothing && (lists || !strcmp(word, "show")) ?
	    err_set(e, E_usage, "--all-or-nothing is for actions") : 0;
}

int
desk_bounty(struct cli *c, const struct desk_bounty *say, struct err *e)
{
	static const struct {
		const char *word;
		int least, most;
		int (*run)(struct cli *, const struct desk_bounty *,
		    struct err *);
	} words[] = {
		{ "create", 1, 1, create }, { "submit", 1, 2, submit },
		{ "award", 1, 3, award }, { "cancel", 1, 2, cancel },
		{ "list", 1, 1, list }, { "show", 2, 1000, show },
	};
	size_t i;

	c->word = c->argv[0];
	for (i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (!strcmp(c->word, words[i].word) &&
		    c->argc >= words[i].least && c->argc <= words[i].most)
			return check_options(say, c->word, e) ? -1 :
			    words[i].run(c, say, e);
	return err_set(e, E_usage, "say create, list, show bounty, submit "
	    "bounty, award bounty submission or cancel bounty");
}
