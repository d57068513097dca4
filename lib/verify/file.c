/* Layers 1, 2, 3 and 12: the file, before anything it says is believed. */
#include <string.h>

#include "store/inspect.h"
#include "verify/impl.h"

static int
odd(void *arg, const struct inspect_odd *o, struct err *e)
{
	struct run *r = arg;

	(void)e;
	switch (o->kind) {
	case INSPECT_MISSING:
		return verify_find(r, 1, E_schema_changed, -1,
		    "%s '%.80s' is not there", o->type, o->name);
	case INSPECT_CHANGED:
		return verify_find(r, 1, E_schema_changed, -1,
		    "%s '%.80s' is not as the schema makes it", o->type,
		    o->name);
	case INSPECT_UNKNOWN:
		return verify_find(r, 12, E_unknown_object, -1,
		    "no schema has a %.20s '%.80s'", o->type, o->name);
	case INSPECT_COLUMN:
		return verify_find(r, 12, E_unknown_object, -1,
		    "no schema has a column '%.80s' in '%.80s'", o->column,
		    o->name);
	}
	return 0;
}

static void
note(struct run *r, const char *what)
{
	r->out->notes[r->out->n_notes++] = what;
}

static int
check_settings(struct run *r)
{
	struct inspect_settings is;

	if (inspect_settings(r->store, &is, r->e))
		return verify_failed(r, LAYER(2));
	if (is.wal_reset)
		note(r, "sqlite_wal_reset");
	if (is.odd_filesystem)
		note(r, "odd_filesystem");
	if (!is.wal)
		note(r, "no_wal");
	return 0;
}

static int
not_whole(void *arg, const char *line, struct err *e)
{
	(void)e;
	return verify_find(arg, 3, E_store_corrupt, -1, "%.200s", line);
}

static int
no_parent(void *arg, const char *line, struct err *e)
{
	(void)e;
	return verify_find(arg, 3, E_foreign_key, -1,
	    "a row refers to one that is not there: %.120s", line);
}

int
verify_file(struct run *r)
{
	unsigned schema = LAYER(1) | LAYER(12);

	if ((r->want & schema) && inspect_schema(r->store, odd, r, r->e) &&
	    verify_failed(r, schema))
		return -1;
	if ((r->want & LAYER(2)) && check_settings(r))
		return -1;
	if ((r->want & LAYER(3)) &&
	    (inspect_whole(r->store, not_whole, r, r->e) ||
	    inspect_foreign(r->store, no_parent, r, r->e)) &&
	    verify_failed(r, LAYER(3)))
		return -1;
	return 0;
}
