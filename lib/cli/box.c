#include <stdio.h>

#include "base/sandbox.h"
#include "cli/box.h"
#include "cli/cli.h"

static int
enter(struct cli *c, const struct sandbox *box, bool require, struct err *e)
{
	enum sandbox_level level;

	if (sandbox_enter(box, &level, e))
		return -1;
	if (require && level != SANDBOX_FULL)
		return err_set(e, E_no_sandbox, "the sandbox is not complete "
		    "here, but only: %s", sandbox_word(level));
	if (c->verbose)
		fprintf(stderr, "%s: sandbox: %s\n", c->prog->name,
		    sandbox_word(level));
	return 0;
}

int
cli_sandbox(struct cli *c, bool require, const char *const *read,
    const char *const *write, struct err *e)
{
	const struct sandbox box = {
		.read = read, .write = write, .net = SANDBOX_OFFLINE,
	};

	return enter(c, &box, require, e);
}

int
cli_sandbox_connect(struct cli *c, bool require, bool again,
    const char *const *read, const char *const *write, struct err *e)
{
	const struct sandbox box = {
		.read = read, .write = write, .again = again,
		.net = SANDBOX_CONNECT,
	};

	return enter(c, &box, require, e);
}
