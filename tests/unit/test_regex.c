/* One dialect, and no pattern that takes longer than its budget. */
#include <time.h>

#include "tap.h"

#include "base/buf.h"
#include "regex/regex.h"

static struct err e;

/* "found", "absent" or "limit"; or why it does not compile. */
static const char *
answer(const char *pattern, const char *text, size_t n,
    struct regex_budget *budget)
{
	static const char *const words[] = { "absent", "found", "limit" };
	struct regex *r = NULL;
	enum regex_answer a;

	e = (struct err){ 0 };
	if (regex_compile(&r, pattern, &e))
		return r ? "out was touched" : e.msg;
	a = regex_search(r, text, n, budget);
	regex_free(r);
	return words[a];
}

static const char *
search(const char *pattern, const char *text)
{
	struct regex_budget budget = REGEX_BUDGET;

	return answer(pattern, text, strlen(text), &budget);
}

#define FOUND(pattern, text)	IS(search((pattern), (text)), "found")
#define ABSENT(pattern, text)	IS(search((pattern), (text)), "absent")

static void
test_dialect(void)
{
	FOUND("b", "abc");
	FOUND("^abc$", "abc");
	FOUND("", "");
	ABSENT("c$", "abc\n");
	ABSENT("^b", "a\nb");
	ABSENT("a.b", "a\nb");
	FOUND("a.b", "a\rb");
	FOUND("^.$", "\xe2\x82\xac");
	FOUND("^.$", "\xf0\x9f\x98\x80");
	FOUND("^\\d$", "7");
	ABSENT("\\d", "\xd9\xa3");		/* an Arabic digit */
	ABSENT("\\w", "\xc3\xa9");
	ABSENT("\\s", "\xe2\x80\x83");
	FOUND("^\\u00e9$", "\xc3\xa9");
	FOUND("^\\x41$", "A");
	FOUND("^(?:(a)|b)\\1$", "b");
	ABSENT("[]", "]");
	FOUND("^[^]$", "]");
	FOUND("^\\p{L}\\p{Lu}\\P{L}$", "aB1");
	FOUND("^[\\p{Letter}\\p{gc=Decimal_Number}]+$", "\xc3\xa9\xd9\xa3");
	FOUND("^\\p{General_Category=Uppercase_Letter}$", "A");
	ABSENT("\\p{Uppercase_Letter}\\P{Letter}", "AA");
	FOUND("\\Q\\p{Letter}\\E", "\\p{Letter}");
	FOUND("^\\\\p{Letter}$", "\\p{Letter}");
	ABSENT("\\p{Script=Greek}", "abc");
	FOUND("\\p{Script=Greek}", "\xce\xb1");
	ABSENT(".", "\xff\xfe");
	ABSENT("x", "\xed\xa0\x80");
}

#define REFUSED(pattern, why)	IS(search((pattern), "a"), (why))

static void
test_refused(void)
{
	struct buf b = BUF_INIT(4096);
	int i;

	REFUSED("a(b", "byte 3: missing closing parenthesis");
	OK(e.code == E_bad_pattern && e.kind == ERR_INPUT);
	REFUSED("*", "byte 0: quantifier does not follow a repeatable item");
	REFUSED("[z-a]", "byte 3: range out of order in character class");
	REFUSED("\\p{Letter}[z-a]",
	    "byte 13: range out of order in character class");
	REFUSED("\\p{Nonsense}", "byte 12: unknown property after \\P or \\p");
	OK(strstr(search("\\C", ""), "\\C is disabled") != NULL);
	OK(strstr(search("(*UCP)a", ""), "UCP") != NULL);
	OK(strstr(search("\\ud83d", ""), "disallowed Unicode") != NULL);
	OK(strstr(search("\xff", ""), "UTF-8 error") != NULL);
	OK(strstr(search("\\", ""), "at end of pattern") != NULL);
	for (i = 0; i < 51; i++)
		buf_addc(&b, '(');
	for (i = 0; i < 51; i++)
		buf_addc(&b, ')');
	OK(strstr(search(b.data, ""), "too deeply nested") != NULL);
	buf_cut(&b, b.len - 1);
	IS(search(b.data + 1, ""), "found");
	buf_reset(&b);
	for (i = 0; i < REGEX_PATTERN_MAX; i++)
		buf_addc(&b, 'a');
	IS(search(b.data, ""), "absent");
	buf_addc(&b, 'a');
	IS(search(b.data, ""), "a pattern of more than 1000 bytes");
	OK(e.code == E_too_long);
	buf_reset(&b);
	for (i = 0; i < 900; i++)
		buf_adds(&b, i < 450 ? "(" : ")");
	OK(strstr(search(b.data, ""), "too deeply nested") != NULL);
	buf_release(&b);
}

/* Each of these would take seconds or years. */
static const struct hard { const char *pattern, *part, *end; } hard[] = {
	{ "^(a+)+$", "a", "b" },
	{ "^(a|a)*$", "a", "b" },
	{ "^(a*)*$", "a", "b" },
	{ "^(a?){40}a{40}$", "a", "b" },
	{ "((.|\\n){0,3000})z$", "a", "" },
	{ "((.|\\n)*)z$", "a", "" },
	{ "(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)[bc]$", "a", "" },
	{ "(?:a*[bc]|a)*[de]", "a", "" },
	{ "(?:.*[bc]|.)+[de]$", "a", "" },
	{ "a{9000}[bc]|(?:a{5000}[bc]|a)*[de]", "a", "" },
	{ "(?:a{60000}[bc]|a)*[de]", "a", "" },
	{ "^(a+)(?:\\1[bc]|a)*?[de]", "a", "" },
	{ "(?<n>a+)b(?:\\k<n>c|a)*?[de]", "a", "baaaaaa" },
	{ "(?=(a+))(?:\\1[bc]|a)*[de]", "a", "" },
	{ "(a(?1)?)+[bc]", "a", "" },
	{ "(?:(?=a*[bc])|a)*[de]", "a", "" },
	{ "(?:(?<=a{300})[bc]|a)*[de]", "a", "" },
	{ "\\X*[bc]|(?:\\X[bc]|a)*[de]", "e\xcc\x81", "" },
	{ "^(\\w+\\s?)*$", "a", "!" },
	{ "(x+x+)+y", "x", "" },
};

static double
seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Not timed by the clock as a test: what is asserted is that it ends. */
static void
test_bounded(void)
{
	static const int sizes[] = { 28, 10000, 1000000 };
	struct regex_budget budget;
	struct buf b = BUF_INIT(4 << 20);
	double worst = 0, took;
	size_t i, j;
	int k, limits = 0, wrong = 0;

	for (j = 0; j < sizeof hard / sizeof *hard; j++) {
		for (i = 0; i < 3; i++) {
			budget = (struct regex_budget)REGEX_BUDGET;
			buf_reset(&b);
			for (k = 0; k < sizes[i]; k++)
				buf_adds(&b, hard[j].part);
			buf_adds(&b, hard[j].end);
			took = seconds();
			limits += !strcmp(answer(hard[j].pattern, b.data,
			    b.len, &budget), "limit");
			took = seconds() - took;
			wrong += budget.left < 1500000;
			if (took > worst) {
				worst = took;
				printf("# %s of %zu bytes: %.0f ms\n",
				    hard[j].pattern, b.len, took * 1e3);
			}
		}
	}
	OK(wrong == 0 && limits >= 20);
	printf("# %d of %zu searches end at a limit\n", limits, 3 * j);
	buf_release(&b);
	IS(search("^(a+)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaab"), "limit");
	FOUND("^(a+)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaa");
}

/* They take long to compile. */
static void
test_wide(void)
{
	static const char all[] = "(?x-i:a)(?i)[\xc2\xa1-\xf4\x8f\xbf\xbe]";
	static const char wide[] = "its ranges without case are together too "
	    "wide";
	struct buf b = BUF_INIT(1000);
	int i;

	FOUND(all, "a\xc3\xa4");
	buf_adds(&b, all);
	buf_adds(&b, all);
	IS(search(b.data, ""), "absent");
	buf_adds(&b, all);
	IS(search(b.data, ""), wide);
	IS(search("(?i:[!-\\o{4177777}-\\o{4177777}-\\N{U+10ffff}])", ""),
	    wide);
	buf_reset(&b);
	buf_adds(&b, "(?i)");
	for (i = 0; i < 60; i++)
		buf_adds(&b, "[!-\\uffff]");
	IS(search(b.data, ""), wide);
	buf_cut(&b, 4 + 30 * 10);
	IS(search(b.data, ""), "absent");
	buf_release(&b);
	FOUND("(?i)[\xd0\xb0-\xd1\x8f]-[a-z]", "\xd0\x90-Z");
}

/* Items that take long for each byte, or for each that stands before it. */
static void
test_dear(void)
{
	static const char flag[] = "\xf0\x9f\x87\xa6", accent[] = "\xcc\x81";
	static const struct { const char *open, *part; int n; } of[] = {
		{ "\\X*[YZ]", "", 0 }, { "(?:\\X)*[YZ]", "", 0 },
		{ "\\X{2}[YZ]", "|\\X{2}[YZ]", 100 },
		{ "(*sr:.+?)[YZ]", "", 0 }, { "(*script_run:.+?)[YZ]", "", 0 },
		{ "[^\\p{Lu}]*+[YZ]|[^\\p{Greek}", "\\p{Lu}\\p{Sc}", 60 },
	};
	struct buf b = BUF_INIT(1000), flags = BUF_INIT(1 << 20);
	struct buf accents = BUF_INIT(1 << 20);
	double took = seconds();
	size_t i;
	int k;

	for (k = 0; k < 10000; k++) {
		buf_adds(&flags, flag);
		buf_adds(&accents, accent);
	}
	for (i = 0; i < sizeof of / sizeof *of; i++) {
		buf_reset(&b);
		buf_adds(&b, of[i].open);
		for (k = 0; k < of[i].n; k++)
			buf_adds(&b, of[i].part);
		if (strchr(of[i].part, 'p'))
			buf_adds(&b, "]*+[YZ]");
		IS(search(b.data, accents.data), "limit");
		IS(search(b.data, flags.data), "limit");
	}
	printf("# dear items: %.0f ms\n", (seconds() - took) * 1e3);
	buf_cut(&flags, 80);
	FOUND("^\\X{10}$", flags.data);
	buf_cut(&accents, 400);
	FOUND("^\\X$", accents.data);
	FOUND("^(*sr:.{1,200})$", accents.data);
	buf_release(&b);
	buf_release(&flags);
	buf_release(&accents);
}

/* What one search spends is missing for the next. */
static void
test_budget(void)
{
	static const char text[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaab";
	struct regex_budget budget = REGEX_BUDGET;
	int n;

	IS(answer("b", "abc", 3, &budget), "found");
	OK(budget.left < 2000000 && budget.left > 1999900);
	for (n = 0; n < 100 && budget.left > 0; n++)
		if (strcmp(answer("^(a+)+$", text, 29, &budget), "limit"))
			break;
	OK(n < 100 && budget.left == 0);
	IS(answer("b", "abc", 3, &budget), "limit");
	budget.left = 1000;
	IS(answer("b", "abc", 3, &budget), "found");
	budget.search = 2;
	IS(answer("abc", "abc", 3, &budget), "limit");
	OK(budget.left > 900);
	budget = (struct regex_budget)REGEX_BUDGET;
	budget.matches = 10;
	IS(answer("^(a+)+$", text, 29, &budget), "limit");
}

int
main(void)
{
	test_dialect();
	test_refused();
	test_bounded();
	test_wide();
	test_dear();
	test_budget();
	return DONE();
}
