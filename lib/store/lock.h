/*
 * lock - home/node.lock, which whoever writes to a home holds.
 */
#ifndef LOCK_H
#define LOCK_H

#include <stdbool.h>
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

/*
 * For other locks of a home: note in the file who has taken it, and since
 * when; and read what is noted, "" if nothing is.
 */
#define LOCK_HOLDER 128
void lock_sign_in(int fd, const char *who);
void lock_holder(int fd, char out[LOCK_HOLDER]);

/*
 * A warning in the file, from a holder to those who come after: a commit
 * failed, and of what is in memory of the log the disk may have nothing,
 * though a sync will not say so.  It need not be durable, for it is about
 * what a loss of power makes plain.
 */
void lock_warn(int fd, bool on);
bool lock_warned(int fd);

/* Wait to be one of those who only keep writers out. */
int lock_share(int fd, int64_t wait_ms, struct err *) CHECKED;

#endif
