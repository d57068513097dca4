/*
 * sync - nodes that the operator makes himself: botnode-official, house...
 *
 * No challenge, and no money: a balance reaches a node through the ledger
 * only (spec/vmp.md 2.1).  What an older grid sends along and this one does
 * not take is named, not refused.
 */
#ifndef NODE_SYNC_H
#define NODE_SYNC_H

#include "node/node.h"

#define SYNC_IGNORED 4		/* members that are accepted and not taken */

struct sync {
	const char *node_id, *realm, *created_at;	/* borrowed; or NULL */
	bool has_active, active;
	const char *ignored[SYNC_IGNORED + 1];		/* up to a NULL */
};

/*
 * Make it, or change whether it is active; out is the node afterwards.
 * E_bad_id, E_reserved_id, E_bad_time; of a node that is there,
 * E_node_exists for another realm, E_already_banned and E_wrong_state for
 * one that may not be active again.
 */
int sync_in(struct ledger *, const struct sync *, struct node *out,
    bool *made, struct err *) CHECKED;

int sync_read(struct sync *out, const struct json *, struct err *) CHECKED;

#endif
