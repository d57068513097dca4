/*
 * bench - figures as ratios to a control that is measured in turns.
 *
 * The machine is never quiet: a figure alone says little, so each subject is
 * run alternately with its control, BENCH_ROUNDS times, and the best of each
 * is kept.  Nothing here is asserted; bench/README.md says what to expect.
 * A bench program ends at the first thing that goes wrong.
 */
#ifndef BENCH_H
#define BENCH_H

#include <fcntl.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define BENCH_ROUNDS 5

extern char **environ;

/* One measurement: a rate, or a time. */
typedef double bench_run(void *arg);

struct bench_figure {
	const char *metric, *unit;
	bool less;			/* the smaller, the better */
	double value, control;		/* best of all rounds */
};

/* Set once by the program, and repeated in each line. */
static double bench_fsync_us;

static inline void __attribute__((format(printf, 1, 2), noreturn))
bench_die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fputs("bench: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
	exit(7);
}

static inline double
bench_now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static inline int
bench_by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static inline double
bench_median(double *v, size_t n)
{
	qsort(v, n, sizeof(*v), bench_by_value);
	return v[n / 2];
}

static inline void
bench_print(const struct bench_figure *f)
{
	printf("{\"metric\":\"%s\",\"value\":%.5g,\"unit\":\"%s\","
	    "\"control\":%.5g,\"ratio\":%.3g,\"fsync_p50_us\":%.4g}\n",
	    f->metric, f->value, f->unit, f->control, f->value / f->control,
	    bench_fsync_us);
	fflush(stdout);
}

static inline double
bench_better(const struct bench_figure *f, double a, double b)
{
	return (a < b) == f->less ? a : b;
}

/* 4 KiB at the end of a file, as a log grows: the middle one of some. */
static inline double
bench_fsync(const char *dir)
{
	static const char page[4096] = { 1 };
	static double v[200];
	char path[4096];
	size_t i;
	int fd;

	snprintf(path, sizeof(path), "%s/fsync", dir);
	fd = open(path, O_CREAT | O_WRONLY | O_APPEND, 0600);
	for (i = 0; i < sizeof(v) / sizeof(*v); i++) {
		v[i] = bench_now_us();
		if (fd < 0 || write(fd, page, sizeof(page)) != sizeof(page) ||
		    fdatasync(fd))
			bench_die("cannot write in %s", dir);
		v[i] = bench_now_us() - v[i];
	}
	close(fd);
	return bench_median(v, sizeof(v) / sizeof(*v));
}

/* Subject and control in turns; prints the line. */
static inline void
bench_compare(struct bench_figure *f, bench_run *subject, bench_run *control,
    void *arg)
{
	double v, c;
	int i;

	for (i = 0; i < BENCH_ROUNDS; i++) {
		v = subject(arg);
		c = control(arg);
		f->value = i ? bench_better(f, v, f->value) : v;
		f->control = i ? bench_better(f, c, f->control) : c;
	}
	bench_print(f);
}

/* Start a program with nothing to read and nothing shown; from exec to exit. */
static inline double
bench_spawn_us(const char *path, const char *const argv[], int want)
{
	posix_spawn_file_actions_t act;
	double start;
	pid_t pid;
	int status;

	posix_spawn_file_actions_init(&act);
	posix_spawn_file_actions_addopen(&act, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&act, 1, "/dev/null", O_WRONLY, 0);
	start = bench_now_us();
	if (posix_spawn(&pid, path, &act, NULL,
	    (char *const *)(uintptr_t)argv, environ) || waitpid(pid, &status, 0) != pid)
		bench_die("cannot run %s", path);
	start = bench_now_us() - start;
	posix_spawn_file_actions_destroy(&act);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != want)
		bench_die("%s ended with %x", path, (unsigned)status);
	return start;
}

#endif
