/* Putting up a reward, and handing in a solution for one. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "bounty/impl.h"
#include "gate/gate.h"
#include "ledger/ledger.h"
#include "ledger/make.h"
#include "node/purse.h"

#define REWARD_MIN 1000		/* 10.00 */
#define REWARD_MAX 10000000	/* 100000.00 */
#define DAYS_MAX 90
#define TAGS_MAX 20
#define TAG_MAX 50		/* characters */
#define TAGS_BYTES (TAGS_MAX * (6 * 4 * TAG_MAX + 3) + 2)
#define DATA_MAX 256

/* What a text must be: so many characters, and perhaps one line. */
struct text {
	const char *what, *is;		/* NULL where it may be left out */
	size_t least, most;
	bool line;
};

static int
check_texts(const struct text *t, size_t n, struct err *e)
{
	size_t i, has;

	for (i = 0; i < n; i++) {
		if (!t[i].is)
			continue;
		has = utf8_count(t[i].is, strlen(t[i].is));
		if (has < t[i].least || has > t[i].most ||
		    (t[i].line && !utf8_plain(t[i].is)))
			return err_set(e, E_bad_json, "the %s is not%s %zu to "
			    "%zu characters", t[i].what,
			    t[i].line ? " one line of" : "", t[i].least,
			    t[i].most);
	}
	return 0;
}

static int
check_tags(const struct json *tags, struct err *e)
{
	struct text tag = { "tag", NULL, 1, TAG_MAX, true };
	struct json it = { 0 };

	if (!tags)
		return 0;
	if (json_want(tags, JSON_ARRAY, e))
		return -1;
	if (json_count(tags) > TAGS_MAX)
		return err_set(e, E_bad_json, "there are more than %d tags",
		    TAGS_MAX);
	while (json_next(&it, tags)) {
		if (json_want(&it, JSON_STRING, e))
			return -1;
		tag.is = json_string(&it);
		if (check_texts(&tag, 1, e))
			return -1;
	}
	return 0;
}

/* The shape of a wish; its reward in minor units, whatever the realm. */
static int
check_wish(const struct wish *w, struct amount *reward, struct err *e)
{
	const struct text texts[] = {
		{ "title", w->title, 5, 200, true },
		{ "description", w->description, 10, 5000, false },
	};

	if (check_texts(texts, 2, e) || check_tags(w->tags, e))
		return -1;
	if (w->category && !bounty_category(w->category))
		return err_set(e, E_bad_json, "'%.40s' is no category of "
		    "bounties", w->category);
	if (w->deadline_days < 0 || w->deadline_days > DAYS_MAX)
		return err_set(e, E_bad_json, "a deadline is 1 to %d days "
		    "away", DAYS_MAX);
	if (amount_parse(reward, w->reward, e))
		return -1;
	return reward->minor >= REWARD_MIN && reward->minor <= REWARD_MAX ?
	    0 : err_set(e, E_price_range, "a reward of '%s' is not within "
	    "10.00 and 100000.00", w->reward);
}

static void
fill(struct bounty *b, const struct wish *w, const struct params *p,
    struct chance *chance)
{
	struct buf tags = BUF_INIT(TAGS_BYTES);

	id_new(b->id, b->made_ms, chance);
	snprintf(b->creator_id, sizeof(b->creator_id), "%s", w->node_id);
	snprintf(b->category, sizeof(b->category), "%s",
	    w->category ? w->category : "general");
	b->title = mem_text(w->title);
	b->description = mem_text(w->description);
	if (w->tags)
		json_copy(&tags, NULL, w->tags);
	else
		buf_adds(&tags, "[]");
	b->tags = mem_text(tags.data);
	buf_release(&tags);
	b->tax_bp = p->value[PARAM_protocol_tax_bp];
	if (w->deadline_days)
		b->deadline_ms = b->made_ms + w->deadline_days * CLOCK_DAY_MS;
}

static int
post_hold(struct ledger *l, const struct bounty *b, struct err *e)
{
	char account[LEAF_ACCOUNT];
	struct buf data = BUF_INIT(DATA_MAX);
	struct move m = {
		.type = TYPE_BOUNTY_HOLD, .ref = b->id,
		.from = b->creator_id, .to = account, .amount = b->reward,
	};
	int rc;

	bounty_account(account, b);
	json_open(&data, NULL, '{');
	json_int(&data, "deadline_ms",
	    b->deadline_ms ? b->deadline_ms : BOUNTY_NEVER);
	json_int(&data, "tax_bp", b->tax_bp);
	json_close(&data, '}');
	m.data = data.data;
	rc = ledger_move_in(l, &m, e);
	buf_release(&data);
	return rc;
}

static int
add(struct store *s, const struct bounty *b, struct err *e)
{
	struct query q;

	query_open(&q, s, SQL_BOUNTY_ADD);
	query_text(&q, b->id);
	query_text(&q, b->creator_id);
	query_text(&q, b->reward.unit->code);
	query_int(&q, b->reward.minor);
	query_int(&q, b->tax_bp);
	query_text(&q, b->title);
	query_text(&q, b->description);
	query_text(&q, b->category);
	query_text(&q, b->tags);
	query_int(&q, b->made_ms);
	if (b->deadline_ms)
		query_int(&q, b->deadline_ms);
	else
		query_null(&q);
	return query_run(&q, NULL, e) < 0 ? -1 : 0;
}

int
bounty_create_in(struct ledger *l, const struct wish *w,
    const struct params *p, struct chance *chance, struct bounty *out,
    char warning[BOUNTY_WARNING], struct err *e)
{
	const struct gate gate = {
		.act = GATE_BOUNTY, .node_id = w->node_id,
		.category = w->category ? w->category : "general",
		.params = p,
	};
	struct gated in;

	assert(ledger_writing(l));
	*out = (struct bounty){
		.reward.unit = unit_named("TCK"), .made_ms = ledger_now(l),
	};
	if (check_wish(w, &out->reward, e) || gate_parties_in(l, &gate, &in, e))
		return -1;
	out->reward.unit = in.unit;
	if (gate_money_in(l, w->node_id, out->reward, p, e))
		return -1;
	fill(out, w, p, chance);
	if (post_hold(l, out, e) || add(ledger_store(l), out, e) ||
	    purse_lock_in(l, w->node_id, out->reward, e)) {
		bounty_release(out);
		return -1;
	}
	snprintf(warning, BOUNTY_WARNING, "%s", in.warning);
	return 0;
}

static int
check_solution(const struct solution *s, struct err *e)
{
	const struct text texts[] = {
		{ "content", s->content, 5, 10000, false },
		{ "proof URL", s->proof_url, 1, 500, true },
		{ "skill id", s->skill_id, 1, 100, true },
	};

	return check_texts(texts, 3, e);
}

/* Money of one realm cannot be won in the other. */
static int
check_realm(struct store *s, const struct bounty *b,
    const struct node *solver, struct err *e)
{
	struct node creator;

	if (node_get(s, b->creator_id, &creator, e))
		return -1;
	return strcmp(creator.realm, solver->realm) ? err_set(e, E_realm,
	    "'%s' is of the %s realm, the bounty is not", solver->id,
	    solver->realm) : 0;
}

static int
check_alone(struct store *s, const struct bounty *b, const char *solver,
    struct err *e)
{
	struct query q;
	int got;

	query_open(&q, s, SQL_BOUNTY_SUBMISSION_PENDING);
	query_text(&q, b->id);
	query_text(&q, solver);
	got = query_run(&q, NULL, e);
	return got > 0 ? err_set(e, E_submission_dup, "'%s' has a submission "
	    "that waits already", solver) : got;
}

static int
add_submission(struct store *s, const struct submission *is, struct err *e)
{
	struct query q;

	query_open(&q, s, SQL_BOUNTY_SUBMISSION_ADD);
	query_text(&q, is->id);
	query_text(&q, is->bounty_id);
	query_text(&q, is->solver_id);
	query_text(&q, is->content);
	query_text(&q, is->proof_url);
	query_text(&q, is->skill_id);
	query_int(&q, is->made_ms);
	return query_run(&q, NULL, e) < 0 ? -1 : 0;
}

static void
fill_submission(struct submission *out, const struct solution *s,
    struct chance *chance)
{
	id_new(out->id, out->made_ms, chance);
	snprintf(out->bounty_id, sizeof(out->bounty_id), "%s", s->bounty_id);
	snprintf(out->solver_id, sizeof(out->solver_id), "%s", s->node_id);
	out->content = mem_text(s->content);
	out->proof_url = s->proof_url ? mem_text(s->proof_url) : NULL;
	out->skill_id = s->skill_id ? mem_text(s->skill_id) : NULL;
}

int
bounty_submit_in(struct ledger *l, const struct solution *s,
    const struct params *p, struct chance *chance, struct submission *out,
    char warning[BOUNTY_WARNING], struct err *e)
{
	const struct gate gate = {
		.act = GATE_SUBMIT, .node_id = s->node_id, .params = p,
	};
	struct store *store = ledger_store(l);
	struct gated in;
	struct bounty b = { 0 };
	int rc = -1;

	assert(ledger_writing(l));
	*out = (struct submission){ .made_ms = ledger_now(l) };
	if (check_solution(s, e) || gate_parties_in(l, &gate, &in, e) ||
	    bounty_get(store, s->bounty_id, &b, e) ||
	    !bounty_may(&b, BOUNTY_SUBMIT, out->made_ms, e))
		goto out;
	if (!strcmp(s->node_id, b.creator_id)) {
		err_set(e, E_own_bounty, "'%s' has put it up", s->node_id);
		goto out;
	}
	if (check_realm(store, &b, &in.node, e) ||
	    check_alone(store, &b, s->node_id, e))
		goto out;
	fill_submission(out, s, chance);
	if (add_submission(store, out, e))
		goto out;
	snprintf(warning, BOUNTY_WARNING, "%s", in.warning);
	rc = 0;
out:
	bounty_release(&b);
	if (rc)
		bounty_submission_release(out);
	return rc;
}
