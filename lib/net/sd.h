/*
 * sd - what systemd wants of a service, without its library: sd_notify(3),
 * sd_listen_fds(3).  Environment variables are read by whoever calls.
 */
#ifndef SD_H
#define SD_H

#include <stddef.h>

#include "base/err.h"

struct net_inherited;

#define SD_FIRST 3		/* the first descriptor that is handed over */

/*
 * A socket to say how it goes, connected to $NOTIFY_SOCKET: a path, or a name
 * after '@'.  To be opened before a sandbox closes.  -1 in *fd: nobody asked,
 * path is NULL.  E_usage if it is neither, E_io_error.
 */
int sd_open(int *fd, const char *path, struct err *) CHECKED;

/* "READY=1", "STOPPING=1", "WATCHDOG=1".  Nothing for -1; never waits. */
void sd_say(int fd, const char *text);

/*
 * Name n descriptors from SD_FIRST on by $LISTEN_FDNAMES, which is parted by
 * colons, or NULL: "http" for all without a name, and for systemd's
 * "unknown".  names are kept in room, of n * SD_NAME bytes.
 */
#define SD_NAME 32
void sd_inherit(struct net_inherited *out, size_t n, const char *names,
    char *room);

#endif
