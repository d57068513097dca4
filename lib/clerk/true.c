#include <stdio.h>

#include "clerk/impl.h"

struct first {
	char text[200];
};

static int
found(void *arg, const struct finding *f, struct err *e)
{
	struct first *first = arg;

	(void)e;
	if (!*first->text)
		snprintf(first->text, sizeof(first->text), "%s", f->text);
	return 0;
}

/* A promise that is not kept is one to the owner, and no damage. */
int
clerk_true(struct store *s, unsigned layers, const struct buf *since,
    int64_t now_ms, struct verified *v, struct err *e)
{
	struct first first = { "" };
	const struct verify_how how = {
		.layers = layers, .most = 1, .jobs = 1, .now_ms = now_ms,
		.told = found, .arg = &first, .since = since,
	};
	int i;

	if (verify_run(s, &how, v, e))
		return -1;
	if (v->status == ERR_OK || v->status == ERR_REFUSED)
		return v->size ? 0 :
		    err_set(e, E_no_ledger, "it has no entry");
	for (i = 1; i <= VERIFY_LAYERS && !*first.text; i++)
		if (v->skipped & 1u << i)
			snprintf(first.text, sizeof(first.text), "%s",
			    v->why[i]);
	return err_set(e, v->code, "%s", first.text);
}
