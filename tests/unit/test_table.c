/* Tables: what is in them is found, and nothing else, however many. */
#include <stdlib.h>

#include "tap.h"

#include "base/mem.h"
#include "base/table.h"

#define MANY 5000

struct thing {
	struct table_item item;
	char name[16];
	int n;
};

static int ended;

static void
end(struct table_item *item)
{
	ended++;
	free(item);
}

static struct thing *
find(const struct table *t, int n)
{
	char name[16];

	snprintf(name, sizeof(name), "thing-%d", n);
	return (struct thing *)table_find(t, name);
}

int
main(void)
{
	struct table t = { 0 };
	struct thing *x;
	int i, bad = 0;

	OK(!table_find(&t, "") && !find(&t, 0));
	for (i = 0; i < MANY; i++) {
		x = mem_zero(1, sizeof(*x));
		x->n = i;
		snprintf(x->name, sizeof(x->name), "thing-%d", i);
		x->item.key = x->name;
		bad += find(&t, i) != NULL;
		table_add(&t, &x->item);
		bad += find(&t, i) != x;
	}
	OK(!bad && t.n == MANY);
	for (i = 0; i < MANY; i += 2) {
		x = find(&t, i);
		bad += !x || x->n != i;
		table_drop(&t, &x->item);
		free(x);
	}
	OK(!bad && t.n == MANY / 2);
	for (i = 0; i < MANY; i++)
		bad += (find(&t, i) != NULL) != (i % 2 == 1);
	OK(!bad);
	OK(!find(&t, MANY) && !table_find(&t, "thing"));
	table_release(&t, end);
	OK(ended == MANY / 2 && !t.n && !t.bucket);
	table_release(&t, end);
	OK(ended == MANY / 2);
	return DONE();
}
