#include <assert.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/amount.h"
#include "base/opt.h"

#define LONG 256	/* getopt_long()'s answer for table row i is LONG + i */

/* Write the table in getopt_long()'s two forms; returns its length. */
static int
translate(const struct opt *o, enum opt_order order, struct option *longs,
    char *letters)
{
	int n;

	if (order == OPT_FIRST)
		*letters++ = '+';
	*letters++ = ':';	/* the answer where a value is missing */
	for (n = 0; o[n].type; n++) {
		assert(n < OPT_MAX);
		longs[n] = (struct option){ o[n].name, !o[n].arg ?
		    no_argument : o[n].type == OPT_T_MAY ?
		    optional_argument : required_argument, NULL, LONG + n };
		if (o[n].letter)
			*letters++ = o[n].letter;
		if (o[n].letter && o[n].arg)
			*letters++ = ':';
	}
	longs[n] = (struct option){ 0 };
	*letters = '\0';
	return n;
}

static int
row_of(const struct opt *o, int n, int answer)
{
	int i;

	if (answer >= LONG)
		return answer - LONG;
	for (i = 0; i < n && o[i].letter != answer; i++)
		;
	return i;
}

/* Was it spelt in full?  getopt_long() takes any unique beginning. */
static bool
exact(const char *given, const char *name)
{
	size_t len = strcspn(given + 2, "=");

	return strlen(name) == len && !strncmp(given + 2, name, len);
}

/*
 * Steps from one word to the other: letters put in, left out, changed or
 * swapped.  Long words are far from everything.
 */
static int
distance(const char *a, const char *b)
{
	enum { MOST = 31 };
	int d[MOST + 1][MOST + 1];
	int n = (int)strlen(a), m = (int)strlen(b), i, j, best;

	if (n > MOST || m > MOST)
		return MOST;
	for (i = 0; i <= n; i++)
		d[i][0] = i;
	for (j = 0; j <= m; j++)
		d[0][j] = j;
	for (i = 1; i <= n; i++)
		for (j = 1; j <= m; j++) {
			best = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
			if (d[i - 1][j] + 1 < best)
				best = d[i - 1][j] + 1;
			if (d[i][j - 1] + 1 < best)
				best = d[i][j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1] && d[i - 2][j - 2] < best)
				best = d[i - 2][j - 2] + 1;
			d[i][j] = best;
		}
	return d[n][m];
}

const char *
opt_nearest(const char *word, int n, const char *(*name)(const void *, int),
    const void *names)
{
	const char *best = NULL;
	int i, far, least = 1 + (int)strlen(word) / 2;

	for (i = 0; i < n; i++) {
		far = distance(word, name(names, i));
		if (far < least) {
			least = far;
			best = name(names, i);
		}
	}
	return best;
}

static const char *
option_name(const void *table, int i)
{
	const struct opt *o = (const struct opt *)table + i;

	return o->help ? o->name : "";
}

static int
unknown(const struct opt *o, int n, const char *given, struct err *e)
{
	char word[40];
	const char *near;

	snprintf(word, sizeof(word), "%.*s", (int)strcspn(given + 2, "="),
	    given + 2);
	near = opt_nearest(word, n, option_name, o);
	return err_set(e, E_usage, "unknown option '--%s'%s%s%s", word,
	    near ? ", did you mean --" : "", near ? near : "",
	    near ? "?" : "");
}

static int
complain(const struct opt *o, int n, int answer, const char *given,
    struct err *e)
{
	int i = row_of(o, n, optopt);

	if (!optopt || (optopt >= LONG && !exact(given, o[i].name)))
		return unknown(o, n, given, e);
	if (i == n)
		return err_set(e, E_usage, "unknown option '-%c'", optopt);
	return err_set(e, E_usage, "--%s %s", o[i].name,
	    answer == ':' ? "needs a value" : "takes no value");
}

static int
assign(const struct opt *o, const char *value, struct err *e)
{
	switch (o->type) {
	case OPT_T_FLAG:
		*o->to.flag = true;
		return 0;
	case OPT_T_STR:
		*o->to.str = value;
		return 0;
	case OPT_T_MAY:
		*o->to.str = value ? value : "";
		return 0;
	case OPT_T_NUM:
		if (!amount_digits(value, 0, o->to.num, e))
			return 0;
		return err_set(e, E_usage, "--%s: '%.40s' is not a number",
		    o->name, value);
	case OPT_T_END:
		break;
	}
	return 0;
}

int
opt_parse(const struct opt *o, enum opt_order order, int argc, char **argv,
    struct err *e)
{
	struct option longs[OPT_MAX + 1];
	char letters[2 * OPT_MAX + 4];
	bool seen[OPT_MAX] = { false };
	int n = translate(o, order, longs, letters);
	int answer, i;
	const char *given;

	opterr = 0;
	optind = 0;		/* start afresh, GNU's way */
	for (;;) {
		answer = getopt_long(argc, argv, letters, longs, NULL);
		if (answer == -1)
			return optind;
		if (answer == '?' || answer == ':')
			return complain(o, n, answer, argv[optind - 1], e);
		i = row_of(o, n, answer);
		given = argv[optind - 1 - (optarg == argv[optind - 1])];
		if (answer >= LONG && !exact(given, o[i].name))
			return unknown(o, n, given, e);
		if (o[i].type != OPT_T_FLAG && seen[i])
			return err_set(e, E_usage, "--%s given twice",
			    o[i].name);
		seen[i] = true;
		if (assign(&o[i], optarg, e))
			return -1;
	}
}
