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

/*
 * The schema says that ids are unique, and integrity_check looks that each
 * row is in the index, and no two of one id: no need to read it once more.
 */
static bool
ids_unique(const struct run *r)
{
	return (r->want & LAYER(1)) && (r->want & LAYER(3)) && !r->whole &&
	    !r->out->findings;
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
	if ((r->want & LAYER(3)) && verify_whole(r))
		return -1;
	r->unique = ids_unique(r);
	return 0;
}
