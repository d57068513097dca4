#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "cli/otherwise.h"

#define SAID_MAX (1 << 16)

int
otherwise_end(struct cli *c, char **argv, const struct err *e, bool told)
{
	struct buf out = BUF_INIT(SAID_MAX);
	int status;

	if (!c->verb || !c->prog->end)
		return -1;
	status = c->prog->end(c, argv, e, told, &out);
	if (status >= 0 && (fwrite(out.data, 1, out.len, stdout) != out.len ||
	    fflush(stdout) || ferror(stdout))) {
		fprintf(stderr, "%s: cannot write standard output (%s)\n",
		    c->prog->name, err_word(E_output_failed));
		status = c->prog->unheard;
	}
	buf_release(&out);
	return status;
}

/* --- at a time: what a handler may do is write and leave ------------------ */

static void
ring(int number, siginfo_t *info, void *context)
{
	const struct cli_alarm *a = info->si_value.sival_ptr;
	ssize_t ignored = write(STDOUT_FILENO, a->text, strlen(a->text));

	(void)number;
	(void)context;
	(void)ignored;
	_exit(a->status);
}

void
cli_alarm(int64_t seconds, struct cli_alarm *a)
{
	const struct sigaction act = {
		.sa_sigaction = ring, .sa_flags = SA_SIGINFO,
	};
	const struct itimerspec at = { .it_value.tv_sec = (time_t)seconds };
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL,
	    .sigev_signo = SIGALRM, .sigev_value.sival_ptr = a };
	timer_t timer;

	sigaction(SIGALRM, &act, NULL);
	if (!timer_create(CLOCK_MONOTONIC, &event, &timer))
		timer_settime(timer, 0, &at, NULL);
}
