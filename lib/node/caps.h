/*
 * caps - limits that a node sets itself, so that a fault of its own cannot
 * spend all it has (spec/vmp.md 8.8).  The lock gate enforces them.
 */
#ifndef NODE_CAPS_H
#define NODE_CAPS_H

#include "node/node.h"

/*
 * A change: text, or NULL to leave a cap as it is; "none" takes one away.  The
 * exposure is 0 to 100 percent of all there is, where 0 is no limit, or what
 * the grid says.
 */
struct caps_change {
	const char *node_id, *daily, *per_task;	/* borrowed */
	bool has_pct;
	int64_t pct;				/* -1: the grid's */
};

/* The member of a line that says "37" or "none"; nothing for NULL. */
int caps_put_percent(struct buf *, const char *text, struct err *) CHECKED;

/*
 * E_node_missing, E_node_unknown_or_banned, E_bad_amount, E_amount_scale,
 * E_amount_range, E_amount_zero.  What differs from before is logged as
 * node.caps_changed; open locks are not touched.
 */
int caps_set_in(struct ledger *, const struct caps_change *,
    struct node *out, struct err *) CHECKED;

/* Where a node stands; limit is -1 if there is none. */
struct caps_now {
	int64_t spent_minor, resets_ms;
	int64_t open_minor, limit_minor;
};

/* have_minor is the balance, at now_ms. */
int caps_now(struct store *, const struct node *, int64_t have_minor,
    int64_t now_ms, const struct params *, struct caps_now *out,
    struct err *) CHECKED;

/* floor((balance + open) * pct / 100), or -1: no limit. */
int64_t caps_exposure(const struct node *, int64_t have_minor,
    int64_t open_minor, const struct params *);

/* The three, as members; and those of "canary" beside them. */
void caps_write(struct buf *, const struct node *);
void caps_now_write(struct buf *, const struct node *,
    const struct caps_now *);

/* {"node_id", "max_spend_daily", ...}: null takes away, absent leaves. */
int caps_change_read(struct caps_change *out, const struct json *,
    struct err *) CHECKED;

#endif
