#include <assert.h>
#include <string.h>

#include "base/amount.h"
#include "base/buf.h"
#include "base/json.h"
#include "ledger/make.h"
#include "node/caps.h"
#include "node/impl.h"
#include "node/purse.h"

#define NONE "none"

/* The words of both, so that a line says what an option does. */
static const char daily[] = "max_spend_daily";
static const char per_task[] = "max_escrow_per_task";
static const char exposure[] = "max_active_exposure_pct";

static int
read_money(const char *name, const char *text, const struct unit *unit,
    int64_t *out, struct err *e)
{
	struct amount a = { 0, unit };

	if (!text)
		return 0;
	if (strcmp(text, NONE)) {
		if (amount_parse(&a, text, e))
			return err_wrap(e, "%s", name);
		if (!a.minor)
			return err_set(e, E_amount_zero, "%s: a cap of 0 is "
			    "none: say none", name);
	}
	*out = a.minor;
	return 0;
}

static int
check_percent(int64_t pct, struct err *e)
{
	return pct >= -1 && pct <= 100 ? 0 : err_set(e, E_amount_range,
	    "%s: not 0 to 100", exposure);
}

int
caps_put_percent(struct buf *out, const char *text, struct err *e)
{
	int64_t pct;

	if (!text)
		return 0;
	if (!strcmp(text, NONE)) {
		json_null(out, exposure);
		return 0;
	}
	if (amount_digits(text, 0, &pct, e))
		return err_wrap(e, "%s", exposure);
	json_int(out, exposure, pct);
	return 0;
}

static void
put_money(struct buf *out, const char *key, const struct node *n,
    int64_t minor)
{
	if (minor)
		json_amount(out, key, (struct amount){ minor, node_unit(n) });
	else
		json_null(out, key);
}

static void
put_percent(struct buf *out, const struct node *n)
{
	if (n->exposure_pct >= 0)
		json_int(out, exposure, n->exposure_pct);
	else
		json_null(out, exposure);
}

void
caps_write(struct buf *out, const struct node *n)
{
	put_money(out, daily, n, n->per_day_minor);
	put_money(out, per_task, n, n->per_task_minor);
	put_percent(out, n);
}

/* The caps as they are now; leaves have no null. */
static int
log_caps(struct ledger *l, const struct node *n, struct err *e)
{
	struct buf data = BUF_INIT(1024);
	const struct unit *unit = node_unit(n);
	char id[LEAF_ID];
	int rc;

	ledger_next_id(l, "caps:", n->id, id);
	json_open(&data, NULL, '{');
	if (n->exposure_pct >= 0)
		json_int(&data, exposure, n->exposure_pct);
	if (n->per_task_minor)
		json_amount(&data, per_task,
		    (struct amount){ n->per_task_minor, unit });
	if (n->per_day_minor)
		json_amount(&data, daily,
		    (struct amount){ n->per_day_minor, unit });
	json_str(&data, "unit", unit->code);
	json_close(&data, '}');
	rc = ledger_event_in(l, "node.caps_changed", id, n->id, data.data, e);
	buf_release(&data);
	return rc;
}

static void
bind(struct query *q, int64_t value, int64_t none)
{
	if (value == none)
		query_null(q);
	else
		query_int(q, value);
}

int
caps_set_in(struct ledger *l, const struct caps_change *c, struct node *out,
    struct err *e)
{
	struct node was;
	struct query q;

	assert(ledger_writing(l));
	if (node_get(ledger_store(l), c->node_id, out, e))
		return -1;
	if (!node_acts(out, ledger_now(l)))
		return err_set(e, E_node_unknown_or_banned, "'%s' is %s",
		    out->id, node_state(out, ledger_now(l)));
	was = *out;
	if (read_money(daily, c->daily, node_unit(out), &out->per_day_minor,
	    e) || read_money(per_task, c->per_task, node_unit(out),
	    &out->per_task_minor, e) || (c->has_pct &&
	    check_percent(c->pct, e)))
		return -1;
	if (c->has_pct)
		out->exposure_pct = c->pct;
	if (was.per_day_minor == out->per_day_minor &&
	    was.per_task_minor == out->per_task_minor &&
	    was.exposure_pct == out->exposure_pct)
		return 0;
	query_open(&q, ledger_store(l), SQL_NODE_CAPS);
	query_text(&q, out->id);
	bind(&q, out->per_task_minor, 0);
	bind(&q, out->per_day_minor, 0);
	bind(&q, out->exposure_pct, -1);
	return node_change(&q, e) || log_caps(l, out, e) ? -1 : 0;
}

int64_t
caps_exposure(const struct node *n, int64_t have_minor, int64_t open_minor,
    const struct params *p)
{
	int64_t pct = n->exposure_pct >= 0 ? n->exposure_pct :
	    p->value[PARAM_canary_exposure_pct];

	return pct ? (int64_t)(((amount_wide)have_minor + open_minor) * pct /
	    100) : -1;
}

int
caps_now(struct store *s, const struct node *n, int64_t have_minor,
    int64_t now_ms, const struct params *p, struct caps_now *out,
    struct err *e)
{
	struct purse purse;

	if (purse_get(s, n->id, node_unit(n), now_ms, &purse, e))
		return -1;
	*out = (struct caps_now){
		.spent_minor = purse.day_minor,
		.resets_ms = purse_resets_ms(now_ms),
		.open_minor = purse.open_minor,
		.limit_minor = caps_exposure(n, have_minor, purse.open_minor,
		    p),
	};
	return 0;
}

void
caps_now_write(struct buf *out, const struct node *n,
    const struct caps_now *now)
{
	const struct unit *unit = node_unit(n);
	int64_t left = n->per_day_minor - now->spent_minor;

	json_amount(out, "spent_today",
	    (struct amount){ now->spent_minor, unit });
	if (n->per_day_minor)
		json_amount(out, "remaining_today",
		    (struct amount){ left > 0 ? left : 0, unit });
	else
		json_null(out, "remaining_today");
	json_time(out, "resets_at", now->resets_ms);
	json_amount(out, "active_exposure",
	    (struct amount){ now->open_minor, unit });
	if (now->limit_minor >= 0)
		json_amount(out, "exposure_limit",
		    (struct amount){ now->limit_minor, unit });
	else
		json_null(out, "exposure_limit");
}

/* Text; null is "none". */
static int
read_cap(const struct json *in, const char *key, const char **out,
    struct err *e)
{
	struct json value;

	if (json_find(&value, in, key) && json_kind(&value) == JSON_NULL) {
		*out = NONE;
		return 0;
	}
	return json_has(in, key) ? json_get_decimal(in, key, out, e) : 0;
}

int
caps_change_read(struct caps_change *out, const struct json *in,
    struct err *e)
{
	static const char *const keys[] = {
		"id", "node_id", daily, per_task, exposure, NULL,
	};
	struct json value;

	*out = (struct caps_change){ .pct = -1 };
	if (json_only(in, keys, e) ||
	    json_get_str(in, "node_id", &out->node_id, e) ||
	    read_cap(in, daily, &out->daily, e) ||
	    read_cap(in, per_task, &out->per_task, e) ||
	    json_opt_int(in, exposure, &out->pct, e))
		return -1;
	if (json_has(in, exposure) && out->pct < 0)
		return json_fail(in, exposure, E_amount_range,
		    "is not 0 to 100, or null", e);
	out->has_pct = json_find(&value, in, exposure);
	return 0;
}
