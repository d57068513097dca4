/* Options: values that must be given, may be given, and may not. */
#include "tap.h"

#include "base/opt.h"

static const char *form, *name;
static bool flag;

/* The index of the first operand after parsing one or two words, or -1. */
static int
parse(const char *one, const char *two)
{
	static const struct opt opts[] = {
		OPT_MAY("qr", "FORM", &form, "as a picture"),
		OPT_STR('n', "name", "TEXT", &name, "what it is called"),
		OPT_FLAG('q', "quiet", &flag, "say less"),
		OPT_END
	};
	static char words[3][32] = { "prog" };
	char *argv[] = { words[0], words[1], two ? words[2] : NULL, NULL };
	struct err e = { 0 };

	form = name = NULL;
	flag = false;
	snprintf(words[1], sizeof(words[1]), "%s", one);
	snprintf(words[2], sizeof(words[2]), "%s", two ? two : "");
	return opt_parse(opts, OPT_MIXED, two ? 3 : 2, argv, &e);
}

static void
may(void)
{
	OK(parse("--qr", NULL) == 2 && form && !*form);
	OK(parse("--qr=png", NULL) == 2 && form && !strcmp(form, "png"));
	OK(parse("--qr=", NULL) == 2 && form && !*form);
	OK(parse("--qr", "png") == 2 && form && !*form);	/* an operand */
	OK(parse("--qr", "--quiet") == 3 && form && !*form && flag);
	OK(parse("--qr", "--qr=png") == -1);			/* twice */
	OK(parse("--q", NULL) == -1 && parse("--qrs=x", NULL) == -1);
	OK(parse("--quiet", NULL) == 2 && !form);
}

static void
must(void)
{
	OK(parse("--name", "x") == 3 && !strcmp(name, "x"));
	OK(parse("--name=x", NULL) == 2 && !strcmp(name, "x"));
	OK(parse("-n", "x") == 3 && !strcmp(name, "x"));
	OK(parse("--name", NULL) == -1 && parse("--quiet=x", NULL) == -1);
}

int
main(void)
{
	may();
	must();
	return DONE();
}
