/*
 * check_impl - what the kinds of checks share; for check*.c only.
 */
#ifndef CHECK_IMPL_H
#define CHECK_IMPL_H

#include "sig/check.h"

/* A line of the explanation, if one is asked for. */
void check_say(struct check *, const struct check_ask *, const char *, ...)
    ERR_PRINTF(3, 4);

#endif
