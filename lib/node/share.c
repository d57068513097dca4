#include <assert.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/chance.h"
#include "base/clock.h"
#include "base/enc.h"
#include "ledger/ledger.h"
#include "node/share.h"

#define RANDOM 6		/* bytes of an id */
#define TRIES 8			/* at one that is new */

int
share_put_in(struct ledger *l, const char *facts, struct chance *chance,
    char id[SHARE_ID], struct err *e)
{
	struct buf text = BUF_INIT(64);
	uint8_t random[RANDOM];
	struct query q;
	int i, got = 0;

	assert(ledger_writing(l));
	for (i = 0; i < TRIES && !got; i++) {
		buf_reset(&text);
		chance_bytes(chance, random, sizeof(random));
		enc_base64url(&text, random, sizeof(random));
		snprintf(id, SHARE_ID, "%s", text.data);
		query_open(&q, ledger_store(l), SQL_NODE_SHARE_ADD);
		query_text(&q, id);
		query_text(&q, facts);
		query_int(&q, ledger_now(l));
		got = query_change(&q, e);
	}
	buf_release(&text);
	return got > 0 ? 0 : got < 0 ? -1 : err_set(e, E_internal,
	    "there is no new id for what is shared");
}

int
share_get(struct store *s, const char *id, int64_t now_ms,
    const struct params *p, struct buf *facts, struct err *e)
{
	struct query q;
	int got;

	query_open(&q, s, SQL_NODE_SHARE_GET);
	query_text(&q, id);
	query_int(&q, now_ms - p->value[PARAM_share_days] * CLOCK_DAY_MS);
	got = query_row(&q, e);
	if (got > 0)
		buf_adds(facts, query_get_text(&q, 0));
	query_close(&q);
	return got > 0 ? 0 : got < 0 ? -1 : err_set(e, E_share_missing,
	    "nothing is shared as '%.40s'", id);
}
