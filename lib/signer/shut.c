#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "cli/box.h"
#include "signer/impl.h"

#define NAMED 8			/* files that options name, and the home */

struct names {
	char **name;		/* owned; ended by NULL */
	size_t n;
};

static void
add(struct names *list, const char *name)
{
	if (name && strcmp(name, "-"))
		list->name[list->n++] = mem_text(name);
}

/* A signature is beside its file: so all of the directory. */
static void
add_beside(struct names *list, const char *path)
{
	char *copy, *slash;

	if (!path || !strcmp(path, "-"))
		return;
	copy = mem_text(path);
	slash = strrchr(copy, '/');
	if (slash)
		slash[slash == copy] = '\0';
	add(list, slash ? copy : ".");
	free(copy);
}

/* A link leads out of the directory in which it is named. */
static void
add_link(struct names *list, const char *path)
{
	struct stat s;

	if (!lstat(path, &s) && S_ISLNK(s.st_mode))
		add(list, path);
}

static void
add_links(struct names *list, const char *path)
{
	char sig[PATH_MAX];

	add_link(list, path);
	if (snprintf(sig, sizeof(sig), "%s.sig", path) < (int)sizeof(sig))
		add_link(list, sig);
}

static void
release(struct names *list)
{
	while (list->n)
		free(list->name[--list->n]);
	free(list->name);
}

/* Names that are yet to be read can be anywhere. */
static void
collect(struct cli *c, const struct signer *o, enum signer_writes writes,
    struct names *read, struct names *write)
{
	bool anywhere = o->list || o->manifest;
	char **path;

	add(read, c->home);
	add(read, o->signature);
	add(read, o->body);
	add(read, o->jwks);
	add_beside(read, o->output);
	if (anywhere)
		add(read, "/");
	for (path = c->argv; *path && !anywhere; path++) {
		add_beside(read, *path);
		add_links(read, *path);
	}
	if (writes == SIGNER_HOME)
		add(write, c->home);
	if (writes == SIGNER_BESIDE && o->output)
		add_beside(write, o->output);
	else if (writes == SIGNER_BESIDE && anywhere)
		add(write, "/");
	else if (writes == SIGNER_BESIDE)
		for (path = c->argv; *path; path++)
			add_beside(write, *path);
}

int
signer_shut(struct cli *c, const struct signer *o, enum signer_writes writes,
    struct err *e)
{
	size_t most = 3 * (size_t)c->argc + NAMED;
	struct names read = { mem_zero(most, sizeof(char *)), 0 };
	struct names write = { mem_zero(most, sizeof(char *)), 0 };
	int rc;

	collect(c, o, writes, &read, &write);
	rc = cli_sandbox(c, o->require_sandbox,
	    (const char *const *)read.name, (const char *const *)write.name,
	    e);
	release(&read);
	release(&write);
	return rc;
}
