/*
 * language - which language a text is in, by libexttextcat.
 *
 * The answer depends on the text and on the fingerprints that came with the
 * library, and on nothing else; which fingerprints they are is a part of it:
 * language_version().  Codes are in lower case: "en", "pt", "zh-cn".
 *
 * Reading the fingerprints takes some tens of milliseconds, so it is done when
 * they are first needed, by the thread that needs them: others that need them
 * then wait.  After that all may ask at once.
 */
#ifndef LANGUAGE_H
#define LANGUAGE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define LANGUAGE_DIR "/usr/share/libexttextcat"	/* Debian's */
#define LANGUAGE_CODE 24	/* bytes of a code, with its NUL */
#define LANGUAGE_VERSION 48
#define LANGUAGE_GUESSES 5	/* the library gives up when more are near */
#define LANGUAGE_SAMPLE 1000	/* characters that decide */

struct language {
	pthread_mutex_t lock;			/* of loading */
	const char *dir;			/* borrowed */
	void *handle;				/* owned; NULL: not loaded */
	char (*codes)[LANGUAGE_CODE];		/* owned, sorted */
	size_t count;
	char version[LANGUAGE_VERSION];
};

#define LANGUAGE_INIT(where) \
    { .lock = PTHREAD_MUTEX_INITIALIZER, .dir = (where) }

/* The nearest first; none if the text is like no language, or like many. */
struct language_guess {
	char code[LANGUAGE_GUESSES][LANGUAGE_CODE];
	size_t count;
};

/* Once is enough; all that need it call it.  E_io_error, naming the file. */
int language_load(struct language *, struct err *) CHECKED;
void language_release(struct language *);

/*
 * The languages that are known, by number in the order of their codes; NULL
 * past the last.  Then the aliases that may be expected besides: "zh" is
 * zh-cn or zh-tw, "no" is nb or nn.  After language_load().
 */
const char *language_code(const struct language *, size_t i);
const char *language_alias(size_t i);

/* Is it a code or an alias, in any case?  After language_load(). */
bool language_known(const struct language *, const char *code);

/*
 * Of the library, the fingerprints, and the kind of machine where that matters
 * to the library: "3.4.5-" and 16 hex digits.
 */
const char *language_version(const struct language *);

/* Guess from the first LANGUAGE_SAMPLE characters.  As language_load(). */
int language_guess(struct language *, const char *text, size_t n,
    struct language_guess *out, struct err *) CHECKED;

/* Is one of the guesses, or what the alias stands for, what was expected? */
bool language_among(const struct language_guess *, const char *expected);

#endif
