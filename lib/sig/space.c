#include <string.h>

#include "key/domain.h"
#include "sig/space.h"

static const char *const spaces[] = {
#define SPACE(name, what)	name,
#include "sig/space.def"
	NULL
};

/* ssh-keygen(1) proposes the first, git(1) signs with the second. */
static const char *const foreign[] = { "file", "git", NULL };

const char *
space_at(int i)
{
	return spaces[i];
}

static const char *
find(const char *const *list, const char *name)
{
	for (; *list; list++)
		if (!strcmp(*list, name))
			return *list;
	return NULL;
}

const char *
space_of_file(const char *name)
{
	return find(spaces, name);
}

const char *
space_of_ssh(const char *name)
{
	const char *own = find(spaces, name);

	return own ? own : find(foreign, name);
}

bool
space_known(const char *name)
{
	enum domain d;

	return space_of_ssh(name) || domain_named(name, &d) ||
	    !strcmp(name, SPACE_HTTP) || !strcmp(name, SPACE_JWT);
}
