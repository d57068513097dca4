/* node_impl - what the verbs of bzn-node share; for lib/desk/node*.c only. */
#ifndef DESK_NODE_IMPL_H
#define DESK_NODE_IMPL_H

#include "base/buf.h"
#include "base/json.h"
#include "batch/batch.h"
#include "desk/node.h"
#include "ledger/ledger.h"
#include "node/node.h"

#define DESK_RECORD 65536		/* bytes of a record */

/*
 * Run what act does, for the request of the options or lines of stdin; actor
 * is the member that names who acts.
 */
int desk_node_run(struct cli *c, const struct desk_node *say, batch_act *act,
    const char *actor, struct buf *request, struct err *e) CHECKED;

/* A node inside a transaction, with its balance; the object stays open. */
int desk_node_write_in(struct buf *, struct cli *, struct ledger *,
    const struct node *, struct err *) CHECKED;

/* Members that every record of a node has behind those of node_write(). */
void desk_node_write(struct buf *, struct cli *, const struct node *,
    int64_t minor);

#endif
