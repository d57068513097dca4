/* csv - comma-separated values as RFC 4180 has them. */
#ifndef CSV_H
#define CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

#define CSV_FIELDS 64

/* A cursor over text that is all there; it is cut into fields in place. */
struct csv {
	char *p, *end;
	unsigned long line;		/* of the next record, from 1 */
	unsigned long at;		/* of the one that was read */
	char *field[CSV_FIELDS];	/* ended by NUL */
	size_t n;
};

/* The text has a byte of room at its end. */
void csv_open(struct csv *, char *text, size_t n);

/*
 * The next record: 1, 0 at the end.  Lines end in CR LF or LF; a quoted field
 * may hold both, and "" for a quote.  E_bad_csv: a quote inside of a field
 * that is not quoted, text behind a closing one, an open one at the end, a
 * NUL, over CSV_FIELDS fields.
 */
int csv_next(struct csv *, struct err *) CHECKED;

#endif
