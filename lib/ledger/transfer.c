#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/id.h"
#include "base/json.h"
#include "ledger/transfer.h"
#include "ledger/type.h"

int
transfer_read(struct transfer *out, const struct json *in, struct err *e)
{
	static const char *const keys[] = {
		"id", "from", "to", "amount", "unit", "type", "ref", NULL,
	};

	*out = (struct transfer){ .type = "TRANSFER" };
	return json_only(in, keys, e) ||
	    json_opt_str(in, "id", &out->id, e) ||
	    json_get_str(in, "from", &out->from, e) ||
	    json_get_str(in, "to", &out->to, e) ||
	    json_get_decimal(in, "amount", &out->amount, e) ||
	    json_get_str(in, "unit", &out->unit, e) ||
	    json_opt_str(in, "type", &out->type, e) ||
	    json_opt_str(in, "ref", &out->ref, e) ? -1 : 0;
}

/* What the caller named, else what the type dictates, else a fresh one. */
static int
choose_id(const struct transfer *t, enum type type, int64_t now_ms,
    struct chance *chance, char id[LEAF_ID], struct err *e)
{
	const char *node = type_reserved(t->from) ? t->to : t->from;

	if (t->id) {
		if (leaf_check_id(t->id, e))
			return -1;
		snprintf(id, LEAF_ID, "%s", t->id);
	} else if (!type_id(type, t->ref, node, id)) {
		id_new(id, now_ms, chance);
	}
	return 0;
}

int
transfer_in(struct ledger *l, const struct transfer *t, struct chance *chance,
    char id[LEAF_ID], struct posted *out, struct err *e)
{
	struct amount a = { 0, units_find(ledger_units(l), t->unit) };
	struct leg legs[2] = {
		{ t->from, a.unit, 0 }, { t->to, a.unit, 0 },
	};
	const struct entry x = {
		.kind = ENTRY_TRANSFER, .type = t->type, .id = id,
		.ref = t->ref, .legs = legs, .n_legs = 2,
	};
	enum type type;

	if (!a.unit)
		return err_set(e, E_no_unit, "no unit '%.20s'", t->unit);
	if (amount_parse(&a, t->amount, e))
		return -1;
	if (!a.minor)
		return err_set(e, E_amount_zero, "nothing to move");
	if (!type_named(t->type, &type))
		return err_set(e, E_bad_type, "no type '%.40s'", t->type);
	if (!type_by_hand(type))
		return err_set(e, E_flow_refused,
		    "%s is posted only by what owns its rule", t->type);
	legs[0].minor = -a.minor;
	legs[1].minor = a.minor;
	return choose_id(t, type, ledger_now(l), chance, id, e) ||
	    ledger_post_in(l, &x, 1, out, e) ? -1 : 0;
}

void
transfer_write(struct buf *out, const char *id, const struct posted *p)
{
	json_open(out, NULL, '{');
	json_str(out, "id", id);
	json_str(out, "result", p->existed ? "exists" : "posted");
	json_int(out, "seq", p->seq);
	json_time(out, "at", p->at_ms);
}
