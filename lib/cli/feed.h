/*
 * feed - run a command that reads something, such as "sendmail -t".
 */
#ifndef FEED_H
#define FEED_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/*
 * The command, split as words.h says, with that as its standard input, which
 * need not be read; what it prints goes to standard error.  It is killed, with
 * all that it has started, if it takes longer.  E_usage; E_not_delivered if it
 * cannot be run, is killed, or ends with another status than 0.
 */
int feed_run(const char *cmd, const void *data, size_t n, int64_t wait_ms,
    struct err *) CHECKED;

#endif
