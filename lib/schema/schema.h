/*
 * schema - JSON Schema, draft-07 and 2020-12: is a value as it must be?
 *
 * A schema is compiled once: it is read whole, checked itself, its patterns
 * compiled and its references resolved, so that whatever is wrong with it is
 * known before anything depends on it.  Then any number of values, also by
 * many threads, are checked with it in bounded time.
 *
 * $schema selects the dialect; without it, it is draft-07.  "format" and
 * "content..." assert nothing.  A reference leads to the same document, or
 * to one that the caller names: nothing is fetched.  Numbers are compared
 * digit by digit.  Patterns are those of regex.h.
 *
 * Limits: a schema of SCHEMA_MAX bytes as compact text; a check of so many
 * evaluated keywords as the caller says, SCHEMA_STEPS by default, of which a
 * keyword that looks at much takes several; SCHEMA_REFERENCES references
 * followed without going down into the value, so that going round in circles
 * ends.  A circle that any value could enter is refused when compiling.
 */
#ifndef SCHEMA_H
#define SCHEMA_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/json.h"
#include "regex/regex.h"

#define SCHEMA_MAX		(64 * 1024)
#define SCHEMA_STEPS		200000
#define SCHEMA_REFERENCES	64
#define SCHEMA_SHOWN		200	/* bytes of a value in a fault */

struct schema;

/* A document that references may lead to, by its URI without a fragment. */
struct schema_known {
	const char *uri;		/* borrowed, as is the document */
	struct json root;
};

/* What is wrong with a value: the first thing that is found. */
struct schema_fault {
	struct json at;			/* in the document; none: a limit */
	char rule[JSON_WHERE];		/* pointer to it in the schema */
	char error[256];		/* "'/n' is not as 'minimum' says" */
	char expected[SCHEMA_SHOWN + 1], got[SCHEMA_SHOWN + 1];
};

enum schema_answer { SCHEMA_VALID, SCHEMA_INVALID, SCHEMA_LIMIT };

/*
 * Compile a schema: schema_free().  It is copied; documents of known, which
 * has n, are borrowed until then.  E_bad_schema with the path, E_bad_pattern,
 * E_too_long.
 */
int schema_compile(struct schema **out, const struct json *,
    const struct schema_known *known, size_t n, struct err *) CHECKED;
void schema_free(struct schema *);

/*
 * Check a value.  It takes at most so many steps, and they are paid from what
 * the budget has left, as those of its searches are.  Unless it is valid,
 * *fault says why; fault->at is borrowed from the value.  SCHEMA_LIMIT: that
 * cannot be said within the limits.
 */
enum schema_answer schema_check(const struct schema *, const struct json *,
    int64_t steps, struct regex_budget *, struct schema_fault *fault) CHECKED;

#endif
