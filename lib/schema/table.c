#include <string.h>

#include "base/mem.h"
#include "schema/impl.h"

void *
table_grow(void *items, uint32_t *n, uint32_t *cap, size_t count, size_t size)
{
	if (!items || count > *cap - *n) {
		*cap = (uint32_t)(*n + count + *cap / 2 + 8);
		items = mem_grow(items, *cap, size);
	}
	if (count)
		memset((char *)items + *n * size, 0, count * size);
	*n += (uint32_t)count;
	return items;
}
