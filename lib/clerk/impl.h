/* impl - what the verbs share; for lib/clerk only. */
#ifndef CLERK_IMPL_H
#define CLERK_IMPL_H

#include "clerk/clerk.h"

#define CLERK_RECORD (1 << 20)		/* bytes of a record */

#endif
