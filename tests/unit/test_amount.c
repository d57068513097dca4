#include "tap.h"

#include "base/amount.h"

/* Read and print again; the word of the error if it is refused. */
static const char *
back_by(int (*read)(struct amount *, const char *, struct err *),
    const char *unit, const char *text)
{
	static char out[AMOUNT_TEXT];
	struct amount a = { 0, unit_named(unit) };
	struct err e = { 0 };

	if (read(&a, text, &e))
		return err_word(e.code);
	amount_text(a, out);
	return out;
}

static const char *
back(const char *unit, const char *text)
{
	return back_by(amount_parse, unit, text);
}

static const char *
back_signed(const char *text)
{
	return back_by(amount_signed, "TCK", text);
}

static int
canonical(const char *text)
{
	int64_t minor;

	return amount_canonical(text, strlen(text), 2, &minor);
}

int
main(void)
{
	static const char *const bad[] = { "", ".", ".5", "1.", "-1", "+1",
	    "1e2", "1e3", " 1", "1 ", "0x1", "NaN", "Infinity", "1.2.3",
	    "1,5", "\xd9\xa1" };
	static const char *const odd[] = { "-0.00", "+1.00", "01.00", ".50",
	    "1", "1.0", "1.000", "1.00 ", "-", "", "1..0", "1.0.",
	    "92233720368547758.08", "-92233720368547758.08" };
	char out[AMOUNT_TEXT];
	struct err e = { 0 };
	int64_t n = 0;
	size_t i;

	IS(back("BZEUSD", "0.000001"), "0.000001");
	IS(back("TCK", "92233720368547758.07"), "92233720368547758.07");
	IS(back("TCK", "0"), "0.00");
	IS(back("TCK", "00.5"), "0.50");
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		IS(back("TCK", bad[i]), "bad_amount");
	IS(back("TCK", "1.005"), "amount_scale");
	IS(back("TCK", "1.000"), "amount_scale");
	IS(back("TCK", "92233720368547758.08"), "amount_range");
	IS(back("TCK", "9223372036854775808"), "amount_range");
	IS(back("TCK", "92233720368547758"), "92233720368547758.00");
	IS(back_signed("-1.5"), "-1.50");
	IS(back_signed("1.5"), "1.50");
	IS(back_signed("-0"), "0.00");
	IS(back_signed("-92233720368547758.07"), "-92233720368547758.07");
	IS(back_signed("-92233720368547758.08"), "amount_range");
	IS(back_signed("-1.005"), "amount_scale");
	IS(back_signed("-"), "bad_amount");
	IS(back_signed("--1"), "bad_amount");
	IS(back_signed("+1"), "bad_amount");
	OK(amount_digits("7", 0, &n, &e) == 0 && n == 7);
	OK(amount_digits("7.0", 0, &n, &e) && e.code == E_amount_scale);
	OK(amount_digits("9.223372036854775807", 18, &n, &e) == 0 &&
	    n == INT64_MAX);
	amount_print(-n, 18, out);
	IS(out, "-9.223372036854775807");
	amount_print(-5, 2, out);
	IS(out, "-0.05");
	amount_print(-5, 0, out);
	IS(out, "-5");
	amount_print(0, 0, out);
	IS(out, "0");
	OK(canonical("-0.05") && canonical("0.00") && canonical("10.00"));
	for (i = 0; i < sizeof(odd) / sizeof(*odd); i++)
		OK(!canonical(odd[i]));
	return DONE();
}
