/* Over 500 lines because it reads JSON where it lies. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/jcs.h"
#include "base/json.h"
#include "base/mem.h"
#include "ledger/record.h"

enum member {
	ID, TYPE, REF, MEMO, EVENT, REVERSES, GROUP, FROM, TO, AMOUNT, UNIT,
	DATA, EFFECTIVE, LEGS, IF, ASSERT, OP, ACCOUNT, MEMBERS
};

static const struct name {
	const char *key;
	size_t n;
} names[MEMBERS] = {
#define NAME(text) { text, sizeof(text) - 1 }
	[ID] = NAME("id"), [TYPE] = NAME("type"), [REF] = NAME("ref"),
	[MEMO] = NAME("memo"), [EVENT] = NAME("event"),
	[REVERSES] = NAME("reverses"), [GROUP] = NAME("group"),
	[FROM] = NAME("from"), [TO] = NAME("to"), [AMOUNT] = NAME("amount"),
	[UNIT] = NAME("unit"), [DATA] = NAME("data"),
	[EFFECTIVE] = NAME("effective_ms"), [LEGS] = NAME("legs"),
	[IF] = NAME("if"), [ASSERT] = NAME("assert"), [OP] = NAME("op"),
	[ACCOUNT] = NAME("account"),
};

#define BIT(m) (1u << (m))
#define HAS(r, m) ((r)->seen & BIT(m))
#define IN_RECORD (BIT(OP) - 1)
#define IN_LEG (BIT(ACCOUNT) | BIT(AMOUNT) | BIT(UNIT))
#define IN_COND (IN_LEG | BIT(OP))
#define CONDS_MAX 256			/* of one record */

/*
 * The text was found to be JSON, so this only has to find its way; strings
 * are ended and their escapes undone where they stand.
 */
struct walk {
	char *p;
	const char *in;			/* where, for complaints: "/legs/2" */
	size_t item;
	struct err *e;
};

static void
space(struct walk *w)
{
	while (*w->p == ' ' || *w->p == '\t' || *w->p == '\n' ||
	    *w->p == '\r')
		w->p++;
}

static unsigned
four_hex(const char *p)
{
	unsigned v = 0, i;

	for (i = 0; i < 4; i++)
		v = v * 16 + (unsigned)(p[i] <= '9' ? p[i] - '0' :
		    (p[i] | 32) - 'a' + 10);
	return v;
}

/* After "\u": the character, and how many bytes of text it took. */
static char *
put_unicode(char *to, const char *p, size_t *used)
{
	unsigned c = four_hex(p);

	*used = 4;
	if (c >= 0xd800 && c <= 0xdbff) {
		c = 0x10000 + (c - 0xd800) * 0x400 + four_hex(p + 6) - 0xdc00;
		*used = 10;
	}
	if (c < 0x80) {
		*to++ = (char)c;
		return to;
	}
	if (c < 0x800) {
		*to++ = (char)(0xc0 | c >> 6);
	} else {
		if (c < 0x10000) {
			*to++ = (char)(0xe0 | c >> 12);
		} else {
			*to++ = (char)(0xf0 | c >> 18);
			*to++ = (char)(0x80 | (c >> 12 & 63));
		}
		*to++ = (char)(0x80 | (c >> 6 & 63));
	}
	*to++ = (char)(0x80 | (c & 63));
	return to;
}

/* At its opening quote. */
static char *
string(struct walk *w, size_t *n)
{
	static const char from[] = "bfnrt", become[] = "\b\f\n\r\t";
	char *start = ++w->p, *to, *p = start;
	const char *known;
	size_t used;

	while (*p != '"' && *p != '\\')
		p++;
	to = p;
	while (*p != '"') {
		if (*p != '\\') {
			*to++ = *p++;
		} else if (p[1] == 'u') {
			to = put_unicode(to, p + 2, &used);
			p += 2 + used;
		} else {
			known = strchr(from, p[1]);
			*to++ = known ? become[known - from] : p[1];
			p += 2;
		}
	}
	*to = '\0';
	*n = (size_t)(to - start);
	w->p = p + 1;
	return start;
}

/* Past a value that is not read into. */
static void
skip(struct walk *w)
{
	size_t depth = 0;

	do {
		switch (*w->p++) {
		case '{': case '[':
			depth++;
			break;
		case '}': case ']':
			depth--;
			break;
		case '"':
			for (; *w->p != '"'; w->p++)
				w->p += *w->p == '\\';
			w->p++;
			break;
		case ' ': case '\t': case '\n': case '\r': case ',': case ':':
			break;
		default:
			while (*w->p && !strchr(" \t\n\r,:]}", *w->p))
				w->p++;
		}
	} while (depth);
}

static int
complain(const struct walk *w, const char *key, enum err_code code,
    const char *what)
{
	if (!*w->in)
		return err_set(w->e, code, "'/%.64s' %s", key, what);
	return err_set(w->e, code, "'/%s/%zu/%.64s' %s", w->in, w->item, key,
	    what);
}

/* A key of an object that may have these, once each; MEMBERS: none. */
static enum member
key(struct walk *w, unsigned allowed, unsigned *seen)
{
	enum member m = 0;
	const char *k;
	size_t n;

	space(w);
	k = string(w, &n);
	for (m = 0; m < MEMBERS; m++)
		if (allowed & BIT(m) && names[m].n == n &&
		    !memcmp(names[m].key, k, n))
			break;
	if (m == MEMBERS) {
		complain(w, k, E_unknown_member, "is not known here");
		return m;
	}
	if (*seen & BIT(m)) {
		complain(w, k, E_bad_json, "is given twice");
		return MEMBERS;
	}
	*seen |= BIT(m);
	space(w);
	w->p++;				/* the colon */
	space(w);
	return m;
}

/* The text of a member; *out stays NULL, and unseen, for null. */
static int
text(struct walk *w, enum member m, unsigned *seen, const char **out)
{
	size_t n;

	if (*w->p == '"') {
		*out = string(w, &n);
		return 0;
	}
	if (*w->p == 'n') {
		skip(w);
		*seen &= ~BIT(m);
		return 0;
	}
	return complain(w, names[m].key, E_bad_json, m == AMOUNT &&
	    *w->p != '{' && *w->p != '[' && *w->p != 't' && *w->p != 'f' ?
	    "is a number: amounts are strings, such as \"1.50\"" :
	    "is not a string");
}

/* Is there another item?  The first time at the opening bracket. */
static bool
more(struct walk *w, char closing)
{
	space(w);
	w->p++;				/* bracket or comma */
	space(w);
	if (*w->p != closing)
		return true;
	w->p++;
	return false;
}

/* After an item: at the comma, or past the closing bracket. */
static bool
next(struct walk *w, char closing)
{
	space(w);
	if (*w->p != closing) {
		w->p++;
		return true;
	}
	w->p++;
	return false;
}

/* An object of texts: a leg, or a condition. */
static int
texts(struct walk *w, unsigned allowed, const char *out[MEMBERS])
{
	unsigned seen = 0;
	enum member m;

	if (*w->p != '{')
		return err_set(w->e, E_bad_json, "'/%s/%zu' is not an object",
		    w->in, w->item);
	if (more(w, '}'))
		do {
			m = key(w, allowed, &seen);
			if (m == MEMBERS || text(w, m, &seen, &out[m]))
				return -1;
		} while (next(w, '}'));
	for (m = 0; m < MEMBERS; m++)
		if (allowed & BIT(m) && !out[m])
			return complain(w, names[m].key, E_bad_json,
			    "is missing");
	return 0;
}

static int
add_leg(struct record *r, struct walk *w)
{
	const char *out[MEMBERS] = { NULL };

	if (texts(w, IN_LEG, out))
		return -1;
	if (r->n_legs == LEAF_LEGS)
		return err_set(w->e, E_leg_count, "more than %d legs",
		    LEAF_LEGS);
	if (r->n_legs == r->cap_legs) {
		r->cap_legs = r->cap_legs ? 2 * r->cap_legs : 4;
		r->legs = mem_grow(r->legs, r->cap_legs, sizeof(*r->legs));
	}
	r->legs[r->n_legs++] = (struct record_leg){
		out[ACCOUNT], out[AMOUNT], out[UNIT]
	};
	return 0;
}

static int
add_cond(struct record *r, struct walk *w)
{
	const char *out[MEMBERS] = { NULL };
	size_t n = r->n_before + r->n_after;

	if (texts(w, IN_COND, out))
		return -1;
	if (n == CONDS_MAX)
		return err_set(w->e, E_bad_json, "more than %d conditions",
		    CONDS_MAX);
	if (n == r->cap_conds) {
		r->cap_conds = r->cap_conds ? 2 * r->cap_conds : 4;
		r->conds = mem_grow(r->conds, r->cap_conds,
		    sizeof(*r->conds));
	}
	r->conds[n] = (struct cond_text){
		out[ACCOUNT], out[OP], out[AMOUNT], out[UNIT], false
	};
	return 0;
}

/* An array of legs or conditions. */
static int
array(struct record *r, struct walk *w, enum member m)
{
	struct walk in = { w->p, names[m].key, 0, w->e };

	if (*w->p == 'n') {
		skip(w);
		r->seen &= ~BIT(m);
		return 0;
	}
	if (*w->p != '[')
		return complain(w, names[m].key, E_bad_json,
		    "is not an array");
	if (more(&in, ']'))
		do {
			space(&in);
			if (m == LEGS ? add_leg(r, &in) : add_cond(r, &in))
				return -1;
			r->n_before += m == IF;
			r->n_after += m == ASSERT;
			in.item++;
		} while (next(&in, ']'));
	w->p = in.p;
	return 0;
}

/* What was read after "assert" comes behind what was read after "if". */
static void
order_conds(struct record *r, bool assert_first)
{
	struct cond_text *all;

	if (!assert_first || !r->n_before || !r->n_after)
		return;
	all = mem_grow(NULL, r->n_before + r->n_after, sizeof(*all));
	memcpy(all, r->conds + r->n_after, r->n_before * sizeof(*all));
	memcpy(all + r->n_before, r->conds, r->n_after * sizeof(*all));
	memcpy(r->conds, all, (r->n_before + r->n_after) * sizeof(*all));
	free(all);
}

static int
data(struct record *r, struct walk *w)
{
	const char *start = w->p;

	skip(w);
	if (*start == 'n') {
		r->seen &= ~BIT(DATA);
		return 0;
	}
	if (*start != '{')
		return complain(w, "data", E_bad_json, "is not an object");
	buf_reset(&r->canonical);
	if (jcs_text(&r->canonical, start, (size_t)(w->p - start), w->e))
		return -1;
	r->data = r->canonical.data;
	return 0;
}

static int
effective(struct record *r, struct walk *w)
{
	bool minus = *w->p == '-';
	const char *start = w->p, *p = start + minus;
	int64_t v = 0;

	skip(w);
	if (*start == 'n') {
		r->seen &= ~BIT(EFFECTIVE);
		return 0;
	}
	for (; p < w->p; p++)
		if (*p < '0' || *p > '9' || p - start > 17)
			return complain(w, "effective_ms", E_bad_json,
			    "is not a whole number of milliseconds");
		else
			v = v * 10 + (*p - '0');
	r->effective_ms = minus ? -v : v;
	r->has_effective = true;
	return 0;
}

static int
member(struct record *r, struct walk *w, enum member m)
{
	const char **const to[] = {
		[ID] = &r->id, [TYPE] = &r->type, [REF] = &r->ref,
		[MEMO] = &r->memo, [EVENT] = &r->event,
		[REVERSES] = &r->reverses, [GROUP] = &r->label,
		[FROM] = &r->from, [TO] = &r->to, [AMOUNT] = &r->amount,
		[UNIT] = &r->unit,
	};

	switch (m) {
	case LEGS: case IF: case ASSERT:
		return array(r, w, m);
	case DATA:
		return data(r, w);
	case EFFECTIVE:
		return effective(r, w);
	default:
		return text(w, m, &r->seen, to[m]);
	}
}

/* Exactly one of the four forms, and no more than it has. */
static int
check_form(const struct record *r, struct err *e)
{
	unsigned two = BIT(FROM) | BIT(TO) | BIT(AMOUNT) | BIT(UNIT);
	bool legs = HAS(r, LEGS), pair = r->seen & two;
	bool event = HAS(r, EVENT), reversal = HAS(r, REVERSES);

	if (legs + pair + event + reversal != 1)
		return err_set(e, E_bad_json, "one of 'legs', 'from', "
		    "'event' and 'reverses' says what it is");
	if (pair && (r->seen & two) != two)
		return err_set(e, E_bad_json, "'/%s' is missing",
		    !r->from ? "from" : !r->to ? "to" :
		    !r->amount ? "amount" : "unit");
	if (r->type && (event || reversal))
		return err_set(e, E_bad_json,
		    "'/type' is for what has legs");
	return 0;
}

static void
clear(struct record *r)
{
	r->id = r->type = r->ref = r->memo = r->event = r->reverses = NULL;
	r->label = r->from = r->to = r->amount = r->unit = r->data = NULL;
	r->has_effective = r->has_legs = r->readable = false;
	r->seen = 0;
	r->n_legs = r->n_before = r->n_after = 0;
	r->places.n = 0;
	if (!r->canonical.max)
		r->canonical = (struct buf)BUF_INIT(JSON_MAX);
}

/* On after a complaint, for the label, which says whose failure it is. */
static void
find_label(struct record *r, const char *line, size_t n)
{
	struct json root = { 0 };
	const char *label = NULL;
	struct err ignored;

	if (r->label || json_parse(&root, line, n, &ignored))
		return;
	if (!json_opt_str(&root, "group", &label, &ignored) && label &&
	    strlen(label) < r->cap_text) {
		r->id = NULL;		/* its text goes */
		memcpy(r->text, label, strlen(label) + 1);
		r->label = r->text;
	}
	json_release(&root);
}

int
record_read(struct record *r, const char *line, size_t n, struct err *e)
{
	struct walk w = { .in = "", .e = e };
	bool assert_first = false;
	enum member m;

	clear(r);
	if (json_check(&r->places, line, n, e))
		return -1;
	if (r->cap_text < n + 1) {
		r->cap_text = n + 1;
		r->text = mem_grow(r->text, r->cap_text, 1);
	}
	memcpy(r->text, line, n);
	r->text[n] = '\0';
	w.p = r->text;
	space(&w);
	if (*w.p != '{')
		return err_set(e, E_bad_json, "not an object");
	r->readable = true;
	if (more(&w, '}'))
		do {
			m = key(&w, IN_RECORD, &r->seen);
			assert_first |= m == ASSERT && !HAS(r, IF);
			if (m == MEMBERS || member(r, &w, m)) {
				find_label(r, line, n);
				return -1;
			}
		} while (next(&w, '}'));
	order_conds(r, assert_first);
	r->has_legs = HAS(r, LEGS);
	return check_form(r, e);
}

void
record_pair(struct record *r, const struct transfer *t)
{
	clear(r);
	r->id = t->id;
	r->from = t->from;
	r->to = t->to;
	r->amount = t->amount;
	r->unit = t->unit;
	r->type = t->type;
	r->ref = t->ref;
}

void
record_release(struct record *r)
{
	free(r->legs);
	free(r->conds);
	free(r->leg);
	free(r->cond);
	free(r->text);
	free(r->places.at);
	if (r->canonical.max)
		buf_release(&r->canonical);
	*r = (struct record){ 0 };
}
