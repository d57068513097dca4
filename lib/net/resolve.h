/*
 * resolve - addresses of names, for a process that may not ask for them.
 *
 * A server that has entered its sandbox opens no sockets, so a process of its
 * own, made before, asks the DNS for it: in a sandbox that lets it connect
 * and read what a resolver reads, and write nothing.  Each of its threads
 * answers one question at a time, over a pair of sockets; who asks waits for
 * the answer, and not longer than it said.  It ends with whoever made it.
 * Threads: any may ask.
 */
#ifndef RESOLVE_H
#define RESOLVE_H

#include <stddef.h>

#include "base/addr.h"
#include "base/err.h"

struct resolve;

#define RESOLVE_HOST 254	/* bytes of a name, with its NUL */
#define RESOLVE_MOST 64		/* addresses of an answer */

/*
 * How a name is looked up: how many addresses it has, at most of them in
 * out; 0 if none were found.
 */
typedef size_t resolve_lookup(const char *host, struct addr *out,
    size_t most);

/* That of the system, which may take long. */
size_t resolve_system(const char *host, struct addr *out, size_t most);

/*
 * Start the process, before there are other threads; with NULL it looks up
 * as the system does.  So many questions can be asked at once.
 */
int resolve_start(struct resolve **out, size_t at_once, int wait_ms,
    resolve_lookup *, struct err *) CHECKED;
void resolve_stop(struct resolve *);	/* accepts NULL */

/*
 * Ask for the addresses of a name: as a resolve_lookup, which resolve stands
 * in front of.  0 too if nobody answers in time, or too many ask.
 */
size_t resolve_host(void *resolve, const char *host, struct addr *out,
    size_t most);

#endif
