#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/service.h"

#define SOCKETS_MOST 16

/* A variable that is a number of digits; -1 if it is not. */
static int64_t
number(const char *name)
{
	const char *text = getenv(name);
	char *end;
	long long n;

	if (!text || *text < '0' || *text > '9')
		return -1;
	n = strtoll(text, &end, 10);
	return *end ? -1 : n;
}

/* $JOURNAL_STREAM is the device and inode of what the journal reads. */
static bool
is_journal(void)
{
	const char *text = getenv("JOURNAL_STREAM");
	char ours[64];
	struct stat st;

	if (!text || fstat(STDERR_FILENO, &st))
		return false;
	snprintf(ours, sizeof(ours), "%ju:%ju", (uintmax_t)st.st_dev,
	    (uintmax_t)st.st_ino);
	return !strcmp(text, ours);
}

void
service_get(struct service *out)
{
	int64_t n = number("LISTEN_FDS");
	const char *notify = getenv("NOTIFY_SOCKET");

	*out = (struct service){
		.terminal = isatty(STDERR_FILENO), .journal = is_journal(),
		.out_fd = STDOUT_FILENO, .log_fd = STDERR_FILENO,
	};
	if (n > 0 && n <= SOCKETS_MOST && number("LISTEN_PID") == getpid()) {
		out->sockets = (int)n;
		out->names = getenv("LISTEN_FDNAMES");
	}
	if (notify && (*notify == '/' || *notify == '@'))
		out->notify = notify;
	n = number("WATCHDOG_PID");
	if (n < 0 || n == getpid())
		n = number("WATCHDOG_USEC");
	else
		n = -1;
	out->watchdog_us = n > 0 ? n : 0;
}
