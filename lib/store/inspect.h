/*
 * inspect - a store as evidence (spec/ledger.md 6.1, 6.5).
 *
 * Opened so that not a byte of it changes and no file appears beside it; and
 * asked what no domain asks: is its schema the one that our steps make, is it
 * whole, how is it kept.
 */
#ifndef INSPECT_H
#define INSPECT_H

#include "store/store.h"

struct inspect {
	const char *path;	/* of the database file */
	const char *home;	/* whose node.db it is, or NULL */
	const char *tmp;	/* where a private copy may be made */
	int64_t wait_ms;	/* for the lock, where one is needed */
};

/*
 * As store_open() for reading.  A live home that writers have opened is read
 * beside them; a file without a log as it lies there, under a shared lock if
 * it is a home's; any other through a private copy, which is gone before this
 * returns.  E_no_file, or E_no_ledger of a home; E_not_a_ledger,
 * E_unsupported_schema, E_store_corrupt, E_lock_timeout, E_disk_full.
 */
int inspect_open(struct store **, const struct inspect *, struct err *)
    CHECKED;

/*
 * A second connection, for a thread of its own, to what inspect_open() gave,
 * which has to outlive it; of a live home its state may be a later one.
 * NULL if there can be none: a private copy has no name.
 */
struct store *inspect_twin(const struct store *);

/* What differs from the schema that the steps make. */
enum inspect_kind {
	INSPECT_MISSING,	/* an object */
	INSPECT_CHANGED,
	INSPECT_UNKNOWN,	/* one that no step makes */
	INSPECT_COLUMN,		/* a column that no step makes */
};

struct inspect_odd {
	enum inspect_kind kind;
	const char *type, *name;	/* "table", "ledger_entry" */
	const char *column;		/* of INSPECT_COLUMN */
};

/* Told of each; nonzero stops, and is what the caller then returns. */
typedef int inspect_told(void *arg, const struct inspect_odd *, struct err *);

int inspect_schema(struct store *, inspect_told *, void *arg, struct err *)
    CHECKED;

/* What integrity_check, or foreign_key_check, says; a line each. */
typedef int inspect_line(void *arg, const char *line, struct err *);

int inspect_whole(struct store *, inspect_line *, void *arg, struct err *)
    CHECKED;
int inspect_foreign(struct store *, inspect_line *, void *arg, struct err *)
    CHECKED;

/* How the file is kept. */
struct inspect_settings {
	bool wal;		/* it says that it has a write-ahead log */
	bool wal_reset;		/* this SQLite can damage one: DESIGN 4 */
	bool odd_filesystem;	/* one that more than one machine may write */
};

int inspect_settings(struct store *, struct inspect_settings *out,
    struct err *) CHECKED;

#endif
