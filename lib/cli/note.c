#include <stdarg.h>
#include <stdio.h>

#include "base/buf.h"
#include "cli/cli.h"
#include "cli/note.h"

void
cli_note(const struct cli *c, const char *fmt, ...)
{
	struct buf text = BUF_INIT(4096);
	char line[1024];
	va_list ap;

	if (c->quiet)
		return;
	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	cli_clean(&text, line);
	fprintf(stderr, "%s: %s\n", c->prog->name, text.data);
	buf_release(&text);
}
