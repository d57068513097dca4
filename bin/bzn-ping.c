/*
 * bzn-ping - who is up: sweeps, uptime, incidents, alerts.
 *
 * Over 200 lines because it has many verbs, each with options of its own.
 */
#include "cli/box.h"
#include "ping/check.h"
#include "ping/ping.h"
#include "ping/status.h"

static struct ping_check check;
static struct ping_status status;

static int
verb_check(struct cli *c, struct err *e)
{
	return ping_check(c, &check, e);
}

static int
verb_status(struct cli *c, struct err *e)
{
	return ping_status(c, &status, e);
}

static const struct opt check_opts[] = {
	OPT_STR(0, "max-age", "TIME", &check.max_age,
	    "what was found before is no answer"),
	OPT_STR(0, "window", "TIME", &check.window, "of the uptime: 24h"),
	OPT_FLAG(0, "nagios", &check.nagios,
	    "speak as plugins of Nagios do: statuses 0 to 3"),
	OPT_STR('w', "warning", "RANGE", &check.warning,
	    "of seconds, and behind a comma of percent"),
	OPT_STR('c', "critical", "RANGE", &check.critical, "the same"),
	OPT_STR('H', "host", "NODE", &check.host, "the node"),
	OPT_NUM('t', "timeout", "SEC", &check.timeout_s,
	    "with --nagios: end after so many, 10"),
	OPT_STR(0, "prom", "FILE", &check.prom,
	    "write metrics for Prometheus, too"),
	OPT_END
};
static const struct opt status_opts[] = {
	OPT_STR('o', "out", "DIR", &status.out, "where the files go"),
	OPT_FLAG(0, "require-signed", &status.require_signed,
	    "end if the page cannot be signed"),
	OPT_PASS(&status.pass),
	OPT_SANDBOX(&status.require_sandbox),
	OPT_STR(0, "title", "TEXT", &status.title,
	    "of the page: the grid_name"),
	OPT_STR(0, "url", "URL", &status.url, "where DIR will be found"),
	OPT_STR(0, "tz", "ZONE", &status.zone, "whose days they are: UTC"),
	OPT_STR(0, "prom", "FILE", &status.prom,
	    "write metrics for Prometheus"),
	OPT_END
};
static struct ask_time time_asked;
static struct ping_incidents incidents;
static struct ping_maint maint;
static struct ping_sla sla;
static struct ping_bundle bundle;

static int
verb_report(struct cli *c, struct err *e)
{
	return ping_report(c, &time_asked, e);
}

static int
verb_incidents(struct cli *c, struct err *e)
{
	return ping_incidents(c, &incidents, e);
}

static int
verb_sla(struct cli *c, struct err *e)
{
	return ping_sla(c, &sla, e);
}

static int
verb_bundle(struct cli *c, struct err *e)
{
	return ping_bundle(c, &bundle, e);
}

static int
verb_maint(struct cli *c, struct err *e)
{
	return ping_maint(c, &maint, e);
}

static const struct opt report_opts[] = { OPT_ASK_TIME(&time_asked), OPT_END };
static const struct opt incidents_opts[] = {
	OPT_ASK_TIME(&incidents.time),
	OPT_FLAG(0, "open", &incidents.open, "only those that go on"),
	OPT_END
};
static const struct opt sla_opts[] = {
	OPT_ASK_TIME(&sla.time),
	OPT_STR(0, "target", "PERCENT", &sla.target, "that was promised"),
	OPT_END
};
static const struct opt bundle_opts[] = {
	OPT_STR('o', "output", "FILE", &bundle.output, "where it goes"),
	OPT_FLAG('f', "force", &bundle.force, "replace a file"),
	OPT_PASS(&bundle.pass),
	OPT_END
};
static const struct opt maint_opts[] = {
	OPT_STR(0, "node", "NODE", &maint.node, "of this node; else of all"),
	OPT_STR(0, "from", "TIME", &maint.from, "it begins; now"),
	OPT_STR(0, "to", "TIME", &maint.to, "it ends"),
	OPT_STR(0, "weekly", "DAY TIME", &maint.weekly,
	    "each week: 'Sun 02:30'"),
	OPT_STR(0, "for", "SPAN", &maint.lasts, "it lasts so long: 90m"),
	OPT_STR(0, "tz", "ZONE", &maint.zone, "of --weekly; UTC"),
	OPT_STR('r', "reason", "TEXT", &maint.reason, "why"),
	OPT_FLAG(0, "all", &maint.all, "list those that are over, too"),
	OPT_END
};

static const struct opt none[] = { OPT_END };

static struct ping_sweep sweep_say = { .in_flight = -1 };

static int
sweep(struct cli *c, struct err *e)
{
	return ping_sweep(c, &sweep_say, e);
}

static int
watch(struct cli *c, struct err *e)
{
	return ping_watch(c, &sweep_say, e);
}

#define SWEEP \
	OPT_STR(0, "targets", "FILE", &sweep_say.targets, \
	    "with cards or names of nodes, a line each"), \
	OPT_STR(0, "shard", "I/N", &sweep_say.shard, \
	    "one of N parts of the nodes, from 0 on"), \
	OPT_NUM('c', "in-flight", "N", &sweep_say.in_flight, \
	    "so many at once: 64"), \
	OPT_STR(0, "spread", "SPAN", &sweep_say.spread, \
	    "over which probes begin"), \
	OPT_STR(0, "deadline", "SPAN", &sweep_say.deadline, \
	    "for all: the interval less a tenth"), \
	OPT_STR(0, "family", "WORD", &sweep_say.family, \
	    "of addresses: v4, v6, both or any"), \
	OPT_FLAG(0, "allow-private", &sweep_say.allow_private, \
	    "ask at private addresses, too"), \
	OPT_FLAG(0, "require-signed", &sweep_say.require_signed, \
	    "what is not signed has failed"), \
	OPT_STR(0, "cafile", "FILE", &sweep_say.ca_file, \
	    "of authorities, in place of the system's"), \
	OPT_STR(0, "record", "FILE", &sweep_say.record, \
	    "append the samples there"), \
	OPT_STR(0, "prom", "FILE", &sweep_say.prom, \
	    "write metrics for Prometheus at the end"), \
	OPT_STR(0, "heartbeat", "URL", &sweep_say.heartbeat, \
	    "called with /STATUS at the end"), \
	OPT_SANDBOX(&sweep_say.require_sandbox), \
	OPT_FLAG(0, "force", &sweep_say.force, \
	    "more at once than can be measured truly"), \
	OPT_PASS(&sweep_say.pass)

static const struct opt sweep_opts[] = { SWEEP, OPT_END };
static const struct opt watch_opts[] = {
	SWEEP,
	OPT_NUM(0, "sweeps", "N", &sweep_say.sweeps, "end after so many"),
	OPT_END
};

static struct ping_set set_say;

static int
set(struct cli *c, struct err *e)
{
	return ping_set(c, &set_say, e);
}

static const struct opt set_opts[] = {
	OPT_STR(0, "interval", "SPAN", &set_say.interval,
	    "from one probe to the next; 0: as all others"),
	OPT_STR(0, "owner", "ADDRESS", &set_say.owner,
	    "who gets mail of it; '': the operator"),
	OPT_STR(0, "depends", "NODE", &set_say.depends,
	    "down with it, it is not told of; '': none"),
	OPT_STR(0, "require-signed", "yes|no", &set_say.require_signed,
	    "an answer that is not signed is a failure"),
	OPT_END
};

static struct ping_push push_say = { .status = -1 };

static int
push(struct cli *c, struct err *e)
{
	return ping_push(c, &push_say, e);
}

static const struct opt push_opts[] = {
	OPT_NUM('s', "status", "N", &push_say.status,
	    "with which it ended; 0: well"),
	OPT_STR(0, "name", "TEXT", &push_say.name, "of the job"),
	OPT_END
};

static struct ping_replay replay_say = { -1, -1, -1, -1, NULL };

static int
replay(struct cli *c, struct err *e)
{
	return ping_replay(c, &replay_say, e);
}

static const struct opt replay_opts[] = {
	OPT_NUM(0, "down-after", "N", &replay_say.down_after,
	    "failures in a row until it is down"),
	OPT_NUM(0, "up-after", "N", &replay_say.up_after,
	    "answers in a row until it is up"),
	OPT_NUM(0, "slow-after", "N", &replay_say.slow_after,
	    "slow answers in a row until it is degraded"),
	OPT_NUM(0, "ok-after", "N", &replay_say.ok_after,
	    "good answers in a row until it is not"),
	OPT_STR(0, "interval", "SPAN", &replay_say.interval,
	    "from one probe to the next"),
	OPT_END
};

static struct ping_alert alert_say;

static int
alert(struct cli *c, struct err *e)
{
	return ping_alert(c, &alert_say, e);
}

static const struct opt alert_opts[] = {
	OPT_STR(0, "mail", "CMD", &alert_say.mail,
	    "reads each mail; else sendmail -t, or alert_smtp"),
	OPT_STR(0, "webhook", "URL", &alert_say.webhook,
	    "gets them posted, signed"),
	OPT_FLAG(0, "allow-private", &alert_say.allow_private,
	    "the webhook may be at a private address"),
	OPT_STR(0, "cafile", "FILE", &alert_say.ca_file,
	    "of authorities, in place of the system's"),
	OPT_FLAG(0, "test", &alert_say.test,
	    "only one more, which says that it is a test"),
	OPT_PASS(&alert_say.pass),
	OPT_SANDBOX(&alert_say.require_sandbox),
	OPT_END
};

int
main(int argc, char *argv[])
{
	static const struct verb verbs[] = {
		{ "report", "[node ...]", "uptime, latency, incidents", 0,
		    100000, CLI_READ, report_opts,
		    "name state since >uptime >coverage >worst >best >blind_s "
		    ">down_s >incidents >p50_ms >p99_ms seen_at version",
		    verb_report },
		{ "incidents", "[node ...]", "when nodes were down", 0,
		    100000, CLI_READ, incidents_opts,
		    "incident_id name state began_at ended_at >down_s class",
		    verb_incidents },
		{ "explain", "incident", "which probes and which rule", 1, 1,
		    CLI_READ, NULL, "what at state class text",
		    ping_explain },
		{ "bundle", "incident", "all of it, signed, to show others",
		    1, 1, CLI_WRITE, bundle_opts, NULL, verb_bundle },
		{ "sla", "[node ...]", "was what was promised kept?", 0,
		    100000, CLI_READ, sla_opts,
		    "name verdict target >allowed_s >used_s >left_s uptime "
		    ">coverage >worst >best >incidents >longest_s >mttr_s "
		    ">mtbf_s exclusions", verb_sla },
		{ "maint", "add|list|end [id]", "maintenance windows", 1, 2,
		    CLI_WRITE, maint_opts,
		    "maintenance_id node state next_from next_to weekly for "
		    "tz reason", verb_maint },
		{ "sweep", "[node ... | -]", "ask nodes how they are", 0,
		    100000, CLI_WRITE, sweep_opts, NULL, sweep },
		{ "watch", "[node ...]", "sweeps, each node at its interval",
		    0, 100000, CLI_WRITE, watch_opts, NULL, watch },
		{ "set", "node", "what a node has of its own", 1, 1,
		    CLI_WRITE, set_opts, NULL, set },
		{ "push", "", "a job says how it went", 0, 0, CLI_WRITE,
		    push_opts, NULL, push },
		{ "replay", "[file | -]", "other rules over recorded samples",
		    0, 1, CLI_LOOK, replay_opts,
		    "event node_id family from to effective_at decided_at "
		    "cause class news kind at uptime >down_s >incidents "
		    ">gained >lost", replay },
		{ "alert", "", "deliver what there is to tell", 0, 0,
		    CLI_WRITE, alert_opts, "outcome to subject why", alert },
		{ "self", "", "does this node need a person?", 0, 0, CLI_READ,
		    none, "finding since >count task_id escrow_id detail",
		    ping_self },
		{ "stats", "", "how much is kept of it all", 0, 0, CLI_READ,
		    none, ">series >samples >rollups >changes >incidents "
		    ">sweeps >bytes >bytes_per_series >bytes_per_series_year",
		    ping_stats },
		{ "check", "[node]", "what is known of a node, or when the "
		    "last sweep was", 0, 1, CLI_READ, check_opts,
		    "name family state >age_s >latency_ms >uptime "
		    ">coverage code", verb_check },
		{ "status", "", "write a status page and what goes with it",
		    0, 0, CLI_READ, status_opts, "out indicator >nodes >up "
		    ">degraded >down >unknown >maintenance", verb_status },
		{ 0 }
	};
	static const struct prog prog = {
		.name = "bzn-ping",
		.brief = "who is up: sweeps, uptime, incidents, alerts",
		.examples =
		    "  bzn-ping report --window 30d\n"
		    "  bzn-ping sweep -q >/dev/null || page-someone\n"
		    "  bzn-card list | bzn-ping sweep | bzn-ping report\n"
		    "  bzn-ping check node-b --max-age 10m || page-someone\n"
		    "  bzn-ping check --max-age 10m   # are there sweeps?\n"
		    "  bzn-ping set node-b --interval 5m\n"
		    "  bzn-ping maint add --for 90m --reason 'new disks'\n"
		    "  backup; bzn-ping push --name backup --status $?\n"
		    "  bzn-ping self || page-someone\n",
		.statuses = "0 1 2 3 4 5 6 7 8 9 10",
		.verbs = verbs, .end = ping_check_end,
		.unheard = PLUGIN_UNKNOWN,
	};

	return cli_main(&prog, argc, argv);
}
