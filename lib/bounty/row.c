/* Bounties and submissions as the store has them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bounty/impl.h"

static void
take(const struct query *q, struct bounty *b)
{
	*b = (struct bounty){ 0 };
	query_put_text(q, 0, b->id, sizeof(b->id));
	query_put_text(q, 1, b->creator_id, sizeof(b->creator_id));
	b->reward.unit = unit_named(query_get_text(q, 2));
	b->reward.minor = query_get_int(q, 3);
	b->tax_bp = query_get_int(q, 4);
	b->title = query_copy_text(q, 5);
	b->description = query_copy_text(q, 6);
	query_put_text(q, 7, b->category, sizeof(b->category));
	b->tags = query_copy_text(q, 8);
	(void)bounty_state_named(query_get_text(q, 9), &b->state);
	b->made_ms = query_get_int(q, 10);
	b->deadline_ms = query_get_int(q, 11);
	b->closed_ms = query_get_int(q, 12);
	query_put_text(q, 13, b->winner_id, sizeof(b->winner_id));
	query_put_text(q, 14, b->submission_id, sizeof(b->submission_id));
	b->submissions = query_get_int(q, 15);
}

void
bounty_release(struct bounty *b)
{
	free(b->title);
	free(b->description);
	free(b->tags);
	*b = (struct bounty){ 0 };
}

int
bounty_get(struct store *s, const char *id, struct bounty *out,
    struct err *e)
{
	struct query q;
	int got;

	*out = (struct bounty){ 0 };
	query_open(&q, s, SQL_BOUNTY_GET);
	query_text(&q, id);
	got = query_row(&q, e);
	if (got > 0)
		take(&q, out);
	query_close(&q);
	if (!got)
		return err_set(e, E_bounty_missing, "no bounty '%.80s'", id);
	return got < 0 ? -1 : 0;
}

static void
bind_filter(struct query *q, const struct bounty_filter *f)
{
	query_text(q, f->state);
	query_text(q, f->category);
	query_text(q, f->creator_id);
	query_text(q, f->unit);
	query_int(q, f->least);
}

int
bounty_total(struct store *s, const struct bounty_filter *f, int64_t *out,
    struct err *e)
{
	struct query q;

	query_open(&q, s, SQL_BOUNTY_TOTAL);
	bind_filter(&q, f);
	return query_run(&q, out, e) < 0 ? -1 : 0;
}

void
bounty_list_open(struct query *q, struct store *s,
    const struct bounty_filter *f)
{
	static const enum sql orders[] = {
		[BOUNTY_NEWEST] = SQL_BOUNTY_NEWEST,
		[BOUNTY_REWARD] = SQL_BOUNTY_BY_REWARD,
		[BOUNTY_DEADLINE] = SQL_BOUNTY_BY_DEADLINE,
	};

	query_open(q, s, orders[f->sort]);
	bind_filter(q, f);
	query_int(q, f->limit ? f->limit : INT64_MAX);
	query_int(q, f->offset);
}

int
bounty_list_next(struct query *q, struct bounty *out, struct err *e)
{
	int got = query_row(q, e);

	*out = (struct bounty){ 0 };
	if (got > 0)
		take(q, out);
	return got;
}

static void
take_submission(const struct query *q, struct submission *out)
{
	const char *state = query_get_text(q, 6);

	*out = (struct submission){ 0 };
	query_put_text(q, 0, out->id, sizeof(out->id));
	query_put_text(q, 1, out->bounty_id, sizeof(out->bounty_id));
	query_put_text(q, 2, out->solver_id, sizeof(out->solver_id));
	out->content = query_copy_text(q, 3);
	out->proof_url = query_copy_text(q, 4);
	out->skill_id = query_copy_text(q, 5);
	while (out->state < SUBMISSION_REJECTED &&
	    strcmp(bounty_submission_word(out->state), state))
		out->state++;
	out->made_ms = query_get_int(q, 7);
	out->reviewed_ms = query_get_int(q, 8);
}

void
bounty_submission_release(struct submission *s)
{
	free(s->content);
	free(s->proof_url);
	free(s->skill_id);
	*s = (struct submission){ 0 };
}

int
bounty_submission_get(struct store *s, const char *bounty_id,
    const char *id, struct submission *out, struct err *e)
{
	struct query q;
	int got;

	*out = (struct submission){ 0 };
	query_open(&q, s, SQL_BOUNTY_SUBMISSION_GET);
	query_text(&q, bounty_id);
	query_text(&q, id);
	got = query_row(&q, e);
	if (got > 0)
		take_submission(&q, out);
	query_close(&q);
	if (!got)
		return err_set(e, E_submission_missing,
		    "bounty '%s' has no submission '%.80s'", bounty_id, id);
	return got < 0 ? -1 : 0;
}

void
bounty_submissions_open(struct query *q, struct store *s,
    const char *bounty_id)
{
	query_open(q, s, SQL_BOUNTY_SUBMISSION_LIST);
	query_text(q, bounty_id);
}

int
bounty_submissions_next(struct query *q, struct submission *out,
    struct err *e)
{
	int got = query_row(q, e);

	*out = (struct submission){ 0 };
	if (got > 0)
		take_submission(q, out);
	return got;
}

int
bounty_due(struct store *s, int64_t now_ms, int64_t *after_ms,
    char after_id[ID_TEXT], int limit, char (*out)[ID_TEXT], struct err *e)
{
	struct query q;

	query_open(&q, s, SQL_BOUNTY_DUE);
	return query_due(&q, now_ms, after_ms, after_id, limit, ID_TEXT, *out,
	    e);
}

int
bounty_first_close(struct store *s, const char *creator_id, int64_t by_ms,
    int64_t *out_ms, struct err *e)
{
	struct query q;
	int64_t at_ms = 0;

	query_open(&q, s, SQL_BOUNTY_FIRST_CLOSE);
	query_text(&q, creator_id);
	query_int(&q, by_ms);
	if (query_run(&q, &at_ms, e) < 0)
		return -1;
	*out_ms = at_ms ? at_ms : by_ms;
	return 0;
}

void
bounty_holds_open(struct query *q, struct store *s, const char *unit)
{
	query_open(q, s, SQL_BOUNTY_ALL);
	query_text(q, unit);
}

int
bounty_holds_next(struct query *q, struct bounty_hold *out, struct err *e)
{
	int got = query_row(q, e);

	if (got <= 0)
		return got;
	query_put_text(q, 0, out->id, sizeof(out->id));
	out->minor = strcmp(query_get_text(q, 2), "open") ? 0 :
	    query_get_int(q, 1);
	return 1;
}

/* What the log's word means here; a refund tells by its time why. */
static enum bounty_state
state_told(const struct bounty_told *t)
{
	if (!strcmp(t->state, "PENDING"))
		return BOUNTY_OPEN;
	if (!strcmp(t->state, "SETTLED"))
		return BOUNTY_AWARDED;
	return t->closed_ms < t->deadline_ms ? BOUNTY_CANCELLED :
	    BOUNTY_EXPIRED;
}

int
bounty_told_same(struct store *s, const struct bounty_told *t, struct err *e)
{
	struct bounty is;
	int same;

	if (bounty_get(s, t->id, &is, e))
		return e->code == E_bounty_missing ? 0 : -1;
	same = !strcmp(is.creator_id, t->creator) &&
	    !strcmp(is.winner_id, t->winner) &&
	    is.reward.unit == unit_named(t->unit) &&
	    is.reward.minor == t->minor && is.tax_bp == t->tax_bp &&
	    is.state == state_told(t) && is.made_ms == t->made_ms &&
	    (is.deadline_ms ? is.deadline_ms : BOUNTY_NEVER) ==
	    t->deadline_ms && is.closed_ms == t->closed_ms;
	bounty_release(&is);
	return same;
}

int
bounty_told_count(struct store *s, int64_t *out, struct err *e)
{
	struct query q;

	query_open(&q, s, SQL_BOUNTY_COUNT);
	return query_run(&q, out, e) < 0 ? -1 : 0;
}
