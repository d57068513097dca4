/* A call, step by step: spec/vmp.md 1.3. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "api/impl.h"

static bool
is_guess(const struct job *j, const struct err *e)
{
	int status = err_http(e->code);

	return auth_tried(j) && (status == 401 || status == 403);
}

/*
 * P7.  Who guesses too often is no longer told in what the guess was wrong.
 * A key that fits is never held up: others may call from the same address.
 */
static int
authenticate(struct job *j, struct err *e)
{
	if (!auth_call(j, e))
		return 0;
	if (!is_guess(j, e))
		return -1;
	(void)!limit_address(j, RATE_failed_auth, e);
	return -1;
}

static int
find_route(struct job *j, struct err *e)
{
	const struct net_head *h = net_request(j->x);
	struct buf allow = BUF_INIT(128);
	struct found f;

	routes_find(&j->api->routes, h->method, h->segment, h->segments,
	    &j->rest, &f);
	if (!f.methods)
		return err_set(e, E_no_route, "no route '%.200s'", h->path);
	memcpy(j->call.param, f.param, sizeof(f.param));
	j->row = f.row;
	j->call.route = f.row ? f.row->route : NULL;
	if (f.row)
		return !(f.row->route->flags & ROUTE_WALLET) ||
		    j->conf->params.value[PARAM_enable_wallet] ? 0 :
		    err_set(e, E_no_route, "there is no wallet here");
	routes_methods(&allow, f.methods);
	call_header(&j->call, "Allow", allow.data);
	buf_release(&allow);
	if (h->method != NET_OPTIONS)
		return err_set(e, E_wrong_method, "not '%s'",
		    net_method_name(h->method));
	j->call.status = 204;
	return 0;
}

/* P2 to P4 */
void
call_step_head(struct job *j)
{
	const struct net_head *h = net_request(j->x);
	struct err *e = &j->err;

	if (head_host(j->api, j->conf, h, e))
		return;
	if (h->method == NET_OPTIONS && !strcmp(h->path, "*")) {
		call_header(&j->call, "Allow",
		    "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
		j->call.status = 204;
		return;
	}
	if (find_route(j, e) || !j->row || filter_human(j, e) ||
	    limit_address(j, RATE_NONE, e))
		return;
	if (j->row->route->rate != RATE_NONE &&
	    limit_address(j, j->row->route->rate, e))
		return;
}

/* None, or application/json, or what ends in +json. */
static bool
is_json(const char *type)
{
	size_t n;

	if (!type)
		return true;
	n = strcspn(type, "; \t");
	return (n == 16 && !strncasecmp(type, "application/json", n)) ||
	    (n > 5 && !strncasecmp(type + n - 5, "+json", 5));
}

/* The offset that a complaint about JSON names, as the field. */
static int
json_error(struct job *j, const struct err *why, struct err *e)
{
	const char *at = strstr(why->msg, "byte ");
	long offset = at ? strtol(at + 5, NULL, 10) : 0;

	j->faulty = true;
	json_open(&j->call.more, NULL, '{');
	json_int(&j->call.more, "field", offset);
	json_str(&j->call.more, "message", "JSON decode error");
	json_open(&j->call.more, "path", '[');
	json_int(&j->call.more, NULL, offset);
	json_close(&j->call.more, ']');
	json_close(&j->call.more, '}');
	return err_set(e, E_validation, "%s", why->msg);
}

/* P5 */
static int
read_body(struct job *j, struct err *e)
{
	const struct net_head *h = net_request(j->x);
	bool takes = h->method == NET_POST || h->method == NET_PUT ||
	    h->method == NET_PATCH;
	struct err why;

	j->call.raw = j->text.data;
	j->call.raw_n = j->text.len;
	if (!takes || !j->text.len || (j->row->route->flags & ROUTE_ANY_BODY))
		return 0;
	if (!is_json(net_field(h, "content-type")))
		return call_fault(&j->call, "body",
		    "must be application/json", e);
	if (json_parse(&j->call.body, j->text.data, j->text.len, &why))
		return json_error(j, &why, e);
	return 0;
}

/* P6 */
static int
guard(struct job *j, struct err *e)
{
	const struct net_head *h = net_request(j->x);

	if (!j->conf->params.value[PARAM_guardian] || !j->call.body.node ||
	    h->method != NET_POST || (j->row->route->flags & ROUTE_EXEMPT) ||
	    (strncmp(h->path, "/v1/", 4) && strncmp(h->path, "/aeis/", 6)))
		return 0;
	return filter_body(&j->call.body, e);
}

/* P9 */
static int
check_shape(struct job *j, struct err *e)
{
	const struct shape *body = j->row->body;
	struct buf *faults = &j->call.more;
	bool good = shape_query(j->row->query, net_request(j->x)->query,
	    &j->call.query, faults);

	if (good && j->row->query)
		good = shape_fits(j->row->query, &j->call.query, faults);
	if (body && j->call.body.node &&
	    json_kind(&j->call.body) != JSON_OBJECT) {
		shape_fault(faults, "body", "must be an object");
		good = false;
	} else if (body && !j->call.body.node && shape_requires(body)) {
		shape_fault(faults, "body", "Field required");
		good = false;
	} else if (body && j->call.body.node &&
	    !shape_fits(body, &j->call.body, faults)) {
		good = false;
	}
	j->faulty = !good;
	return good ? 0 : err_set(e, E_validation, "not of the shape");
}

bool
call_step_body(struct job *j)
{
	struct err *e = &j->err;

	return !read_body(j, e) && !guard(j, e) && !authenticate(j, e) &&
	    !limit_node(j, e) && !check_shape(j, e) && !key_read(j, e);
}

void
call_act(struct job *j)
{
	struct call *c = &j->call;

	if (c->route->act(c, &j->err) && !j->err.kind)
		err_set_(&j->err, E_internal, "%s %s failed, and does not say "
		    "why", c->route->method, c->route->pattern);
	if (!j->err.kind && (c->out.full || c->headers.full))
		err_set_(&j->err, E_internal, "%s %s: a reply of over %zu "
		    "bytes", c->route->method, c->route->pattern,
		    c->out.max);
}

void
job_free(struct job *j)
{
	if (j->call.let_go)
		j->call.let_go(j->call.found);
	json_release(&j->call.body);
	json_release(&j->call.query);
	buf_release(&j->call.out);
	buf_release(&j->call.kept);
	buf_release(&j->call.more);
	buf_release(&j->call.headers);
	buf_release(&j->text);
	buf_release(&j->rest);
	buf_release(&j->scope);
	free(j->more_name);
	free(j->feed);
	free(j);
}
