/*
 * words - a command that an option names, as the words that are run: there is
 * no shell between.
 */
#ifndef WORDS_H
#define WORDS_H

#include "base/err.h"

#define WORDS_MAX 64

/*
 * Split it in place: blanks part words; '...' is as it stands; in "..." a
 * backslash makes a " or \ plain, and outside of quotes any character.
 * E_usage: none, too many, or a quote that is open.
 */
int words_split(char *text, char *argv[WORDS_MAX + 1], struct err *) CHECKED;

#endif
