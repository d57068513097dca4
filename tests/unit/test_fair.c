/*
 * W1, W3: writers take turns, whoever is killed or stopped among them; and a
 * store does not outlive a fork.
 */
#include <limits.h>
#include <signal.h>
#include <sys/wait.h>

#include "tap.h"

#include "home.h"

#define HOME "home-fair"
#define MOST 8
#define COMMITS 50 		/* a writer, on average */

static struct store *
open_for(int64_t wait_ms)
{
	const struct store_how how = {
		.home = HOME, .mode = STORE_WRITE, .wait_ms = wait_ms,
		.who = "test",
	};
	struct store *s = NULL;
	struct err e = { 0 };

	if (store_open(&s, &how, &e))
		home_die("store_open", &e);
	return s;
}

/* Count up to a number that all share; how many of it were ours. */
static long
write_until(int64_t total, int go)
{
	struct store *s = open_for(20000);
	struct err e = { 0 };
	int64_t n = 0;
	long mine = -1;
	char start;

	if (read(go, &start, 1) < 0)
		home_die("go", &e);
	for (; n < total; mine++) {
		if (store_begin(s, &e) || store_number(s, "fair", &n, &e) ||
		    store_keep_number_in(s, "fair", n + 1, &e) ||
		    store_commit(s, &e))
			home_die("a commit", &e);
	}
	store_close(s);
	return mine + 1;
}

static pid_t
writer(int64_t total, int go[2], int out)
{
	pid_t pid = fork();
	long got;

	if (pid)
		return pid;
	close(go[1]);
	got = write_until(total, go[0]);
	_exit(write(out, &got, sizeof(got)) != sizeof(got));
}

static void
reset(void)
{
	struct store *s = open_for(1000);
	struct err e = { 0 };

	OK(!store_begin(s, &e) && !store_keep_number_in(s, "fair", 0, &e) &&
	    !store_commit(s, &e));
	store_close(s);
}

/* So many writers, and some that are killed meanwhile. */
static void
takes_turns(int n, int killed)
{
	long got, sum = 0, least = LONG_MAX, most = 0;
	int go[2], out[2], i;
	pid_t pid[2 * MOST];
	int64_t total = (int64_t)n * COMMITS;

	reset();
	OK(!pipe(go) && !pipe(out));
	for (i = 0; i < n + killed; i++)
		pid[i] = writer(total, go, out[1]);
	close(go[0]);
	close(go[1]);			/* that is the start */
	for (i = 0; i < killed; i++) {
		usleep(20000);
		kill(pid[n + i], SIGKILL);
	}
	close(out[1]);
	for (i = 0; i < n; i++) {
		if (read(out[0], &got, sizeof(got)) != sizeof(got))
			break;
		sum += got;
		least = got < least ? got : least;
		most = got > most ? got : most;
	}
	while (wait(NULL) > 0)
		;
	close(out[0]);
	printf("# %d writers, %d killed: %ld to %ld commits\n", n, killed,
	    least, most);
	OK(i == n);
	OK(killed ? sum <= total + n : sum >= total);
	/* 1.5 where nothing else runs: t15 of the bench.  Here others do. */
	OK(least > 0 && most <= least * 4);
}

static void
wait_in_child(int go, int out)
{
	struct store *s;
	struct err e = { 0 };
	char byte = 0;

	/* SQLite's own locks would be inherited: open nothing before. */
	if (read(go, &byte, 1) != 1)
		_exit(1);
	s = open_for(60000);
	if (write(out, &byte, 1) != 1)
		_exit(1);
	_exit(store_begin(s, &e) || store_commit(s, &e));
}

/* Whoever is stopped while it is next in turn holds nobody up for long. */
static void
passes_stopped(void)
{
	int status, go[2], out[2];
	struct store *s, *t;
	struct err e = { 0 };
	char byte = 0;
	pid_t pid;

	OK(!pipe(go) && !pipe(out));
	pid = fork();
	if (!pid)
		wait_in_child(go[0], out[1]);
	s = open_for(1000);
	t = open_for(5000);
	OK(!store_begin(s, &e) && write(go[1], &byte, 1) == 1 &&
	    read(out[0], &byte, 1) == 1);
	usleep(100000);			/* now it waits */
	kill(pid, SIGSTOP);
	waitpid(pid, &status, WUNTRACED);
	store_rollback(s);
	OK(!store_begin(t, &e) && !store_commit(t, &e));
	store_close(t);
	store_close(s);
	kill(pid, SIGCONT);
	OK(waitpid(pid, &status, 0) == pid && !status);
	close(go[0]);
	close(go[1]);
	close(out[0]);
	close(out[1]);
}

static void
not_across_forks(void)
{
	struct store *s = open_for(1000);
	struct err e = { 0 };
	int status;
	pid_t pid = fork();

	if (!pid)
		_exit(!(store_begin(s, &e) && e.code == E_io_error &&
		    strstr(e.msg, "opened by another process")));
	OK(waitpid(pid, &status, 0) == pid && !status);
	OK(!store_begin(s, &e) && !store_commit(s, &e));
	store_close(s);
}

/* Commit so much: how many bytes its log has then. */
static off_t
grow(struct store *s, const char *rows)
{
	struct err e = { 0 };
	struct stat st = { 0 };

	OK(!store_begin(s, &e) && !store_run(s, rows, &e) &&
	    !store_commit(s, &e));
	return stat(HOME "/node.db-wal", &st) ? -1 : st.st_size;
}

/* Who stays goes on in the same file, until it is told to cut it, or ends. */
static void
cuts_its_log(void)
{
	static const char few[] = "INSERT INTO test_big VALUES (zeroblob(9))";
	static const char many[] =
	    "INSERT INTO test_big VALUES (zeroblob(42000000))";
	struct store *s = open_for(1000), *reader;
	struct err e = { 0 };
	off_t n;

	OK(grow(s, "CREATE TABLE test_big (b BLOB) STRICT") > 0);
	OK(grow(s, many) == 0);
	store_stays(s);
	n = grow(s, many);
	OK(n > 42000000 && grow(s, few) == n && s->wal < 100);
	reader = home_open(HOME, STORE_READ);
	OK(!store_snapshot(reader, &e) &&
	    !store_number(reader, "none", &(int64_t){ 0 }, &e));
	OK(grow(s, many) >= n && grow(s, few) >= n && s->wal > 10000);
	store_close(reader);
	OK(grow(s, few) >= n && grow(s, few) >= n && s->wal < 100);
	OK(grow(s, many) >= n);
	store_tidy(s);
	OK(grow(s, few) < 100000);
	OK(grow(s, many) >= 42000000);
	store_close(s);
	s = open_for(1000);
	OK(grow(s, "DROP TABLE test_big") < 100000);
	store_close(s);
}

int
main(void)
{
	store_close(home_new(HOME));
	takes_turns(2, 0);
	takes_turns(MOST, 0);
	takes_turns(MOST, 4);
	passes_stopped();
	not_across_forks();
	cuts_its_log();
	return DONE();
}
