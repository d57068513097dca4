/* Which names were there before: 8 bytes each, and as much room again. */
#include <stdlib.h>

#include "base/mem.h"
#include "verify/impl.h"

static uint64_t
hash(const char *name, int kind)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325) + (unsigned)kind;

	for (; *name; name++)
		h = (h ^ (unsigned char)*name) * UINT64_C(0x100000001b3);
	h ^= h >> 29;
	return h ? h : 1;
}

/* Its place, or where it would be. */
static uint64_t *
place(const struct marks *m, uint64_t h)
{
	size_t i = h & (m->room - 1);

	while (m->at[i] && m->at[i] != h)
		i = (i + 1) & (m->room - 1);
	return &m->at[i];
}

static void
make_room(struct marks *m)
{
	uint64_t *old = m->at;
	size_t i, n = m->room;

	if (2 * m->n < n)
		return;
	m->room = n ? 2 * n : 1024;
	m->at = mem_zero(m->room, sizeof(*m->at));
	for (i = 0; i < n; i++)
		if (old[i])
			*place(m, old[i]) = old[i];
	free(old);
}

bool
verify_mark(struct marks *m, const char *name, int kind)
{
	uint64_t h = hash(name, kind), *at;

	make_room(m);
	at = place(m, h);
	if (*at)
		return false;
	*at = h;
	m->n++;
	return true;
}

bool
verify_marked(const struct marks *m, const char *name, int kind)
{
	return m->n && *place(m, hash(name, kind));
}
