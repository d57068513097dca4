/*
 * Over 500 lines because a transaction is read, mapped and written with one
 * state: what names and units became, and which record is held back.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"
#include "journal/hledger_in.h"

#define NAME "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
#define MEMO 1024
#define UNITS 64

/* A foreign name, and what became of it. */
struct name {
	char *from, *to;
};

struct in_leg {
	const char *account;
	const struct unit *unit;
	int64_t minor;
};

struct map {
	char from[UNIT_CODE + 32];
	const struct unit *to;
};

struct hledger_in {
	struct hledger_how how;
	struct map map[UNITS];
	size_t n_map;
	char piece[65536];		/* of the JSON */
	size_t at, have;
	bool begun, ended;
	struct buf text;		/* one transaction */
	struct buf held;		/* a record that may get assertions */
	struct buf asserts;		/* members of its "assert" */
	struct name *name;		/* sorted by "to" */
	size_t n_name, cap_name;
	struct hledger_used *used;	/* sorted by account and unit */
	size_t n_used, cap_used;
	struct in_leg leg[LEAF_LEGS];
	size_t n_leg;
	int64_t index;			/* of the transaction, for messages */
};

static int
find_unit(const struct units *units, const char *code,
    const struct unit **out, struct err *e)
{
	const struct unit *u = units_find(units, code);

	if (!u)
		return err_set(e, E_no_unit, "no unit '%.20s': declare it with "
		    "'bzn-ledger unit add', or map it with --unit-map", code);
	if (unit_named(code))
		return err_set(e, E_flow_refused, "foreign books are not node "
		    "money: map '%s' to a unit that you declared", code);
	*out = u;
	return 0;
}

/* "EUR=EUR,$=USD": what hledger has, and what we call it. */
static int
read_map(struct hledger_in *h, const char *p, struct err *e)
{
	char code[UNIT_CODE];
	struct map *m;
	size_t n, eq;

	for (; p && *p; p += n + (p[n] == ',')) {
		n = strcspn(p, ",");
		eq = strcspn(p, "=,");
		m = &h->map[h->n_map];
		if (h->n_map == UNITS || eq >= n || eq >= sizeof(m->from) ||
		    n - eq - 1 >= sizeof(code))
			return err_set(e, E_usage, "a map of units is like "
			    "EUR=EUR,$=USD, not '%.60s'", p);
		memcpy(m->from, p, eq);
		memcpy(code, p + eq + 1, n - eq - 1);
		code[n - eq - 1] = '\0';
		if (find_unit(h->how.units, code, &m->to, e))
			return -1;
		h->n_map++;
	}
	return 0;
}

int
hledger_in_open(struct hledger_in **out, const struct hledger_how *how,
    struct err *e)
{
	struct hledger_in *h = mem_zero(1, sizeof(*h));

	h->how = *how;
	h->text = (struct buf)BUF_INIT(JSON_MAX);
	h->held = (struct buf)BUF_INIT(JSON_MAX);
	h->asserts = (struct buf)BUF_INIT(JSON_MAX);
	if (read_map(h, how->unit_map, e)) {
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
	while (h->n_name--) {
		free(h->name[h->n_name].from);
		free(h->name[h->n_name].to);
	}
	free(h->name);
	free(h->used);
	buf_release(&h->text);
	buf_release(&h->held);
	buf_release(&h->asserts);
	free(h);
}

/* The next byte, or -1 at the end, or -2. */
static int
next_byte(struct hledger_in *h, struct err *e)
{
	ssize_t n;

	while (h->at == h->have) {
		n = read(h->how.fd, h->piece, sizeof(h->piece));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			err_sys_(e, "cannot read the transactions");
			return -2;
		}
		if (!n)
			return -1;
		h->at = 0;
		h->have = (size_t)n;
	}
	return (unsigned char)h->piece[h->at++];
}

static int
next_mark(struct hledger_in *h, struct err *e)
{
	int c;

	do
		c = next_byte(h, e);
	while (c == ' ' || c == '\n' || c == '\t' || c == '\r');
	return c;
}

static int
not_array(struct hledger_in *h, int c, struct err *e)
{
	return c == -2 ? -1 : err_set(e, E_bad_json, "transaction %lld: not "
	    "an array as 'hledger print -O json' prints it",
	    (long long)h->index + 1);
}

/* The text of the next object of the array: 1, 0 at its end. */
static int
next_object(struct hledger_in *h, struct err *e)
{
	int c = next_mark(h, e), depth = 1;
	bool string = false;

	if (!h->begun) {
		if (c != '[')
			return not_array(h, c, e);
		h->begun = true;
		c = next_mark(h, e);
	} else if (c == ',') {
		c = next_mark(h, e);
	} else if (c != ']') {
		return not_array(h, c, e);
	}
	if (c == ']') {
		c = next_mark(h, e);
		return c == -1 ? 0 : not_array(h, c, e);
	}
	if (c != '{')
		return not_array(h, c, e);
	buf_reset(&h->text);
	buf_addc(&h->text, '{');
	while (depth) {
		c = next_byte(h, e);
		if (c < 0 || h->text.full)
			return not_array(h, c, e);
		buf_addc(&h->text, (char)c);
		if (string && c == '\\') {
			c = next_byte(h, e);
			if (c < 0)
				return not_array(h, c, e);
			buf_addc(&h->text, (char)c);
		} else if (c == '"') {
			string = !string;
		} else if (!string) {
			depth += (c == '{' || c == '[') -
			    (c == '}' || c == ']');
		}
	}
	h->index++;
	return 1;
}

static size_t
place_of(const struct hledger_in *h, const char *to, bool *found)
{
	size_t low = 0, high = h->n_name, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (strcmp(h->name[middle].to, to) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*found = low < h->n_name && !strcmp(h->name[low].to, to);
	return low;
}

/* Our name for an account, the same as long as h lives. */
static int
name_account(struct hledger_in *h, const char *from, const char **out,
    struct err *e)
{
	const char *prefix = h->how.account_prefix;
	char to[LEAF_ACCOUNT];
	bool found;
	size_t i, n;

	n = (size_t)snprintf(to, sizeof(to), "%s%s", prefix ? prefix : "",
	    from);
	if (n >= sizeof(to) || !n)
		return err_set(e, E_bad_account, "the account '%.60s' has no "
		    "name of 1 to 100 bytes here", from);
	for (i = 0; i < n; i++)
		if (!strchr(i ? NAME ".:@/+" : NAME, to[i]))
			to[i] = '_';
	i = place_of(h, to, &found);
	if (!found) {
		if (h->n_name == h->cap_name) {
			h->cap_name = h->cap_name ? 2 * h->cap_name : 64;
			h->name = mem_grow(h->name, h->cap_name,
			    sizeof(*h->name));
		}
		memmove(&h->name[i + 1], &h->name[i],
		    (h->n_name++ - i) * sizeof(*h->name));
		h->name[i] = (struct name){ mem_text(from), mem_text(to) };
	} else if (strcmp(h->name[i].from, from)) {
		return err_set(e, E_bad_account, "the accounts '%.60s' and "
		    "'%.60s' would both be '%.60s'", h->name[i].from, from, to);
	}
	*out = h->name[i].to;
	return 0;
}

static int
name_unit(const struct hledger_in *h, const char *from,
    const struct unit **out, struct err *e)
{
	size_t i;

	for (i = 0; i < h->n_map; i++)
		if (!strcmp(h->map[i].from, from)) {
			*out = h->map[i].to;
			return 0;
		}
	return find_unit(h->how.units, from, out, e);
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
	    name_unit(h, code, unit, e) ||
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
	if (name_account(h, from, &account, e))
		return -1;
	while (json_next(&amount, &amounts))
		if (read_amount(h, &amount, &unit, &minor, e) ||
		    add_leg(h, account, unit, minor, e))
			return -1;
	return read_assertion(h, posting, account, asserts, e);
}

static int
use(struct hledger_in *h, const struct in_leg *leg)
{
	size_t low = 0, high = h->n_used, middle;
	int cmp;

	while (low < high) {
		middle = low + (high - low) / 2;
		cmp = strcmp(h->used[middle].account, leg->account);
		if (!cmp)
			cmp = strcmp(h->used[middle].unit->code,
			    leg->unit->code);
		if (!cmp)
			return 0;
		if (cmp < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (h->n_used == h->cap_used) {
		h->cap_used = h->cap_used ? 2 * h->cap_used : 64;
		h->used = mem_grow(h->used, h->cap_used, sizeof(*h->used));
	}
	memmove(&h->used[low + 1], &h->used[low],
	    (h->n_used++ - low) * sizeof(*h->used));
	h->used[low] = (struct hledger_used){ leg->account, leg->unit };
	return 1;
}

size_t
hledger_in_used(const struct hledger_in *h, const struct hledger_used **out)
{
	*out = h->used;
	return h->n_used;
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
			use(h, l);
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
	if (json_parse(&txn, h->text.data, h->text.len, e) ||
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
	int got = 0;

	while (!h->ended) {
		got = next_object(h, e);
		if (got < 0)
			return -1;
		if (!got) {
			h->ended = true;
			break;
		}
		got = read_transaction(h, out, e);
		if (got < 0)
			return err_wrap(e, "transaction %lld",
			    (long long)h->index);
		if (got)
			return 1;
	}
	return h->held.len ? give(h, out, e) : 0;
}
