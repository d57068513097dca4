/*
 * feed - run a command that reads something, such as "sendmail -t", for who
 * has given up the right to run any.
 *
 * A process is made before that, which can run this command and does nothing
 * else; what the command is to read is handed to it as a file in memory.
 */
#ifndef FEED_H
#define FEED_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

struct feed { int fd; pid_t pid; };	/* zeroed: there is none */

/*
 * Make the process, before there are secrets that it would share: of the
 * command, split as words.h says.  Each time it is killed, with all that it
 * has started, if it takes longer than that.  E_usage.
 */
int feed_open(struct feed *, const char *cmd, int64_t wait_ms, struct err *)
    CHECKED;

/*
 * Run it with that as its standard input, which need not be read; what it
 * prints goes to standard error.  E_not_delivered if it cannot be run, is
 * killed, or ends with another status than 0.
 */
int feed_run(const struct feed *, const void *data, size_t n, struct err *)
    CHECKED;

void feed_close(struct feed *);		/* waits for its end */

#endif
