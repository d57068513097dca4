#include <stdlib.h>

#include "base/mem.h"
#include "schema/impl.h"

static int
compile(struct compile *c)
{
	uint32_t root;

	/* The root is the first, so it is node 0. */
	return scan_document(c, &c->s->document, "", SEVEN, &root) ||
	    refer_all(c) || circle_refuse(c) ? -1 : 0;
}

int
schema_compile(struct schema **out, const struct json *v,
    const struct schema_known *known, size_t n, struct err *e)
{
	struct compile c = { .known = known, .known_n = n, .e = e };
	struct buf text = BUF_INIT(SCHEMA_MAX);
	int rc = -1;

	c.s = mem_zero(1, sizeof *c.s);
	json_copy(&text, NULL, v);
	if (text.full) {
		err_set(e, E_too_long, "a schema of more than %d bytes",
		    SCHEMA_MAX);
		goto out;
	}
	if (json_parse(&c.s->document, text.data, text.len, e) || compile(&c))
		goto out;
	*out = c.s;
	c.s = NULL;
	rc = 0;
out:
	schema_free(c.s);
	map_release(&c.places);
	map_release(&c.names);
	free(c.pending);
	buf_release(&text);
	return rc;
}

void
schema_free(struct schema *s)
{
	uint32_t i;

	if (!s)
		return;
	for (i = 0; i < s->regexes_n; i++)
		regex_free(s->regexes[i]);
	for (i = 0; i < s->numbers_n; i++)
		free(s->numbers[i]);
	for (i = 0; i < s->resources_n; i++)
		free(s->resources[i].uri);
	free(s->regexes);
	free(s->numbers);
	free(s->resources);
	free(s->nodes);
	free(s->rules);
	free(s->kids);
	free(s->props);
	free(s->patterns);
	free(s->hashes);
	free(s->dynamics);
	json_release(&s->document);
	free(s);
}

enum schema_answer
schema_check(const struct schema *s, const struct json *v, int64_t steps,
    struct regex_budget *budget, struct schema_fault *fault)
{
	struct check c = {
		.s = s, .budget = budget, .fault = fault,
		.work = steps > INT64_MAX / WORK_STEP ? INT64_MAX :
		    steps * WORK_STEP,
	};
	const int64_t all = c.work;
	const struct scope scope = { .resource = s->nodes->resource };
	const struct value value = { .at = *v };
	const struct frame f = { .c = &c, .v = &value, .scope = &scope };
	int rc;

	rc = fits_node(&f, 0);
	if (c.work < 0)
		c.work = 0;
	budget->left -= (all - c.work) / WORK_STEP;
	switch (rc) {
	case 1:
		return SCHEMA_VALID;
	case 0:
		return SCHEMA_INVALID;
	default:
		return SCHEMA_LIMIT;
	}
}
