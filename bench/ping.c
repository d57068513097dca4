/*
 * ping - bzn-ping sweep of many nodes on this machine, beside the least that
 * it could cost: see README.md, and ping.sh, which runs it.
 *
 *	ping BZN-PING DIR PREFIX [PORT PID]
 *
 * measures metrics that begin with PREFIX, on homes that it makes in DIR;
 * with the port and the process of a prometheus-blackbox-exporter, that one's
 * too.  The control does no more than it must: it connects, asks and reads to
 * the end, as many at once.  "ping BZN-PING DIR stay" makes the homes, says
 * where they are, and answers until its standard input ends.
 */
#include <errno.h>
#include <sys/resource.h>

#include "crowd.h"

#include "card/card.h"
#include "card/peer.h"
#include "store/store.h"

#define LINE 4096

/* What a measurement is of, and what it found. */
struct task {
	enum nodes_kind kind;
	size_t n;
	unsigned in_flight;
	uint16_t port, exporter;
	long pid;			/* of the exporter */
};

struct result {
	double seconds, p50_us, p99_us, cpu_us;
	long rss_kib;
	size_t good;
};

static const char *program, *dir;
static double errors[NODES_MOST];

static bool
is_late(const struct task *t)
{
	return t->kind >= NODES_LATE;
}

static void
must(int rc, const struct err *e)
{
	if (rc)
		bench_die("%s (%s)", e->msg, err_word(e->code));
}

/* --- homes ---------------------------------------------------------------- */

static void
home_of(const struct task *t, char out[LINE])
{
	snprintf(out, LINE, "%s/%d-%zu", dir, (int)t->kind, t->n);
}

static void
add_peer(struct store *s, const struct task *t, size_t i, int64_t now_ms)
{
	struct in_addr ip = { htonl(nodes_address(t->kind, i)) };
	char url[64], name[32];
	struct card_draft draft = { .name = name, .endpoint = url,
	    .issued_ms = now_ms, .expires_ms = INT64_MAX };
	struct peer p = { .name = "" };
	enum peer_news news;
	struct card card;
	struct err e;

	snprintf(url, sizeof(url), "http://%s:%u", inet_ntoa(ip), t->port);
	snprintf(name, sizeof(name), "node-%05zu", i);
	must(card_make(&card, &draft, &nodes_key[i], &e) ||
	    peer_card_in(s, &card, now_ms, &p, &news, &e) ||
	    peer_pin_in(s, p.node_id, now_ms, &p, &news, &e), &e);
	card_release(&card);
	peer_release(&p);
}

/* In a process of its own: those that come of this one count its memory. */
static void
make_home(const struct task *t)
{
	char home[LINE];
	struct store_how how = { .home = home, .mode = STORE_WRITE,
	    .wait_ms = 1000, .who = "bench" };
	int64_t now_ms = (int64_t)time(NULL) * 1000;
	pid_t pid = fork();
	int status = 0;
	struct store *s;
	struct err e;
	size_t i;

	if (pid && (waitpid(pid, &status, 0) != pid || status))
		bench_die("cannot make a home");
	if (pid)
		return;
	home_of(t, home);
	must(store_open(&s, &how, &e) || store_begin(s, &e), &e);
	for (i = 0; i < t->n; i++)
		add_peer(s, t, i, now_ms);
	must(store_commit(s, &e), &e);
	store_close(s);
	_exit(0);
}

/* --- what is measured ----------------------------------------------------- */

static void
judge(const struct task *t, struct result *r, size_t i, double us, bool good)
{
	double error = us - nodes_delay_ms(t->kind, i) * 1000.0;

	errors[i] = error < 0 ? -error : error;
	r->good += good;
}

static void
sum_up(struct result *r, const struct task *t)
{
	qsort(errors, t->n, sizeof(*errors), bench_by_value);
	r->p50_us = errors[t->n / 2];
	r->p99_us = errors[t->n * 99 / 100];
}

/* A sample: of whom, what it took, and was it as it should be? */
static void
read_sample(const struct task *t, struct result *r, const char *line)
{
	const char *url = strstr(line, "\"url\":\"http://");
	const char *total = strstr(line, "\"total_ms\":");
	char ip[16];
	struct in_addr at;
	size_t i;

	if (!url || !total || sscanf(url + 14, "%15[0-9.]", ip) != 1 ||
	    !inet_aton(ip, &at) ||
	    (i = nodes_number(ntohl(at.s_addr))) >= t->n)
		bench_die("what is this: %s", line);
	if (strstr(line, "\"confirm\":false"))
		judge(t, r, i, strtod(total + 11, NULL) * 1000,
		    strstr(line, "\"ok\":true") && !strstr(line,
		    "\"signed\":true") == (t->kind != NODES_SIGNED));
}

static void
read_samples(const struct task *t, struct result *r, const char *path)
{
	FILE *f = fopen(path, "r");
	char line[LINE];
	size_t n = 0;

	while (f && fgets(line, sizeof(line), f)) {
		read_sample(t, r, line);
		n++;
	}
	if (!f || fclose(f) || n < t->n)
		bench_die("%zu of %zu were asked", n, t->n);
}

static double
cpu_us(const struct rusage *u, const struct task *t)
{
	return ((double)(u->ru_utime.tv_sec + u->ru_stime.tv_sec) * 1e6 +
	    (double)(u->ru_utime.tv_usec + u->ru_stime.tv_usec)) /
	    (double)t->n;
}

/* From exec to exit, with what was found committed. */
static void
sweep(const struct task *t, struct result *r)
{
	char home[LINE], out[LINE + 4], flight[16];
	const char *const argv[] = { program, "sweep", "--home", home,
	    "--allow-private", "--force", "-c", flight, NULL };
	posix_spawn_file_actions_t act;
	struct rusage u;
	int status;
	pid_t pid;

	home_of(t, home);
	snprintf(out, sizeof(out), "%s.out", home);
	snprintf(flight, sizeof(flight), "%u", t->in_flight);
	posix_spawn_file_actions_init(&act);
	posix_spawn_file_actions_addopen(&act, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&act, 1, out, O_WRONLY | O_CREAT |
	    O_TRUNC, 0600);
	r->seconds = bench_now_us();
	if (posix_spawn(&pid, program, &act, NULL,
	    (char *const *)(uintptr_t)argv, environ) ||
	    wait4(pid, &status, 0, &u) != pid)
		bench_die("cannot run %s", program);
	r->seconds = (bench_now_us() - r->seconds) / 1e6;
	posix_spawn_file_actions_destroy(&act);
	/* Those that are silent are down at the second time. */
	if (!WIFEXITED(status) || WEXITSTATUS(status) > 1)
		bench_die("a sweep ended with %x", (unsigned)status);
	r->cpu_us = cpu_us(&u, t);
	r->rss_kib = u.ru_maxrss;
	read_samples(t, r, out);
}

struct call { size_t i; double began_us; size_t n; char text[8192]; };

/* The exporter is asked to ask; it needs longer, and says if it was good. */
static int
call_begin(const struct task *t, struct call *c, size_t i)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_port = htons(t->exporter ? t->exporter : t->port),
		.sin_addr = { htonl(t->exporter ? INADDR_LOOPBACK :
		    nodes_address(t->kind, i)) },
	};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

	*c = (struct call){ .i = i, .began_us = bench_now_us() };
	if (fd < 0 || (connect(fd, (struct sockaddr *)&to, sizeof(to)) &&
	    errno != EINPROGRESS))
		bench_die("cannot connect");
	return fd;
}

static void
call_send(const struct task *t, const struct call *c, int fd)
{
	struct in_addr ip = { htonl(nodes_address(t->kind, c->i)) };
	char text[512];
	int n;

	if (t->exporter)
		n = snprintf(text, sizeof(text), "GET /probe?module=http_2xx&"
		    "target=http%%3A%%2F%%2F%s%%3A%u%%2Fapi%%2Fhealth "
		    "HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
		    inet_ntoa(ip), t->port);
	else
		n = snprintf(text, sizeof(text), "GET /api/health?nonce="
		    "0123456789abcdef0123456789abcdef HTTP/1.1\r\nHost: x\r\n"
		    "Connection: close\r\n\r\n");
	if (write(fd, text, (size_t)n) != n)
		bench_die("cannot send");
}

static void
call_end(const struct task *t, struct call *c, struct result *r)
{
	c->text[c->n] = '\0';
	judge(t, r, c->i, bench_now_us() - c->began_us, strstr(c->text,
	    t->exporter ? "probe_success 1" : "\"ok\"") != NULL);
}

/* It can be read; is there more to come? */
static bool
call_read(struct call *c, int fd)
{
	ssize_t got = read(fd, c->text + c->n, sizeof(c->text) - 1 - c->n);

	if (got <= 0)
		return false;
	c->n += (size_t)got;
	return c->n < sizeof(c->text) - 1;
}

static void
call_all(const struct task *t, struct result *r)
{
	struct call *calls = calloc(NODES_FDS, sizeof(*calls)), new;
	struct epoll_event ev[NODES_EVENTS], now;
	int ep = epoll_create1(0), i, k, n, fd;
	size_t next = 0, busy = 0;

	if (!calls)
		bench_die("no memory");
	while (next < t->n || busy) {
		for (k = 0; k < 4 && next < t->n && busy < t->in_flight;
		    k++, busy++) {
			fd = call_begin(t, &new, next++);
			calls[fd] = new;
			now = (struct epoll_event){ EPOLLOUT, { .fd = fd } };
			epoll_ctl(ep, EPOLL_CTL_ADD, fd, &now);
		}
		n = epoll_wait(ep, ev, NODES_EVENTS,
		    next < t->n && busy < t->in_flight ? 0 : -1);
		for (i = 0; i < n; i++) {
			fd = ev[i].data.fd;
			if (ev[i].events & EPOLLOUT) {
				call_send(t, &calls[fd], fd);
				now = (struct epoll_event){ EPOLLIN,
				    { .fd = fd } };
				epoll_ctl(ep, EPOLL_CTL_MOD, fd, &now);
			} else if (!call_read(&calls[fd], fd)) {
				call_end(t, &calls[fd], r);
				close(fd);
				busy--;
			}
		}
	}
	free(calls);
}

/* What another process has used. */
static double
used_us(long pid)
{
	unsigned long user, kernel;
	char path[64];
	FILE *f;
	int got;

	snprintf(path, sizeof(path), "/proc/%ld/stat", pid);
	f = fopen(path, "r");
	if (!f)
		bench_die("no process %ld", pid);
	got = fscanf(f, "%*d (%*[^)]) %*c %*d %*d %*d %*d %*d %*u %*u %*u "
	    "%*u %*u %lu %lu", &user, &kernel);
	fclose(f);
	return got != 2 ? 0 : (double)(user + kernel) * 1e6 /
	    (double)sysconf(_SC_CLK_TCK);
}

static void
bare(const struct task *t, struct result *r)
{
	double before_us = t->pid ? used_us(t->pid) : 0;
	struct rusage began, ended;

	getrusage(RUSAGE_SELF, &began);
	r->seconds = bench_now_us();
	call_all(t, r);
	r->seconds = (bench_now_us() - r->seconds) / 1e6;
	getrusage(RUSAGE_SELF, &ended);
	r->cpu_us = t->pid ? (used_us(t->pid) - before_us) / (double)t->n :
	    cpu_us(&ended, t) - cpu_us(&began, t);
}

/* --- rounds --------------------------------------------------------------- */

typedef void measure(const struct task *, struct result *);

static struct result
run(measure *m, const struct task *t)
{
	struct result r = { 0 };

	m(t, &r);
	sum_up(&r, t);
	return r;
}

static void
keep_best(struct result *best, struct result r, int round)
{
	if (!round || r.seconds < best->seconds) {
		best->seconds = r.seconds;
		best->good = r.good;
	}
	if (!round || r.p99_us < best->p99_us) {
		best->p50_us = r.p50_us;
		best->p99_us = r.p99_us;
	}
	if (!round || r.cpu_us < best->cpu_us)
		best->cpu_us = r.cpu_us;
	if (!round || r.rss_kib > best->rss_kib)
		best->rss_kib = r.rss_kib;
}

static bool
wanted(const char *prefix, const char *name)
{
	return !strncmp(name, prefix, strlen(prefix));
}

/* One sweep goes before: what a node is at first is a change of each. */
static void
compare(const char *prefix, const char *name, const struct task *t,
    const struct task *control)
{
	struct result s = { 0 }, c = { 0 }, first;
	double value, other;
	int i;

	if (!wanted(prefix, name))
		return;
	first = run(sweep, t);
	for (i = 0; i < BENCH_ROUNDS; i++) {
		keep_best(&s, run(sweep, t), i);
		keep_best(&c, run(bare, control), i);
	}
	value = is_late(t) ? s.p99_us / 1e3 : s.seconds * 1e3;
	other = is_late(t) ? c.p99_us / 1e3 :
	    c.seconds * 1e3 / (double)control->n * (double)t->n;
	printf("{\"metric\":\"%s\",\"value\":%.5g,\"unit\":\"ms\","
	    "\"control\":%.5g,\"ratio\":%.3g,\"per_s\":%.0f,\"first\":%.5g,"
	    "\"cpu_us\":%.1f,\"control_cpu_us\":%.1f,\"p50_error_us\":%.0f,"
	    "\"rss_kib\":%ld,\"good\":%zu,\"control_good\":%zu}\n", name,
	    value, other, other / value, (double)t->n / s.seconds,
	    first.seconds * 1e3, s.cpu_us, c.cpu_us,
	    is_late(t) ? s.p50_us : 0, s.rss_kib, s.good, c.good);
	fflush(stdout);
}

/* Twice, without a control: most of it is waiting for those that are silent,
   which at the first time are asked once more. */
static void
wide(const char *prefix, const struct task *t)
{
	struct result first, r;

	if (!wanted(prefix, "ping_wide_10000"))
		return;
	first = run(sweep, t);
	r = run(sweep, t);
	printf("{\"metric\":\"ping_wide_10000\",\"value\":%.4g,"
	    "\"unit\":\"s\",\"first\":%.4g,\"cpu_us\":%.1f,\"rss_kib\":%ld,"
	    "\"good\":%zu}\n", r.seconds, first.seconds, r.cpu_us, r.rss_kib,
	    r.good);
	fflush(stdout);
}

static void
measure_all(const char *prefix, const uint16_t port[], const char *exporter,
    const char *pid)
{
	static const struct { unsigned in_flight; size_t n; } flights[] = {
		{ 8, 1000 }, { 64, 1000 }, { 512, NODES_MOST },
		{ 1024, NODES_MOST }, { 2048, NODES_MOST },
	};
	static const char *const names[] = { "ping_sweep", "ping_signed" };
	char name[64];
	size_t i, n;

	for (n = 1000; n <= NODES_MOST; n *= 10)
		for (i = NODES_PLAIN; i <= NODES_SIGNED; i++) {
			struct task t = { .kind = (enum nodes_kind)i, .n = n,
			    .in_flight = 64, .port = port[i] };

			snprintf(name, sizeof(name), "%s_%zu", names[i], n);
			compare(prefix, name, &t, &t);
		}
	for (i = 0; i < sizeof(flights) / sizeof(*flights); i++) {
		struct task t = { .kind = NODES_LATE, .n = flights[i].n,
		    .in_flight = flights[i].in_flight,
		    .port = port[NODES_LATE] };

		snprintf(name, sizeof(name), "ping_error_%u", t.in_flight);
		compare(prefix, name, &t, &t);
	}
	wide(prefix, &(struct task){ .kind = NODES_WIDE, .n = NODES_MOST,
	    .in_flight = 512, .port = port[NODES_WIDE] });
	if (exporter) {
		struct task t = { .kind = NODES_PLAIN, .n = 1000,
		    .in_flight = 64, .port = port[NODES_PLAIN] }, of = t;

		of.exporter = (uint16_t)strtoul(exporter, NULL, 10);
		of.pid = strtol(pid, NULL, 10);
		compare(prefix, "ping_exporter", &t, &of);
	}
}

int
main(int argc, char *argv[])
{
	static const struct { enum nodes_kind kind; size_t n; } homes[] = {
		{ NODES_PLAIN, 1000 }, { NODES_PLAIN, NODES_MOST },
		{ NODES_SIGNED, 1000 }, { NODES_SIGNED, NODES_MOST },
		{ NODES_LATE, 1000 }, { NODES_LATE, NODES_MOST },
		{ NODES_WIDE, NODES_MOST },
	};
	const struct rlimit limit = { NODES_FDS, NODES_FDS };
	uint16_t port[NODES_WIDE + 1];
	pid_t nodes[NODES_WIDE + 1];
	size_t i;

	if (argc != 4 && argc != 6)
		bench_die("ping BZN-PING DIR PREFIX [PORT PID]");
	program = argv[1];
	dir = argv[2];
	if (setrlimit(RLIMIT_NOFILE, &limit))
		bench_die("fewer than %d file descriptors", NODES_FDS);
	nodes_keys();
	for (i = 0; i <= NODES_WIDE; i++)
		nodes[i] = nodes_start((enum nodes_kind)i, &port[i]);
	for (i = 0; i < sizeof(homes) / sizeof(*homes); i++)
		make_home(&(struct task){ .kind = homes[i].kind,
		    .n = homes[i].n, .port = port[homes[i].kind] });
	if (!strcmp(argv[3], "stay"))
		(void)getchar();
	else
		measure_all(argv[3], port, argc > 4 ? argv[4] : NULL,
		    argc > 4 ? argv[5] : NULL);
	for (i = 0; i <= NODES_WIDE; i++)
		kill(nodes[i], SIGTERM);
	return 0;
}
