#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <stdio.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include "base/word.h"
#include "cli/impl.h"
#include "cli/pass.h"

#define OFFERED 8		/* words: 80 bits */
#define TRIES 3

/* One that stops whoever asks from the background would be a hang. */
int
pass_tty(void)
{
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);

	if (fd >= 0 && tcgetpgrp(fd) != getpgrp()) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static void
say(int fd, const char *text)
{
	size_t n = strlen(text);
	ssize_t put = 0;

	for (; n && put >= 0; text += put, n -= (size_t)put)
		put = write(fd, text, n);
}

/*
 * One line without its end, or what came before the terminal was closed.
 * 1; 0 if a signal waits to be let through; -1.
 */
static int
read_line(int fd, int signals, struct secret *out, struct err *e)
{
	struct pollfd p[] = { { .fd = fd, .events = POLLIN },
	    { .fd = signals, .events = POLLIN } };
	ssize_t n = 1;

	for (;;) {
		if (poll(p, 2, -1) < 0 && errno != EINTR)
			return err_sys(e, "cannot wait for the terminal");
		if (p[1].revents)
			return 0;
		if (!p[0].revents)
			continue;
		n = read(fd, out->data + out->len, 1);
		if (n < 0)
			return err_set(e, E_no_passphrase, "cannot read: %s",
			    strerror(errno));
		if (!n && !out->len)
			return err_set(e, E_no_passphrase, "nothing was typed");
		if (!n || out->data[out->len] == '\n')
			return 1;
		out->len += out->len < out->cap - 1;
	}
}

/*
 * Ask with the echo off.  The signals that would end or stop us are held back
 * until it is on again, and then do what they always do; whoever comes back
 * from a stop is asked again.
 */
static int
ask(int fd, const char *prompt, struct secret *out, struct err *e)
{
	static const int held[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP };
	struct termios was, silent;
	sigset_t set, mask;
	int signals, rc;
	size_t i;

	sigemptyset(&set);
	for (i = 0; i < sizeof(held) / sizeof(*held); i++)
		sigaddset(&set, held[i]);
	signals = signalfd(-1, &set, SFD_CLOEXEC);
	if (signals < 0)
		return err_sys(e, "cannot watch for signals");
	do {
		out->len = 0;
		sigprocmask(SIG_BLOCK, &set, &mask);
		if (tcgetattr(fd, &was)) {
			rc = err_sys(e, "cannot ask the terminal");
		} else {
			silent = was;
			silent.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
			silent.c_lflag |= ICANON | ISIG;
			tcsetattr(fd, TCSAFLUSH, &silent);
			say(fd, prompt);
			rc = read_line(fd, signals, out, e);
			tcsetattr(fd, TCSAFLUSH, &was);
			say(fd, "\n");
		}
		sigprocmask(SIG_SETMASK, &mask, NULL);
	} while (!rc);
	close(signals);
	return rc < 0 ? -1 : 0;
}

/* Eight words: shown, and to be typed as proof that they were kept. */
static void
offer(int fd)
{
	struct secret bits = { 0 }, text = { 0 };

	secret_random(&bits, WORD_BYTES(OFFERED));
	secret_init(&text, WORD_TEXT(OFFERED));
	word_text((char *)text.data, bits.data, OFFERED);
	say(fd, "one that nobody guesses, to be written down:\n    ");
	say(fd, (const char *)text.data);
	say(fd, "\n");
	secret_release(&text);
	secret_release(&bits);
}

/* 1 if both are the same, 0 if not, -1. */
static int
ask_twice(int fd, const char *prompt, struct secret *out, struct err *e)
{
	struct secret again = { 0 };
	int rc = -1;

	secret_init(&again, out->cap);
	if (ask(fd, prompt, out, e))
		goto out;
	if (!out->len) {
		offer(fd);
		if (ask(fd, "type these, or another: ", out, e))
			goto out;
	}
	if (ask(fd, "the same once more: ", &again, e))
		goto out;
	rc = out->len && out->len == again.len &&
	    !memcmp(out->data, again.data, out->len);
	if (!rc)
		say(fd, "they differ\n");
out:
	secret_release(&again);
	return rc;
}

int
pass_prompt(int fd, bool fresh, const char *who, const char *of,
    struct secret *out, struct err *e)
{
	char prompt[160];
	int i, rc;

	snprintf(prompt, sizeof(prompt), "%s: %spassphrase%s%s%s: ", who,
	    fresh ? "new " : "", of ? " of " : "", of ? of : "",
	    fresh ? " (empty: offer one)" : "");
	if (!fresh)
		return ask(fd, prompt, out, e);
	for (i = 0; i < TRIES; i++) {
		rc = ask_twice(fd, prompt, out, e);
		if (rc)
			return rc < 0 ? -1 : 0;
	}
	return err_set(e, E_no_passphrase, "not twice the same");
}
