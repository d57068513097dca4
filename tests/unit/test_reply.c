/* Replies in few words: the schema that they stand for, and what fits it. */
#include "tap.h"

#include "api/api.h"
#include "api/reply.h"
#include "base/buf.h"

static void
means(const char *reply, const char *want)
{
	struct buf out = BUF_INIT(64 << 10);

	reply_schema(&out, NULL, reply);
	IS(out.data, want);
	buf_release(&out);
}

/* why is what the complaint must have in it; "" if it fits. */
static void
fits(const struct route *r, const char *type, const char *text,
    const char *why)
{
	struct call c = { .route = r, .type = type, .out = BUF_INIT(4096) };
	struct err e = { 0 };

	buf_adds(&c.out, text);
	OK(!reply_fits(&c, &e) == !*why);
	OK(strstr(e.msg, why) != NULL);
	buf_release(&c.out);
}

int
main(void)
{
	static const struct route r = {
		"GET", "/x", .reply = "{ id, sum: money, at: time|null, "
		    "kind: 'a'|'b', list: [{ n: int }], late: bool? }",
	};
	static const struct route both = {
		"GET", "/y", .reply = "Level & { extra: int }",
		.media = "application/json, text/html",
	};
	static const struct route bare = { "GET", "/z", .tag = "" };
#define BEGIN "{\"id\":\"x\",\"sum\":\"1.00\",\"kind\":\"a\","

	means("text", "{\"type\":\"string\"}");
	means("any", "{}");
	means("int|null", "{\"type\":[\"integer\",\"null\"]}");
	means("'a'|'b'", "{\"type\":\"string\",\"enum\":[\"a\",\"b\"]}");
	means("'a'|null",
	    "{\"type\":[\"string\",\"null\"],\"enum\":[\"a\",null]}");
	means("time", "{\"type\":\"string\",\"format\":\"date-time\","
	    "\"pattern\":\"Z$\"}");
	means("[Level]", "{\"type\":\"array\",\"items\":{"
	    "\"$ref\":\"#/components/schemas/Level\"}}");
	means("Level|null", "{\"anyOf\":[{"
	    "\"$ref\":\"#/components/schemas/Level\"},{\"type\":\"null\"}]}");
	means("{ a, b: int?, *: bool }", "{\"type\":\"object\","
	    "\"properties\":{\"a\":{\"type\":\"string\"},"
	    "\"b\":{\"type\":\"integer\"}},\"required\":[\"a\"],"
	    "\"additionalProperties\":{\"type\":\"boolean\"}}");
	means("Level & { a }|Caps", "{\"anyOf\":[{\"allOf\":[{"
	    "\"$ref\":\"#/components/schemas/Level\"},{\"type\":\"object\","
	    "\"properties\":{\"a\":{\"type\":\"string\"}},"
	    "\"required\":[\"a\"]}]},{"
	    "\"$ref\":\"#/components/schemas/Caps\"}]}");

	fits(&r, NULL, BEGIN "\"at\":null,\"list\":[]}", "");
	fits(&r, NULL, BEGIN "\"at\":\"2026-11-20T08:00:00Z\","
	    "\"list\":[{\"n\":1}],\"late\":true,\"more\":[]}", "");
	fits(&r, NULL, BEGIN "\"at\":null}", "'/list' is missing");
	fits(&r, NULL, BEGIN "\"at\":\"2026-11-20T08:00:00+01:00\","
	    "\"list\":[]}", "/at");
	fits(&r, NULL, BEGIN "\"at\":null,\"list\":[{\"n\":\"1\"}]}",
	    "/list/0/n");
	fits(&r, NULL, BEGIN "\"at\":null,\"list\":[],\"late\":null}",
	    "/late");
	fits(&r, NULL, "{\"id\":\"x\",\"sum\":1.00,\"kind\":\"a\","
	    "\"at\":null,\"list\":[]}", "/sum");
	fits(&r, NULL, "{\"id\":\"x\",\"sum\":\"1.00\",\"kind\":\"c\","
	    "\"at\":null,\"list\":[]}", "/kind");
	fits(&r, NULL, "{\"id\":", "GET /x");
	fits(&r, "text/html; charset=utf-8", "<p>", "it is 'text/html");
	fits(&both, "text/html; charset=utf-8", "<p>", "");
	fits(&both, "text/htm", "<p>", "it is 'text/htm'");
	fits(&both, NULL,
	    "{\"id\":1,\"name\":\"x\",\"emoji\":\"x\",\"extra\":1}", "");
	fits(&both, NULL, "{\"id\":1,\"name\":\"x\",\"extra\":1}",
	    "'/emoji' is missing");
	fits(&both, NULL, "{\"id\":1,\"name\":\"x\",\"emoji\":\"x\"}",
	    "'/extra' is missing");
	fits(&bare, NULL, "{}", "it is 'application/json'");
	return DONE();
}
