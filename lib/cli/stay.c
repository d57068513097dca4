#include <time.h>

#include "cli/cli.h"
#include "cli/stay.h"

void
stay_hold(sigset_t *out, bool hangup)
{
	sigemptyset(out);
	sigaddset(out, SIGTERM);
	sigaddset(out, SIGINT);
	if (hangup)
		sigaddset(out, SIGHUP);
	sigprocmask(SIG_BLOCK, out, NULL);
}

int
stay_told(const sigset_t *held, int64_t wait_ms)
{
	const struct timespec most = {
		(time_t)(wait_ms / 1000), (long)(wait_ms % 1000 * 1000000)
	};
	int got = sigtimedwait(held, NULL, &most);

	return got > 0 ? got : 0;
}

int
stay_rest(struct cli *c, const sigset_t *held, int64_t wait_ms)
{
	store_close(c->store);
	c->store = NULL;
	if (c->fixed_ms >= 0) {
		c->fixed_ms += wait_ms;
		wait_ms = 0;
	}
	return stay_told(held, wait_ms);
}
