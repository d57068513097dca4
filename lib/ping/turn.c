/* Whose turn it is: sweeps and deliveries of one home never overlap. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

#include "ping/impl.h"
#include "ping/run.h"
#include "store/lock.h"

#define AGAIN_MS 50

/* flock(2) knows no deadline. */
static int
take(const struct cli *c, int fd, int how, const char *path, struct err *e)
{
	int64_t left_ms = c->waits ? c->wait_ms : 0;
	char holder[LOCK_HOLDER];

	while (flock(fd, how | LOCK_NB)) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return err_sys(e, "cannot lock '%s'", path);
		if (left_ms <= 0) {
			lock_holder(fd, holder);
			return err_set(e, E_lock_timeout, "another bzn-ping "
			    "has '%s'%s%s", path, *holder ? ", taken by " :
			    "", holder);
		}
		(void)poll(NULL, 0, AGAIN_MS);
		left_ms -= AGAIN_MS;
	}
	return 0;
}

int
ping_lock(const struct cli *c, const char *name, int how, int *fd,
    struct err *e)
{
	char path[PATH_MAX], who[64];

	if (snprintf(path, sizeof(path), "%s/%s", c->home, name) >=
	    (int)sizeof(path))
		return err_set(e, E_no_file, "the name of the home is too "
		    "long");
	*fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (*fd < 0)
		return err_sys(e, "cannot open '%s'", path);
	if (take(c, *fd, how, path, e))
		return -1;
	snprintf(who, sizeof(who), "%s %s", c->prog->name, c->verb->name);
	lock_sign_in(*fd, who);
	return 0;
}

void
ping_turn_end(struct ping_turn *t)
{
	int i;

	for (i = 0; i < 2; i++)
		if (t->fd[i] >= 0)
			close(t->fd[i]);
	*t = PING_NO_TURN;
}

/* Shards keep out a sweep of all, and each other if they are the same. */
int
ping_turn(struct ping_turn *t, struct cli *c, int64_t number, int64_t many,
    struct err *e)
{
	char own[64];

	*t = PING_NO_TURN;
	snprintf(own, sizeof(own), "sweep-%lld-%lld.lock", (long long)number,
	    (long long)many);
	if (!ping_lock(c, "sweep.lock", many > 1 ? LOCK_SH : LOCK_EX,
	    &t->fd[0], e) && (many == 1 || !ping_lock(c, own, LOCK_EX,
	    &t->fd[1], e)))
		return 0;
	ping_turn_end(t);
	return -1;
}
