/*
 * capability - what agents ask for by name: the table of spec/vmp.md 11.3.
 *
 * A skill has a capability if its label contains the name, with low lines for
 * hyphens, in any case of ASCII letters.
 */
#ifndef CAPABILITY_H
#define CAPABILITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CAPABILITY_LABEL 48

struct capability {
	const char *name;		/* "web-research" */
	int64_t price_minor;		/* that is typical */
	int64_t seconds;		/* that it usually takes */
};

const struct capability *capability_at(size_t i);	/* NULL past the last */
const struct capability *capability_named(const char *);	/* or NULL */

/* What labels have of it: "web_research". */
void capability_label(const struct capability *, char out[CAPABILITY_LABEL]);

#endif
