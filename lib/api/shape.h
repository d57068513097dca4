/*
 * shape - is a body, or a query, as its route says?
 *
 * A shape is the JSON Schema of an object whose members are judged one by one,
 * so that all that fail are told at once (spec/vmp.md 1.5, 2).  Beside the
 * keywords of JSON Schema a property may have "format":"money", a number or a
 * string of at most two decimals, read from its digits, with "x-least" and
 * "x-most"; and "x-null":false where null is not the same as absent.
 * Read-only once made, by any thread.
 */
#ifndef SHAPE_H
#define SHAPE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"

struct shape;

/* Of a text; *out is NULL if that is.  E_bad_schema. */
int shape_make(struct shape **out, const char *schema, struct err *) CHECKED;
void shape_free(struct shape *);	/* accepts NULL */

/*
 * Judge an object, which has no node if there is none.  Appended to faults is
 * an entry for each member that fails: {"field","message","path"}.  True if
 * there is none.
 */
bool shape_fits(const struct shape *, const struct json *, struct buf *faults);

/* Does anything have to be there? */
bool shape_requires(const struct shape *);

/*
 * Read a query as an object of this shape, NULL for any: text that says a
 * number where one is asked for becomes one.  *out is to be released.  False
 * and an entry in faults for what is no query: not UTF-8, twice.
 */
bool shape_query(const struct shape *, const char *query, struct json *out,
    struct buf *faults);

/* One entry, whatever it is about. */
void shape_fault(struct buf *faults, const char *member, const char *message);

/* One of a value inside a member: an array of the keys that lead there. */
void shape_fault_at(struct buf *faults, const char *path,
    const char *message);

/*
 * An amount, from the digits of a number or of a string: hundredths.  False if
 * it is none, or has more than two decimals, or is out of range.
 */
bool shape_money(const struct json *, int64_t *minor);

#endif
