/*
 * sandbox - give up what a program will not need.
 *
 * Once entered, there is no way out, for this process and all its threads:
 * files can be opened only where it was said (Landlock), and no program can
 * be started, no process made or touched, no socket opened, nothing mounted,
 * loaded or traced, no identity changed (seccomp).  What is open stays open.
 *
 * Landlock holds for the thread that enters, so enter before there are
 * others.  Each half is there only if the kernel has it: a program goes on
 * with less, unless it was told not to.  A forbidden call fails with EPERM or
 * EACCES; in builds for tests (BZN_TEST) those of seccomp end the process.
 */
#ifndef SANDBOX_H
#define SANDBOX_H

#include <stdbool.h>

#include "base/err.h"

enum sandbox_level {
	SANDBOX_NONE,
	SANDBOX_FILES,		/* Landlock alone */
	SANDBOX_CALLS,		/* seccomp alone */
	SANDBOX_FULL,		/* both */
};

enum sandbox_net {
	SANDBOX_OFFLINE,	/* no sockets */
	SANDBOX_CONNECT,	/* may connect, but neither bind nor listen, and
				   read what names and certificates need */
	SANDBOX_SERVE,		/* takes connections on sockets that listen */
};

struct sandbox {
	/*
	 * Files, and directories with all that is in them, up to a NULL;
	 * either list may be NULL.  In read, "-" and what does not exist are
	 * passed over.  In write, a name that is no directory stands for the
	 * directory that it is in, where a temporary file will be needed.
	 */
	const char *const *read, *const *write;
	bool again;		/* what is read may be another file of that name
				   by then, so its directory can be read */
	enum sandbox_net net;
	int abi_most;		/* of tests: an older Landlock; 0 is any */
};

/*
 * Enter it, as far as the kernel can; *reached says how far.  E_no_file,
 * E_denied of a directory in write; then nothing was given up but the right
 * to gain new rights by exec.
 */
int sandbox_enter(const struct sandbox *, enum sandbox_level *reached,
    struct err *) CHECKED;

/* The version of Landlock that the kernel has, or 0. */
int sandbox_landlock(void);

/* What could be reached here; does nothing. */
enum sandbox_level sandbox_probe(void);

const char *sandbox_word(enum sandbox_level);	/* "full" */

/* Of sandbox_enter(): Landlock's half.  1, 0 if the kernel has none, -1. */
int sandbox_files(const struct sandbox *, struct err *) CHECKED;

#endif
