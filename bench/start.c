/*
 * start - what it costs to start a program.
 *
 *	start METRIC PROGRAM [ARGUMENT ...]
 *
 * One line: the median from posix_spawn to exit, against /bin/true, which
 * loads libc and nothing else.
 */
#include "bench.h"

#define RUNS 60

static double
median_of(const char *const argv[])
{
	double v[RUNS];
	size_t i;

	for (i = 0; i < RUNS; i++)
		v[i] = bench_spawn_us(argv[0], argv, 0);
	return bench_median(v, RUNS);
}

static double
subject(void *argv)
{
	return median_of(argv);
}

static double
nothing(void *arg)
{
	static const char *const argv[] = { "/bin/true", NULL };

	(void)arg;
	return median_of(argv);
}

int
main(int argc, char *argv[])
{
	struct bench_figure f = { NULL, "us", true, 0, 0 };

	if (argc < 3)
		bench_die("usage: start METRIC PROGRAM [ARGUMENT ...]");
	f.metric = argv[1];
	bench_compare(&f, subject, nothing, argv + 2);
	return 0;
}
