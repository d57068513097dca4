#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/mem.h"
#include "ledger/apply.h"
#include "ledger/own.h"

int
own_post(struct ledger *l, const char *type, const char *id,
    struct buf *data, struct posted *out, struct err *e)
{
	const struct entry x = {
		.kind = ENTRY_EVENT, .type = type, .id = id,
		.data = data->data,
	};
	int rc = ledger_own_in(l, &x, out, e);

	buf_release(data);
	return rc;
}

int
ledger_unit_in(struct ledger *l, const char *id, const char *code,
    int64_t scale, struct posted *out, struct err *e)
{
	struct buf data = BUF_INIT(LEAF_MAX);

	json_open(&data, NULL, '{');
	json_str(&data, "code", code);
	json_int(&data, "scale", scale);
	json_close(&data, '}');
	return own_post(l, "ledger.unit", id, &data, out, e);
}

/* As a leaf writes it; any text that a caller may write. */
static int
put_limit(struct buf *data, const char *key, const char *text,
    const struct unit *u, struct err *e)
{
	struct amount a = { 0, u };

	if (!text)
		return 0;
	if (!strcmp(text, "none")) {
		json_str(data, key, text);
		return 0;
	}
	if (amount_signed(&a, text, e))
		return -1;
	json_amount(data, key, a);
	return 0;
}

int
ledger_limit_in(struct ledger *l, const char *id, const struct limit *want,
    struct posted *out, struct err *e)
{
	const struct unit *u = units_find(ledger_units(l), want->unit);
	struct buf data = BUF_INIT(LEAF_MAX);

	if (leaf_check_account(want->account, e))
		return -1;
	if (!u)
		return err_set(e, E_no_unit, "no unit '%.20s'", want->unit);
	json_open(&data, NULL, '{');
	json_str(&data, "account", want->account);
	if (want->closed)
		json_bool(&data, "closed", true);
	if (put_limit(&data, "hi", want->hi, u, e) ||
	    put_limit(&data, "lo", want->lo, u, e)) {
		buf_release(&data);
		return -1;
	}
	json_str(&data, "unit", u->code);
	json_close(&data, '}');
	return own_post(l, "ledger.account", id, &data, out, e);
}

int
ledger_assert_in(struct ledger *l, const char *id, const struct cond *c,
    int64_t at_seq, int64_t *balance, struct posted *out, struct err *e)
{
	struct buf data = BUF_INIT(LEAF_MAX);
	struct entry x = { .kind = ENTRY_EVENT, .type = "ledger.assert" };
	struct ledger_known known;
	char is[AMOUNT_TEXT];
	int got = 0;

	/* Said before, it is not judged again: the books have moved on. */
	got = id ? ledger_find_in(l, id, &known, e) : 0;
	if (got < 0)
		return -1;
	if (at_seq < 0) {
		if (cond_balance_in(l, c, balance, e))
			return -1;
		if (!got && !cond_holds(c, *balance)) {
			amount_text((struct amount){ *balance, c->unit }, is);
			return err_set(e, E_assertion_failed,
			    "'%s' has %s %s", c->account, is, c->unit->code);
		}
		at_seq = got ? known.seq - 1 : (int64_t)ledger_size_in(l) - 1;
	}
	x.id = id;
	cond_write_leaf(&data, c, at_seq);
	return own_post(l, x.type, id, &data, out, e);
}

/* The members of the group that the entry is in: how many, or -1. */
static int
members(struct ledger *l, const char *target, int64_t *first, struct err *e)
{
	struct ledger_known k;
	int got = ledger_find_in(l, target, &k, e);

	if (got <= 0)
		return got < 0 ? -1 :
		    err_set(e, E_no_entry, "no entry '%s'", target);
	*first = k.seq - k.group_i;
	return k.group_n ? k.group_n : 1;
}

int
ledger_reverse_in(struct ledger *l, const struct reverse *r,
    struct chance *chance, struct posted *out, size_t *n, struct err *e)
{
	char (*ids)[2][LEAF_ID];
	struct entry *x;
	struct terms *t;
	int64_t first = 0;
	int size, i, rc = -1;

	if (leaf_check_id(r->id, e) || leaf_check_id(r->target, e))
		return -1;
	size = members(l, r->target, &first, e);
	if (size < 0)
		return -1;
	ids = mem_zero((size_t)size, sizeof(*ids));
	x = mem_zero((size_t)size, sizeof(*x));
	t = mem_zero((size_t)size, sizeof(*t));
	for (i = 0; i < size; i++) {
		if (ledger_id_in(l, first + i, ids[i][1], e))
			goto out;
		if (snprintf(ids[i][0], LEAF_ID, i ? "%s:%d" : "%s", r->id,
		    i) >= LEAF_ID) {
			err_set(e, E_bad_id, "'%s:%d' is too long for an id",
			    r->id, i);
			goto out;
		}
		x[i] = (struct entry){
			.kind = ENTRY_REVERSAL, .type = "REVERSAL",
			.id = ids[i][0], .reverses = ids[i][1],
		};
		t[i].memo = r->memo;
		if (r->memo)
			post_salt(&t[i], chance);
	}
	*n = (size_t)size;
	rc = ledger_post_with_in(l, x, t, *n, out, NULL, e);
out:
	free(ids);
	free(x);
	free(t);
	return rc;
}
