/*
 * service - what a program that stays finds around it: whoever supervises it
 * says so in the environment (sd_listen_fds(3), sd_notify(3)).
 */
#ifndef CLI_SERVICE_H
#define CLI_SERVICE_H

#include <stdbool.h>
#include <stdint.h>

struct service {
	int sockets;			/* from descriptor 3 on */
	const char *names;		/* of them, parted by ':'; or NULL */
	const char *notify;		/* where to say how it goes; or NULL */
	int64_t watchdog_us;		/* 0: nobody watches */
	bool terminal;			/* a person reads stderr */
	bool journal;			/* stderr is the journal's */
	int out_fd, log_fd;		/* stdout and stderr */
};

void service_get(struct service *);

#endif
