/* Which route a path finds. */
#include "tap.h"

#include "api/route.h"
#include "base/buf.h"

static int
act(struct call *c, struct err *e)
{
	(void)c;
	(void)e;
	return 0;
}

#define R(m, p) { m, p, .act = act, .summary = p, .tag = "test" }

static const struct route some[] = {
	R("GET", "/"), R("GET", "/v1/tasks/mine"), R("GET", "/v1/tasks/{id}"),
	R("POST", "/v1/tasks/{id}"), R("DELETE", "/v1/tasks/{id}"),
	R("GET", "/v1/tasks/{id}/receipt"), R("GET", "/v1/tasks/mine/x"),
	R("GET", "/docs/*"), R("GET", "/docs/{name}/edit"),
	R("GET", "/a/{x}/b/{y}"), { 0 }
};
static const struct route again[] = { R("GET", "/v1/tasks/{other}"), { 0 } };
static const struct route *const families[] = { some, NULL };
static const struct route *const doubles[] = { some, again, NULL };

static struct routes table;

/* "PATTERN param param", or "-" and the methods that there are. */
static void
finds(const char *want, enum net_method m, const char *const *segment)
{
	struct buf out = BUF_INIT(512), rest = BUF_INIT(512);
	struct found f;
	size_t n = 0;

	while (segment[n])
		n++;
	routes_find(&table, m, segment, n, &rest, &f);
	buf_adds(&out, f.row ? f.row->route->pattern : "-");
	for (n = 0; f.row && n < ROUTE_PARAMS && f.param[n]; n++)
		buf_addf(&out, " %s", f.param[n]);
	if (!f.row && f.methods) {
		buf_addc(&out, ' ');
		routes_methods(&out, f.methods);
	}
	IS(out.data, want);
	buf_release(&out);
	buf_release(&rest);
}

#define S(...) (const char *const []){ __VA_ARGS__, NULL }

int
main(void)
{
	struct err e = { 0 };
	struct routes bad;

	OK(!routes_make(&table, families, &e));
	finds("/", NET_GET, S(NULL));
	finds("-", NET_GET, S("v1"));
	finds("-", NET_GET, S("v1", "tasks"));
	finds("/v1/tasks/mine", NET_GET, S("v1", "tasks", "mine"));
	finds("/v1/tasks/mine", NET_HEAD, S("v1", "tasks", "mine"));
	finds("- GET, HEAD, OPTIONS", NET_POST, S("v1", "tasks", "mine"));
	finds("/v1/tasks/{id} Mine", NET_POST, S("v1", "tasks", "Mine"));
	finds("- GET, HEAD, POST, DELETE, OPTIONS", NET_PUT,
	    S("v1", "tasks", "t"));
	finds("/v1/tasks/{id}/receipt mine", NET_GET,
	    S("v1", "tasks", "mine", "receipt"));
	finds("/v1/tasks/mine/x", NET_GET, S("v1", "tasks", "mine", "x"));
	finds("-", NET_GET, S("v1", "tasks", "t", "other"));
	finds("-", NET_GET, S("v1", "tasks", ""));
	finds("/docs/* one", NET_GET, S("docs", "one"));
	finds("/docs/* one/two/three", NET_GET,
	    S("docs", "one", "two", "three"));
	finds("-", NET_GET, S("docs", "one/two"));
	finds("/docs/{name}/edit one/two", NET_GET,
	    S("docs", "one/two", "edit"));
	finds("/docs/{name}/edit one", NET_GET, S("docs", "one", "edit"));
	finds("-", NET_GET, S("docs"));
	finds("/a/{x}/b/{y} 1 2/3", NET_GET, S("a", "1", "b", "2/3"));
	routes_release(&table);
	OK(routes_make(&bad, doubles, &e) && e.code == E_internal);
	return DONE();
}
