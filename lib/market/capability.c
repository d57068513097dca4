#include <stdio.h>
#include <string.h>

#include "market/capability.h"

static const struct capability table[] = {
#define CAPABILITY(name, price, seconds) { name, price, seconds },
#include "market/capability.def"
};

const struct capability *
capability_at(size_t i)
{
	return i < sizeof(table) / sizeof(*table) ? &table[i] : NULL;
}

const struct capability *
capability_named(const char *name)
{
	const struct capability *c;
	size_t i;

	for (i = 0; (c = capability_at(i)) != NULL; i++)
		if (!strcmp(c->name, name))
			return c;
	return NULL;
}

void
capability_label(const struct capability *c, char out[CAPABILITY_LABEL])
{
	char *p;

	snprintf(out, CAPABILITY_LABEL, "%s", c->name);
	for (p = out; *p; p++)
		if (*p == '-')
			*p = '_';
}
