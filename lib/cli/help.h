/*
 * help - what a program says about itself: --help, --options, usage.
 */
#ifndef HELP_H
#define HELP_H

#include "cli/cli.h"

/* Of a verb, or of the whole program if verb is NULL; to stdout. */
void help_print(const struct prog *, const struct verb *, const struct opt *);

/* "name<TAB>help" lines for completion and for the check of the page. */
void help_options(const struct prog *, const struct verb *,
    const struct opt *);

/* The verb of that name: 0, or -1 with E_usage and the nearest one. */
int help_verb(const struct prog *, const char *name, const struct verb **,
    struct err *) CHECKED;

#endif
