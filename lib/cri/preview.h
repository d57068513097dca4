/*
 * preview - what a trade would do to a score, without doing it.
 */
#ifndef CRI_PREVIEW_H
#define CRI_PREVIEW_H

#include "cri/cri.h"

/* One side of a trade that might end; all that would be counted for it. */
struct cri_preview {
	const char *node_id, *other_id;
	bool sale;			/* the node sells */
	bool settled;
	struct amount amount;		/* if it settled */
	int delivered, failed;		/* N and X */
};

/* The change of its score, in tenths.  E_node_missing. */
int cri_preview(struct store *, const struct cri_preview *, int64_t now_ms,
    const struct params *, int64_t *tenths, struct err *) CHECKED;

#endif
