#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/same.h"
#include "schema/impl.h"

#define FEW 8		/* values that are compared without their hashes */

/* Tell a false from work that has run out. */
static int
out_of(const struct frame *f, const struct rule *r)
{
	return fits_spend(f, r, 0);
}

static bool
equals(const struct frame *f, const struct json *want)
{
	const char *text;

	if (!f->v->name)
		return same(want, &f->v->at, &f->c->work);
	text = json_string(want);
	f->c->work -= (int64_t)(strlen(f->v->name) / BYTES_PER_WORK);
	return text && !strcmp(text, f->v->name);
}

static int
enum_holds(const struct frame *f, const struct rule *r)
{
	const struct hashed *h = f->c->s->hashes + r->u.hashes.first;
	size_t low = 0, high = r->u.hashes.count, end = high, mid;
	bool few = high <= FEW;
	uint64_t hash = 0;

	if (!few && f->v->name)
		f->c->work -= (int64_t)(strlen(f->v->name) / BYTES_PER_WORK);
	if (!few)
		hash = f->v->name ? same_hash_text(f->v->name) :
		    same_hash(&f->v->at, &f->c->work);
	while (!few && low < high) {
		mid = low + (high - low) / 2;
		if (h[mid].hash < hash)
			low = mid + 1;
		else
			high = mid;
	}
	for (; low < end && (few || h[low].hash == hash); low++)
		if (equals(f, &h[low].value))
			return 1;
	return out_of(f, r) ? -1 : fault_set(f, &r->value, NULL,
	    "is none of the values of 'enum'");
}

static int
const_holds(const struct frame *f, const struct rule *r)
{
	if (equals(f, &r->value))
		return 1;
	return out_of(f, r) ? -1 : fault_set(f, &r->value, NULL,
	    "is not the value of 'const'");
}

static void
read_number(struct decimal *d, const struct json *v)
{
	const char *lexeme;
	size_t n;

	lexeme = json_lexeme(v, &n);
	decimal_read(d, lexeme, n);
}

static int
type_holds(const struct frame *f, const struct rule *r)
{
	enum json_kind kind = fits_kind(f->v);
	struct decimal d;

	if (r->u.types >> kind & 1)
		return 1;
	if (kind == JSON_NUMBER && (r->u.types >> TYPE_INTEGER & 1)) {
		read_number(&d, &f->v->at);
		if (decimal_whole(&d))
			return 1;
	}
	return fault_set(f, &r->value, NULL, "is of another type");
}

/* A long division takes a while for each digit, and for each zero behind. */
static size_t
division(const struct decimal *d, const struct decimal *unit)
{
	int64_t zeros = d->far ? 4 * DECIMAL_DIGITS : d->power - unit->power;

	if (zeros > 4 * DECIMAL_DIGITS)
		zeros = 4 * DECIMAL_DIGITS;
	return zeros < 0 ? 0 : d->n + (size_t)zeros;
}

static int
number_holds(const struct frame *f, const struct rule *r)
{
	const char *what = NULL;
	struct decimal d;
	int order;

	if (fits_kind(f->v) != JSON_NUMBER)
		return 1;
	read_number(&d, &f->v->at);
	if (r->op == OP_MULTIPLE && fits_spend(f, r,
	    division(&d, r->u.number)))
		return -1;
	order = decimal_compare(&d, r->u.number);
	if (r->op == OP_MAXIMUM && order > 0)
		what = "is above 'maximum'";
	else if (r->op == OP_BELOW && order >= 0)
		what = "is not below 'exclusiveMaximum'";
	else if (r->op == OP_MINIMUM && order < 0)
		what = "is below 'minimum'";
	else if (r->op == OP_ABOVE && order <= 0)
		what = "is not above 'exclusiveMinimum'";
	else if (r->op == OP_MULTIPLE && !decimal_multiple(&d, r->u.number))
		what = "is not a multiple of 'multipleOf'";
	return what ? fault_set(f, &r->value, NULL, what) : 1;
}

static int
string_holds(const struct frame *f, const struct rule *r)
{
	const char *text = fits_text(f->v), *s, *what = NULL;
	uint64_t n = 0;
	int rc;

	if (!text)
		return 1;
	if (r->op == OP_PATTERN) {
		rc = fits_search(f, r, r->u.regex, text);
		return rc ? rc : fault_set(f, &r->value, NULL,
		    "does not match 'pattern'");
	}
	/* Characters: what does not continue one. */
	for (s = text; *s; s++)
		n += (*s & 0xc0) != 0x80;
	if (fits_spend(f, r, (size_t)(s - text) / BYTES_PER_WORK))
		return -1;
	if (r->op == OP_MAX_LENGTH && n > r->u.bound)
		what = "is longer than 'maxLength'";
	else if (r->op == OP_MIN_LENGTH && n < r->u.bound)
		what = "is shorter than 'minLength'";
	return what ? fault_set(f, &r->value, NULL, what) : 1;
}

static int
count_holds(const struct frame *f, const struct rule *r)
{
	bool list = r->op == OP_MAX_ITEMS || r->op == OP_MIN_ITEMS;
	const char *what = NULL;
	size_t n;

	if (fits_kind(f->v) != (list ? JSON_ARRAY : JSON_OBJECT))
		return 1;
	n = json_count(&f->v->at);
	if (r->op == OP_MAX_ITEMS && n > r->u.bound)
		what = "has more items than 'maxItems'";
	else if (r->op == OP_MIN_ITEMS && n < r->u.bound)
		what = "has fewer items than 'minItems'";
	else if (r->op == OP_MAX_MEMBERS && n > r->u.bound)
		what = "has more members than 'maxProperties'";
	else if (r->op == OP_MIN_MEMBERS && n < r->u.bound)
		what = "has fewer members than 'minProperties'";
	return what ? fault_set(f, &r->value, NULL, what) : 1;
}

int
fits_required(const struct frame *f, const struct rule *r,
    const struct json *names)
{
	struct json name = { 0 }, found;
	int got;

	if (fits_kind(f->v) != JSON_OBJECT)
		return 1;
	while (json_next(&name, names)) {
		got = fits_find(f, r, json_string(&name), &found);
		if (got < 0)
			return got;
		if (!got)
			return fault_set(f, names, json_string(&name),
			    "is missing");
	}
	return 1;
}

static int
by_hash(const void *a, const void *b)
{
	uint64_t x = ((const struct hashed *)a)->hash;
	uint64_t y = ((const struct hashed *)b)->hash;

	return (x > y) - (x < y);
}

/* Only those whose hashes are equal are compared. */
static bool
any_twins(const struct frame *f, const struct hashed *h, size_t n)
{
	size_t i, k;

	for (i = 0; i < n; i++) {
		for (k = i + 1; k < n && h[k].hash == h[i].hash; k++)
			if (same(&h[i].value, &h[k].value, &f->c->work))
				return true;
		if (f->c->work < 0)
			break;
	}
	return false;
}

static int
unique_holds(const struct frame *f, const struct rule *r)
{
	size_t i = 0, n = json_count(&f->v->at);
	struct json it = { 0 };
	struct hashed *h;
	bool twins;

	if (!r->u.bound || fits_kind(f->v) != JSON_ARRAY || n < 2)
		return 1;
	if (fits_spend(f, r, 2 * n))	/* for the sorting */
		return -1;
	h = mem_zero(n, sizeof *h);
	while (json_next(&it, &f->v->at) && f->c->work >= 0)
		h[i++] = (struct hashed){ same_hash(&it, &f->c->work), it };
	qsort(h, i, sizeof *h, by_hash);
	twins = any_twins(f, h, i);
	free(h);
	if (out_of(f, r))
		return -1;
	return twins ? fault_set(f, &r->value, NULL,
	    "has an item twice, against 'uniqueItems'") : 1;
}

int
fits_assert(const struct frame *f, const struct rule *r)
{
	switch (r->op) {
	case OP_TYPE:
		return type_holds(f, r);
	case OP_ENUM:
		return enum_holds(f, r);
	case OP_CONST:
		return const_holds(f, r);
	case OP_MAX_LENGTH:
	case OP_MIN_LENGTH:
	case OP_PATTERN:
		return string_holds(f, r);
	case OP_MAX_ITEMS:
	case OP_MIN_ITEMS:
	case OP_MAX_MEMBERS:
	case OP_MIN_MEMBERS:
		return count_holds(f, r);
	case OP_UNIQUE:
		return unique_holds(f, r);
	case OP_REQUIRED:
		return fits_required(f, r, &r->value);
	default:
		return number_holds(f, r);
	}
}
