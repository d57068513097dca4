/*
 * lock - home/node.lock, which whoever writes to a home holds.
 */
#ifndef LOCK_H
#define LOCK_H

#include <stdint.h>

#include "base/err.h"

/*
 * Open the lock file of a home, making it at need; the descriptor is the
 * caller's to close.
 */
int lock_open(int *fd, const char *home, struct err *) CHECKED;

/*
 * Wait for the lock at most wait_ms.  *fd may change, if the file was
 * replaced.  who is noted in it for those who wait.  E_lock_timeout names the
 * holder.  One thread only: a timer signal interrupts the wait.
 */
int lock_take(int *fd, const char *home, int64_t wait_ms, const char *who,
    struct err *) CHECKED;
void lock_drop(int fd);

#endif
