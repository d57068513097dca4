/*
 * check - what is known of one node, for a scheduler or a second box: the
 * last known state, without asking it.
 */
#ifndef PING_CHECK_H
#define PING_CHECK_H

#include "cli/cli.h"
#include "health/rollup.h"
#include "ping/range.h"

/* What the options say; zeroed, nothing. */
struct ping_check {
	const char *max_age, *window, *warning, *critical, *host, *prom;
	int64_t timeout_s;
	bool nagios;
};

int ping_check(struct cli *, const struct ping_check *, struct err *)
    CHECKED;

/* For the program: the statuses and words of a plugin of Nagios. */
int ping_check_end(struct cli *, char **argv, const struct err *, bool told,
    struct buf *out);

/* --- for check.c and nagios.c --------------------------------------------- */

/* A series as it is found. */
struct checked {
	struct health_series series;
	enum state state;
	int64_t since_ms, age_ms;	/* of the last probe; -1: never */
	bool maint;			/* it is maintenance now */
	bool stale;			/* nobody knows how it is */
	struct span_figures figures;
	int64_t us;			/* the last answer took; -1 */
	struct health_shift shift;
};

enum plugin { PLUGIN_OK, PLUGIN_WARNING, PLUGIN_CRITICAL, PLUGIN_UNKNOWN };

/* What the plugin will say. */
struct nagios {
	struct range time[2], uptime[2];	/* warning, critical */
	const char *window;			/* "24h" */
	struct cli_alarm late;
	bool verbose;
	bool done;
	enum plugin status;
	struct buf text;
};

/* Read -w and -c: a range of the time, and behind a comma of the uptime. */
int nagios_ranges(struct nagios *, const struct ping_check *, struct err *)
    CHECKED;

/* Say it of the series of a node; and of the sweeps themselves. */
void nagios_node(struct nagios *, const struct checked *, size_t n,
    int64_t now_ms);
void nagios_sweep(struct nagios *, const struct health_swept *, bool stale,
    int64_t age_ms);

#endif
