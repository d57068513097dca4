/*
 * eigen - the verb of bzn-cri for EigenTrust: what is said to it.
 */
#ifndef DESK_EIGEN_H
#define DESK_EIGEN_H

#include <stdint.h>

#include "desk/cri.h"

/* What the options say; NULL or 0 where they were not given. */
struct desk_eigen {
	struct desk_cri log;		/* which, where no file is named */
	const char *pre_trust, *alpha;
	int64_t jobs;
};

int desk_cri_eigentrust(struct cli *, const struct desk_eigen *, struct err *)
    CHECKED;

#endif
