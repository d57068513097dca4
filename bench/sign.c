/*
 * sign.c - what verifying costs: a list of 10,000 signatures in one process,
 * against as many runs of openssl(1); two threads against one; and memory.
 *
 *	sign PROGRAM HOME
 *
 * The current directory has the files 0 to 9999, their signatures, names
 * (ended by NUL), and for openssl text, bytes and key.pem of one of them.
 */
#include <string.h>
#include <sys/resource.h>

#include "bench.h"

#define COUNT 10000
#define LOOP 200		/* runs of openssl, each of which is the same */

struct subject { const char *program, *home, *jobs, *names; };

static double
verify_us(const struct subject *s)
{
	const char *const argv[] = {
		s->program, "verify", "--home", s->home, "--list", "-0",
		"--jobs", s->jobs, NULL,
	};
	posix_spawn_file_actions_t act;
	double start;
	pid_t pid;
	int status;

	posix_spawn_file_actions_init(&act);
	posix_spawn_file_actions_addopen(&act, 0, s->names, O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&act, 1, "/dev/null", O_WRONLY, 0);
	start = bench_now_us();
	if (posix_spawn(&pid, s->program, &act, NULL,
	    (char *const *)(uintptr_t)argv, environ) ||
	    waitpid(pid, &status, 0) != pid)
		bench_die("cannot run %s", s->program);
	start = bench_now_us() - start;
	posix_spawn_file_actions_destroy(&act);
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		bench_die("%s ended with %x", s->program, (unsigned)status);
	return start;
}

/* Signatures a second. */
static double
ours(void *arg)
{
	return COUNT * 1e6 / verify_us(arg);
}

static double
threads(void *arg)
{
	struct subject s = *(const struct subject *)arg;

	s.jobs = "2";
	return COUNT * 1e6 / verify_us(&s);
}

static double
openssl(void *arg)
{
	static const char *const argv[] = {
		"openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey",
		"key.pem", "-in", "text", "-sigfile", "bytes", NULL,
	};
	double us = 0;
	int i;

	(void)arg;
	for (i = 0; i < LOOP; i++)
		us += bench_spawn_us("/usr/bin/openssl", argv, 0);
	return LOOP * 1e6 / us;
}

/* Peak memory of the children so far, which only grows. */
static double
peak_kib(const struct subject *s)
{
	struct rusage u;

	verify_us(s);
	getrusage(RUSAGE_CHILDREN, &u);
	return (double)u.ru_maxrss;
}

int
main(int argc, char *argv[])
{
	struct bench_figure loop = { .metric = "sign_verify", .unit = "/s" };
	struct bench_figure two = { .metric = "sign_jobs_2", .unit = "/s" };
	struct bench_figure memory = {
		.metric = "sign_memory", .unit = "KiB", .less = true,
	};
	struct subject s = { .jobs = "1", .names = "names" };

	if (argc != 3)
		bench_die("usage: sign PROGRAM HOME");
	s.program = argv[1];
	s.home = argv[2];
	s.names = "few";
	memory.control = peak_kib(&s);
	s.names = "names";
	memory.value = peak_kib(&s);
	bench_print(&memory);
	bench_compare(&loop, ours, openssl, &s);
	bench_compare(&two, threads, ours, &s);
	return 0;
}
