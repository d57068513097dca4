/*
 * param - the parameters of a home: built-in values, and bzn.conf over them.
 *
 * One table, param.def, makes the enum, the defaults, the limits and the list
 * that "bzn-node params" prints.  Values are int64_t: minor units of TCK,
 * milliseconds, a count, 0 and 1, parts per 10,000, or the number of a word in
 * its list; of a path or a text, param_string() gives it.
 */
#ifndef PARAM_H
#define PARAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define PARAM(word, kind, least, most, value, meaning) PARAM_##word,
enum param {
#include "base/param.def"
	PARAM__COUNT
};

#define PARAM_LINE 1024		/* bytes of a line of bzn.conf */
#define PARAM_STRINGS 24		/* room for so many paths and texts */

struct params {
	int64_t value[PARAM__COUNT];
	char string[PARAM_STRINGS][PARAM_LINE];
	unsigned long line[PARAM__COUNT];	/* in bzn.conf; 0: built in */
};

#define PARAM_TEXT PARAM_LINE

void param_defaults(struct params *);

/*
 * Read the text of a bzn.conf: "name value" lines, # comments.  name says
 * where it came from.  E_bad_conf with "name:line:" for an unknown name, a
 * value out of its range, a name given twice, a text that is not UTF-8 or has
 * control characters, since texts go into records and claims.
 */
int param_read(struct params *, const char *text, const char *name,
    struct err *) CHECKED;

/* Of a PATH or a TEXT. */
const char *param_string(const struct params *, enum param);

const char *param_word(enum param);
const char *param_meaning(enum param);
void param_text(const struct params *, enum param, char out[PARAM_TEXT]);

#endif
