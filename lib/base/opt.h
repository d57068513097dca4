/*
 * opt - one table gives the parser, --help, the completions and the check of
 * the man page.
 *
 * A layer over getopt_long(3), stricter than it: no abbreviations, since a
 * script must not change meaning when a later release adds an option, and an
 * option that takes a value may be given once.  Options may follow operands;
 * "--" ends them.
 */
#ifndef OPT_H
#define OPT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

enum opt_type { OPT_T_END, OPT_T_FLAG, OPT_T_STR, OPT_T_NUM, OPT_T_MAY };

struct opt {
	enum opt_type type;
	char letter;		/* 0 for none */
	const char *name, *arg, *help;	/* help is NULL if it is hidden */
	union { bool *flag; const char **str; int64_t *num; } to;
};

#define OPT_FLAG(c, n, p, h)	{ OPT_T_FLAG, c, n, 0, h, { .flag = (p) } }
#define OPT_STR(c, n, a, p, h)	{ OPT_T_STR, c, n, a, h, { .str = (p) } }
#define OPT_NUM(c, n, a, p, h)	{ OPT_T_NUM, c, n, a, h, { .num = (p) } }
/* --name, which sets "", or --name=VALUE; it has no letter. */
#define OPT_MAY(n, a, p, h)	{ OPT_T_MAY, 0, n, a, h, { .str = (p) } }
#define OPT_END			{ OPT_T_END, 0, 0, 0, 0, { .flag = 0 } }
#define OPT_MAX 40

enum opt_order {
	OPT_MIXED,	/* operands are moved to the end of argv */
	OPT_FIRST,	/* parsing stops at the first operand: a verb */
};

/*
 * Parse argv[1..].  Returns the index of the first operand, or -1 with
 * E_usage.  Targets keep their value when their option is absent; numbers
 * are whole and not negative.
 */
int opt_parse(const struct opt *, enum opt_order, int, char **, struct err *)
    CHECKED;

/*
 * The one of n names that a mistyped word is nearest to, or NULL if none is
 * near.  name(i) gives the i-th.
 */
const char *opt_nearest(const char *word, int n,
    const char *(*name)(const void *, int), const void *names);

#endif
