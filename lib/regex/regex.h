/*
 * regex - regular expressions that strangers wrote, in bounded time.
 *
 * One dialect everywhere: that of PCRE2 as spec/vmp.md 6.7 has it.  UTF-8;
 * \d \w \s are ASCII; $ is the end and nothing before it; \u0041 as in
 * ECMAScript; a group that is not set matches as nothing; [] is a class;
 * \C is refused; a search is not anchored.  The line feed is what . does not
 * match.  The long names of general categories that ECMAScript has, such as
 * \p{Letter}, stand for the short ones.  The interpreter is used, never the
 * compiler to machine code, so that no verdict depends on the build.
 *
 * Limits: REGEX_PATTERN_MAX bytes, 50 nested parentheses, and two ranges of
 * all characters without case, or more that are smaller, to compile; for a
 * search what struct regex_budget says.  PCRE2's own limit counts anew from
 * each position where a match may start, so what bounds a search is its
 * number of steps.  A step is one item of the pattern tried at one place; it
 * is one more for each REGEX_RUN bytes that an item passes over without
 * trying another, so that time is bounded in long texts too; for fewer of
 * them if the item is dear, as \X, a long class or a script run is.
 *
 * A compiled expression may be used by many threads, a budget by one.
 */
#ifndef REGEX_H
#define REGEX_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define REGEX_PATTERN_MAX	1000	/* bytes */
#define REGEX_RUN		256	/* bytes passed over in one step */

struct regex;

enum regex_answer { REGEX_ABSENT, REGEX_FOUND, REGEX_LIMIT };

/* What searches may cost; REGEX_BUDGET is what one task's rules have. */
struct regex_budget {
	int64_t left;		/* steps of all searches together; falls */
	int64_t search;		/* steps of one */
	uint32_t matches;	/* PCRE2's limit, from one position */
	uint32_t heap_kib;
};
#define REGEX_BUDGET {							\
	.left = 2000000, .search = 500000, .matches = 100000,		\
	.heap_kib = 8192,						\
}

/*
 * Compile: regex_free().  E_bad_pattern with PCRE2's message and the byte,
 * counted from 0; E_too_long.
 */
int regex_compile(struct regex **out, const char *pattern, struct err *)
    CHECKED;
void regex_free(struct regex *);
/* Bytes that it takes, and for ranges without case what making them took. */
size_t regex_size(const struct regex *);

/*
 * Is it found in the text?  REGEX_LIMIT: that cannot be said within the
 * budget.  Nothing is found in a text that is not UTF-8.
 */
enum regex_answer regex_search(const struct regex *, const char *text,
    size_t n, struct regex_budget *) CHECKED;

#endif
