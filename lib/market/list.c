/* What is on offer. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "market/impl.h"

/* The text anywhere in the label; what LIKE gives a meaning loses it. */
static struct buf *
pattern(const char *text)
{
	struct buf *out = mem_zero(1, sizeof(*out));

	*out = (struct buf)BUF_INIT(text ? 2 * strlen(text) + 2 : 2);
	buf_addc(out, '%');
	for (; text && *text; text++) {
		if (strchr("%_\\", *text))
			buf_addc(out, '\\');
		buf_addc(out, *text);
	}
	buf_addc(out, '%');
	return out;
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
	static const char *const words[] = { "newest", "price" };
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (!strcmp(words[i], word)) {
			*out = (enum market_order)i;
			return true;
		}
	return false;
}

/* What all three statements ask for, as $1 to $7. */
static void
bind(struct query *q, const struct market_filter *f, const char *like)
{
	query_text(q, like);
	query_text(q, f->category);
	query_text(q, f->node_id);
	query_int(q, f->least);
	query_int(q, f->most ? f->most : INT64_MAX);
	query_text(q, f->realm == MARKET_SANDBOX ? "SBX" : "TCK");
	query_text(q, f->realm == MARKET_PRODUCTION ? "TCK" : "SBX");
}

void
market_list_open(struct market_list *list, struct store *s,
    const struct market_filter *f)
{
	struct query *q = &list->query;

	list->pattern = pattern(f->text);
	query_open(q, s, f->order == MARKET_NEWEST ? SQL_MARKET_SKILL_LIST :
	    SQL_MARKET_SKILL_RANK);
	bind(q, f, list->pattern->data);
	query_int(q, f->limit ? f->limit : INT64_MAX);
	query_int(q, f->offset);
}

int
market_list_next(struct market_list *list, struct skill *out, struct err *e)
{
	int got = query_row(&list->query, e);

	*out = (struct skill){ 0 };
	if (got > 0)
		market_skill_take(&list->query, out);
	return got;
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
	struct buf *like = pattern(f->text);
	struct query q;
	int got;

	query_open(&q, s, SQL_MARKET_SKILL_TOTAL);
	bind(&q, f, like->data);
	got = query_run(&q, out, e);
	buf_release(like);
	free(like);
	return got < 0 ? -1 : 0;
}
