#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "schema/impl.h"

static uint64_t
hash(const char *text, const void *at)
{
	uint64_t h = (uintptr_t)at;

	for (; text && *text; text++)
		h = (h ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
	h *= UINT64_C(0x9e3779b97f4a7c15);
	return h ^ h >> 32;
}

/* Where the key is, or the free spot for it.  Never full. */
static struct spot *
look(const struct map *m, const char *text, const void *at)
{
	size_t i = hash(text, at) & (m->cap - 1);
	struct spot *s;

	for (;; i = (i + 1) & (m->cap - 1)) {
		s = &m->spots[i];
		if (!s->text && !s->at)
			return s;
		if (text ? s->text && !strcmp(text, s->text) : at == s->at)
			return s;
	}
}

static void
grow(struct map *m)
{
	struct map bigger = { .cap = m->cap ? 2 * m->cap : 64, .n = m->n };
	size_t i;

	bigger.spots = mem_zero(bigger.cap, sizeof *bigger.spots);
	for (i = 0; i < m->cap; i++)
		if (m->spots[i].text || m->spots[i].at)
			*look(&bigger, m->spots[i].text, m->spots[i].at) =
			    m->spots[i];
	free(m->spots);
	*m = bigger;
}

struct spot *
map_add(struct map *m, const char *text, const void *at)
{
	struct spot *s;

	if (2 * m->n >= m->cap)
		grow(m);
	s = look(m, text, at);
	if (!s->text && !s->at) {
		*s = (struct spot){ .at = at, .node = NONE };
		if (text)
			s->text = mem_text(text);
		m->n++;
	}
	return s;
}

const struct spot *
map_find(const struct map *m, const char *text, const void *at)
{
	const struct spot *s = m->cap ? look(m, text, at) : NULL;

	return s && (s->text || s->at) ? s : NULL;
}

void
map_release(struct map *m)
{
	size_t i;

	for (i = 0; i < m->cap; i++)
		free(m->spots[i].text);
	free(m->spots);
	*m = (struct map){ 0 };
}
