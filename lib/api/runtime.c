/*
 * Skills that programs of the operator run: spec/vmp.md 2.15.
 *
 * What there is is what skill_registry lists.  Their health is what was last
 * recorded of it, and nobody records any yet: it is unknown, and no request
 * calls out to learn it.  Nor is there a program yet to run them.
 */
#include "api/api.h"
#include "market/runtime.h"

/* Of whom nothing was recorded. */
static void
put_health(struct buf *out)
{
	json_str(out, "status", "unknown");
	json_null(out, "checked_at");
}

static int
find_skill(struct call *c, const struct runtime_skill **out, struct err *e)
{
	*out = runtime_named(call_runtime(c), c->param[0]);
	return *out ? 0 : err_set(e, E_skill_missing, "no skill '%.80s'",
	    c->param[0]);
}

static int
do_list(struct call *c, struct err *e)
{
	const struct runtime *r = call_runtime(c);
	size_t i;

	(void)e;
	json_open(&c->out, NULL, '{');
	json_open(&c->out, "skills", '[');
	for (i = 0; i < r->n; i++) {
		runtime_write(&c->out, r->skill + i);
		json_str(&c->out, "status", "unknown");
		json_close(&c->out, '}');
	}
	json_close(&c->out, ']');
	json_int(&c->out, "total", (int64_t)r->n);
	json_close(&c->out, '}');
	return 0;
}

static int
do_show(struct call *c, struct err *e)
{
	const struct runtime_skill *k;

	if (find_skill(c, &k, e))
		return -1;
	runtime_write(&c->out, k);
	put_health(&c->out);
	json_close(&c->out, '}');
	return 0;
}

static int
do_health(struct call *c, struct err *e)
{
	const struct runtime_skill *k;

	if (find_skill(c, &k, e))
		return -1;
	json_open(&c->out, NULL, '{');
	json_str(&c->out, "skill_id", k->id);
	put_health(&c->out);
	json_close(&c->out, '}');
	return 0;
}

static int
do_summary(struct call *c, struct err *e)
{
	(void)e;
	json_open(&c->out, NULL, '{');
	runtime_counts_write(&c->out, call_runtime(c));
	json_null(&c->out, "checked_at");
	json_close(&c->out, '}');
	return 0;
}

/* A skill that is not there is 404 also while none can be run. */
static int
do_execute(struct call *c, struct err *e)
{
	const struct runtime_skill *k;

	return find_skill(c, &k, e) ? -1 : err_set(e, E_runtime_unconfigured,
	    "no program runs '%s' for this server", k->id);
}

#define SKILLS "/api/v1/skills"
#define TAG .tag = "runtime"
const struct route routes_runtime[] = {
	{ "GET", SKILLS, .act = do_list, TAG,
	    .summary = "Skills that programs of the operator run",
	    .reply = "{ skills: [RuntimeSkill], total: int }" },
	{ "GET", SKILLS "/health/summary", .act = do_summary, TAG,
	    .summary = "How many of them are well",
	    .reply = "RuntimeCounts & { checked_at: time|null }" },
	{ "GET", SKILLS "/{skill_id}", .act = do_show, TAG,
	    .summary = "One of them", .codes = "skill_missing",
	    .reply = "RuntimeSkill & { checked_at: time|null }" },
	{ "GET", SKILLS "/{skill_id}/health", .act = do_health, TAG,
	    .summary = "What is known of its health",
	    .codes = "skill_missing",
	    .reply = "{ skill_id, status, checked_at: time|null }" },
	{ "POST", SKILLS "/{skill_id}/execute", .auth = AUTH_INTERNAL,
	    .act = do_execute, TAG, .summary = "Have it run",
	    .body = "{\"type\":\"object\",\"properties\":{\"data\":{"
		"\"type\":\"object\"}}}", .body_max = ROUTE_BODY_L,
	    .codes = "skill_missing runtime_unconfigured",
	    .reply = "object" },
	{ 0 }
};
