/*
 * Reading a leaf.  The fields stand in one order and each value has one form,
 * so a cursor that expects exactly those bytes accepts canonical leaves only;
 * leaf_check() then judges what they say, as it does for a caller.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "ledger/leaf.h"

struct cursor {
	char *p, *end;			/* where it is, and its NUL */
	const struct units *units;	/* NULL: data alone */
	struct err *e;
};

/*
 * Go past exactly these bytes, or stay.  By macro, so that the length is a
 * constant: the compiler then compares words, and calls nobody.
 */
#define lit(c, text) go_past(c, text, sizeof(text) - 1)

static inline bool
go_past(struct cursor *c, const char *text, size_t n)
{
	if ((size_t)(c->end - c->p) < n || memcmp(c->p, text, n))
		return false;
	c->p += n;
	return true;
}

/* A canonical integer within 2^53, which has 16 digits. */
static bool
integer(struct cursor *c, int64_t *out)
{
	bool minus = *c->p == '-';
	char *first = c->p + minus, *p;
	int64_t v = 0;

	for (p = first; *p >= '0' && *p <= '9' && p - first <= 16; p++)
		v = 10 * v + (*p - '0');
	if (p == first || v > LEAF_INT_MAX ||
	    (*first == '0' && (p - first > 1 || minus)))
		return false;
	*out = minus ? -v : v;
	c->p = p;
	return true;
}

/* A string after its opening quote; goes past the closing one. */
static bool
string(struct cursor *c, size_t most)
{
	const char *start = c->p;
	size_t n;

	for (; *c->p != '"'; c->p += n) {
		n = 1;			/* most are plain */
		if (*c->p >= ' ' && *c->p < 0x7f && *c->p != '\\')
			continue;
		n = utf8_len(c->p, (size_t)(c->end - c->p));
		if (n == 1 && (*c->p < 0x20 || *c->p == 0x7f))
			n = 0;
		if (*c->p == '\\')
			n = c->p[1] == '"' || c->p[1] == '\\' ? 2 : 0;
		if (!n)
			return false;
	}
	return (size_t)(c->p++ - start) <= most;
}

/* Printable ASCII but the quote and the backslash; by table, for speed. */
static const bool is_plain[256] = {
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
	1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
	1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
	1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1,
	1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
	1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0,
};

/* After its opening quote one without escapes, ended where its quote was. */
static bool
plain(struct cursor *c, const char **out)
{
	char *start = c->p, *p = start;

	while (is_plain[(unsigned char)*p])
		p++;
	c->p = p;
	if (*p == '"')
		c->p++;
	else if (*p == '\\' || !string(c, LEAF_MAX) ||
	    memchr(start, '\\', (size_t)(c->p - start)))
		return false;
	c->p[-1] = '\0';
	*out = start;
	return true;
}

/* Behind its key; an optional one is good if the key is not there. */
#define must(c, key, out) (lit(c, key) && plain(c, out))
#define may(c, key, out) (!lit(c, key) || plain(c, out))
#define may_integer(c, key, out, has) \
	(!(*(has) = lit(c, key)) || integer(c, out))

static bool value(struct cursor *, int depth);

/* [a-z][a-z0-9_]{0,31}, and after the one before it. */
static bool
data_key(struct cursor *c, const char **last, size_t *last_n)
{
	const char *key;
	size_t n;
	int rc;

	if (!lit(c, "\""))
		return false;
	key = c->p;
	n = strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789_");
	if (n < 1 || n > 32 || *key < 'a' || *key > 'z' ||
	    key[n] != '"' || key[n + 1] != ':')
		return false;
	if (*last) {
		rc = memcmp(*last, key, n < *last_n ? n : *last_n);
		if (rc > 0 || (rc == 0 && *last_n >= n))
			return false;
	}
	*last = key;
	*last_n = n;
	c->p += n + 2;
	return true;
}

static bool
object(struct cursor *c, int depth)
{
	const char *last = NULL;
	size_t last_n = 0;
	int keys = 0;

	if (!lit(c, "{") || !depth)
		return false;
	if (lit(c, "}"))
		return true;
	do
		if (++keys > 64 || !data_key(c, &last, &last_n) ||
		    !value(c, depth - 1))
			return false;
	while (lit(c, ","));
	return lit(c, "}");
}

static bool
array(struct cursor *c, int depth)
{
	if (!lit(c, "[") || !depth)
		return false;
	if (lit(c, "]"))
		return true;
	do
		if (!value(c, depth - 1))
			return false;
	while (lit(c, ","));
	return lit(c, "]");
}

static bool
value(struct cursor *c, int depth)
{
	int64_t number;

	switch (*c->p) {
	case '{':
		return object(c, depth);
	case '[':
		return array(c, depth);
	case '"':
		c->p++;
		return string(c, 4096);
	case 't':
		return lit(c, "true");
	case 'f':
		return lit(c, "false");
	default:
		return integer(c, &number);
	}
}

bool
leaf_data_ok(const char *data)
{
	struct buf copy = BUF_INIT(LEAF_MAX);
	struct cursor c = { 0 };
	bool ok;

	buf_adds(&copy, data);
	c.p = copy.data;
	c.end = copy.data + copy.len;
	ok = !copy.full && copy.len && object(&c, 4) && !*c.p;
	buf_release(&copy);
	return ok;
}

/* *end is where it has to be ended, once the comma there has been read. */
static bool
data(struct cursor *c, struct entry *x, char **end)
{
	char *start;

	if (!lit(c, ",\"data\":"))
		return true;
	start = c->p;
	if (!object(c, 4) || *c->p != ',')
		return false;
	x->data = start;
	*end = c->p;
	return true;
}

static bool
group(struct cursor *c, struct entry *x)
{
	int64_t i, n;

	if (!lit(c, ",\"group\":{\"i\":"))
		return true;
	if (!integer(c, &i) || !lit(c, ",\"n\":") || !integer(c, &n) ||
	    !lit(c, "}") || n < 2 || n > LEAF_GROUP || i < 0 || i >= n)
		return false;
	x->group_i = (int)i;
	x->group_n = (int)n;
	return true;
}

static bool
kind(struct cursor *c, struct entry *x)
{
	if (lit(c, ",\"kind\":\"transfer\""))
		x->kind = ENTRY_TRANSFER;
	else if (lit(c, ",\"kind\":\"event\""))
		x->kind = ENTRY_EVENT;
	else if (lit(c, ",\"kind\":\"reversal\""))
		x->kind = ENTRY_REVERSAL;
	else
		return false;
	return true;
}

static bool
leg(struct cursor *c, struct leg *out)
{
	const char *amount, *code;

	if (!must(c, "{\"account\":\"", &out->account) ||
	    !must(c, ",\"amount\":\"", &amount) ||
	    !must(c, ",\"unit\":\"", &code) || !lit(c, "}"))
		return false;
	out->unit = units_find(c->units, code);
	if (!out->unit) {
		err_set(c->e, E_bad_unit, "unit '%.20s' is not declared", code);
		return false;
	}
	return amount_canonical(amount, strlen(amount), out->unit->scale,
	    &out->minor);
}

static bool
legs(struct cursor *c, struct leaf *l)
{
	struct entry *x = &l->entry;

	if (!lit(c, ",\"legs\":["))
		return true;
	do {
		if (x->n_legs == LEAF_LEGS)
			return false;
		if (x->n_legs == l->cap_legs) {
			l->cap_legs = l->cap_legs ? 2 * l->cap_legs : 4;
			l->legs = mem_grow(l->legs, l->cap_legs,
			    sizeof(*l->legs));
		}
		if (!leg(c, &l->legs[x->n_legs++]))
			return false;
	} while (lit(c, ","));
	x->legs = l->legs;
	return lit(c, "]");
}

static bool
fields(struct cursor *c, struct leaf *l)
{
	struct entry *x = &l->entry;
	bool effective, reverses;
	char *data_end = NULL;

	if (!lit(c, "{\"at_ms\":") || !integer(c, &x->at_ms) || x->at_ms < 0 ||
	    !data(c, x, &data_end) ||
	    !may_integer(c, ",\"effective_ms\":", &l->effective_ms,
	    &effective) ||
	    !group(c, x) || !must(c, ",\"id\":\"", &x->id) || !kind(c, x) ||
	    !legs(c, l) ||
	    !may(c, ",\"memo_sha256\":\"", &x->memo_sha256) ||
	    !may(c, ",\"ref\":\"", &x->ref) ||
	    !may(c, ",\"reverses\":\"", &x->reverses) ||
	    !may_integer(c, ",\"reverses_seq\":", &x->reverses_seq,
	    &reverses) ||
	    !lit(c, ",\"seq\":") || !integer(c, &x->seq) || x->seq < 0 ||
	    !must(c, ",\"type\":\"", &x->type) || !lit(c, ",\"v\":1}"))
		return false;
	x->effective_ms = effective ? &l->effective_ms : NULL;
	if (data_end)
		*data_end = '\0';
	return reverses == (x->reverses != NULL) &&
	    (!reverses || x->reverses_seq < x->seq);
}

static int
not_canonical(struct err *e)
{
	return err_set(e, E_leaf_not_canonical, "not a canonical leaf");
}

/* By the form alone; or E_bad_unit, of which nothing more can be read. */
static int
read_leaf(struct leaf *l, const void *bytes, size_t n,
    const struct units *units, struct err *e)
{
	struct err why ERR_UNSET;
	struct cursor c = { .units = units, .e = &why };

	why.code = E_leaf_not_canonical;
	l->entry = (struct entry){ 0 };
	if (n > LEAF_MAX || memchr(bytes, '\0', n))
		return not_canonical(e);
	if (l->cap_text < n + 1) {
		l->cap_text = n + 1;
		l->text = mem_grow(l->text, l->cap_text, 1);
	}
	memcpy(l->text, bytes, n);
	l->text[n] = '\0';
	c.p = l->text;
	c.end = l->text + n;
	if (fields(&c, l) && c.p == c.end)
		return 0;
	if (why.code != E_bad_unit)
		return not_canonical(e);
	*e = why;
	return -1;
}

int
leaf_reread(struct leaf *l, const void *bytes, size_t n,
    const struct units *units, struct err *e)
{
	if (read_leaf(l, bytes, n, units, e))
		return -1;
	return l->entry.kind == ENTRY_EVENT || l->entry.n_legs > 1 ? 0 :
	    not_canonical(e);
}

int
leaf_parse(struct leaf *l, const void *bytes, size_t n,
    const struct units *units, struct err *e)
{
	struct err why ERR_UNSET;

	if (read_leaf(l, bytes, n, units, e))
		return -1;
	if (!leaf_check(&l->entry, &why))
		return 0;
	if (why.code != E_unbalanced_entry)
		return not_canonical(e);
	*e = why;
	return -1;
}

const char *
leaf_type(const void *bytes, size_t n, size_t *type_n)
{
	static const char end[] = "\",\"v\":1}", key[] = "\"type\":\"";
	const char *p, *last;

	if (n < sizeof(end) + sizeof(key))
		return NULL;
	last = (const char *)bytes + n - (sizeof(end) - 1);
	if (memcmp(last, end, sizeof(end) - 1))
		return NULL;
	for (p = last; p - (const char *)bytes > (ptrdiff_t)sizeof(key) &&
	    p[-1] != '"'; p--)
		;
	*type_n = (size_t)(last - p);
	return memcmp(p - (sizeof(key) - 1), key, sizeof(key) - 1) ? NULL : p;
}

void
leaf_release(struct leaf *l)
{
	free(l->legs);
	free(l->text);
	*l = (struct leaf){ 0 };
}
