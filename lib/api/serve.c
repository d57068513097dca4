/* Starting, stopping, and what lib/net calls. */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "api/impl.h"
#include "api/reply.h"
#include "api/shape.h"
#include "base/mem.h"
#include "net/resolve.h"
#include "store/store.h"

#define REPLY_MAX (16 << 20)
#define HEADERS_MAX (32 << 10)
#define LINE 4096
#define TIDY_S 60
#define RESOLVE_AT_ONCE 4	/* as many as libuv's pool has threads */
#define RESOLVE_MS 4000

int64_t
serve_now_ms(struct api *a)
{
	return a->how.now_ms(a->how.arg);
}

/* Rates go by the clock of a test, if there is one. */
int64_t
serve_rate_us(struct api *a)
{
	return a->how.fixed ? serve_now_ms(a) * 1000 : net_now_us();
}

static struct job *
make_job(struct loop *l, struct net_exchange *x)
{
	const struct net_head *h = net_request(x);
	struct job *j = mem_zero(1, sizeof(*j));
	struct call *c = &j->call;

	j->api = l->api;
	j->loop = l;
	j->x = x;
	j->conf = atomic_load(&l->api->conf);
	j->start_us = net_now_us();
	j->text = j->rest = (struct buf)BUF_INIT(ROUTE_BODY_L);
	j->scope = (struct buf)BUF_INIT(1024);
	head_request_id(j->request_id, &l->chance, h);
	snprintf(j->ip, sizeof(j->ip), "%s", h->ip);
	c->api = l->api;
	c->store = l->store;
	c->chance = &l->chance;
	c->params = &j->conf->params;
	c->now_ms = serve_now_ms(l->api);
	c->base_url = j->conf->base_url;
	c->request_id = j->request_id;
	c->ip = j->ip;
	c->out = c->kept = (struct buf)BUF_INIT(REPLY_MAX);
	c->more = (struct buf)BUF_INIT(ROUTE_BODY_L);
	c->headers = (struct buf)BUF_INIT(HEADERS_MAX);
	net_set_user(x, j);
	return j;
}

/* Send what the call has come to. */
void
serve_answer(struct job *j)
{
	struct buf headers = BUF_INIT(HEADERS_MAX), body = BUF_INIT(REPLY_MAX);
	const char *type = j->call.type;
	int status = j->call.status ? j->call.status : 200;

	if (!j->err.kind && feed_is(j)) {
		feed_start(j);
		return;
	}
	if (!j->err.kind && j->row && (status == 200 || status == 201) &&
	    j->conf->params.value[PARAM_check_replies])
		(void)!reply_fits(&j->call, &j->err);
	if (j->err.kind) {
		status = say_status(j);
		say_refusal(j, &body, &type);
		if (j->err.kind == ERR_SYSTEM || j->err.kind == ERR_UNKNOWN)
			log_event(j->api, "failed", j->request_id, &j->err);
	} else {
		body = j->call.out;
		j->call.out = (struct buf)BUF_INIT(REPLY_MAX);
	}
	head_reply(j, status, &headers);
	buf_add(&headers, j->call.headers.data, j->call.headers.len);
	if (body.len)
		net_header(&headers, "Content-Type",
		    type ? type : "application/json",
		    strlen(type ? type : "application/json"));
	headers.full = headers.full || j->call.headers.full;
	net_reply(j->x, status, &headers, &body, false);
	buf_release(&headers);
	buf_release(&body);
}

/* From any thread: the loop answers once it is awake. */
void
serve_return(struct job *j)
{
	struct loop *l = j->loop;
	bool first;

	j->next = NULL;
	pthread_mutex_lock(&l->lock);
	first = !l->done;
	*l->last = j;
	l->last = &j->next;
	pthread_mutex_unlock(&l->lock);
	if (first)
		net_wake(l->api->net, l->index);
}

static void
on_wake(void *state)
{
	struct loop *l = state;
	struct job *j, *next;

	pthread_mutex_lock(&l->lock);
	j = l->done;
	l->done = NULL;
	l->last = &l->done;
	pthread_mutex_unlock(&l->lock);
	for (; j; j = next) {
		next = j->next;
		j->call.store = l->store;
		serve_answer(j);
	}
	feed_pump(l);
}

static int64_t
on_head(void *state, struct net_exchange *x)
{
	struct job *j = make_job(state, x);
	size_t most;

	call_step_head(j);
	if (j->err.kind || !j->row || net_request(x)->method == NET_OPTIONS) {
		serve_answer(j);
		return -1;
	}
	most = j->row->route->body_max;
	return most ? (int64_t)most : ROUTE_BODY_S;
}

/* A read sees one state, and keeps it no longer than it takes. */
static void
read_now(struct job *j)
{
	if (store_snapshot(j->call.store, &j->err))
		return;
	call_act(j);
	store_rollback(j->call.store);
}

static bool
needs_before(const struct job *j)
{
	const struct route *r = j->row->route;

	return r->before && (!r->before_if || (j->call.body.node &&
	    json_has(&j->call.body, r->before_if)));
}

/* 0: others have it now; -1: it is done, or failed. */
static int
pass_on(struct job *j)
{
	switch (j->row->route->class) {
	case ROUTE_READ:
	case ROUTE_SLOW:
	case ROUTE_STREAM:
		if (*j->nonce || *j->rehash)	/* the writer's */
			return writer_put(j->api, j, &j->err);
		if (j->row->route->class == ROUTE_SLOW)
			return aside_put(j, &j->err);
		read_now(j);
		return -1;
	case ROUTE_WRITE:
		if (needs_before(j))
			return aside_put(j, &j->err);
		break;
	case ROUTE_ALONE:
		if (j->row->route->before && !*j->nonce)
			return aside_put(j, &j->err);
		break;
	}
	return writer_put(j->api, j, &j->err);
}

static void
on_request(void *state, struct net_exchange *x)
{
	struct job *j = net_user(x);
	struct buf *body = net_body(x);

	(void)state;
	buf_release(&j->text);
	j->text = *body;
	*body = (struct buf)BUF_INIT(body->max);
	if (call_step_body(j) && !pass_on(j))
		return;
	serve_answer(j);
}

static void
on_refuse(void *state, const struct net_head *h, int status,
    const char *reason, struct buf *headers, struct buf *body)
{
	struct loop *l = state;
	char id[129];

	head_request_id(id, &l->chance, h);
	head_always(headers, id, h);
	net_header(headers, "Content-Type", "application/json", 16);
	net_header(headers, "Cache-Control", "no-store", 8);
	if (status == 415)
		net_header(headers, "Accept-Encoding", "identity", 8);
	if (status == 503 || status == 429)
		net_header(headers, "Retry-After", "1", 1);
	say_early(status, reason, id, body);
}

static void
on_done(void *state, struct net_exchange *x, const struct net_facts *f)
{
	struct job *j = x ? net_user(x) : NULL;
	struct loop *l = state;

	metric_request(l->metric, j ? j->row : NULL, f->status, f->us);
	log_access(l, j, x ? net_request(x) : NULL, f);
	if (j)
		job_free(j);
}

static void
on_tick(void *state)
{
	struct loop *l = state;

	feed_tick(l);
	if (l->index)
		return;
	writer_tick(l->api);
	supervise_feed(l->api);
	if (++l->ticks % TIDY_S == 0)
		rates_tidy(l->api->rates, serve_rate_us(l->api));
}

static void
on_cut(void *state)
{
	struct loop *l = state;

	writer_stop(l->api, true);
	on_wake(l);
}

static void
on_stopping(void *arg)
{
	struct api *a = arg;

	atomic_store(&a->draining, true);
	a->how.tell(a->how.arg, "STOPPING=1");
	log_event(a, "stopping", NULL, NULL);
}

/* Others may still look at what it counted: free_loop() is for the end. */
static void
close_loop(void *state)
{
	struct loop *l = state;

	store_close(l->store);
	l->store = NULL;
}

static void
free_loop(struct loop *l)
{
	if (!l)
		return;
	cache_release(&l->cache);
	metric_free(l->metric);
	buf_release(&l->log);
	pthread_mutex_destroy(&l->lock);
	free(l);
}

static void *
open_loop(void *arg, struct net_loop *net, unsigned index, struct err *e)
{
	struct api *a = arg;
	const struct store_how how = {
		.home = a->how.home, .mode = STORE_READ,
		.who = "bzn-serve",
	};
	struct loop *l = mem_zero(1, sizeof(*l));

	assert(index < sizeof(a->loop) / sizeof(*a->loop));
	l->api = a;
	l->net = net;
	l->index = index;
	l->last = &l->done;
	l->log = (struct buf)BUF_INIT(LINE);
	l->metric = metric_new(a->routes.n);
	l->chance = a->how.chance;
	l->chance.state += index + 1;
	pthread_mutex_init(&l->lock, NULL);
	a->loop[index] = l;
	return store_open(&l->store, &how, e) ? NULL : l;
}

static const struct net_calls calls = {
	.loop_open = open_loop, .loop_close = close_loop, .head = on_head,
	.request = on_request, .refuse = on_refuse, .wake = on_wake,
	.tick = on_tick, .done = on_done, .cut = on_cut,
	.gone = feed_gone, .drained = feed_drained, .drain = feed_drain,
	.stopping = on_stopping, .reload = supervise_reload,
};

/* Fields that count once, and are text of ASCII. */
static const char *const strict[] = {
	"authorization", "x-api-key", "x-admin-key", "x-internal-api-key",
	"idempotency-key", "x-request-id", "content-type", "last-event-id",
	NULL
};

/* Held for life: a second server of the home would share its port. */
static int
lock_home(const struct serve *how, int *fd, struct err *e)
{
	char path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s/serve.lock", how->home) >=
	    (int)sizeof(path))
		return err_set(e, E_no_file, "the name of the home is too "
		    "long");
	*fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (*fd < 0)
		return errno == ENOENT ? err_set(e, E_no_ledger, "no directory "
		    "'%s': make a home with 'bzn-ledger init'", how->home) :
		    err_sys(e, "cannot open '%s'", path);
	if (!flock(*fd, LOCK_EX | LOCK_NB))
		return 0;
	return errno == EWOULDBLOCK ? err_set(e, E_lock_timeout, "another "
	    "bzn-serve has '%s'", path) : err_sys(e, "cannot lock '%s'",
	    path);
}

static int
open_net(struct api *a, struct err *e)
{
	struct net_config config = {
		.listen = a->how.listen, .inherited = a->how.inherited,
		.inherited_n = a->how.inherited_n, .loops = a->how.loops,
		.strict = strict, .calls = &calls,
		.trusted = param_string(&a->early, PARAM_trusted_proxies),
		.arg = a, .signals = true,
	};

	supervise_limits(&config.limits, &a->early, a->how.loops);
	return net_open(&a->net, &config, e);
}

/*
 * A signal for the writer's lock must not wake a loop; what a write cannot do
 * is to be told by that write.
 */
static void
hold_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	sigaddset(&set, SIGPIPE);
	sigaddset(&set, SIGXFSZ);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
}

static int
open_all(struct api *a, struct err *e)
{
	struct conf *c = NULL;
	struct buf text = BUF_INIT(REPLY_MAX);

	if (resolve_start(&a->resolve, RESOLVE_AT_ONCE, RESOLVE_MS, NULL,
	    e) || routes_make(&a->routes, routes_all(), e) ||
	    a->how.configure(a->how.arg, &a->early, e) ||
	    writer_open(a, e) || open_net(a, e) ||
	    conf_make(&c, &a->how, net_url(a->net, 0), e))
		return -1;
	atomic_store(&a->conf, c);
	a->local_only = net_local_only(a->net);
	openapi_make(&text, &a->routes, a->how.version);
	a->openapi = text.data;
	a->openapi_n = text.len;
	return confine_enter(a, e) || writer_start(a, e) ? -1 : 0;
}

int
serve_run(const struct serve *how, struct err *e)
{
	struct api *a = mem_zero(1, sizeof(*a));
	int fd = -1, rc = -1;
	size_t i;

	a->how = *how;
	a->language = (struct language)LANGUAGE_INIT(LANGUAGE_DIR);
	a->rates = rates_new();
	a->aside = aside_new();
	a->metrics = mem_zero(1, sizeof(*a->metrics));
	a->process = metric_process_open();
	a->started_ms = how->now_ms(how->arg);
	pthread_mutex_init(&a->conf_lock, NULL);
	hold_signals();
	if (lock_home(how, &fd, e) || open_all(a, e))
		goto out;
	atomic_store(&a->ready, true);
	log_started(a);
	if (how->ready(how->arg, a, e))
		goto out;
	rc = net_run(a->net, e);
out:
	writer_close(a);
	net_close(a->net);
	for (i = 0; i < sizeof(a->loop) / sizeof(*a->loop); i++)
		free_loop(a->loop[i]);
	aside_free(a->aside);
	resolve_stop(a->resolve);
	conf_free_all(atomic_load(&a->conf));
	routes_release(&a->routes);
	rates_free(a->rates);
	language_release(&a->language);
	free(a->metrics);
	metric_process_close(a->process);
	free(a->openapi);
	pthread_mutex_destroy(&a->conf_lock);
	free(a);
	if (fd >= 0)
		close(fd);
	return rc;
}

const char *
serve_url(const struct api *a, size_t i)
{
	return net_url(a->net, i);
}

int
serve_openapi(struct buf *out, const char *version, struct err *e)
{
	struct routes r;

	if (routes_make(&r, routes_all(), e))
		return -1;
	openapi_make(out, &r, version);
	routes_release(&r);
	return 0;
}

int
serve_routes(struct buf *out, struct err *e)
{
	struct routes r;

	if (routes_make(&r, routes_all(), e))
		return -1;
	routes_lines(out, &r);
	routes_release(&r);
	return 0;
}
