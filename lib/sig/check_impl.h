/*
 * check_impl - what the kinds of checks share; for check*.c only.
 */
#ifndef CHECK_IMPL_H
#define CHECK_IMPL_H

#include "sig/check.h"

/* A line of the explanation, if one is asked for. */
void check_say(struct check *, const struct check_ask *, const char *, ...)
    ERR_PRINTF(3, 4);

/* As check_text() and check_files(), of ssh.h: 0, or -1 with why set. */
int check_ssh_text(struct check *, const struct check_ask *,
    const char *text, size_t n, const struct content *);
int check_ssh_file(struct check *, const struct check_ask *,
    const char *text, size_t n, const char *path);

#endif
