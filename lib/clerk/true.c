#include <inttypes.h>

#include "clerk/impl.h"
#include "store/inspect.h"

static int
not_whole(void *unused, const char *line, struct err *e)
{
	(void)unused;
	return err_set(e, E_store_corrupt, "%.120s", line);
}

static int
odd(void *unused, const struct inspect_odd *o, struct err *e)
{
	(void)unused;
	return err_set(e, E_store_corrupt, "%s '%.60s' is not as the schema "
	    "makes it", o->type, o->name);
}

/* The first finding is the reason. */
static int
found(void *unused, const struct finding *f, struct err *e)
{
	(void)unused;
	return err_set(e, f->code, "%.160s", f->text);
}

int
clerk_true(struct store *s, struct verified *v, struct err *e)
{
	if (inspect_schema(s, odd, NULL, e) ||
	    inspect_whole(s, not_whole, NULL, e) ||
	    inspect_foreign(s, not_whole, NULL, e) ||
	    verify_run(s, 1, found, NULL, v, e))
		return -1;
	return v->size ? 0 : err_set(e, E_no_ledger, "it has no entry");
}
