#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api/serve.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"
#include "cli/service.h"
#include "host/host.h"

#define LISTEN_MOST 8
#define TEXT_MAX (16 << 20)

/* What the server is told, and what it asks back. */
struct host {
	struct cli *cli;
	const struct host_say *say;
	struct service service;
	int clock_fd;
	atomic_llong clock_ms;
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

/* Parted by commas; text is changed. */
static int
split(char *text, const char *out[LISTEN_MOST + 1], struct err *e)
{
	size_t n = 0;
	char *next;

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
	return 0;
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
	return strcmp(text, "off") ? clock_span(text, out_ms, e) : 0;
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
	buf_release(&line);
	return rc;
}

int
host_openapi(struct cli *c, struct err *e)
{
	struct buf text = BUF_INIT(TEXT_MAX);
	int rc = -1;

	(void)c;
	if (!serve_openapi(&text, cli_version(), e)) {
		buf_addc(&text, '\n');
		rc = cli_put(text.data, text.len, e);
	}
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
		.allow_private = say->allow_private, .arg = &h,
		.fixed = say->clock || c->fixed_ms >= 0,
	};
	char text[4096];

	if (say->loops > 64)
		return err_set(e, E_usage, "--loops: at most 64");
	if (snprintf(text, sizeof(text), "%s", say->listen) >=
	    (int)sizeof(text))
		return err_set(e, E_usage, "--listen is too long");
	service_get(&h.service);
	how.text = h.service.terminal;
	how.log_fd = h.service.log_fd;
	if (split(text, addresses, e) ||
	    read_access(&h, &how.access_fd, e) ||
	    read_sweep(&h, &how.sweep_ms, e) || open_clock(&h, e))
		return -1;
	return serve_run(&how, e);
}
