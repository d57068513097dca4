#include <stdlib.h>
#include <string.h>

#include "base/enc.h"
#include "base/mem.h"
#include "sig/sf.h"

#define DIGITS "0123456789"
#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define KEY LOWER DIGITS "_-.*"
#define TCHAR LOWER UPPER DIGITS "!#$%&'*+-.^_`|~"
#define INTEGER_DIGITS 15
#define DECIMAL_DIGITS 12
#define FRACTION_DIGITS 3

/* The cursor; what it cannot read makes it wrong, and stay there. */
struct in {
	struct sf_dict *d;
	const char *text;
	size_t n, at;
	bool wrong;
};

static char
peek(const struct in *in)
{
	return !in->wrong && in->at < in->n ? in->text[in->at] : '\0';
}

static bool
accept(struct in *in, char c)
{
	if (peek(in) != c || in->at >= in->n)
		return false;
	in->at++;
	return true;
}

static void
want(struct in *in, bool good)
{
	in->wrong |= !good;
}

static void
skip(struct in *in, const char *set)
{
	while (peek(in) && strchr(set, peek(in)))
		in->at++;
}

static size_t
span(const struct in *in, const char *set)
{
	size_t n = 0;

	while (in->at + n < in->n && in->text[in->at + n] &&
	    strchr(set, in->text[in->at + n]))
		n++;
	return n;
}

/* Keep n bytes and a NUL; each value has room, see sf_read(). */
static char *
keep(struct in *in, const char *text, size_t n)
{
	char *to = in->d->text + in->d->used;

	memcpy(to, text, n);
	to[n] = '\0';
	in->d->used += n + 1;
	return to;
}

static const char *
key(struct in *in)
{
	size_t n = span(in, KEY);
	const char *from = in->text + in->at;

	want(in, n && strchr(LOWER "*", *from));
	if (in->wrong)
		return "";
	in->at += n;
	return keep(in, from, n);
}

static int64_t
sum(const char *digits, size_t n)
{
	int64_t all = 0;

	for (; n--; digits++)
		all = 10 * all + (*digits - '0');
	return all;
}

/* Canonical digits: no zeros ahead, none behind the first of a fraction. */
static void
number(struct in *in, struct sf_value *v)
{
	bool minus = accept(in, '-');
	size_t whole = span(in, DIGITS), fraction = 0;
	const char *from = in->text + in->at;
	struct buf text = BUF_INIT(64);

	in->at += whole;
	if (whole && accept(in, '.')) {
		fraction = span(in, DIGITS);
		in->at += fraction;
		want(in, fraction && fraction <= FRACTION_DIGITS &&
		    whole <= DECIMAL_DIGITS);
		v->kind = SF_DECIMAL;
	} else {
		v->kind = SF_INTEGER;
	}
	want(in, whole && whole <= INTEGER_DIGITS);
	if (in->wrong)
		return;
	v->number = sum(from, whole) * (minus ? -1 : 1);
	if (v->kind == SF_INTEGER)
		return;
	while (fraction > 1 && from[whole + fraction] == '0')
		fraction--;
	buf_addf(&text, "%s%lld.", minus ? "-" : "",
	    (long long)sum(from, whole));
	buf_add(&text, from + whole + 1, fraction);
	v->n = text.len;
	v->text = keep(in, text.data, text.len);
	buf_release(&text);
}

static void
string(struct in *in, struct sf_value *v)
{
	char *to = in->d->text + in->d->used;
	char c;

	v->kind = SF_STRING;
	v->text = to;
	for (;;) {
		if (accept(in, '"'))
			break;
		if (accept(in, '\\'))
			want(in, peek(in) == '"' || peek(in) == '\\');
		c = peek(in);
		want(in, c >= ' ' && c <= '~');
		if (in->wrong)
			return;
		in->at++;
		*to++ = c;
	}
	*to++ = '\0';
	v->n = (size_t)(to - v->text) - 1;
	in->d->used += v->n + 1;
}

static void
bytes(struct in *in, struct sf_value *v)
{
	const char *from = in->text + in->at;
	const char *colon = memchr(from, ':', in->n - in->at);
	char *to = in->d->text + in->d->used;
	size_t n = colon ? (size_t)(colon - from) : 0;

	v->kind = SF_BYTES;
	want(in, colon && enc_unbase64(to, n, &v->n, from, n));
	if (in->wrong)
		return;
	v->text = to;
	to[v->n] = '\0';
	in->d->used += v->n + 1;
	in->at += n + 1;
}

static void
value(struct in *in, struct sf_value *v)
{
	char c = peek(in);
	size_t n;

	*v = (struct sf_value){ .text = "" };
	if (c == '-' || (c >= '0' && c <= '9')) {
		number(in, v);
	} else if (accept(in, '"')) {
		string(in, v);
	} else if (accept(in, ':')) {
		bytes(in, v);
	} else if (accept(in, '?')) {
		v->kind = SF_BOOL;
		v->number = peek(in) == '1';
		want(in, accept(in, '0') || accept(in, '1'));
	} else {
		want(in, c && strchr(LOWER UPPER "*", c));
		n = in->wrong ? 0 : span(in, TCHAR ":/");
		v->kind = SF_TOKEN;
		v->n = n;
		v->text = keep(in, in->text + in->at, n);
		in->at += n;
	}
}

static const struct sf_param *
params(struct in *in, size_t *n)
{
	struct sf_param *first = in->d->param + in->d->params, *p, one;

	*n = 0;
	while (accept(in, ';')) {
		skip(in, " ");
		one.key = key(in);
		one.value = (struct sf_value){ .number = 1, .text = "" };
		if (accept(in, '='))
			value(in, &one.value);
		if (in->wrong)
			break;
		for (p = first; p < first + *n; p++)
			if (!strcmp(p->key, one.key))
				break;
		if (p == first + *n) {
			want(in, in->d->params < SF_PARAMS);
			if (in->wrong)
				break;
			in->d->params++;
			(*n)++;
		}
		*p = one;
	}
	return first;
}

static struct sf_item *
item(struct in *in)
{
	struct sf_item *i = in->d->item + in->d->items;

	want(in, in->d->items < SF_ITEMS);
	if (in->wrong)
		return NULL;
	in->d->items++;
	value(in, &i->value);
	return i;
}

/* Behind "(": items parted by blanks, each with its parameters. */
static void
inner(struct in *in, struct sf_member *m)
{
	struct sf_item *i;

	m->list = true;
	m->item = in->d->item + in->d->items;
	for (;;) {
		skip(in, " ");
		if (accept(in, ')'))
			break;
		i = item(in);
		if (!i)
			return;
		i->param = params(in, &i->params);
		m->items++;
		want(in, peek(in) == ' ' || peek(in) == ')');
		if (in->wrong)
			return;
	}
}

static void
member(struct in *in)
{
	struct sf_dict *d = in->d;
	struct sf_member m = { .key = key(in) }, *to;
	struct sf_item *only;

	if (accept(in, '=')) {
		if (accept(in, '(')) {
			inner(in, &m);
		} else {
			m.item = item(in);
			m.items = 1;
		}
	} else if (d->items < SF_ITEMS) {
		only = &d->item[d->items++];
		only->value = (struct sf_value){ .number = 1, .text = "" };
		m.item = only;
		m.items = 1;
	} else {
		in->wrong = true;
	}
	m.param = params(in, &m.params);
	for (to = d->member; to < d->member + d->members; to++)
		if (!strcmp(to->key, m.key))
			break;
	if (to == d->member + d->members) {
		want(in, d->members < SF_MEMBERS);
		if (in->wrong)
			return;
		d->members++;
	}
	*to = m;
}

/* A value takes no more bytes than its text, and one for the NUL. */
int
sf_read(struct sf_dict *out, const char *text, size_t n, struct err *e)
{
	struct in in = { .d = out, .text = text, .n = n };

	*out = (struct sf_dict){ 0 };
	if (n > SF_MAX)
		return err_set(e, E_bad_header, "a field of over %d bytes",
		    SF_MAX);
	out->text = mem_zero(2 * n + 64, 1);
	skip(&in, " ");
	while (!in.wrong && in.at < n) {
		member(&in);
		skip(&in, " \t");
		if (in.wrong || in.at == n)
			break;
		want(&in, accept(&in, ','));
		skip(&in, " \t");
		want(&in, in.at < n);
	}
	return in.wrong ? err_set(e, E_bad_header, "byte %zu of the field is "
	    "not what a dictionary of RFC 8941 has there", in.at) : 0;
}

void
sf_release(struct sf_dict *d)
{
	free(d->text);
	*d = (struct sf_dict){ 0 };
}

const struct sf_member *
sf_find(const struct sf_dict *d, const char *name)
{
	const struct sf_member *m;

	for (m = d->member; m < d->member + d->members; m++)
		if (!strcmp(m->key, name))
			return m;
	return NULL;
}

const struct sf_value *
sf_param(const struct sf_member *m, const char *name)
{
	const struct sf_param *p;

	for (p = m->param; p < m->param + m->params; p++)
		if (!strcmp(p->key, name))
			return &p->value;
	return NULL;
}

void
sf_write_value(struct buf *out, const struct sf_value *v)
{
	const char *p;

	switch (v->kind) {
	case SF_BOOL:
		buf_adds(out, v->number ? "?1" : "?0");
		break;
	case SF_INTEGER:
		buf_addf(out, "%lld", (long long)v->number);
		break;
	case SF_DECIMAL:
	case SF_TOKEN:
		buf_add(out, v->text, v->n);
		break;
	case SF_STRING:
		buf_addc(out, '"');
		for (p = v->text; *p; p++) {
			if (*p == '"' || *p == '\\')
				buf_addc(out, '\\');
			buf_addc(out, *p);
		}
		buf_addc(out, '"');
		break;
	case SF_BYTES:
		buf_addc(out, ':');
		enc_base64(out, v->text, v->n);
		buf_addc(out, ':');
		break;
	}
}

static void
write_params(struct buf *out, const struct sf_param *p, size_t n)
{
	for (; n--; p++) {
		buf_addf(out, ";%s", p->key);
		if (p->value.kind == SF_BOOL && p->value.number)
			continue;
		buf_addc(out, '=');
		sf_write_value(out, &p->value);
	}
}

void
sf_write(struct buf *out, const struct sf_member *m)
{
	size_t i;

	if (m->list)
		buf_addc(out, '(');
	for (i = 0; i < m->items; i++) {
		if (i)
			buf_addc(out, ' ');
		sf_write_value(out, &m->item[i].value);
		write_params(out, m->item[i].param, m->item[i].params);
	}
	if (m->list)
		buf_addc(out, ')');
	write_params(out, m->param, m->params);
}

void
sf_write_dict(struct buf *out, const struct sf_dict *d)
{
	const struct sf_member *m;

	for (m = d->member; m < d->member + d->members; m++) {
		buf_addf(out, "%s%s", m == d->member ? "" : ", ", m->key);
		if (!m->list && m->item->value.kind == SF_BOOL &&
		    m->item->value.number) {
			write_params(out, m->param, m->params);
			continue;
		}
		buf_addc(out, '=');
		sf_write(out, m);
	}
}
