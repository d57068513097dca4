/* Subscriptions, and what was sent to them. */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/enc.h"
#include "crypto/seal.h"
#include "gate/gate.h"
#include "hook/impl.h"
#include "ledger/ledger.h"

#define PURPOSE "bzn webhook secrets v1"
#define PREFIX "whsec_"
#define SECRET_BYTES 32
#define SECRET_TEXT (sizeof(PREFIX) - 1 + 2 * SECRET_BYTES)

void
hook_key(struct secret *out, const struct secret *pepper)
{
	seal_key(out, pepper, PURPOSE);
}

static void
make_secret(struct secret *out)
{
	struct secret random;

	secret_random(&random, SECRET_BYTES);
	secret_init(out, SECRET_TEXT + 1);
	memcpy(out->data, PREFIX, sizeof(PREFIX) - 1);
	enc_hex((char *)out->data + sizeof(PREFIX) - 1, random.data,
	    SECRET_BYTES);
	out->len = SECRET_TEXT;
	secret_release(&random);
}

static int
check_limit(struct store *s, const struct hook_wanted *w, struct err *e)
{
	int64_t have = 0, most = w->params->value[PARAM_webhooks_per_node];
	struct query q;

	query_open(&q, s, SQL_HOOK_COUNT);
	query_text(&q, w->node_id);
	if (query_run(&q, &have, e) < 0)
		return -1;
	return have < most ? 0 : err_set(e, E_webhook_limit, "'%.100s' has %"
	    PRId64 " webhooks, which is the most", w->node_id, have);
}

/* sealed is NULL for a callback, which has a ref instead. */
static int
add(struct store *s, const struct hook *h, const char *ref,
    const uint8_t *sealed, size_t n, struct err *e)
{
	struct query q;

	hook_heard(s);
	query_open(&q, s, SQL_HOOK_ADD);
	query_text(&q, h->id);
	query_text(&q, h->node_id);
	query_text(&q, ref);
	query_text(&q, h->url);
	query_int(&q, h->events);
	if (sealed)
		query_bytes(&q, sealed, n);
	else
		query_null(&q);
	query_int(&q, h->made_ms);
	return query_run(&q, NULL, e) < 0 ? -1 : 0;
}

static void
fill(struct hook *h, const char *node_id, const struct hook_target *target,
    unsigned events, int64_t now_ms, struct chance *chance)
{
	assert(target->good);
	*h = (struct hook){ .events = events, .made_ms = now_ms };
	id_new(h->id, now_ms, chance);
	snprintf(h->node_id, sizeof(h->node_id), "%s", node_id);
	memcpy(h->url, target->text, sizeof(h->url));
}

int
hook_add_in(struct ledger *l, const struct hook_wanted *w,
    const struct secret *key, struct chance *chance, struct hook_made *out,
    struct err *e)
{
	const struct gate gate = {
		.act = GATE_LISTEN, .node_id = w->node_id,
		.params = w->params,
	};
	uint8_t box[SECRET_TEXT + SEAL_MORE];
	struct gated gated;

	assert(ledger_writing(l) && w->events);
	*out = (struct hook_made){ 0 };
	if (check_limit(ledger_store(l), w, e) ||
	    gate_parties_in(l, &gate, &gated, e))
		return -1;
	snprintf(out->warning, sizeof(out->warning), "%s", gated.warning);
	fill(&out->hook, w->node_id, w->target, w->events, ledger_now(l),
	    chance);
	make_secret(&out->secret);
	seal_close(box, key, out->hook.id, out->secret.data,
	    out->secret.len);
	if (!add(ledger_store(l), &out->hook, NULL, box, sizeof(box), e))
		return 0;
	secret_release(&out->secret);
	return -1;
}

int
hook_callback_in(struct ledger *l, const char *node_id, const char *ref,
    const struct hook_target *target, struct chance *chance, struct err *e)
{
	struct hook h;

	assert(ledger_writing(l));
	fill(&h, node_id, target, HOOK_OF(HOOK__EVENTS) - 1, ledger_now(l),
	    chance);
	return add(ledger_store(l), &h, ref, NULL, 0, e);
}

int
hook_remove_in(struct ledger *l, const char *id, const char *node_id,
    struct err *e)
{
	struct query q;
	int got;

	assert(ledger_writing(l));
	query_open(&q, ledger_store(l), SQL_HOOK_REMOVE);
	query_text(&q, id);
	query_text(&q, node_id);
	query_int(&q, ledger_now(l));
	got = query_change(&q, e);
	return got > 0 ? 0 : got < 0 ? -1 : err_set(e, E_webhook_missing,
	    "no webhook '%.80s'", id);
}

void
hook_list_open(struct query *q, struct store *s, const char *node_id)
{
	query_open(q, s, SQL_HOOK_LIST);
	query_text(q, node_id);
}

int
hook_list_next(struct query *q, struct hook *out, struct err *e)
{
	int got = query_row(q, e);

	if (got <= 0)
		return got;
	query_put_text(q, 0, out->id, sizeof(out->id));
	query_put_text(q, 1, out->node_id, sizeof(out->node_id));
	query_put_text(q, 2, out->url, sizeof(out->url));
	out->events = (unsigned)query_get_int(q, 3);
	out->made_ms = query_get_int(q, 4);
	return 1;
}

int
hook_get(struct store *s, const char *id, const char *node_id,
    struct hook *out, struct err *e)
{
	struct query q;
	int got;

	query_open(&q, s, SQL_HOOK_GET);
	query_text(&q, id);
	query_text(&q, node_id);
	got = hook_list_next(&q, out, e);
	query_close(&q);
	return got > 0 ? 0 : got < 0 ? -1 : err_set(e, E_webhook_missing,
	    "no webhook '%.80s'", id);
}

int
hook_secret(struct store *s, const char *id, const struct secret *key,
    struct secret *out, struct err *e)
{
	struct query q;
	size_t n = 0;
	const uint8_t *box;
	int got, rc = 0;

	query_open(&q, s, SQL_HOOK_SEALED);
	query_text(&q, id);
	got = query_row(&q, e);
	if (got > 0) {
		box = query_get_bytes(&q, 0, &n);
		rc = seal_open(out, key, id, box, n, e);
	}
	query_close(&q);
	return got > 0 ? rc : got < 0 ? -1 : err_set(e, E_webhook_missing,
	    "no webhook '%.80s'", id);
}

static void
filter(struct query *q, const struct hook_filter *f)
{
	query_text(q, f->hook_id);
	query_text(q, f->state);
}

int
hook_deliveries_count(struct store *s, const struct hook_filter *f,
    int64_t *out, struct err *e)
{
	struct query q;

	query_open(&q, s, SQL_HOOK_DELIVERY_COUNT);
	filter(&q, f);
	return query_run(&q, out, e) < 0 ? -1 : 0;
}

void
hook_deliveries_open(struct query *q, struct store *s,
    const struct hook_filter *f)
{
	query_open(q, s, SQL_HOOK_DELIVERY_LIST);
	filter(q, f);
	query_int(q, f->limit);
	query_int(q, f->offset);
}

void
hook_told_open(struct query *q, struct store *s, const char *ref,
    const char *node_id)
{
	query_open(q, s, SQL_HOOK_TOLD);
	query_text(q, ref);
	query_text(q, node_id);
}

int
hook_delivery_next(struct query *q, struct hook_delivery *out, struct err *e)
{
	int got = query_row(q, e);

	if (got <= 0)
		return got;
	query_put_text(q, 0, out->id, sizeof(out->id));
	out->event = query_get_text(q, 1);
	out->state = query_get_text(q, 2);
	out->attempts = query_get_int(q, 3);
	out->code = query_get_null(q, 4) ? 0 : query_get_int(q, 4);
	out->error = query_get_text(q, 5);
	out->made_ms = query_get_int(q, 6);
	return 1;
}

int
hook_stats(struct store *s, struct hook_stats *out, struct err *e)
{
	struct query q;
	int got;

	*out = (struct hook_stats){ 0 };
	query_open(&q, s, SQL_HOOK_STATS);
	while ((got = query_row(&q, e)) > 0)
		if (!strcmp(query_get_text(&q, 0), "pending"))
			out->pending = query_get_int(&q, 1);
		else
			out->exhausted = query_get_int(&q, 1);
	return got;
}
