/* What is on offer. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/mem.h"
#include "cri/cri.h"
#include "ledger/ledger.h"
#include "market/impl.h"

#define LONGER 1000		/* bytes: more than any label has */

/*
 * What is longer than a label is in none, so more of it need not be looked
 * for; an engine has limits of its own there.
 */
void
market_pattern(struct buf *out, const char *text)
{
	const char *from = text;

	*out = (struct buf)BUF_INIT(text ? 2 * strlen(text) + 2 : 2);
	buf_addc(out, '%');
	for (; text && *text && text - from < LONGER; text++) {
		if (strchr("%_\\", *text))
			buf_addc(out, '\\');
		buf_addc(out, *text);
	}
	buf_addc(out, '%');
}

void
market_bind_first(struct query *q, const struct params *p)
{
	struct cri c = { .facts.idle_days = -1 };

	cri_formula(&c, p);
	query_int(q, c.tenths);
	c.facts.sandbox = true;
	cri_formula(&c, p);
	query_int(q, c.tenths);
}

bool
market_realm_named(const char *word, enum market_realm *out)
{
	static const char *const words[] = { "production", "sandbox", "all" };
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (!strcmp(words[i], word)) {
			*out = (enum market_realm)i;
			return true;
		}
	return false;
}

bool
market_order_named(const char *word, enum market_order *out)
{
	static const char *const words[] = {
		"newest", "price", "score",
	};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (!strcmp(words[i], word)) {
			*out = (enum market_order)i;
			return true;
		}
	return false;
}

const char *
market_realm_unit(enum market_realm r)
{
	return r == MARKET_SANDBOX ? "SBX" : "TCK";
}

void
market_of_open(struct query *q, struct store *s, const char *node_id)
{
	query_open(q, s, SQL_MARKET_SKILL_OF);
	query_text(q, node_id);
}

int
market_of_next(struct query *q, struct skill *out, struct err *e)
{
	int got = query_row(q, e);

	*out = (struct skill){ 0 };
	if (got > 0)
		market_skill_take(q, out);
	return got;
}

/* What all three statements ask for, as $1 to $11. */
static void
bind(struct query *q, const struct market_filter *f, const char *like)
{
	query_text(q, f->text && *f->text ? like : NULL);
	query_text(q, f->category);
	query_text(q, f->node_id);
	query_int(q, f->least);
	query_int(q, f->most ? f->most : INT64_MAX);
	query_text(q, market_realm_unit(f->realm));
	query_text(q, f->realm == MARKET_PRODUCTION ? "TCK" : "SBX");
	market_bind_first(q, f->params);
	query_int(q, f->tenths);
	query_int(q, f->now_ms);
}

void
market_list_open(struct market_list *list, struct store *s,
    const struct market_filter *f)
{
	struct query *q = &list->query;

	list->store = s;
	list->pattern = mem_zero(1, sizeof(*list->pattern));
	market_pattern(list->pattern, f->text);
	query_open(q, s, f->order == MARKET_NEWEST ? SQL_MARKET_SKILL_LIST :
	    SQL_MARKET_SKILL_RANK);
	bind(q, f, list->pattern->data);
	query_int(q, f->limit ? f->limit : INT64_MAX);
	query_int(q, f->offset);
	if (f->order != MARKET_NEWEST)
		query_int(q, f->order == MARKET_PRICE);
}

/* The suites that a skill has passed, which few have. */
static int
take_verified(struct store *s, struct listing *out, struct err *e)
{
	struct buf b = BUF_INIT(65536);
	struct query q;
	int got;

	query_open(&q, s, SQL_MARKET_VERIFIED_ALL);
	query_text(&q, out->skill.id);
	while ((got = query_row(&q, e)) > 0) {
		if (!b.len)
			json_open(&b, NULL, '[');
		json_str(&b, NULL, query_get_text(&q, 0));
	}
	if (b.len) {
		json_close(&b, ']');
		out->verified = mem_text(b.data);
	}
	buf_release(&b);
	return got;
}

int
market_list_next(struct market_list *list, struct listing *out,
    struct err *e)
{
	int got = query_row(&list->query, e);

	*out = (struct listing){ 0 };
	if (got <= 0)
		return got;
	market_skill_take(&list->query, &out->skill);
	out->tenths = query_get_int(&list->query, SKILL_COLUMNS);
	if (!query_get_int(&list->query, SKILL_COLUMNS + 1) ||
	    !take_verified(list->store, out, e))
		return 1;
	market_listing_release(out);
	return -1;
}

void
market_list_close(struct market_list *list)
{
	query_close(&list->query);
	buf_release(list->pattern);
	free(list->pattern);
	list->pattern = NULL;
}

int
market_total(struct store *s, const struct market_filter *f, int64_t *out,
    struct err *e)
{
	struct query q;
	struct buf like;
	int got;

	market_pattern(&like, f->text);
	query_open(&q, s, SQL_MARKET_SKILL_TOTAL);
	bind(&q, f, like.data);
	got = query_run(&q, out, e);
	buf_release(&like);
	return got < 0 ? -1 : 0;
}

int
market_listing(struct store *s, const char *id, const struct params *p,
    struct listing *out, struct err *e)
{
	struct query q;
	int got;

	*out = (struct listing){ 0 };
	query_open(&q, s, SQL_MARKET_SKILL_LISTED);
	query_text(&q, id);
	market_bind_first(&q, p);
	got = query_row(&q, e);
	if (got > 0) {
		market_skill_take(&q, &out->skill);
		out->tenths = query_get_int(&q, SKILL_COLUMNS);
	}
	query_close(&q);
	if (!got)
		return err_set(e, E_skill_missing, "no skill '%.80s'", id);
	if (got > 0 && !take_verified(s, out, e))
		return 0;
	market_listing_release(out);
	return -1;
}

void
market_listing_release(struct listing *k)
{
	market_skill_release(&k->skill);
	free(k->verified);
	*k = (struct listing){ 0 };
}

int
market_verified_in(struct ledger *l, const char *skill_id, const char *suite,
    struct err *e)
{
	struct query q;

	query_open(&q, ledger_store(l), SQL_MARKET_VERIFIED_ADD);
	query_text(&q, skill_id);
	query_text(&q, suite);
	query_int(&q, ledger_now(l));
	return query_run(&q, NULL, e) < 0 ? -1 : 0;
}
