/*
 * preview - what a trade would do to a score, without doing it.
 */
#ifndef CRI_PREVIEW_H
#define CRI_PREVIEW_H

#include "cri/cri.h"

/*
 * Facts as they are after one more trade, with a partner of so many before;
 * what was delivered is counted apart.
 */
void cri_facts_trade(struct cri_facts *, bool sale, int64_t before,
    int64_t minor);

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

/*
 * What would change a score, by how much: the formula itself is asked.  A
 * trade is of the size that those of the node have on average, or of 1.00; a
 * known partner is the one that it has traded most with.
 */
struct cri_hint {
	const char *act;		/* sale, purchase, wait, badge */
	const char *partner;		/* of a trade: "new" or "known" */
	int64_t minor;			/* of a trade */
	int64_t days;			/* to wait */
	int64_t tenths, gain;		/* the score then; gain may be < 0 */
};

#define CRI_HINTS 7

/* How many there are; may_get: it came early, and may get a badge. */
size_t cri_hints(const struct cri *now, bool may_get, const struct params *,
    struct cri_hint out[CRI_HINTS]);

/* Append them as an array. */
void cri_hints_write(struct buf *, const char *key, const struct cri_hint *,
    size_t n);

#endif
