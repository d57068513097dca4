/* The server itself: spec/vmp.md 2.15, spec/protocols.md 4.9. */
#include <string.h>

#include "api/impl.h"
#include "base/buf.h"

static int
health(struct call *c, struct err *e)
{
	bool good = call_reads(c);

	(void)e;
	json_open(&c->out, NULL, '{');
	json_str(&c->out, "status", "ok");
	json_str(&c->out, "database", good ? "connected" : "disconnected");
	json_time(&c->out, "timestamp", c->now_ms);
	json_close(&c->out, '}');
	return 0;
}

/* For those that send requests here, or stop to. */
static int
readyz(struct call *c, struct err *e)
{
	bool starting = !atomic_load(&c->api->ready);
	bool draining = atomic_load(&c->api->draining);
	bool writes = api_writes(c->api), reads = call_reads(c);
	bool ready = !starting && !draining && writes && reads;

	(void)e;
	json_open(&c->out, NULL, '{');
	json_bool(&c->out, "ready", ready);
	json_open(&c->out, "reasons", '[');
	if (starting)
		json_str(&c->out, NULL, "starting");
	if (draining)
		json_str(&c->out, NULL, "draining");
	if (!writes)
		json_str(&c->out, NULL, "writer");
	if (!reads)
		json_str(&c->out, NULL, "disk");
	json_close(&c->out, ']');
	json_close(&c->out, '}');
	if (!ready) {
		c->status = 503;
		call_header(c, "Retry-After", "1");
	}
	return 0;
}

static int
metrics(struct call *c, struct err *e)
{
	const char *accept = call_field(c, "accept");
	bool open = accept && strstr(accept, "application/openmetrics-text");

	c->type = open ? "application/openmetrics-text; version=1.0.0; "
	    "charset=utf-8" : "text/plain; version=0.0.4; charset=utf-8";
	return metric_write(&c->out, (struct api *)(uintptr_t)c->api,
	    c->store, c->params, c->now_ms, open, e);
}

static int
openapi(struct call *c, struct err *e)
{
	(void)e;
	buf_add(&c->out, c->api->openapi, c->api->openapi_n);
	call_document(c);
	return 0;
}

#define TAG .tag = "system"
const struct route routes_system[] = {
	{ "GET", "/health", .act = health, TAG,
	    .summary = "Is the server there?",
	    .reply = "Health" },
	{ "GET", "/readyz", .act = readyz, TAG,
	    .summary = "Would it take a request?",
	    .reply = "{ ready: bool, reasons: [text] }" },
	{ "GET", "/metrics", .act = metrics, TAG, .auth = AUTH_ADMIN,
	    .class = ROUTE_SLOW, .flags = ROUTE_LOCAL,
	    .media = "text/plain, application/openmetrics-text",
	    .summary = "What it has counted" },
	{ "GET", "/openapi.json", .act = openapi, TAG,
	    .summary = "This document",
	    .reply = "object" },
	{ 0 }
};
