#include <stdbool.h>
#include <string.h>

#include "base/json.h"
#include "market/custom.h"

static bool
named_before(const char *const *ids, size_t i)
{
	size_t k;

	for (k = 0; k < i; k++)
		if (!strcmp(ids[k], ids[i]))
			return true;
	return false;
}

static void
write_custom(struct buf *out, const struct query *q)
{
	const char *config = query_get_text(q, 3);

	json_open(out, NULL, '{');
	json_str(out, "id", query_get_text(q, 0));
	json_str(out, "name", query_get_text(q, 1));
	json_str(out, "type", query_get_text(q, 2));
	json_raw(out, "config", config, strlen(config));
	json_close(out, '}');
}

int
market_customs(struct store *s, const char *buyer_id, const char *const *ids,
    size_t n, struct buf *snapshot, struct err *e)
{
	struct query q;
	size_t i;
	int got;

	json_open(snapshot, NULL, '[');
	for (i = 0; i < n; i++) {
		if (named_before(ids, i))
			continue;
		query_open(&q, s, SQL_MARKET_CUSTOM_GET);
		query_text(&q, ids[i]);
		query_text(&q, buyer_id);
		got = query_row(&q, e);
		if (got > 0)
			write_custom(snapshot, &q);
		query_close(&q);
		if (!got)
			return err_set(e, E_validator_missing,
			    "no validator '%.80s'", ids[i]);
		if (got < 0)
			return -1;
	}
	json_close(snapshot, ']');
	return 0;
}
