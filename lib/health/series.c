/* Rows: what a node has of its own, and its series. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "health/impl.h"
#include "key/ident.h"
#include "node/signup.h"

int
health_setting(struct store *s, const char *node_id,
    struct health_setting *out, struct err *e)
{
	struct query q;
	int got;

	*out = (struct health_setting){ 0 };
	snprintf(out->node_id, sizeof(out->node_id), "%s", node_id);
	query_open(&q, s, SQL_HEALTH_SETTING_GET);
	query_text(&q, node_id);
	got = query_row(&q, e);
	if (got > 0) {
		out->interval_ms = query_get_int(&q, 0);
		query_put_text(&q, 1, out->owner, sizeof(out->owner));
		query_put_text(&q, 2, out->depends, sizeof(out->depends));
		out->is_signed = query_get_int(&q, 3) != 0;
	}
	query_close(&q);
	return got < 0 ? -1 : 0;
}

#define DEPTH 64

/*
 * Would it stand on itself, by way of others?  All of them would be held back
 * for each other when all are down.
 */
static int
check_depends(struct store *s, const struct health_setting *h, struct err *e)
{
	struct health_setting at = *h, next;
	int depth;

	for (depth = 0; *at.depends; depth++) {
		if (!strcmp(at.depends, h->node_id) || depth == DEPTH)
			return err_set(e, E_id_conflict, "a node cannot "
			    "depend on itself%s", depth ? ", by way of "
			    "others" : "");
		if (health_setting(s, at.depends, &next, e))
			return -1;
		at = next;
	}
	return 0;
}

int
health_set_in(struct store *s, const struct health_setting *h, struct err *e)
{
	char owner[SIGNUP_EMAIL];
	struct query q;

	assert(store_writing(s));
	if (*h->owner && signup_email(h->owner, owner, e))
		return -1;
	if (check_depends(s, h, e))
		return -1;
	query_open(&q, s, SQL_HEALTH_SETTING_PUT);
	query_text(&q, h->node_id);
	if (h->interval_ms)
		query_int(&q, h->interval_ms);
	else
		query_null(&q);
	query_text(&q, *h->owner ? owner : NULL);
	query_text(&q, *h->depends ? h->depends : NULL);
	query_int(&q, h->is_signed);
	return query_run(&q, NULL, e) < 0 ? -1 : 0;
}

void
health_rule(struct state_rule *out, const struct params *p,
    int64_t interval_ms)
{
	if (!interval_ms)
		interval_ms = p->value[PARAM_health_check_interval];
	*out = (struct state_rule){
		.down_after = (int)p->value[PARAM_health_down_after],
		.up_after = (int)p->value[PARAM_health_up_after],
		.slow_after = (int)p->value[PARAM_health_slow_after],
		.ok_after = (int)p->value[PARAM_health_ok_after],
		.interval_ms = interval_ms,
		.max_gap_ms = interval_ms * 5 / 2,
		.flap_start = (int)p->value[PARAM_health_flap_start],
		.flap_stop = (int)p->value[PARAM_health_flap_stop],
	};
}

void
health_rule_of(struct state_rule *out, const struct params *p,
    const struct health_series *h)
{
	health_rule(out, p, h->interval_ms);
	if (h->family == FAMILY_PUSH)
		out->down_after = out->up_after = 1;
}

/* --- series --------------------------------------------------------------- */

static void
take_machine(const struct query *q, struct state_machine *m)
{
	m->state = (enum state)query_get_int(q, 6);
	m->before = (enum state)query_get_int(q, 7);
	m->since_ms = query_get_int(q, 8);
	m->probed_ms = query_get_int(q, 9);
	m->probed_mono_ms = query_get_int(q, 10);
	m->good_ms = query_get_int(q, 11);
	m->fails = (int)query_get_int(q, 12);
	m->slows = (int)query_get_int(q, 13);
	m->oks = (int)query_get_int(q, 14);
	m->goods = (int)query_get_int(q, 15);
	m->fails_ms = query_get_int(q, 16);
	m->slows_ms = query_get_int(q, 17);
	m->oks_ms = query_get_int(q, 18);
	m->goods_ms = query_get_int(q, 19);
	m->seen = (uint64_t)query_get_int(q, 20);
	m->n_seen = (int)query_get_int(q, 21);
	m->flapping = query_get_int(q, 22) != 0;
}

static void
take(const struct query *q, struct health_series *out)
{
	*out = (struct health_series){ .id = query_get_int(q, 0) };
	query_put_text(q, 1, out->node_id, sizeof(out->node_id));
	out->family = (enum sample_family)query_get_int(q, 2);
	query_put_text(q, 3, out->name, sizeof(out->name));
	query_put_text(q, 4, out->url, sizeof(out->url));
	out->first_ms = query_get_int(q, 5);
	take_machine(q, &out->machine);
	out->flaps = query_get_int(q, 23);
	out->class = (enum sample_class)query_get_int(q, 24);
	out->http = (int)query_get_int(q, 25);
	query_put_text(q, 26, out->version, sizeof(out->version));
	out->total_us = query_get_int(q, 27);
	out->cert_ms = query_get_int(q, 28);
	out->is_signed = query_get_int(q, 29) != 0;
	out->interval_ms = query_get_int(q, 30);
	out->rolled_ms = query_get_int(q, 31);
}

int
health_get(struct store *s, const char *node_id, enum sample_family family,
    struct health_series *out, struct err *e)
{
	struct query q;
	int got;

	query_open(&q, s, SQL_HEALTH_NODE_GET);
	query_text(&q, node_id);
	query_int(&q, (int64_t)family);
	got = query_row(&q, e);
	if (got > 0)
		take(&q, out);
	query_close(&q);
	return got;
}

int
health_by_row(struct store *s, int64_t id, struct health_series *out,
    struct err *e)
{
	struct query q;
	int got;

	query_open(&q, s, SQL_HEALTH_NODE_BY_ROW);
	query_int(&q, id);
	got = query_row(&q, e);
	if (got > 0)
		take(&q, out);
	query_close(&q);
	return got;
}

void
health_list_open(struct query *q, struct store *s)
{
	query_open(q, s, SQL_HEALTH_NODE_LIST);
}

int
health_list_next(struct query *q, struct health_series *out, struct err *e)
{
	int got = query_row(q, e);

	if (got > 0)
		take(q, out);
	return got;
}

enum state
health_now(const struct health_series *h, const struct params *p,
    int64_t now_ms, int64_t *since_ms)
{
	struct state_change lapse;
	struct state_rule rule;

	health_rule(&rule, p, h->interval_ms);
	*since_ms = h->machine.since_ms;
	if (!state_lapsed(&h->machine, &rule, now_ms, &lapse))
		return h->machine.state;
	*since_ms = lapse.effective_ms;
	return lapse.to;
}

/* --- by what a person types ----------------------------------------------- */

static void
keep(struct health_series **out, size_t *n, const struct health_series *h)
{
	*out = mem_grow(*out, *n + 1, sizeof(**out));
	(*out)[(*n)++] = *h;
}

static int
find_id(struct store *s, const char *id, struct health_series **out,
    size_t *n, struct err *e)
{
	struct health_series h;
	int family, got;

	for (family = FAMILY_ANY; family < FAMILY__COUNT; family++) {
		got = health_get(s, id, (enum sample_family)family, &h, e);
		if (got < 0)
			return -1;
		if (got)
			keep(out, n, &h);
	}
	return 0;
}

static int
find_named(struct store *s, const char *typed, struct health_series **out,
    size_t *n, struct err *e)
{
	struct health_series h;
	struct query q;
	int got;

	health_list_open(&q, s);
	while ((got = health_list_next(&q, &h, e)) > 0) {
		if (strcmp(h.name, typed) && !ident_matches(typed, h.node_id))
			continue;
		if (*n && strcmp((*out)->node_id, h.node_id)) {
			got = err_set(e, E_ambiguous, "'%.80s' is more than "
			    "one node: '%.16s' and '%.16s' at least", typed,
			    (*out)->node_id, h.node_id);
			break;
		}
		keep(out, n, &h);
	}
	query_close(&q);
	return got;
}

int
health_find(struct store *s, const char *typed, struct health_series **out,
    size_t *n, struct err *e)
{
	int rc;

	*out = NULL;
	*n = 0;
	rc = ident_is_id(typed) ? find_id(s, typed, out, n, e) :
	    find_named(s, typed, out, n, e);
	if (!rc && !*n)
		rc = err_set(e, E_node_missing, "no node '%.80s' was ever "
		    "asked how it is", typed);
	if (rc) {
		free(*out);
		*out = NULL;
	}
	return rc;
}

int
health_add_in(struct store *s, struct health_series *h, struct err *e)
{
	struct query q;

	assert(store_writing(s));
	query_open(&q, s, SQL_HEALTH_NODE_ADD);
	query_text(&q, h->node_id);
	query_int(&q, (int64_t)h->family);
	query_text(&q, h->name);
	query_text(&q, h->url);
	query_int(&q, h->first_ms);
	state_begin(&h->machine, h->first_ms);
	h->rolled_ms = h->first_ms;
	return query_run(&q, &h->id, e) < 0 ? -1 : 0;
}

int
health_put_in(struct store *s, const struct health_series *h, struct err *e)
{
	const struct state_machine *m = &h->machine;
	struct query q;

	assert(store_writing(s));
	query_open(&q, s, SQL_HEALTH_NODE_PUT);
	query_int(&q, h->id);
	query_text(&q, h->name);
	query_text(&q, h->url);
	query_int(&q, (int64_t)m->state);
	query_int(&q, (int64_t)m->before);
	query_int(&q, m->since_ms);
	query_int(&q, m->probed_ms);
	query_int(&q, m->probed_mono_ms);
	query_int(&q, m->good_ms);
	query_int(&q, m->fails);
	query_int(&q, m->slows);
	query_int(&q, m->oks);
	query_int(&q, m->goods);
	query_int(&q, m->fails_ms);
	query_int(&q, m->slows_ms);
	query_int(&q, m->oks_ms);
	query_int(&q, m->goods_ms);
	query_int(&q, (int64_t)m->seen);
	query_int(&q, m->n_seen);
	query_int(&q, m->flapping);
	query_int(&q, h->flaps);
	query_int(&q, (int64_t)h->class);
	query_int(&q, h->http);
	query_text(&q, h->version);
	query_int(&q, h->total_us);
	query_int(&q, h->cert_ms);
	query_int(&q, h->is_signed);
	query_int(&q, h->rolled_ms);
	return query_run(&q, NULL, e) < 0 ? -1 : 0;
}
