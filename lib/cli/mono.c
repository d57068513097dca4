#include <time.h>

#include "cli/cli.h"

int64_t
cli_mono(const struct cli *c)
{
	struct timespec t;

	if (c->fixed_ms >= 0)
		return c->fixed_ms;
	clock_gettime(CLOCK_BOOTTIME, &t);
	return t.tv_sec * INT64_C(1000) + t.tv_nsec / 1000000;
}
