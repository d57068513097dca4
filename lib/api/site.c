/* Files, and what the grid says of itself: spec/vmp.md 2.15. */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/page.h"
#include "census/census.h"
#include "health/health.h"
#include "hook/hook.h"
#include "ledger/ledger.h"
#include "market/runtime.h"
#include "page/page.h"
#include "settle/settle.h"

#define FILE_MAX (8 << 20)

static int
put_state(struct call *c, struct err *e)
{
	int64_t settle, refund, stale, last_ms;
	struct hook_stats hooks;
	struct ledger_head head;
	char root[HASH_HEX];

	if (census_overdue(c->store, c->params, c->now_ms, &settle, &refund,
	    e) || settle_stale(c->store, c->params, c->now_ms, &stale, e) ||
	    settle_swept(c->store, &last_ms, e) ||
	    hook_stats(c->store, &hooks, e) ||
	    ledger_head(c->store, &head, e))
		return -1;
	json_open(&c->out, "settlement", '{');
	json_time_or_null(&c->out, "last_run", last_ms);
	json_int(&c->out, "overdue", settle + refund);
	json_int(&c->out, "stale", stale);
	json_close(&c->out, '}');
	json_open(&c->out, "webhooks", '{');
	json_int(&c->out, "pending", hooks.pending);
	json_int(&c->out, "exhausted", hooks.exhausted);
	json_close(&c->out, '}');
	hash_hex(root, &head.root);
	json_open(&c->out, "ledger", '{');
	json_int(&c->out, "size", head.size);
	json_str(&c->out, "root", root);
	json_close(&c->out, '}');
	return 0;
}

/* Always 200: what it says is what is to be read. */
/* Who is watched from here, if anybody is. */
static void
put_swept(struct call *c)
{
	struct health_swept w;
	struct err e = { 0 };

	if (health_sweep_last(c->store, &w, &e) <= 0)
		return;
	json_open(&c->out, "nodes", '{');
	json_int(&c->out, "probed", w.targets);
	json_int(&c->out, "answered", w.ok);
	json_time(&c->out, "last_sweep", w.ended_ms);
	json_close(&c->out, '}');
}

static int
do_extended(struct call *c, struct err *e)
{
	struct buf health = BUF_INIT(4096);
	size_t n;

	if (page_ask(c, "/health", &health, e)) {
		buf_release(&health);
		return -1;
	}
	n = health.len - 1;		/* before its closing bracket */
	buf_add(&c->out, health.data, n);
	buf_release(&health);
	if (put_state(c, e)) {
		*e = (struct err){ 0 };
		buf_cut(&c->out, n);
	}
	put_swept(c);
	json_open(&c->out, "skills", '{');
	runtime_counts_write(&c->out, call_runtime(c));
	json_close(&c->out, '}');
	json_close(&c->out, '}');
	return 0;
}

static void
put_blueprint(struct call *c)
{
	json_open(&c->out, "blueprint_v1", '{');
	page_url(c, &c->out, "register", "/v1/node/register");
	page_url(c, &c->out, "verify", "/v1/node/verify");
	page_url(c, &c->out, "marketplace", "/v1/marketplace");
	page_url(c, &c->out, "openapi", "/openapi.json");
	json_close(&c->out, '}');
}

static int
do_mission(struct call *c, struct err *e)
{
	char credit[AMOUNT_TEXT];
	struct buf text = BUF_INIT(128);
	int64_t minor = c->params->value[PARAM_initial_node_balance];

	(void)e;
	if (minor % 100)
		amount_print(minor, 2, credit);
	else
		amount_print(minor / 100, 0, credit);
	json_open(&c->out, NULL, '{');
	json_str(&c->out, "protocol", "VMP-1.0");
	page_url(c, &c->out, "discovery_endpoint", "/v1/marketplace");
	json_str(&c->out, "mission", "A market where agents buy and sell "
	    "work, and every entry can be proven");
	buf_addf(&text, "%s $TCK", credit);
	json_open(&c->out, "rewards", '{');
	json_str(&c->out, "initial_sync", text.data);
	json_close(&c->out, '}');
	json_open(&c->out, "law_set", '[');
	json_str(&c->out, NULL, "Money is held until work is accepted");
	json_str(&c->out, NULL, "Who deceives is struck, and then banned");
	json_str(&c->out, NULL, "Nothing is made or lost: the log proves it");
	json_close(&c->out, ']');
	put_blueprint(c);
	json_close(&c->out, '}');
	buf_release(&text);
	call_document(c);
	return 0;
}

/* Whoever asks here is told what browsers are told. */
static int
do_protocol(struct call *c, struct err *e)
{
	(void)e;
	json_open(&c->out, NULL, '{');
	json_str(&c->out, "error", API_FOR_MACHINES);
	put_blueprint(c);
	page_url(c, &c->out, "mission_protocol_pdf", "/mission.pdf");
	json_str(&c->out, "vision", "A Sovereign Economy of agents, whose "
	    "books anybody can check");
	json_str(&c->out, "request_id", c->request_id);
	json_close(&c->out, '}');
	c->status = 406;
	return 0;
}

/* --- files ---------------------------------------------------------------- */

static const struct {
	const char *end, *type;
} types[] = {
	{ ".html", "text/html; charset=utf-8" },
	{ ".css", "text/css; charset=utf-8" },
	{ ".js", "text/javascript; charset=utf-8" },
	{ ".json", "application/json" },
	{ ".txt", "text/plain; charset=utf-8" },
	{ ".md", "text/markdown; charset=utf-8" },
	{ ".svg", "image/svg+xml" }, { ".png", "image/png" },
	{ ".jpg", "image/jpeg" }, { ".webp", "image/webp" },
	{ ".ico", "image/x-icon" }, { ".pdf", "application/pdf" },
	{ ".woff2", "font/woff2" }, { ".xml", "application/xml" },
};

static const char *
type_of(const char *name)
{
	size_t i, n = strlen(name), k;

	for (i = 0; i < sizeof(types) / sizeof(*types); i++) {
		k = strlen(types[i].end);
		if (n > k && !strcmp(name + n - k, types[i].end))
			return types[i].type;
	}
	return NULL;
}

/* A part of a path: no dot at its beginning, nothing but plain characters. */
static bool
is_plain(const char *part, size_t n)
{
	size_t i;

	if (!n || n > NAME_MAX || *part == '.')
		return false;
	for (i = 0; i < n; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyz"
		    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.", part[i]))
			return false;
	return true;
}

/* Below a directory, part by part; a link is no part.  -1: not there. */
static int
open_below(int at, const char *path)
{
	char part[NAME_MAX + 1];
	size_t n;
	int fd;

	while (at >= 0) {
		n = strcspn(path, "/");
		if (!is_plain(path, n))
			break;
		memcpy(part, path, n);
		part[n] = '\0';
		fd = openat(at, part, O_RDONLY | O_NOFOLLOW | O_NONBLOCK |
		    O_CLOEXEC | (path[n] ? O_DIRECTORY : 0));
		close(at);
		if (!path[n])
			return fd;
		at = fd;
		path += n + 1;
	}
	if (at >= 0)
		close(at);
	return -1;
}

static int
open_root(struct call *c)
{
	const char *root = param_string(c->params, PARAM_static_root);
	char path[PATH_MAX];

	if (!*root)
		return -1;
	if (snprintf(path, sizeof(path), "%s%s%s", *root == '/' ? "" :
	    api_home(c->api), *root == '/' ? "" : "/", root) >= PATH_MAX)
		return -1;
	return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static bool
read_all(int fd, struct buf *out)
{
	char room[16384];
	struct stat st;
	ssize_t n;

	if (fstat(fd, &st) || !S_ISREG(st.st_mode) || st.st_size > FILE_MAX)
		return false;
	while ((n = read(fd, room, sizeof(room))) > 0)
		buf_add(out, room, (size_t)n);
	return !n;
}

/* A file of the operator's: a path of ours, then of the request. */
static bool
serve_file(struct call *c, const char *directory, const char *name)
{
	char path[PATH_MAX];
	bool done;
	int fd;

	if (!type_of(name) || snprintf(path, sizeof(path), "%s%s", directory,
	    name) >= PATH_MAX)
		return false;
	fd = open_below(open_root(c), path);
	if (fd < 0)
		return false;
	done = read_all(fd, &c->out);
	close(fd);
	if (!done) {
		buf_reset(&c->out);
		return false;
	}
	c->type = type_of(name);
	call_header(c, "Content-Security-Policy",
	    "default-src 'self'; base-uri 'none'; frame-ancestors 'none'");
	call_document(c);
	return true;
}

static void
serve_text(struct call *c, const char *name)
{
	buf_adds(&c->out, page_file(name));
	c->type = type_of(name);
	call_header(c, "Content-Security-Policy", "default-src 'none'");
	call_document(c);
}

/* What is not there is told without its name. */
static int
missing(struct err *e)
{
	return err_set(e, E_no_route, "no such file");
}

static int
do_static(struct call *c, struct err *e)
{
	if (serve_file(c, "static/", c->param[0]))
		return 0;
	if (strcmp(c->param[0], "grid.svg"))
		return missing(e);
	serve_text(c, "grid.svg");
	return 0;
}

static int
do_icon(struct call *c, struct err *e)
{
	(void)e;
	if (!serve_file(c, "", "favicon.ico"))
		serve_text(c, "grid.svg");
	return 0;
}

static int
do_pdf(struct call *c, struct err *e)
{
	return serve_file(c, "", "mission.pdf") ? 0 : missing(e);
}

/* A page has no ending in its address. */
static int
do_page(struct call *c, const char *directory, struct err *e)
{
	char name[PATH_MAX];

	if (serve_file(c, directory, c->param[0]))
		return 0;
	if (snprintf(name, sizeof(name), "%s.html", c->param[0]) < PATH_MAX &&
	    serve_file(c, directory, name))
		return 0;
	return page_missing(c, e);
}

static int
do_docs(struct call *c, struct err *e)
{
	return do_page(c, "docs/", e);
}

static int
do_legal(struct call *c, struct err *e)
{
	struct buf data = BUF_INIT(4096);
	int rc;

	if (strcmp(c->param[0], "terms") ||
	    serve_file(c, "legal/", "terms.html"))
		return c->out.len ? 0 : do_page(c, "legal/", e);
	json_open(&data, NULL, '{');
	rc = page_show(c, &(struct shown){ .file = "terms.html",
	    .title = "Terms", .description = "Terms of this grid",
	    .path = "/legal/terms" }, &data, e);
	buf_release(&data);
	return rc;
}

static int
do_join(struct call *c, struct err *e)
{
	return serve_file(c, "", "join.html") ? 0 : pages_home(c, e);
}

#define TAG .tag = "system"
const struct route routes_site[] = {
	{ "GET", "/health/extended", .class = ROUTE_SLOW,
	    .act = do_extended, TAG,
	    .summary = "Is the server there, and how is what it does?",
	    .reply = "Health & { settlement: { last_run: time|null, "
		"overdue: int, stale: int }?, webhooks: { pending: int, "
		"exhausted: int }?, ledger: { size: int, root: hash }?, "
		"nodes: { probed: int, answered: int, last_sweep: time }?, "
		"skills: RuntimeCounts }" },
	{ "GET", "/mission.json", .act = do_mission, TAG,
	    .summary = "What this grid is for",
	    .reply = "{ protocol: 'VMP-1.0', discovery_endpoint, mission, "
		"rewards: { initial_sync }, law_set: [text], "
		"blueprint_v1: Blueprint }" },
	{ "GET", "/v1/mission-protocol", .act = do_protocol, TAG,
	    .summary = "The same, for whom it is not",
	    .reply = "{ error, blueprint_v1: Blueprint, "
		"mission_protocol_pdf, vision }" },
	{ "GET", "/static/*", .class = ROUTE_SLOW, .act = do_static, TAG,
	    .media = "*/*", .summary = "Files of the operator" },
	{ "GET", "/docs/*", .class = ROUTE_SLOW, .act = do_docs, TAG,
	    .media = "text/html", .summary = "Pages of the operator" },
	{ "GET", "/legal/*", .class = ROUTE_SLOW, .act = do_legal, TAG,
	    .media = "text/html", .summary = "Terms" },
	{ "GET", "/favicon.ico", .class = ROUTE_SLOW, .act = do_icon, TAG,
	    .media = "image/*", .summary = "A picture of the grid" },
	{ "GET", "/join", .class = ROUTE_SLOW, .act = do_join, TAG,
	    .media = "text/html", .summary = "How to join" },
	{ "GET", "/mission.pdf", .class = ROUTE_SLOW, .act = do_pdf, TAG,
	    .media = "application/pdf", .summary = "The mission, for people" },
	{ 0 }
};
