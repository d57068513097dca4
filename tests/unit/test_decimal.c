/* Numbers and values of JSON are equal if they say the same. */
#include <inttypes.h>

#include "tap.h"

#include "base/chance.h"
#include "base/decimal.h"
#include "base/same.h"

static struct decimal
number(const char *lexeme)
{
	struct decimal d;

	decimal_read(&d, lexeme, strlen(lexeme));
	return d;
}

static int
order(const char *a, const char *b)
{
	struct decimal x = number(a), y = number(b);
	int forth = decimal_compare(&x, &y), back = decimal_compare(&y, &x);

	return forth == -back ? forth : 99;
}

static bool
multiple(const char *a, const char *of)
{
	struct decimal x = number(a), y = number(of);

	return decimal_multiple(&x, &y);
}

#define TENS "0000000000"
#define NINES "999999999999999999999999999999999999999999999999999999999"

static void
test_order(void)
{
	OK(order("1", "1.0") == 0 && order("1e2", "100") == 0);
	OK(order("0", "-0") == 0 && order("0e99", "-0.000") == 0);
	OK(order("1E+02", "0.1e3") == 0 && order("-1", "-1.00e0") == 0);
	OK(order("1", "2") < 0 && order("-1", "-2") > 0);
	OK(order("-1", "1") < 0);
	OK(order("0", "-1e-400") > 0 && order("1e400", "1e401") < 0);
	OK(order("9007199254740993", "9007199254740992") > 0);
	OK(order("0.1", "0.10000000000000000000000000000000000000001") < 0);
	OK(order("99", "100") < 0 && order("99.9", "99") > 0);
	OK(order("1e" NINES, "10e" NINES) < 0);
	OK(order("1e1" "00000000000000000000", "10e99999999999999999999") == 0);
	OK(order("0.01e1" "00000000000000000000",
	    "1e99999999999999999998") == 0);
	OK(order("1e-1" "00000000000000000000",
	    "0.1e-99999999999999999999") == 0);
	OK(order("1e-" NINES, "0") > 0 && order("-1e" NINES, "-1e9") < 0);
	OK(order("-0." TENS TENS TENS TENS TENS TENS TENS TENS TENS "1", "0") <
	    0);
	OK(order("1" TENS TENS TENS TENS TENS TENS TENS TENS TENS TENS "1",
	    "1" TENS TENS TENS TENS TENS TENS TENS TENS TENS TENS "2") < 0);
	OK(order("1e100000000000000000", "1e99999999999999999") > 0);
	OK(order("10e99999999999999999", "1e100000000000000000") == 0);
	OK(order("0.01e100000000000000001", "1e99999999999999999") == 0);
	OK(order("0.1e-99999999999999999", "1e-100000000000000000") == 0);
	OK(order("1e-1000000000000000000", "0.1e-999999999999999999") == 0);
	OK(order("1e000000000000000000000000005", "1e5") == 0);
}

static void
test_whole(void)
{
	struct decimal d;

	OK((d = number("1.0"), decimal_whole(&d)));
	OK((d = number("1.50e1"), decimal_whole(&d)));
	OK((d = number("0.0"), decimal_whole(&d)));
	OK((d = number("1e" NINES), decimal_whole(&d)));
	OK((d = number("1.5"), !decimal_whole(&d)));
	OK((d = number("1e-" NINES), !decimal_whole(&d)));
	OK((d = number("0"), decimal_count(&d) == 0));
	OK((d = number("12.0e1"), decimal_count(&d) == 120));
	OK((d = number("18446744073709551615"),
	    decimal_count(&d) == UINT64_MAX));
	OK((d = number("18446744073709551614"),
	    decimal_count(&d) == UINT64_MAX - 1));
	OK((d = number("18446744073709551616"),
	    decimal_count(&d) == UINT64_MAX));
	OK((d = number("1e" NINES), decimal_count(&d) == UINT64_MAX));
}

static void
test_multiple(void)
{
	OK(multiple("10", "2") && !multiple("7", "2"));
	OK(multiple("4.5", "1.5") && !multiple("35", "1.5"));
	OK(multiple("0.0075", "0.0001") && !multiple("0.00751", "0.0001"));
	OK(multiple("0", "3") && multiple("0.3", "0.1"));
	OK(multiple("19.99", "0.01") && multiple("-6", "2"));
	OK(!multiple("1e308", "0.123456789"));
	OK(!multiple("1e309", "0.123456789"));
	OK(multiple("1e308", "0.5") && multiple("12391239123", "1e-8"));
	OK(multiple("1e400", "1024") && multiple("1e" NINES, "1"));
	OK(!multiple("1", "1e" NINES) && !multiple("1e-" NINES, "1"));
	OK(multiple("1e" NINES, "1e-" NINES));
	OK(multiple("3e" NINES, "1.5e" NINES) && !multiple("3e" NINES,
	    "2e" NINES));
	OK(multiple("1e60", "1267650600228229401496703205376") == false);
	OK(multiple("1e100", "1267650600228229401496703205376"));
	OK(multiple("7999999999999999999999999999999999999999999999999999999"
	    "99999992", "3999999999999999999999999999999999999999999999999999"
	    "99999999996"));
	OK(multiple("999999999999999999999999999999999999999999999999999999"
	    "999999999", "3"));
	OK(multiple("1e125", "1" TENS TENS TENS TENS));
	OK(multiple("3" TENS TENS TENS TENS TENS TENS TENS TENS TENS TENS TENS
	    TENS "3", "11"));
	OK(multiple("3" TENS TENS TENS TENS TENS TENS TENS TENS TENS TENS TENS
	    TENS "0", "1.5"));
}

/* Small numbers, against integers of 64 bits. */
static void
test_random(void)
{
	static const int64_t tens[] = { 1, 10, 100, 1000, 10000, 100000,
	    1000000 };
	struct chance c = { 0 };
	int64_t v[2];
	char text[2][64];
	int i, k, wrong = 0;

	chance_seed(&c, 7);
	for (i = 0; i < 100000; i++) {
		for (k = 0; k < 2; k++) {
			int64_t m = (int64_t)chance_below(&c, 1999) - 999;
			int p = (int)chance_below(&c, 7) - 3;

			v[k] = m * tens[p + 3];
			snprintf(text[k], sizeof text[k], "%" PRId64 "%se%d",
			    m, chance_below(&c, 2) ? ".00" : "", p);
		}
		wrong += order(text[0], text[1]) !=
		    (v[0] > v[1]) - (v[0] < v[1]);
		if (v[1])
			wrong += multiple(text[0], text[1]) !=
			    (v[0] % v[1] == 0);
	}
	OK(wrong == 0);
}

static const char *
alike(const char *a, const char *b)
{
	struct json x = { 0 }, y = { 0 };
	int64_t work = 1000, few = 1;
	struct err e;
	bool equal;

	if (json_parse(&x, a, strlen(a), &e) || json_parse(&y, b, strlen(b),
	    &e))
		return "not JSON";
	equal = same(&x, &y, &work);
	if (equal != same(&y, &x, &work) || !same(&x, &x, &work))
		return "not symmetric";
	if (equal != (same_hash(&x, &work) == same_hash(&y, &work)))
		return "the hashes say otherwise";
	if (json_count(&x) > 1 && same(&x, &x, &few))
		return "work was not counted";
	json_release(&x);
	json_release(&y);
	return equal ? "yes" : "no";
}

static void
test_same(void)
{
	IS(alike("1", "1.0"), "yes");
	IS(alike("{\"a\":[1,{\"b\":2}],\"c\":null}",
	    "{\"c\":null,\"a\":[1e0,{\"b\":20e-1}]}"), "yes");
	IS(alike("[1,2]", "[2,1]"), "no");
	IS(alike("[1,2]", "[1,2,3]"), "no");
	IS(alike("[[],[]]", "[[],{}]"), "no");
	IS(alike("[0,1]", "[false,1]"), "no");
	IS(alike("{\"a\":1,\"b\":2}", "{\"a\":1,\"c\":2}"), "no");
	IS(alike("\"\\u00e9\"", "\"\xc3\xa9\""), "yes");
	IS(alike("\"1\"", "1"), "no");
	IS(alike("\"\"", "null"), "no");
	IS(alike("[\"a\",\"bc\"]", "[\"ab\",\"c\"]"), "no");
	IS(alike("1e" NINES, "1e-" NINES), "no");
	OK(same_hash_text("x") != same_hash_text("y"));
}

int
main(void)
{
	test_order();
	test_whole();
	test_multiple();
	test_random();
	test_same();
	return DONE();
}
