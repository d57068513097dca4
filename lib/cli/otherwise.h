/*
 * otherwise - ends of programs that speak a protocol of others: cli.h.
 */
#ifndef OTHERWISE_H
#define OTHERWISE_H

#include "cli/cli.h"

/* What the program makes of its end, said; -1: it ends as all do. */
int otherwise_end(struct cli *, char **argv, const struct err *, bool told);

#endif
