/* Rendering, and the checks of what a caller determines. */
#include <string.h>

#include "base/buf.h"
#include "ledger/leaf.h"

static const char *const kinds[] = { "transfer", "event", "reversal" };

static void
put_int(struct buf *out, const char *key, int64_t value)
{
	char text[AMOUNT_TEXT];

	buf_adds(out, key);
	buf_add(out, text, amount_print(value, 0, text));
}

/* For text that needs no escapes: all but the strings inside data. */
static void
put_text(struct buf *out, const char *key, const char *value)
{
	if (!value)
		return;
	buf_adds(out, key);
	buf_adds(out, value);
	buf_addc(out, '"');
}

static void
put_legs(struct buf *out, const struct entry *x)
{
	char text[AMOUNT_TEXT];
	const struct leg *leg;

	for (leg = x->legs; leg < x->legs + x->n_legs; leg++) {
		put_text(out, leg == x->legs ? ",\"legs\":[{\"account\":\"" :
		    ",{\"account\":\"", leg->account);
		buf_adds(out, ",\"amount\":\"");
		buf_add(out, text, amount_print(leg->minor, leg->unit->scale,
		    text));
		put_text(out, "\",\"unit\":\"", leg->unit->code);
		buf_addc(out, '}');
	}
	if (x->n_legs)
		buf_addc(out, ']');
}

int
leaf_render(struct buf *out, const struct entry *x, struct err *e)
{
	size_t start = out->len;

	put_int(out, "{\"at_ms\":", x->at_ms);
	if (x->data) {
		buf_adds(out, ",\"data\":");
		buf_adds(out, x->data);
	}
	if (x->effective_ms)
		put_int(out, ",\"effective_ms\":", *x->effective_ms);
	if (x->group_n) {
		put_int(out, ",\"group\":{\"i\":", x->group_i);
		put_int(out, ",\"n\":", x->group_n);
		buf_addc(out, '}');
	}
	put_text(out, ",\"id\":\"", x->id);
	put_text(out, ",\"kind\":\"", kinds[x->kind]);
	put_legs(out, x);
	put_text(out, ",\"memo_sha256\":\"", x->memo_sha256);
	put_text(out, ",\"ref\":\"", x->ref);
	put_text(out, ",\"reverses\":\"", x->reverses);
	if (x->reverses)
		put_int(out, ",\"reverses_seq\":", x->reverses_seq);
	put_int(out, ",\"seq\":", x->seq);
	put_text(out, ",\"type\":\"", x->type);
	buf_adds(out, ",\"v\":1}");
	if (out->full || out->len - start > LEAF_MAX)
		return err_set(e, E_leaf_too_long,
		    "the entry is over %d bytes", LEAF_MAX);
	return 0;
}

#define LOWER "abcdefghijklmnopqrstuvwxyz"

/*
 * Bytes as a set of bits: in a UUID letters and digits take turns at random,
 * so a question with a branch would be guessed wrong half of the time.
 */
struct set { uint64_t low, high; };	/* from 0 and from 64 */

#define BIT(c) (UINT64_C(1) << ((c) & 63))
#define DIGITS (UINT64_C(0x3ff) << '0')
#define LETTERS (UINT64_C(0x3ffffff) << ('A' - 64) | \
	UINT64_C(0x3ffffff) << ('a' - 64))

static const struct set name_set = {
	DIGITS | BIT('.') | BIT(':') | BIT('/') | BIT('+') | BIT('-'),
	LETTERS | BIT('_') | BIT('@'),
}, id_set = {
	DIGITS | BIT('.') | BIT(':') | BIT('/') | BIT('+') | BIT('-') |
	    BIT('='),
	LETTERS | BIT('_') | BIT('@') | BIT('~'),
}, alnum_set = { DIGITS, LETTERS };

static inline bool
is_in(const struct set *set, char c)
{
	uint64_t half = c & 64 ? set->high : set->low;

	return !(c & 128) && half >> (c & 63) & 1;
}

/* How many bytes it begins with that are of the set; NUL is of none. */
static inline size_t
span(const char *s, const struct set *set)
{
	size_t n = 0;

	while (is_in(set, s[n]))
		n++;
	return n;
}

int
leaf_check_id(const char *id, struct err *e)
{
	size_t n = span(id, &id_set);

	if (is_in(&alnum_set, *id) && n < LEAF_ID && !id[n])
		return 0;
	return err_set(e, E_bad_id, "'%.80s' is not an id of 1 to 64 letters, "
	    "digits and ._:@/+=~-, the first a letter or digit", id);
}

int
leaf_check_account(const char *name, struct err *e)
{
	size_t n = span(name, &name_set);

	if ((is_in(&alnum_set, *name) || *name == '_' || *name == '-') &&
	    n < LEAF_ACCOUNT && !name[n])
		return 0;
	return err_set(e, E_bad_account, "'%.80s' is not an account name of "
	    "1 to 100 letters, digits and ._:@/+-", name);
}

/* [a-z]+(\.[a-z_]+)+, at most 40 bytes */
static bool
is_event_type(const char *s)
{
	size_t n = strspn(s, LOWER);

	if (!n || s[n] != '.' || strlen(s) > 40)
		return false;
	for (s += n; *s == '.'; s += 1 + n) {
		n = strspn(s + 1, LOWER "_");
		if (!n)
			return false;
	}
	return !*s;
}

static bool
is_ref(const char *s)
{
	size_t n = 0;

	while (s[n] >= ' ' && s[n] < 0x7f && s[n] != '"' && s[n] != '\\')
		n++;
	return n >= 1 && n <= 128 && !s[n];
}

static int
order(const struct leg *a, const struct leg *b)
{
	int rc = strcmp(a->account, b->account);

	return rc ? rc : strcmp(a->unit->code, b->unit->code);
}

/* The sum over the legs in the unit of legs[i], once: at its first leg. */
static int
check_sum(const struct leg *legs, size_t n, size_t i, struct err *e)
{
	int64_t sum = 0;
	size_t j;

	for (j = 0; j < i; j++)
		if (legs[j].unit == legs[i].unit)
			return 0;
	for (; j < n; j++)
		if (legs[j].unit == legs[i].unit &&
		    __builtin_add_overflow(sum, legs[j].minor, &sum))
			return err_set(e, E_amount_overflow,
			    "the legs sum to more than 2^63");
	return sum ? err_set(e, E_unbalanced_entry,
	    "the legs in %s do not sum to zero", legs[i].unit->code) : 0;
}

static int
check_legs(const struct leg *legs, size_t n, struct err *e)
{
	size_t i;

	if (n < 2 || n > LEAF_LEGS)
		return err_set(e, E_leg_count, "%zu legs, not 2 to %d", n,
		    LEAF_LEGS);
	for (i = 0; i < n; i++) {
		if (leaf_check_account(legs[i].account, e))
			return -1;
		if (!legs[i].minor || legs[i].minor == INT64_MIN)
			return err_set(e, E_amount_zero, "nothing to move");
		if (i && order(&legs[i - 1], &legs[i]) >= 0)
			return err_set(e, E_duplicate_leg,
			    "'%s' occurs twice in %s", legs[i].account,
			    legs[i].unit->code);
	}
	for (i = 0; i < n; i++)
		if (check_sum(legs, n, i, e))
			return -1;
	return 0;
}

/* A reversal names what it reverses, and nothing else does. */
static int
check_reverses(const struct entry *x, struct err *e)
{
	if (x->kind != ENTRY_REVERSAL)
		return x->reverses ? err_set(e, E_bad_json,
		    "only a reversal reverses") : 0;
	if (strcmp(x->type, "REVERSAL"))
		return err_set(e, E_bad_type,
		    "the type of a reversal is REVERSAL");
	if (!x->reverses || x->memo_sha256 || x->reverses_seq < 0 ||
	    x->reverses_seq > LEAF_INT_MAX)
		return err_set(e, E_bad_json, "a reversal has the id and seq "
		    "of a transfer, and no memo");
	return leaf_check_id(x->reverses, e);
}

int
leaf_check_words(const struct entry *x, struct err *e)
{
	if (leaf_check_id(x->id, e) || check_reverses(x, e))
		return -1;
	if (x->effective_ms && (*x->effective_ms > LEAF_INT_MAX ||
	    *x->effective_ms < -LEAF_INT_MAX))
		return err_set(e, E_bad_time, "no leaf can bear this time");
	if (x->memo_sha256 && (strlen(x->memo_sha256) != 64 ||
	    strspn(x->memo_sha256, "0123456789abcdef") != 64))
		return err_set(e, E_bad_json,
		    "'memo_sha256' is not 64 hex digits");
	if (x->ref && !is_ref(x->ref))
		return err_set(e, E_bad_json, "'ref' is not 1 to 128 printable "
		    "ASCII characters without '\"' and '\\'");
	if (x->data && !leaf_data_ok(x->data))
		return err_set(e, E_bad_json, "'data' is not of its form");
	if (x->kind != ENTRY_EVENT)
		return 0;
	if (!is_event_type(x->type))
		return err_set(e, E_bad_type,
		    "'%.80s' is not an event type", x->type);
	if (!x->data || x->n_legs)
		return err_set(e, E_bad_json, "an event has data and no legs");
	return 0;
}

int
leaf_check(const struct entry *x, struct err *e)
{
	if (leaf_check_words(x, e))
		return -1;
	return x->kind == ENTRY_EVENT ? 0 : check_legs(x->legs, x->n_legs, e);
}
