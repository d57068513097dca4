/*
 * target - what a request asks for: path, query, host.
 *
 * A path is split at its slashes first and decoded then, once, so that %2F is
 * never a separator; a slash at its end changes nothing.
 */
#ifndef TARGET_H
#define TARGET_H

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct net_head;

/*
 * Fill path, query, segments, and the host if the target names one, from a
 * target that has been scanned, n bytes followed by a byte that may be
 * overwritten; room has n + 1 bytes.  NULL, or the reason of a 400.
 */
const char *net_target(struct net_head *, char *target, size_t n, char *room);

/* Is it host[:port]?  Changed to lower case. */
bool net_host(char *);

/*
 * The next "name=value" of a query, decoded: %41 and + for a blank.  *rest
 * begins as the query, or NULL.  False: there is no more.
 */
bool net_query(const char **rest, struct buf *name, struct buf *value);

#endif
