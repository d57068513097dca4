#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/sandbox.h"
#include "base/utf8.h"
#include "cli/cli.h"
#include "cli/help.h"
#include "cli/otherwise.h"
#include "cli/report.h"

#define CONF_MAX (1 << 16)
#define TABLE_MAX ((size_t)1 << 30)
#define MAKE_OPTS 2		/* options for writing that init has not */
#define WAIT_S 10
#define WAIT_MOST_S 86400

/* What the options say that concerns only the frame. */
struct asked {
	bool help, version, options, json, table;
	const char *now;
	int64_t wait_s;
};

void
cli_clean(struct buf *b, const char *s)
{
	size_t left = strlen(s), n, i;

	for (; left; left -= n, s += n) {
		n = utf8_len(s, left);
		if (n && !utf8_steers(utf8_number(s, n))) {
			buf_add(b, s, n);
			continue;
		}
		n += !n;
		for (i = 0; i < n; i++)
			buf_addf(b, "\\x%02x", (unsigned char)s[i]);
	}
}

/* For people, and with the word that scripts may look for. */
static void
print_err(const char *name, const struct err *e)
{
	struct buf text = BUF_INIT(4096);

	cli_clean(&text, e->msg);
	fflush(stdout);
	fprintf(stderr, "%s: %s (%s)\n", name, text.data, err_word(e->code));
	buf_release(&text);
}

/* Nothing durable is half-done when memory ends: see mem.h. */
static void
out_of_memory(void)
{
	static const char text[] = "bzn: out of memory (out_of_memory)\n";

	if (write(STDERR_FILENO, text, sizeof(text) - 1) < 0)
		_exit(ERR_SYSTEM);
	_exit(ERR_SYSTEM);
}

/*
 * A store must never get the number of a stream.  Standard output that is
 * closed stays one that cannot be written: status 7, as for a full one.
 */
static void
keep_streams(void)
{
	int fd, got;

	for (fd = 0; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) != -1)
			continue;
		got = open("/dev/null", fd == STDERR_FILENO ? O_WRONLY :
		    O_RDONLY);
		if (got != fd)
			_exit(ERR_SYSTEM);
	}
}

static int
no_home(struct err *e)
{
	return err_set(e, E_usage, "no --home, no $BZN_HOME and no $HOME: say "
	    "which home");
}

/* --home, $BZN_HOME, $XDG_DATA_HOME/bzn, ~/.local/share/bzn. */
static int
find_home(struct cli *c, char path[PATH_MAX], struct err *e)
{
	const char *data = getenv("XDG_DATA_HOME"), *user = getenv("HOME");

	if (c->home && !*c->home)
		return err_set(e, E_usage, "--home: which directory?");
	if (!c->home)
		c->home = getenv("BZN_HOME");
	if (c->home && *c->home)
		return 0;
	c->home = NULL;
	if (data && *data == '/')
		snprintf(path, PATH_MAX, "%s/bzn", data);
	else if (user && *user == '/')
		snprintf(path, PATH_MAX, "%s/.local/share/bzn", user);
	else
		return no_home(e);
	c->home = path;
	return 0;
}

/* Some verbs need none, as long as the one that was named is there. */
static bool
may_wander(struct cli *c, struct err *e)
{
	if ((c->verb->mode != CLI_STRAY && c->verb->mode != CLI_LOOK) ||
	    c->home)
		return false;
	*e = (struct err){ 0 };
	return true;
}

int
cli_params(const struct cli *c, struct params *out, struct err *e)
{
	struct buf text = BUF_INIT(CONF_MAX);
	char path[PATH_MAX];
	struct stat st;
	int rc = 0;

	param_defaults(out);
	if (!c->home)
		return 0;
	if (snprintf(path, sizeof(path), "%s/bzn.conf", c->home) >=
	    (int)sizeof(path))
		return err_set(e, E_no_file, "the name of the home is too "
		    "long");
	if (!stat(path, &st))
		rc = file_read(&text, path, e) ||
		    param_read(out, text.data, path, e) ? -1 : 0;
	else if (errno != ENOENT && errno != ENOTDIR)
		rc = err_sys(e, "cannot read '%s'", path);
	buf_release(&text);
	return rc;
}

static int
set_clock(struct cli *c, const char *now, struct err *e)
{
	c->fixed_ms = -1;
#ifdef BZN_TEST
	if (getenv("BZN_SEED"))
		chance_seed(&c->chance,
		    strtoull(getenv("BZN_SEED"), NULL, 10));
	if (getenv("BZN_NOW") &&
	    clock_parse(getenv("BZN_NOW"), &c->fixed_ms, e))
		return -1;
#endif
	if (!now)
		return 0;
	if (clock_parse(now, &c->fixed_ms, e))
		return -1;
	if (c->fixed_ms < 0)	/* would mean that none was given */
		return err_set(e, E_bad_time, "'%.40s' is before 1970", now);
	return c->params.value[PARAM_test_clock] ? 0 : err_set(e,
	    E_test_clock_off, "--now is for homes whose bzn.conf says "
	    "'test_clock yes'");
}

int64_t
cli_now(const struct cli *c)
{
	struct timespec t;

	if (c->fixed_ms >= 0)
		return c->fixed_ms;
	clock_gettime(CLOCK_REALTIME, &t);
	return t.tv_sec * INT64_C(1000) + t.tv_nsec / 1000000;
}

void
cli_columns(struct cli *c, const char *columns)
{
	if (!c->table)
		return;
	report_free(c->report);
	c->report = report_new(columns);
}

static int
run(struct cli *c, const struct asked *a, struct err *e)
{
	const struct verb *v = c->verb;
	struct buf table = BUF_INIT(TABLE_MAX);
	char home[PATH_MAX];
	int rc;

	if (c->argc < v->min || c->argc > v->max)
		return err_set(e, E_usage, "usage: %s%s%s [options]%s%s",
		    c->prog->name, v->name ? " " : "", v->name ? v->name : "",
		    *v->operands ? " " : "", v->operands);
	if (a->wait_s > WAIT_MOST_S)
		return err_set(e, E_usage, "--timeout: at most %d seconds",
		    WAIT_MOST_S);
	if ((find_home(c, home, e) && !may_wander(c, e)) ||
	    cli_params(c, &c->params, e) || set_clock(c, a->now, e))
		return -1;
	c->json = a->json;
	c->waits = a->wait_s >= 0;
	c->wait_ms = (c->waits ? a->wait_s : WAIT_S) * 1000;
	c->table = v->columns && !a->json &&
	    (a->table || isatty(STDOUT_FILENO));
	if (c->table)
		c->report = report_new(v->columns);
	rc = v->run(c, e);
	if (c->table)
		report_print(c->report, &table);
	if (table.full)
		rc = err_set(e, E_too_long, "the table is over %zu bytes: "
		    "use --json", table.max);
	else
		fwrite(table.data, 1, table.len, stdout);
	buf_release(&table);
	return rc;
}

/* Both tables as one, so that opt_parse() sees one namespace. */
static void
join(struct opt *all, const struct opt *a, const struct opt *b)
{
	while (a && a->type)
		*all++ = *a++;
	while (b->type)
		*all++ = *b++;
	*all = *b;
}

/* The options before the verb are those of every program. */
static int
parse(struct cli *c, struct opt *opts, const struct opt *common,
    const struct opt *writing, int argc, char **argv, struct err *e)
{
	const struct verb *v = c->prog->verbs;
	struct opt both[OPT_MAX];
	bool reads;
	int first;

	if (v->name) {
		join(opts, NULL, common);
		first = opt_parse(opts, OPT_FIRST, argc, argv, e);
		if (first < 0)
			return -1;
		argc -= first;
		argv += first;
		if (!argc)
			return 0;
		if (help_verb(c->prog, argv[0], &v, e))
			return -1;
	}
	c->verb = v;
	reads = v->mode == CLI_READ || v->mode == CLI_LOOK;
	join(both, reads ? NULL : writing +
	    (v->mode == CLI_MAKE ? MAKE_OPTS : 0), common);
	join(opts, v->opts, both);
	first = opt_parse(opts, OPT_MIXED, argc, argv, e);
	if (first < 0)
		return -1;
	c->argv = argv + first;
	c->argc = argc - first;
	return 0;
}

/* With -v also how far a sandbox could go here. */
static void
print_version(const struct cli *c)
{
	printf("%s %s\n", c->prog->name, VERSION);
	if (c->verbose)
		printf("sandbox: %s, landlock %d\n",
		    sandbox_word(sandbox_probe()), sandbox_landlock());
}

static void
act(struct cli *c, const struct asked *a, const struct opt *opts,
    struct err *e)
{
	if (a->help)
		help_print(c->prog, c->verb, opts);
	else if (a->version)
		print_version(c);
	else if (a->options)
		help_options(c->prog, c->verb, opts);
	else if (!c->verb)
		err_set(e, E_usage, "which verb? see %s --help",
		    c->prog->name);
	else
		run(c, a, e);
}

int
cli_main(const struct prog *p, int argc, char **argv)
{
	struct cli c = { .prog = p };
	struct asked a = { .wait_s = -1 };
	struct err e = { 0 };
	const struct opt common[] = {
		OPT_STR(0, "home", "DIR", &c.home, "state directory"),
		OPT_FLAG('j', "json", &a.json, "print NDJSON, always"),
		OPT_FLAG(0, "table", &a.table, "print a table, always"),
		OPT_FLAG('q', "quiet", &c.quiet, "say less on stderr"),
		OPT_FLAG('v', "verbose", &c.verbose, "say more on stderr"),
		OPT_STR(0, "now", "TIME", &a.now,
		    "the moment, in a home with a test clock"),
		OPT_FLAG('h', "help", &a.help, "print this and exit"),
		OPT_FLAG('V', "version", &a.version, "print it and exit"),
		OPT_FLAG(0, "options", &a.options, NULL),
		OPT_END
	};
	const struct opt writing[] = {
		OPT_FLAG('n', "dry-run", &c.dry_run,
		    "make all checks, change nothing"),
		OPT_STR(0, "id", "ID", &c.id, "idempotency key: acts once"),
		/* From here on CLI_MAKE, too. */
		OPT_NUM(0, "timeout", "SEC", &a.wait_s,
		    "wait for the lock at most so long: 10"),
		OPT_FLAG(0, "accept-clock", &c.accept_clock,
		    "even if the clock is far from log time"),
		OPT_END
	};
	struct opt opts[2 * OPT_MAX];
	int status;

	keep_streams();
	umask(077);		/* a home is its owner's */
	mem_on_empty(out_of_memory);
	if (!parse(&c, opts, common, writing, argc, argv, &e))
		act(&c, &a, opts, &e);
	store_close(c.store);
	report_free(c.report);
	status = otherwise_end(&c, argv, &e, a.help || a.version);
	if (status >= 0)
		return status;
	if (e.kind)
		print_err(p->name, &e);
	c.worst = err_worse(c.worst, e.kind);
	if ((fflush(stdout) || ferror(stdout)) && e.code != E_output_failed) {
		err_set(&e, E_output_failed, "cannot write standard output");
		print_err(p->name, &e);
		c.worst = err_worse(c.worst, e.kind);
	}
	return (int)c.worst;
}

static int
open_store(struct cli *c, enum store_mode mode, struct err *e)
{
	char who[64];
	const struct store_how how = {
		.home = c->home, .wait_ms = c->wait_ms, .who = who,
		.mode = mode,
	};

	if (c->store)
		return 0;
	if (!c->home)		/* may be, of verbs that can do without */
		return no_home(e);
	if (how.mode == STORE_CREATE && file_mkdir(c->home, 0700, e))
		return -1;
	snprintf(who, sizeof(who), "%s%s%s", c->prog->name,
	    c->verb->name ? " " : "", c->verb->name ? c->verb->name : "");
	return store_open(&c->store, &how, e);
}

int
cli_store(struct cli *c, struct err *e)
{
	static const enum store_mode modes[][2] = {
		[CLI_READ] = { STORE_READ, STORE_READ },
		[CLI_WRITE] = { STORE_WRITE, STORE_DRY },
		[CLI_MAKE] = { STORE_CREATE, STORE_CREATE },
		[CLI_ENTER] = { STORE_CREATE, STORE_TRY },
		[CLI_STRAY] = { STORE_WRITE, STORE_DRY },
		[CLI_LOOK] = { STORE_READ, STORE_READ },
	};

	return open_store(c, modes[c->verb->mode][c->dry_run], e);
}

int
cli_store_read(struct cli *c, struct err *e)
{
	return open_store(c, STORE_READ, e);
}

int
cli_store_write(struct cli *c, struct err *e)
{
	return open_store(c, STORE_WRITE, e);
}

const char *
cli_version(void)
{
	return VERSION;
}

const char *
cli_tmp(void)
{
	const char *dir = getenv("TMPDIR");

	return dir && *dir ? dir : "/tmp";
}

int
cli_emit(struct cli *c, const char *record, size_t n, struct err *e)
{
	if (c->table)
		return report_add(c->report, record, n, e);
	if (fwrite(record, 1, n, stdout) != n || putchar('\n') == EOF)
		return err_set(e, E_output_failed,
		    "cannot write standard output");
	return 0;
}

int
cli_emit_buf(struct cli *c, struct buf *b, struct err *e)
{
	int rc = b->full ? err_set(e, E_too_long,
	    "a record of over %zu bytes", b->max) :
	    cli_emit(c, b->data, b->len, e);

	buf_reset(b);
	return rc;
}

int
cli_put(const void *data, size_t n, struct err *e)
{
	return fwrite(data, 1, n, stdout) == n ? 0 : err_set(e,
	    E_output_failed, "cannot write standard output");
}

int
cli_flush(struct err *e)
{
	return fflush(stdout) ? err_set(e, E_output_failed,
	    "cannot write standard output") : 0;
}

void
cli_complain(struct cli *c, const struct err *e)
{
	c->worst = err_worse(c->worst, e->kind);
	print_err(c->prog->name, e);
}

void
cli_expect_stdin(const struct cli *c)
{
	if (isatty(STDIN_FILENO) && !c->quiet)
		fprintf(stderr, "%s: reading standard input\n",
		    c->prog->name);
}
