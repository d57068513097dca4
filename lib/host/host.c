#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "api/serve.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"
#include "cli/service.h"
#include "crypto/secret.h"
#include "host/host.h"
#include "net/sd.h"
#include "net/server.h"

#define LISTEN "127.0.0.1:8080"	/* unless said, or given sockets */
#define LISTEN_MOST 8
#define GIVEN_MOST 8
#define TEXT_MAX (16 << 20)

/* What the server is told, and what it asks back. */
struct host {
	struct cli *cli;
	const struct host_say *say;
	struct service service;
	struct secret pass;		/* once it was fetched */
	int clock_fd;
	atomic_llong clock_ms;
	int notify_fd;			/* -1: nobody wants to hear */
	struct net_inherited given[GIVEN_MOST];
	char names[GIVEN_MOST * SD_NAME];
};

/*
 * The moment.  A test moves it by writing the file; where it is just being
 * written, it is what it was.
 */
static int64_t
now_ms(void *arg)
{
	struct host *h = arg;
	char text[64];
	struct err ignored;
	int64_t ms;
	ssize_t n;

	if (h->clock_fd < 0)
		return cli_now(h->cli);
	n = pread(h->clock_fd, text, sizeof(text) - 1, 0);
	if (n > 0) {
		text[n] = '\0';
		text[strcspn(text, "\n")] = '\0';
		if (!clock_parse(text, &ms, &ignored))
			atomic_store(&h->clock_ms, ms);
	}
	return atomic_load(&h->clock_ms);
}

static int
open_clock(struct host *h, struct err *e)
{
	const char *path = h->say->clock;

	atomic_store(&h->clock_ms, cli_now(h->cli));
	h->clock_fd = -1;
	if (!path)
		return 0;
	if (!h->cli->params.value[PARAM_test_clock])
		return err_set(e, E_test_clock_off, "--clock is for homes "
		    "whose bzn.conf says 'test_clock yes'");
	h->clock_fd = open(path, O_RDONLY | O_CLOEXEC);
	return h->clock_fd < 0 ? err_sys(e, "cannot open '%s'", path) : 0;
}

static int
configure(void *arg, struct params *out, struct err *e)
{
	return cli_params(((struct host *)arg)->cli, out, e);
}

/*
 * Fetched once, before the sandbox closes, and kept for a reload and for a new
 * key.
 */
static int
passphrase(void *arg, struct secret *out, struct err *e)
{
	struct host *h = arg;

	if (!h->pass.data && cli_passphrase(h->cli, &h->say->pass, PASS_OPEN,
	    &h->pass, e))
		return -1;
	secret_init(out, h->pass.cap);
	memcpy(out->data, h->pass.data, h->pass.cap);
	out->len = h->pass.len;
	return 0;
}

/* Of a node without a key nobody is asked, but one may be said. */
static int
read_passphrase(struct host *h, struct err *e)
{
	const struct pass *p = &h->say->pass;

	if (!p->file && !p->fd && !p->cmd)
		return 0;
	return cli_passphrase(h->cli, p, PASS_OPEN, &h->pass, e);
}

/* Parted by commas; text is changed. */
static int
split(char *text, const char *out[LISTEN_MOST + 1], struct err *e)
{
	size_t n = 0;
	char *next;

	if (text && !*text)
		return err_set(e, E_usage, "--listen: no address");
	for (; text && *text; text = next) {
		next = strchr(text, ',');
		if (next)
			*next++ = '\0';
		if (n == LISTEN_MOST)
			return err_set(e, E_usage, "--listen: at most %d "
			    "addresses", LISTEN_MOST);
		out[n++] = text;
	}
	out[n] = NULL;
	return 0;
}

/* One that is not open would be missed only later, or never. */
static int
check_open(const char *option, int64_t fd, struct err *e)
{
	if (fd <= INT32_MAX && fcntl((int)fd, F_GETFD) >= 0)
		return 0;
	return err_set(e, E_usage, "%s: descriptor %lld is not open", option,
	    (long long)fd);
}

static int
read_access(const struct host *h, int *fd, struct err *e)
{
	const char *where = h->say->access_log;
	char *end = NULL;
	long n = -1;

	*fd = h->service.log_fd;
	if (!where)
		return 0;
	*fd = -1;
	if (!strcmp(where, "off"))
		return 0;
	*fd = h->service.out_fd;
	if (!strcmp(where, "-"))
		return 0;
	if (!strncmp(where, "fd:", 3) && where[3])
		n = strtol(where + 3, &end, 10);
	if (n < 0 || n > 65535 || *end)
		return err_set(e, E_usage, "--access-log: -, fd:N or off");
	*fd = (int)n;
	return check_open("--access-log", n, e);
}

static int
read_sweep(const struct host *h, int64_t *out_ms, struct err *e)
{
	const int64_t *value = h->cli->params.value;
	const char *text = h->say->sweep;

	*out_ms = value[PARAM_settle_in_server] ?
	    value[PARAM_settlement_interval] : 0;
	if (!text)
		return 0;
	*out_ms = 0;
	if (!strcmp(text, "off") || !clock_span(text, out_ms, e))
		return 0;
	return err_set(e, E_usage, "--sweep: '%.40s' is neither a span like "
	    "15s nor off", text);
}

static void
tell(void *arg, const char *text)
{
	sd_say(((struct host *)arg)->notify_fd, text);
}

/* As many descriptors as we may have: a connection is one. */
static void
raise_descriptors(void)
{
	struct rlimit r;

	if (!getrlimit(RLIMIT_NOFILE, &r) && r.rlim_cur < r.rlim_max) {
		r.rlim_cur = r.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &r);	/* or as it is */
	}
}

/* Sockets that were opened for us, and who wants to know how it goes. */
static int
meet_supervisor(struct host *h, struct serve *how, struct err *e)
{
	const struct service *s = &h->service;

	h->notify_fd = -1;
	if (s->sockets > GIVEN_MOST)
		return err_set(e, E_usage, "at most %d sockets are taken",
		    GIVEN_MOST);
	sd_inherit(h->given, (size_t)s->sockets, s->names, h->names);
	how->inherited = h->given;
	how->inherited_n = (size_t)s->sockets;
	how->watchdog_us = s->watchdog_us;
	return sd_open(&h->notify_fd, s->notify, e);
}

static int
ready(void *arg, struct api *a, struct err *e)
{
	int fd = (int)((struct host *)arg)->say->ready_fd;
	struct buf line = BUF_INIT(4096);
	int rc = 0;

	json_open(&line, NULL, '{');
	json_str(&line, "url", serve_url(a, 0));
	json_close(&line, '}');
	buf_addc(&line, '\n');
	if (fd >= 0 && (write(fd, line.data, line.len) !=
	    (ssize_t)line.len || close(fd)))
		rc = err_sys(e, "cannot write to --ready-fd");
	if (!rc)
		tell(arg, "READY=1");
	buf_release(&line);
	return rc;
}

int
host_openapi(struct cli *c, struct err *e)
{
	struct buf text = BUF_INIT(TEXT_MAX);
	int rc = -1;

	(void)c;
	if (!serve_openapi(&text, cli_version(), e))
		rc = cli_put(text.data, text.len, e);
	buf_release(&text);
	return rc;
}

int
host_routes(struct cli *c, struct err *e)
{
	struct buf text = BUF_INIT(TEXT_MAX);
	int rc = serve_routes(&text, e) ||
	    cli_put(text.data, text.len, e) ? -1 : 0;

	(void)c;
	buf_release(&text);
	return rc;
}

int
host_run(struct cli *c, const struct host_say *say, struct err *e)
{
	const char *addresses[LISTEN_MOST + 1];
	struct host h = { .cli = c, .say = say };
	struct serve how = {
		.home = c->home, .version = cli_version(),
		.listen = addresses, .loops = (unsigned)say->loops,
		.accept_clock = c->accept_clock, .chance = c->chance,
		.now_ms = now_ms, .configure = configure, .ready = ready,
		.tell = tell, .passphrase = passphrase,
		.allow_private = say->allow_private, .arg = &h,
		.fixed = say->clock || c->fixed_ms >= 0,
	};
	const char *listen = say->listen;
	char text[4096];
	int rc;

	if (say->ready_fd >= 0 &&
	    check_open("--ready-fd", say->ready_fd, e))
		return -1;
	if (say->loops > 64)
		return err_set(e, E_usage, "--loops: at most 64");
	service_get(&h.service);
	if (!listen && !h.service.sockets)
		listen = LISTEN;
	if (snprintf(text, sizeof(text), "%s", listen ? listen : "") >=
	    (int)sizeof(text))
		return err_set(e, E_usage, "--listen is too long");
	raise_descriptors();
	how.form = h.service.terminal ? SERVE_LOG_TEXT :
	    h.service.journal ? SERVE_LOG_JOURNAL : SERVE_LOG_NDJSON;
	how.log_fd = h.service.log_fd;
	if (split(listen ? text : NULL, addresses, e) ||
	    read_access(&h, &how.access_fd, e) ||
	    read_sweep(&h, &how.sweep_ms, e) || open_clock(&h, e) ||
	    meet_supervisor(&h, &how, e) || read_passphrase(&h, e))
		return -1;
	rc = serve_run(&how, e);
	secret_release(&h.pass);
	if (h.notify_fd >= 0)
		close(h.notify_fd);
	return rc;
}
