/*
 * market - the verbs of bzn-market: what a person or a script asked for, and
 * what is said of it.  The rules are those of lib/market and lib/validate.
 */
#ifndef DESK_MARKET_H
#define DESK_MARKET_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/cli.h"

/* What the options say; zeroed, nothing. */
struct desk_market {
	const char *provider, *label, *price, *category, *metadata, *type;
	bool all_or_nothing;
	const char *node;		/* --as */
	const char *text, *least, *most;	/* list */
	const char *realm, *sort, *least_score;
	int64_t limit, offset;		/* limit is -1 if not said */
	bool total;
	const char *buyer, *quality;	/* quote; and most */
	int64_t deadline;		/* -1 if not said */
	const char *name, *config;	/* validator; and type */
	const char *skill, *contract, *validators;	/* verify */
};

typedef int desk_market_verb(struct cli *, const struct desk_market *,
    struct err *);

desk_market_verb desk_market_publish, desk_market_update, desk_market_retire,
    desk_market_list, desk_market_show, desk_market_stats,
    desk_market_quote, desk_market_capabilities, desk_market_validator,
    desk_market_verify, desk_market_languages, desk_market_seed;

#endif
