/* impl - what the verbs share; for lib/clerk only. */
#ifndef CLERK_IMPL_H
#define CLERK_IMPL_H

#include "clerk/clerk.h"

#define CLERK_RECORD (1 << 20)		/* bytes of a record */

/* What --from and --to say: seq, from on and below to. */
int clerk_range(struct cli *, const struct clerk *, int64_t *from,
    int64_t *to, struct err *) CHECKED;

#endif
