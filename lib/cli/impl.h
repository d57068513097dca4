/*
 * impl - what the sources of a passphrase share; for pass*.c only.
 *
 * Times are of the monotonic clock, in milliseconds.
 */
#ifndef CLI_IMPL_H
#define CLI_IMPL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct secret;

/* With room for a line feed, and for one byte that is too much. */
#define PASS_ROOM (PASS_MAX + 2)

int64_t pass_clock_ms(void);

/*
 * Wait until something can be read or until_ms has come, then read it to the
 * end, or as far as there is room.  E_no_passphrase.
 */
int pass_drain(int fd, struct secret *out, int64_t until_ms, struct err *)
    CHECKED;

/* Run a command, and read what it prints.  E_no_passphrase, E_usage. */
int pass_run(const char *cmd, struct secret *out, int64_t until_ms,
    struct err *) CHECKED;

/* The terminal, if this process may ask there; or -1. */
int pass_tty(void);

/*
 * Ask on the terminal fd; once, or as for a new passphrase.  who begins the
 * prompt, of ends it.  E_no_passphrase.
 */
int pass_prompt(int fd, bool fresh, const char *who, const char *of,
    struct secret *out, struct err *) CHECKED;

#endif
