/* What a sweep was asked for; and whom to tell that there was one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "cli/note.h"
#include "net/client.h"
#include "ping/impl.h"
#include "ping/run.h"

#define SHARDS_MOST 4096
#define IN_FLIGHT_MOST 4096
#define IN_FLIGHT_TRUE 512	/* more make what is measured untrue */
#define BEAT_MS 10000

static int
read_shard(struct sweep_plan *p, const char *text, struct err *e)
{
	char *end;

	p->number = 0;
	p->many = 1;
	if (!text)
		return 0;
	p->number = strtol(text, &end, 10);
	if (end > text && *end == '/' && end[1] >= '0' && end[1] <= '9')
		p->many = strtol(end + 1, &end, 10);
	else
		end = NULL;
	if (*text >= '0' && *text <= '9' && end && !*end &&
	    p->number < p->many && p->many <= SHARDS_MOST)
		return 0;
	return err_set(e, E_usage, "--shard: '%.20s' is not one such as 0/4, "
	    "of at most %d", text, SHARDS_MOST);
}

static int
read_family(struct sweep_plan *p, const char *word, struct err *e)
{
	p->families = 1;
	p->family[0] = FAMILY_ANY;
	if (!word)
		return 0;
	if (!strcmp(word, "both")) {
		p->families = 2;
		p->family[0] = FAMILY_V4;
		p->family[1] = FAMILY_V6;
		return 0;
	}
	return sample_family_named(word, &p->family[0]) &&
	    p->family[0] != FAMILY_PUSH ? 0 : err_set(e, E_usage,
	    "--family: '%.20s' is not v4, v6, both or any", word);
}

static int
check(const struct cli *c, const struct ping_sweep *say, struct err *e)
{
	if (c->id)
		return err_set(e, E_usage, "--id: a sweep has one of its own");
	if (say->targets && c->argc)
		return err_set(e, E_usage, "--targets and nodes exclude each "
		    "other");
	if (!say->in_flight || say->in_flight > IN_FLIGHT_MOST)
		return err_set(e, E_usage, "-c: from 1 to %d",
		    IN_FLIGHT_MOST);
	if (say->in_flight > IN_FLIGHT_TRUE && !say->force)
		return err_set(e, E_usage, "-c: with more than %d latency is "
		    "not measured truly; --force does so", IN_FLIGHT_TRUE);
	if (say->heartbeat && strncmp(say->heartbeat, "http://", 7) &&
	    strncmp(say->heartbeat, "https://", 8))
		return err_set(e, E_usage, "--heartbeat: '%.80s' is not a URL "
		    "that begins with http:// or https://", say->heartbeat);
	if (say->ca_file && access(say->ca_file, R_OK))
		return err_sys(e, "--cafile: cannot read '%s'", say->ca_file);
	return 0;
}

int
ping_plan(struct sweep_plan *p, const struct cli *c,
    const struct ping_sweep *say, struct err *e)
{
	*p = (struct sweep_plan){ .say = say };
	p->deadline_ms = c->params.value[PARAM_health_check_interval] * 9 / 10;
	if (check(c, say, e) || read_shard(p, say->shard, e) ||
	    read_family(p, say->family, e))
		return -1;
	if (say->spread && ping_span("--spread", say->spread, 0,
	    &p->spread_ms, e))
		return -1;
	return say->deadline ? ping_span("--deadline", say->deadline, 1,
	    &p->deadline_ms, e) : 0;
}

/* --- who watches the watcher ---------------------------------------------- */

struct beat {
	const char *url;
	int status;
	bool taken;
};

static void
begin(void *arg, size_t i, struct buf *url)
{
	const struct beat *b = arg;

	(void)i;
	buf_addf(url, "%s/%d", b->url, b->status);
}

static int64_t
end(void *arg, size_t i, const struct client_answer *a)
{
	struct beat *b = arg;

	(void)i;
	b->taken = a->end == CLIENT_ANSWERED && a->status >= 200 &&
	    a->status <= 299;
	return -1;
}

/* Whoever waits for it will say that it did not come. */
void
ping_heartbeat(struct cli *c, const struct sweep_plan *plan,
    enum err_kind status)
{
	static const struct client_calls calls = { begin, end };
	const struct client_ask ask = { .host = "heartbeat" };
	const struct client_how how = {
		.in_flight = 1, .per_host = 1, .connect_ms = BEAT_MS,
		.total_ms = BEAT_MS, .body_max = 65536,
		.allow_private = plan->say->allow_private,
		.ca_file = plan->say->ca_file, .agent = "bzn-ping",
		.chance = &c->chance,
	};
	struct beat b = { plan->say->heartbeat, (int)status, false };
	struct err why = { 0 };

	if (!b.url || c->dry_run)
		return;
	if (client_run(&how, &ask, 1, &calls, &b, &why))
		cli_note(c, "the heartbeat was not sent: %s", why.msg);
	else if (!b.taken)
		cli_note(c, "the heartbeat was not taken");
}
