/* Skills as the store has them. */
#include <stdlib.h>

#include "market/impl.h"

void
market_skill_take(const struct query *q, struct skill *out)
{
	*out = (struct skill){ 0 };
	query_put_text(q, 0, out->id, sizeof(out->id));
	query_put_text(q, 1, out->node_id, sizeof(out->node_id));
	query_put_text(q, 2, out->type, sizeof(out->type));
	out->label = query_copy_text(q, 3);
	out->category = query_copy_text(q, 4);
	out->price.unit = unit_named(query_get_text(q, 5));
	out->price.minor = query_get_int(q, 6);
	out->metadata = query_copy_text(q, 7);
	out->made_ms = query_get_int(q, 8);
	out->retired_ms = query_get_int(q, 9);
	out->version = query_get_int(q, 10);
	out->changed_ms = query_get_int(q, 11);
}

int
market_skill(struct store *s, const char *id, struct skill *out,
    struct err *e)
{
	struct query q;
	int got;

	*out = (struct skill){ 0 };
	query_open(&q, s, SQL_MARKET_SKILL_GET);
	query_text(&q, id);
	got = query_row(&q, e);
	if (got > 0)
		market_skill_take(&q, out);
	query_close(&q);
	if (!got)
		return err_set(e, E_skill_missing, "no skill '%.80s'", id);
	return got < 0 ? -1 : 0;
}

void
market_skill_release(struct skill *k)
{
	free(k->label);
	free(k->category);
	free(k->metadata);
	*k = (struct skill){ 0 };
}
