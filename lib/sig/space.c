#include <string.h>

#include "key/domain.h"
#include "sig/space.h"

static const char *const spaces[] = {
#define SPACE(name, what)	name,
#include "sig/space.def"
	NULL
};

const char *
space_at(int i)
{
	return spaces[i];
}

const char *
space_of_file(const char *name)
{
	int i;

	for (i = 0; spaces[i]; i++)
		if (!strcmp(spaces[i], name))
			return spaces[i];
	return NULL;
}

bool
space_known(const char *name)
{
	enum domain d;

	return space_of_file(name) || domain_named(name, &d) ||
	    !strcmp(name, SPACE_HTTP) || !strcmp(name, SPACE_JWT);
}
