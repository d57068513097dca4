#include <assert.h>
#include <string.h>

#include "base/decimal.h"

/*
 * What is far depends on the value alone, not on how it is written: on the
 * place of its first digit, 10^17 or more to the left or right of the point.
 * Powers of up to 18 digits are read; those that are longer are far.
 */
#define READ	18
#define NEAR	INT64_C(100000000000000000)
#define FAR	INT64_C(1000000000000000000)

/* A far place as digits, with a one before all that a power may have. */
#define PLACES (DECIMAL_DIGITS - 1)

static void
add_digits(char *place, const char *digits, size_t n, int sign)
{
	int sum, carry = 0;
	size_t i;

	for (i = 0; i < PLACES; i++) {
		sum = place[PLACES - 1 - i] - '0' + carry;
		if (i < n)
			sum += sign * (digits[n - 1 - i] - '0');
		carry = sum < 0 ? -1 : sum / 10;
		place[PLACES - 1 - i] = (char)('0' + (sum + 10) % 10);
	}
}

/* The place of the first digit: the power as written, and some places. */
static void
far_place(struct decimal *d, const char *power, size_t n, int sign, long more)
{
	unsigned long left = (unsigned long)(more < 0 ? -more : more);
	char few[8];
	size_t i;

	memset(d->place, '0', sizeof d->place);
	d->place[0] = '1';
	add_digits(d->place, power, n, sign);
	for (i = sizeof few; i-- > 0; left /= 10)
		few[i] = (char)('0' + left % 10);
	add_digits(d->place, few, sizeof few, more < 0 ? -1 : 1);
}

void
decimal_read(struct decimal *d, const char *s, size_t n)
{
	long shift = 0;
	bool point = false;
	int sign = 1;
	size_t i, k;

	assert(n <= DECIMAL_DIGITS);
	*d = (struct decimal){ .negative = n && *s == '-' };
	for (i = d->negative; i < n && s[i] != 'e' && s[i] != 'E'; i++) {
		if (s[i] == '.') {
			point = true;
			continue;
		}
		shift -= point;
		if (d->n || s[i] != '0')
			d->digits[d->n++] = s[i];
	}
	while (d->n && d->digits[d->n - 1] == '0') {
		d->n--;
		shift++;
	}
	if (!d->n) {
		d->negative = false;
		return;
	}
	if (i < n) {
		i++;
		if (s[i] == '-' || s[i] == '+')
			sign = s[i++] == '-' ? -1 : 1;
		while (i < n && s[i] == '0')
			i++;
	}
	for (k = i; k < n && n - i <= READ; k++)
		d->power = d->power * 10 + (s[k] - '0');
	d->power = sign * d->power + shift;
	d->far = n - i > READ || d->power + d->n >= NEAR ||
	    d->power + d->n <= -NEAR;
	if (d->far) {
		far_place(d, s + i, n - i, sign, shift + (long)d->n);
		d->power = sign * FAR;
	}
}

/* How much further to the left a begins than b, or no less than 10^6. */
static int64_t
ahead(const struct decimal *a, const struct decimal *b)
{
	int64_t by = 0;
	size_t i;

	if (!a->far || !b->far || a->power != b->power)
		return a->power + a->n - b->power - b->n;
	for (i = 0; i < PLACES; i++) {
		by = by * 10 + (a->place[i] - b->place[i]);
		if (by > 1000000 || by < -1000000)
			break;
	}
	return by;
}

static int
compare_sizes(const struct decimal *a, const struct decimal *b)
{
	int64_t by;
	int order;

	if (!a->n || !b->n)
		return (a->n != 0) - (b->n != 0);
	by = ahead(a, b);
	if (by)
		return by < 0 ? -1 : 1;
	order = memcmp(a->digits, b->digits, a->n < b->n ? a->n : b->n);
	if (order)
		return order < 0 ? -1 : 1;
	return (a->n > b->n) - (a->n < b->n);
}

int
decimal_compare(const struct decimal *a, const struct decimal *b)
{
	if (a->negative != b->negative)
		return a->negative ? -1 : 1;
	return a->negative ? compare_sizes(b, a) : compare_sizes(a, b);
}

bool
decimal_whole(const struct decimal *d)
{
	return !d->n || d->power >= 0;
}

/*
 * Natural numbers of one digit more than DECIMAL_DIGITS, each of fewer than
 * 4 bits: 32 bits a limb, the lowest first.
 */
#define LIMBS ((4 * (DECIMAL_DIGITS + 1) + 31) / 32)
#define TWOS (4 * DECIMAL_DIGITS)

static void
push_digit(uint32_t *w, char digit)
{
	uint64_t carry = (uint64_t)(digit - '0');
	size_t i;

	for (i = 0; i < LIMBS; i++) {
		carry += (uint64_t)w[i] * 10;
		w[i] = (uint32_t)carry;
		carry >>= 32;
	}
}

static bool
below(const uint32_t *a, const uint32_t *b)
{
	size_t i;

	for (i = LIMBS; i-- > 0;)
		if (a[i] != b[i])
			return a[i] < b[i];
	return false;
}

static void
take(uint32_t *a, const uint32_t *b)
{
	uint64_t borrow = 0, gone;
	size_t i;

	for (i = 0; i < LIMBS; i++) {
		gone = (uint64_t)b[i] + borrow;
		borrow = a[i] < gone;
		a[i] = (uint32_t)(a[i] - gone);
	}
}

/*
 * Both are whole numbers, once the smaller power is taken from both.  No
 * digit is a zero at the end: so with the larger power, unit's, the answer
 * is no.  Else the digits and as many zeros must divide; what in unit is made
 * of twos and fives is below 2^TWOS, so that more zeros change nothing.
 */
bool
decimal_multiple(const struct decimal *d, const struct decimal *unit)
{
	uint32_t rest[LIMBS] = { 0 }, by[LIMBS] = { 0 };
	static const uint32_t zero[LIMBS];
	int64_t zeros;
	unsigned i;

	assert(unit->n);
	if (!d->n)
		return true;
	zeros = ahead(d, unit) + unit->n - d->n;
	if (zeros < 0)
		return false;
	for (i = 0; i < unit->n; i++)
		push_digit(by, unit->digits[i]);
	for (i = 0; i < d->n + (zeros < TWOS ? (unsigned)zeros : TWOS); i++) {
		push_digit(rest, i < d->n ? d->digits[i] : '0');
		while (!below(rest, by))
			take(rest, by);
	}
	return !memcmp(rest, zero, sizeof rest);
}

uint64_t
decimal_count(const struct decimal *d)
{
	uint64_t v = 0;
	int64_t i;
	unsigned digit;

	if (d->n && d->power + d->n > 20)
		return UINT64_MAX;
	for (i = 0; d->n && i < d->power + d->n; i++) {
		digit = i < d->n ? (unsigned)(d->digits[i] - '0') : 0;
		if (v > (UINT64_MAX - digit) / 10)
			return UINT64_MAX;
		v = v * 10 + digit;
	}
	return v;
}
