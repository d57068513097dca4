/*
 * record - requests to the escrow as they are read; all that they say is
 * borrowed from the document.
 *
 * An order has buyer_id, skill_id or quote_id, input, and perhaps seller_id,
 * price or amount, validator_ids, protocol; a direct escrow buyer_id,
 * seller_id, amount.  What is done to a trade has task_id, perhaps node_id,
 * and what its event needs.
 */
#ifndef ESCROW_RECORD_H
#define ESCROW_RECORD_H

#include "base/json.h"
#include "escrow/escrow.h"

int escrow_order_read(struct order *out, struct json *input,
    const struct json *, struct err *) CHECKED;
int escrow_direct_read(struct direct *out, const struct json *, struct err *)
    CHECKED;

/* Where an act's output and evidence point to. */
struct escrow_data {
	struct json output, evidence;
};

/* out->event says which; a refund and a resolution say which of theirs. */
int escrow_act_read(struct act *out, struct escrow_data *,
    const struct json *, struct err *) CHECKED;

#endif
