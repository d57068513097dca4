/* Lines come out whole, numbered, however they arrive. */
#include <stdlib.h>
#include <unistd.h>

#include "tap.h"

#include "base/line.h"

static struct line in;
static int out;

static void
say(const char *text, size_t n)
{
	OK(write(out, text, n) == (ssize_t)n);
}

int
main(void)
{
	struct err e = { 0 };
	char *big = calloc(1, LINE_MAX_BYTES + 2);
	FILE *f = tmpfile();
	int fd[2];

	OK(pipe(fd) == 0);
	out = fd[1];
	line_init(&in, fd[0], "stdin");
	OK(line_would_block(&in));
	say("one\n\n  \t\r\ntw", 12);
	OK(!line_would_block(&in));
	OK(line_next(&in, &e) == 1 && in.number == 1);
	IS(in.text.data, "one");
	OK(!line_would_block(&in));
	say("o\n\0x\nlast", 9);
	close(out);
	OK(line_next(&in, &e) == 1 && in.number == 4);
	IS(in.text.data, "two");
	OK(line_next(&in, &e) == 1 && in.number == 5 && in.text.len == 2);
	OK(line_next(&in, &e) == 1 && in.number == 6);
	IS(in.text.data, "last");
	OK(line_next(&in, &e) == 0 && line_next(&in, &e) == 0);
	line_release(&in);

	memset(big, 'x', LINE_MAX_BYTES + 1);
	OK(f && fprintf(f, "%s\nafter\n%.*s\n", big, LINE_MAX_BYTES, big) > 0);
	OK(fflush(f) == 0 && lseek(fileno(f), 0, SEEK_SET) == 0);
	line_init(&in, fileno(f), "stdin");
	OK(line_next(&in, &e) == -1 && e.code == E_too_long);
	OK(line_next(&in, &e) == 1 && in.number == 2);
	IS(in.text.data, "after");
	OK(line_next(&in, &e) == 1 && in.text.len == LINE_MAX_BYTES);
	OK(line_next(&in, &e) == 0);
	line_release(&in);
	in.fd = -1;
	OK(line_next(&in, &e) == 0);

	OK(pipe(fd) == 0);
	out = fd[1];
	line_init(&in, fd[0], "stdin");
	in.end = '\0';
	say("a\n\0\0 \0", 6);
	close(out);
	OK(line_next(&in, &e) == 1);
	IS(in.text.data, "a\n");
	OK(line_next(&in, &e) == 1 && in.number == 3);
	IS(in.text.data, " ");
	OK(line_next(&in, &e) == 0);
	line_release(&in);
	line_init(&in, -1, "stdin");
	OK(line_next(&in, &e) == -1 && e.code == E_io_error);
	line_release(&in);
	free(big);
	return DONE();
}
