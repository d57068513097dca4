#include <string.h>

#include "schema/impl.h"

#define KEYWORD(name, dialects, shape, op)				\
	{ name, dialects, SHAPE_##shape, op },
static const struct keyword keywords[] = {
#include "schema/keyword.def"
};

const struct keyword *
keyword_find(const char *name, unsigned dialect)
{
	size_t low = 0, high = sizeof keywords / sizeof *keywords, mid;
	const struct keyword *end = keywords + high, *k;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (strcmp(name, keywords[mid].name) > 0)
			low = mid + 1;
		else
			high = mid;
	}
	for (k = keywords + low; k < end && !strcmp(name, k->name); k++)
		if (k->dialects & dialect & (SEVEN | TWENTY))
			return k->dialects & dialect & ASSERT ? NULL : k;
	return NULL;
}
