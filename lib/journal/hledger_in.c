#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/json_items.h"
#include "base/mem.h"
#include "journal/hledger_in.h"

#define MEMO 1024

struct in_leg {
	const char *account;
	const struct unit *unit;
	int64_t minor;
};

struct hledger_in {
	struct hledger_how how;
	struct alias alias;
	struct json_items in;		/* transactions */
	struct buf held;		/* a record that may get assertions */
	struct buf asserts;		/* members of its "assert" */
	struct in_leg leg[LEAF_LEGS];
	size_t n_leg;
};

int
hledger_in_open(struct hledger_in **out, const struct hledger_how *how,
    struct err *e)
{
	struct hledger_in *h = mem_zero(1, sizeof(*h));

	h->how = *how;
	json_items_init(&h->in, how->fd, "transaction");
	h->held = (struct buf)BUF_INIT(JSON_MAX);
	h->asserts = (struct buf)BUF_INIT(JSON_MAX);
	if (alias_init(&h->alias, &how->alias, e)) {
		hledger_in_close(h);
		return -1;
	}
	*out = h;
	return 0;
}

void
hledger_in_close(struct hledger_in *h)
{
	if (!h)
		return;
	alias_release(&h->alias);
	json_items_release(&h->in);
	buf_release(&h->held);
	buf_release(&h->asserts);
	free(h);
}

/*
 * hledger rounds what it prints as JSON to ten decimals.  An amount of a
 * commodity that has more may have been another.
 */
#define JSON_PLACES 10

static int
check_rounded(const struct json *amount, int64_t places, struct err *e)
{
	struct json style;
	int64_t precision = 0;

	if (places < JSON_PLACES || !json_find(&style, amount, "astyle") ||
	    json_opt_int(&style, "asprecision", &precision, e) ||
	    precision <= JSON_PLACES)
		return 0;
	return json_fail(amount, NULL, E_bad_json, "may have had more "
	    "decimals than hledger prints as JSON", e);
}

/* mantissa / 10^places, without zeros behind what the unit has. */
static int
read_quantity(const struct json *amount, const struct unit *unit,
    int64_t *minor, struct err *e)
{
	struct json quantity, mantissa;
	struct buf text = BUF_INIT(1024);
	const char *digits;
	int64_t places, n = 0;
	size_t len;
	bool minus;
	int rc = -1;

	if (json_get(&quantity, amount, "aquantity", JSON_OBJECT, e) ||
	    json_get(&mantissa, &quantity, "decimalMantissa", JSON_NUMBER,
	    e) ||
	    json_get_int(&quantity, "decimalPlaces", &places, e) ||
	    check_rounded(amount, places, e))
		return -1;
	digits = json_lexeme(&mantissa, &len);
	minus = len && *digits == '-';
	digits += minus;
	len -= minus;
	if (!len || strspn(digits, "0123456789") < len || places < 0 ||
	    places > 255) {
		json_fail(&quantity, NULL, E_bad_json, "is no decimal", e);
		goto out;
	}
	for (n = 0; n <= places - (int64_t)len; n++)
		buf_addc(&text, '0');
	buf_add(&text, digits, len);
	while (places > unit->scale && text.data[text.len - 1] == '0') {
		buf_cut(&text, text.len - 1);
		places--;
	}
	if (places > 0) {
		buf_addc(&text, '\0');
		memmove(text.data + text.len - places,
		    text.data + text.len - places - 1, (size_t)places);
		text.data[text.len - (size_t)places - 1] = '.';
	}
	rc = amount_digits(text.data, unit->scale, minor, e);
	if (!rc && minus)
		*minor = -*minor;
out:
	buf_release(&text);
	return rc;
}

static int
read_amount(struct hledger_in *h, const struct json *amount,
    const struct unit **unit, int64_t *minor, struct err *e)
{
	const char *code;

	if (json_has(amount, "aprice") || json_has(amount, "acost"))
		return json_fail(amount, NULL, E_bad_json,
		    "has a cost, which a leg cannot have", e);
	return json_get_str(amount, "acommodity", &code, e) ||
	    alias_unit(&h->alias, code, unit, e) ||
	    read_quantity(amount, *unit, minor, e) ? -1 : 0;
}

static int
add_leg(struct hledger_in *h, const char *account, const struct unit *unit,
    int64_t minor, struct err *e)
{
	struct in_leg *l;

	for (l = h->leg; l < h->leg + h->n_leg; l++)
		if (l->account == account && l->unit == unit)
			return __builtin_add_overflow(l->minor, minor,
			    &l->minor) ? err_set(e, E_amount_range,
			    "postings of '%s' add up to too much", account) : 0;
	if (h->n_leg == LEAF_LEGS)
		return err_set(e, E_leg_count, "over %d postings", LEAF_LEGS);
	*l = (struct in_leg){ account, unit, minor };
	h->n_leg++;
	return 0;
}

static void
put_balance(struct buf *out, const char *account, const char *op,
    int64_t minor, const struct unit *unit)
{
	json_open(out, NULL, '{');
	json_str(out, "account", account);
	json_str_if(out, "op", op);
	json_amount(out, "amount", (struct amount){ minor, unit });
	json_str(out, "unit", unit->code);
	json_close(out, '}');
}

static int
read_assertion(struct hledger_in *h, const struct json *posting,
    const char *account, struct buf *out, struct err *e)
{
	struct json is, amount, flag;
	const struct unit *unit = NULL;
	int64_t minor = 0;

	if (!json_has(posting, "pbalanceassertion"))
		return 0;
	if (json_get(&is, posting, "pbalanceassertion", JSON_OBJECT, e) ||
	    json_get(&amount, &is, "baamount", JSON_OBJECT, e))
		return -1;
	if ((json_find(&flag, &is, "batotal") && json_true(&flag)) ||
	    (json_find(&flag, &is, "bainclusive") && json_true(&flag)))
		return json_fail(&is, NULL, E_bad_json,
		    "asserts more than '=' does", e);
	if (read_amount(h, &amount, &unit, &minor, e))
		return -1;
	put_balance(out, account, "eq", minor, unit);
	return 0;
}

static int
read_posting(struct hledger_in *h, const struct json *posting,
    struct buf *asserts, struct err *e)
{
	struct json amounts, amount = { 0 };
	const char *type, *from, *account;
	const struct unit *unit = NULL;
	int64_t minor = 0;

	if (json_get_str(posting, "ptype", &type, e) ||
	    json_get_str(posting, "paccount", &from, e) ||
	    json_get(&amounts, posting, "pamount", JSON_ARRAY, e))
		return -1;
	if (strcmp(type, "RegularPosting"))
		return json_fail(posting, NULL, E_bad_json,
		    "is a virtual posting", e);
	if (alias_account(&h->alias, from, &account, e))
		return -1;
	while (json_next(&amount, &amounts))
		if (read_amount(h, &amount, &unit, &minor, e) ||
		    add_leg(h, account, unit, minor, e))
			return -1;
	return read_assertion(h, posting, account, asserts, e);
}

size_t
hledger_in_used(const struct hledger_in *h, const struct alias_used **out)
{
	*out = h->alias.used;
	return h->alias.n_used;
}

/* The value of a tag of the transaction, or NULL. */
static const char *
tag(const struct json *txn, const char *name)
{
	struct json tags, pair = { 0 }, key, value;
	const char *is;

	if (!json_find(&tags, txn, "ttags") || json_kind(&tags) != JSON_ARRAY)
		return NULL;
	while (json_next(&pair, &tags)) {
		if (json_kind(&pair) != JSON_ARRAY || json_at(&key, &pair, 0) ||
		    json_at(&value, &pair, 1))
			continue;
		is = json_string(&key);
		if (is && !strcmp(is, name))
			return json_string(&value);
	}
	return NULL;
}

/* References are percent-encoded in our exports. */
static void
put_ref(struct buf *out, const char *p)
{
	struct buf ref = BUF_INIT(1024);
	char hex[3] = { 0 };

	for (; *p; p++) {
		if (*p == '%' && strspn(p + 1, "0123456789ABCDEF") >= 2) {
			memcpy(hex, p + 1, 2);
			buf_addc(&ref, (char)strtol(hex, NULL, 16));
			p += 2;
		} else {
			buf_addc(&ref, *p);
		}
	}
	json_str(out, "ref", ref.data);
	buf_release(&ref);
}

/* Description and comment, as far as there are. */
static int
put_memo(struct buf *out, const struct json *txn, struct err *e)
{
	const char *part[2] = { "", "" };
	struct buf memo = BUF_INIT(MEMO);
	size_t i, n;
	int rc = 0;

	if (json_opt_str(txn, "tdescription", &part[0], e) ||
	    json_opt_str(txn, "tcomment", &part[1], e))
		return -1;
	for (i = 0; i < 2; i++) {
		part[i] += strspn(part[i], " \n");
		n = strlen(part[i]);
		while (n && strchr(" \n", part[i][n - 1]))
			n--;
		if (n && memo.len)
			buf_addc(&memo, '\n');
		buf_add(&memo, part[i], n);
	}
	if (memo.full)
		rc = err_set(e, E_bad_json, "description and comment have "
		    "over %d bytes", MEMO);
	else if (memo.len)
		json_str(out, "memo", memo.data);
	buf_release(&memo);
	return rc;
}

static int
put_id(struct hledger_in *h, struct buf *out, const struct json *txn,
    struct err *e)
{
	const char *id = tag(txn, "bzn-id");
	char made[256];
	int64_t index;

	if (!id) {
		if (!h->how.id_prefix)
			return err_set(e, E_bad_id, "it has no tag bzn-id: "
			    "say --id-prefix");
		if (json_get_int(txn, "tindex", &index, e))
			return -1;
		snprintf(made, sizeof(made), "%.200s:%lld", h->how.id_prefix,
		    (long long)index);
		id = made;
	}
	json_str(out, "id", id);
	return 0;
}

/* All of a record but its assertions and its end. */
static int
put_record(struct hledger_in *h, struct buf *out, const struct json *txn,
    struct err *e)
{
	const char *date, *ref = tag(txn, "bzn-ref");
	const struct in_leg *l;
	int64_t ms;

	if (json_get_str(txn, "tdate", &date, e) || clock_parse(date, &ms, e))
		return -1;
	json_open(out, NULL, '{');
	if (put_id(h, out, txn, e))
		return -1;
	json_int(out, "effective_ms", ms);
	if (ref && *ref)
		put_ref(out, ref);
	if (put_memo(out, txn, e))
		return -1;
	json_open(out, "legs", '[');
	for (l = h->leg; l < h->leg + h->n_leg; l++)
		if (l->minor) {
			put_balance(out, l->account, NULL, l->minor, l->unit);
			alias_use(&h->alias, l->account, l->unit);
		}
	json_close(out, ']');
	return 0;
}

/* Give out the record that is held, with all that was asserted since. */
static int
give(struct hledger_in *h, struct buf *out, struct err *e)
{
	buf_add(out, h->held.data, h->held.len);
	if (h->asserts.len) {
		json_open(out, "assert", '[');
		buf_add(out, h->asserts.data, h->asserts.len);
		json_close(out, ']');
	}
	json_close(out, '}');
	if (h->held.full || h->asserts.full || out->full)
		return err_set(e, E_too_long, "a transaction, or what is "
		    "asserted after it, is over 1 MiB");
	buf_reset(&h->held);
	buf_reset(&h->asserts);
	return 1;
}

static bool
moves(const struct hledger_in *h)
{
	size_t i;

	for (i = 0; i < h->n_leg; i++)
		if (h->leg[i].minor)
			return true;
	return false;
}

/* 1 if a record was given, 0 if not. */
static int
read_transaction(struct hledger_in *h, struct buf *out, struct err *e)
{
	struct buf asserts = BUF_INIT(JSON_MAX);
	struct json txn = { 0 }, postings, posting = { 0 };
	int rc = -1;

	h->n_leg = 0;
	if (json_parse(&txn, h->in.text.data, h->in.text.len, e) ||
	    json_get(&postings, &txn, "tpostings", JSON_ARRAY, e))
		goto out;
	while (json_next(&posting, &postings))
		if (read_posting(h, &posting, &asserts, e))
			goto out;
	rc = 0;
	if (moves(h)) {
		if (h->held.len && give(h, out, e) < 0)
			rc = -1;
		else
			rc = out->len != 0;
		if (rc >= 0 && put_record(h, &h->held, &txn, e))
			rc = -1;
	}
	if (asserts.len && h->asserts.len)
		buf_addc(&h->asserts, ',');
	buf_add(&h->asserts, asserts.data, asserts.len);
out:
	json_release(&txn);
	buf_release(&asserts);
	return rc;
}

int
hledger_in_next(struct hledger_in *h, struct buf *out, struct err *e)
{
	int got;

	while ((got = json_items_next(&h->in, e)) > 0) {
		got = read_transaction(h, out, e);
		if (got < 0)
			return err_wrap(e, "transaction %lld", h->in.number);
		if (got)
			return 1;
	}
	if (got < 0)
		return e->code != E_bad_json ? -1 : err_wrap(e, "not what "
		    "'hledger print -O json' prints");
	return h->held.len ? give(h, out, e) : 0;
}
