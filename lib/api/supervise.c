/* What a supervisor is told, and what he asks for: sd_notify(3), SIGHUP. */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "api/impl.h"

#define LOOP_FILES 10		/* sockets, the store, what wakes it */
#define OTHER_FILES 24		/* stores of threads aside, and files */
#define LEAST 8			/* connections, however few there are */
#define TURN_US 60000000	/* of the writer, at most, if it is well */

/* Whoever watches hears of us as long as every thread gets on. */
void
supervise_feed(const struct api *a)
{
	unsigned i;

	if (!a->how.watchdog_us || writer_turn_us(a) > TURN_US)
		return;
	for (i = 0; i < net_loops(a->net); i++)
		if (net_lag_us(a->net, i) > a->how.watchdog_us / 2)
			return;
	a->how.tell(a->how.arg, "WATCHDOG=1");
}

void
supervise_reload(void *arg)
{
	struct api *a = arg;
	struct err e = { 0 };
	char text[64];

	/* systemd counts from when it began; the clock is the same. */
	snprintf(text, sizeof(text), "RELOADING=1\nMONOTONIC_USEC=%lld",
	    (long long)net_now_us());
	a->how.tell(a->how.arg, text);
	if (conf_reload(a, &e))
		log_event(a, "reload failed", NULL, &e);
	else
		log_event(a, "reloaded", NULL, NULL);
	a->how.tell(a->how.arg, "READY=1");
}

/*
 * As many connections as leave descriptors for the work: what a store cannot
 * be opened for is an error, but a connection too many is told to come again.
 */
static unsigned
room_for(unsigned loops)
{
	int used = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct rlimit r;
	rlim_t need;

	if (used >= 0)
		close(used);
	if (getrlimit(RLIMIT_NOFILE, &r) || used < 0)
		return UINT_MAX;
	need = (rlim_t)used + (loops ? loops : 4) * LOOP_FILES + OTHER_FILES;
	return r.rlim_cur < need + LEAST ? LEAST :
	    r.rlim_cur - need > UINT_MAX ? UINT_MAX :
	    (unsigned)(r.rlim_cur - need);
}

/* What bzn.conf says of them when the server starts. */
void
supervise_limits(struct net_limits *l, const struct params *p,
    unsigned loops)
{
	unsigned room = room_for(loops);

	net_limits_defaults(l);
	l->head_ms = p->value[PARAM_http_head_timeout];
	l->body_ms = p->value[PARAM_http_body_timeout];
	l->idle_ms = p->value[PARAM_http_idle_timeout];
	l->write_ms = p->value[PARAM_http_write_timeout];
	l->drain_delay_ms = p->value[PARAM_drain_delay_ms];
	l->drain_ms = p->value[PARAM_drain_timeout];
	l->connections = (unsigned)p->value[PARAM_http_connections];
	if (l->connections > room)
		l->connections = room;
	l->streams = (unsigned)p->value[PARAM_http_streams];
	l->per_address = (unsigned)p->value[PARAM_http_per_address];
}
