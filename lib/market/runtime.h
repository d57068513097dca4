/*
 * runtime - skills that programs of the operator run: spec/vmp.md 2.15.
 *
 * They stand in a file of JSON, which skill_registry names:
 * {"skills":[{"id","name","description","category","version"}]}, all but the
 * id optional, and other members passed over.  Read whole, it is only read
 * from then on, by any thread.
 */
#ifndef RUNTIME_H
#define RUNTIME_H

#include <stddef.h>

#include "base/err.h"
#include "base/json.h"

#define RUNTIME_SKILLS 1000	/* at most */

struct runtime_skill {			/* borrowed; NULL: not said */
	const char *id, *name, *description, *category, *version;
};

struct runtime {
	struct json root;		/* owned */
	struct runtime_skill *skill;	/* owned, in the order of the file */
	size_t n;
};

/*
 * Read the file; no path is no skills.  E_bad_conf if it is not as it must
 * be, which says where; what file_read() says.  runtime_release().
 */
int runtime_read(struct runtime *out, const char *home, const char *path,
    struct err *) CHECKED;
void runtime_release(struct runtime *);	/* accepts a zeroed one */

const struct runtime_skill *runtime_named(const struct runtime *,
    const char *id);			/* or NULL */

/* As an object that stays open. */
void runtime_write(struct buf *, const struct runtime_skill *);

/*
 * How many there are, how many are known to be well, and in percent, rounded
 * down: as members.
 */
void runtime_counts_write(struct buf *, const struct runtime *);

#endif
