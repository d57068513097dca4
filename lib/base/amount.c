#include <string.h>

#include "base/amount.h"

const struct unit unit_builtin[4] = {
	{ "BZEUSD", 6 }, { "DZIT", 2 }, { "SBX", 2 }, { "TCK", 2 },
};

const struct unit *
unit_named(const char *code)
{
	size_t i;

	for (i = 0; i < sizeof(unit_builtin) / sizeof(*unit_builtin); i++)
		if (!strcmp(unit_builtin[i].code, code))
			return &unit_builtin[i];
	return NULL;
}

/* Append one decimal digit; false if it does not fit. */
static bool
shift_in(int64_t *n, int digit)
{
	return !__builtin_mul_overflow(*n, 10, n) &&
	    !__builtin_add_overflow(*n, digit, n);
}

/* [0-9]+(\.[0-9]+)? */
static bool
is_decimal(const char *p)
{
	size_t n = strspn(p, "0123456789");

	if (!n || !p[n])
		return n > 0;
	p += n;
	return *p == '.' && p[1] && !p[1 + strspn(p + 1, "0123456789")];
}

int
amount_digits(const char *text, int scale, int64_t *minor, struct err *e)
{
	const char *p;
	int64_t n = 0;
	int due = -1;		/* digits still to come after the point */

	if (!is_decimal(text))
		return err_set(e, E_bad_amount, "'%.40s' is not an amount",
		    text);
	for (p = text; *p; p++) {
		if (*p == '.') {
			due = scale;
			continue;
		}
		if (!due)
			return err_set(e, E_amount_scale,
			    "'%.40s' has more than %d decimals", text, scale);
		if (!shift_in(&n, *p - '0'))
			goto range;
		due -= due > 0;
	}
	for (due = due < 0 ? scale : due; due; due--)
		if (!shift_in(&n, 0))
			goto range;
	*minor = n;
	return 0;
range:
	return err_set(e, E_amount_range, "'%.40s' is too large", text);
}

int
amount_parse(struct amount *out, const char *text, struct err *e)
{
	if (!amount_digits(text, out->unit->scale, &out->minor, e))
		return 0;
	return err_wrap(e, "%s", out->unit->code);
}

int
amount_signed(struct amount *out, const char *text, struct err *e)
{
	bool minus = *text == '-';

	if (amount_parse(out, text + minus, e))
		return -1;
	if (minus)
		out->minor = -out->minor;
	return 0;
}

/* By hand, from the right: leaves are rendered by the hundred thousand. */
size_t
amount_print(int64_t minor, int scale, char out[AMOUNT_TEXT])
{
	char text[AMOUNT_TEXT], *p = text + sizeof(text);
	uint64_t n = minor < 0 ? -(uint64_t)minor : (uint64_t)minor;
	size_t len;
	int i;

	for (i = 0; i <= scale || n; i++) {
		if (i == scale && scale)
			*--p = '.';
		*--p = (char)('0' + n % 10);
		n /= 10;
	}
	if (minor < 0)
		*--p = '-';
	len = (size_t)(text + sizeof(text) - p);
	memcpy(out, p, len);
	out[len] = '\0';
	return len;
}

void
amount_text(struct amount a, char out[AMOUNT_TEXT])
{
	amount_print(a.minor, a.unit->scale, out);
}

/* What amount_print() writes, found without printing it. */
bool
amount_canonical(const char *text, size_t n, int scale, int64_t *minor)
{
	size_t sign = n && *text == '-';
	size_t tail = scale ? (size_t)scale + 1 : 0;	/* from the point on */
	size_t i, point = n - tail;
	int64_t v = 0;

	if (n < sign + 1 + tail)
		return false;
	if (text[sign] == '0' && point > sign + 1)
		return false;
	for (i = sign; i < n; i++)
		if (i == point) {
			if (text[i] != '.')
				return false;
		} else if (text[i] < '0' || text[i] > '9' ||
		    !shift_in(&v, text[i] - '0')) {
			return false;
		}
	*minor = sign ? -v : v;
	return !sign || v;
}
