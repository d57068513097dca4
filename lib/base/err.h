/*
 * err - the one error type.
 *
 * A function that can fail returns 0, or -1 with *e filled in; e is its last
 * parameter and is never NULL.  On success *e is untouched.  The code says
 * what went wrong in one stable word; it implies the kind, which is the exit
 * status, and the HTTP status: see err.def.  Nothing here allocates, prints
 * or exits.
 */
#ifndef ERR_H
#define ERR_H

#include <stdbool.h>

#define KIND(name, status, word, meaning)	ERR_##name = status,
enum err_kind {
#include "base/err.def"
};

#define CODE(word, kind, http, meaning)		E_##word,
enum err_code {
#include "base/err.def"
	E__COUNT
};

struct err {
	enum err_kind kind;	/* the exit status */
	enum err_code code;
	char msg[256];		/* no prefix, no capital, no full stop */
};

/*
 * "struct err why ERR_UNSET;" in what is called for each leaf: builds that
 * clear all variables leave this one, whose clearing costs more than a leaf's
 * amounts.  Read it only after it was set.
 */
#if defined(__has_attribute)
#if __has_attribute(uninitialized)
#define ERR_UNSET __attribute__((uninitialized))
#endif
#endif
#ifndef ERR_UNSET
#define ERR_UNSET
#endif

#define ERR_PRINTF(f, a) __attribute__((format(printf, f, a)))
#define CHECKED __attribute__((warn_unused_result))

void err_set_(struct err *, enum err_code, const char *, ...) ERR_PRINTF(3, 4);
void err_sys_(struct err *, const char *, ...) ERR_PRINTF(2, 3);
void err_wrap_(struct err *, const char *, ...) ERR_PRINTF(2, 3);

/*
 * All three are -1, so that a caller can return them; macros, so that the
 * compiler and the analyzers can see it.
 */
static inline int err_failed(void) { return -1; }
#define err_set(...)	(err_set_(__VA_ARGS__), err_failed())
#define err_sys(...)	(err_sys_(__VA_ARGS__), err_failed())	/* from errno */
#define err_wrap(...)	(err_wrap_(__VA_ARGS__), err_failed())	/* "ctx: " */

const char *err_word(enum err_code);	/* "insufficient_funds" */
enum err_kind err_kind(enum err_code);	/* ERR_REFUSED */
int err_http(enum err_code);		/* 402 */
int err_code_named(const char *word, enum err_code *);	/* 1, or 0: none */

/*
 * Of many records: would those that follow fail as well?  6, 7, 8; but for the
 * limit of one caller, which is nothing to the others.
 */
bool err_ends_run(const struct err *);

/* The worst of two verdicts: the first present of 8 7 6 5 10 3 4 9 1 2. */
enum err_kind err_worse(enum err_kind, enum err_kind);

#endif
