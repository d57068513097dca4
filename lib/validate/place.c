#include <string.h>

#include "validate/impl.h"

/*
 * A place is built twice from the same steps: with points between them, for
 * people, and as a JSON array.
 */
struct steps {
	struct buf text, json;
};

static void
step(struct steps *s, const char *key)
{
	if (s->text.len)
		buf_addc(&s->text, '.');
	buf_adds(&s->text, key);
	json_str(&s->json, NULL, key);
}

static void
step_index(struct steps *s, int i)
{
	buf_addf(&s->text, ".%d", i);
	json_int(&s->json, NULL, i);
}

static void
begin(struct steps *s, const struct place *p)
{
	json_open(&s->json, NULL, '[');
	step(s, p->root);
	if (p->section)
		step(s, p->section);
	if (p->index >= 0)
		step_index(s, p->index);
}

static int
end(struct steps *s, const struct place *p, struct err *e)
{
	json_close(&s->json, ']');
	if (p->path) {
		buf_reset(p->path);
		buf_add(p->path, s->json.data, s->json.len);
	}
	(void)err_wrap(e, "%.150s", s->text.data);
	buf_release(&s->text);
	buf_release(&s->json);
	return -1;
}

#define STEPS { .text = BUF_INIT(1 << 16), .json = BUF_INIT(1 << 18) }

int
place_fault(const struct place *p, const char *key, int item, struct err *e)
{
	struct steps s = STEPS;

	begin(&s, p);
	if (key)
		step(&s, key);
	if (item >= 0)
		step_index(&s, item);
	return end(&s, p, e);
}
