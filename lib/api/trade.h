/*
 * trade - what the routes that lock money, or act on a trade, have in common.
 */
#ifndef API_TRADE_H
#define API_TRADE_H

#include "api/api.h"
#include "escrow/escrow.h"

#define TRADE_ID "{\"type\":\"string\",\"minLength\":1,\"maxLength\":100}"
#define TRADE_DATA "{\"type\":\"object\"}"
#define TRADE_ORDER "{\"type\":\"object\",\"properties\":{" \
    "\"skill_id\":" TRADE_ID ",\"input_data\":" TRADE_DATA "," \
    "\"is_shadow\":{\"type\":\"boolean\"}," \
    "\"validator_ids\":{\"type\":\"array\",\"maxItems\":20," \
    "\"items\":{\"type\":\"string\"}}," \
    "\"quote_id\":{\"type\":\"string\",\"maxLength\":100}," \
    "\"protocol\":{\"type\":\"string\",\"enum\":[\"api\",\"sdk\"]}}," \
    "\"required\":[\"skill_id\",\"input_data\"]}"

/* What the lock gate may say of whom, and of how much. */
#define TRADE_GATE "skill_missing quote_missing self_trade realm " \
    "seller_inactive skill_retired quote_expired level_gate policy_denied " \
    "validator_missing"
#define TRADE_PURSE "cap_exceeded insufficient_funds cap_exposure " \
    "ledger_invalid"

/*
 * A refusal by a cap says what was asked for and how much there is left
 * (spec/vmp.md 8.8), and when to ask again: as members of the refusal, and
 * Retry-After.  Other errors stay as they are.  Always -1.
 */
int trade_capped(struct call *, struct amount asked, struct err *);

/*
 * An act on a trade was refused: in the words of its route.  escrow says that
 * the route is of escrows, where what is not there is one.  Always -1.
 */
int trade_refused(struct call *, enum escrow_event, const char *id,
    bool escrow, struct err *);

/*
 * A task by its own id, and not that of its escrow; or an escrow likewise.
 * E_task_missing, E_escrow_missing.
 */
int trade_task(struct call *, const char *id, struct task *out, struct err *)
    CHECKED;
int trade_escrow(struct call *, const char *id, struct task *out,
    struct err *) CHECKED;

/*
 * The same, but only for a party, and the operator: E_not_task_party,
 * E_not_escrow_party.
 */
int trade_own_task(struct call *, const char *id, struct task *out,
    struct err *) CHECKED;
int trade_own_escrow(struct call *, const char *id, struct task *out,
    struct err *) CHECKED;

/* The escrow of a trade as an object, or null. */
void trade_escrow_write(struct buf *, const char *key, const struct task *);

/*
 * What has become of an escrow that is closed: its object, which stays open.
 * reason is why it was refunded; NULL: what is known of that.
 */
void trade_closed_write(struct buf *, const struct task *,
    const char *reason);

/* What the body orders; input is where its member is kept. */
void trade_order(struct call *, struct order *out, struct json *input);

/* Which of one's validators it asks for. */
void trade_validators(const struct call *, struct order *);

/* What a node holds of its unit, in a read as in a write. */
int trade_balance(struct call *, const struct node *, int64_t *minor,
    struct err *) CHECKED;

/* Its caps, and what is left below them, as an object: vmp 8.8. */
int trade_canary_write(struct call *, const struct node *, const char *key,
    struct err *) CHECKED;

/* Deliver, and write the reply; dispute, and write the reply. */
int trade_complete(struct call *, const struct act *, struct task *,
    bool escrow, struct err *) CHECKED;
int trade_dispute(struct call *, const char *id, struct task *, bool escrow,
    struct err *) CHECKED;

/*
 * The receipt of a trade for a party, by the id of the task or the escrow: for
 * before(), if what is stored will do, and for act() of a ROUTE_ALONE.
 */
int trade_paper_look(struct call *, const char *id, bool escrow,
    struct err *) CHECKED;
int trade_paper(struct call *, const char *id, bool escrow, struct err *)
    CHECKED;

#endif
