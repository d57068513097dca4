/* The table of routes as lines of NDJSON. */
#include "api/impl.h"

static void
add_auth(struct buf *out, unsigned auth)
{
	static const char *const names[] = {
		[CALLER_NODE] = "node", [CALLER_ADMIN] = "admin",
		[CALLER_SYNC] = "sync", [CALLER_INTERNAL] = "internal",
		[CALLER_PEER] = "peer",
	};
	unsigned i;

	json_open(out, "auth", '[');
	for (i = CALLER_NODE; i <= CALLER_PEER; i++)
		if (auth & 1u << i)
			json_str(out, NULL, names[i]);
	json_close(out, ']');
}

void
routes_lines(struct buf *out, const struct routes *r)
{
	static const char *const class[] = {
		"read", "write", "slow", "alone", "stream"
	};
	static const char *const rate[] = {
		"",
#define RATE(name, param, whose, seconds, words) #name,
#include "api/rate.def"
	};
	static const char *const dialect[] = { "vmp", "error", "mcp" };
	const struct route *x;
	size_t i;

	for (i = 0; i < r->n; i++) {
		x = r->row[i].route;
		json_open(out, NULL, '{');
		json_str(out, "method", x->method);
		json_str(out, "path", x->pattern);
		add_auth(out, x->auth);
		json_str(out, "class", class[x->class]);
		if (x->rate)
			json_str(out, "rate", rate[x->rate]);
		json_str(out, "dialect", dialect[x->dialect]);
		json_int(out, "body_max", x->body_max ? (int64_t)x->body_max :
		    ROUTE_BODY_S);
		json_raw_or_null(out, "query", x->query);
		json_raw_or_null(out, "body", x->body);
		json_str(out, "codes", x->codes ? x->codes : "");
		json_str(out, "tag", x->tag);
		json_str(out, "summary", x->summary);
		json_close(out, '}');
		buf_addc(out, '\n');
	}
}
