/*
 * make - the entries that domains post most, in one call each.
 */
#ifndef MAKE_H
#define MAKE_H

#include "ledger/ledger.h"
#include "ledger/type.h"

/*
 * A fact without money.  data is a canonical object whose free text is
 * hashed.  As ledger_post_in().
 */
int ledger_event_in(struct ledger *, const char *type, const char *id,
    const char *ref, const char *data, struct err *) CHECKED;

/*
 * One account pays another.  The id is the one that the type gives, for
 * types that do; data may be NULL.  As ledger_post_in().
 */
struct move {
	enum type type;
	const char *ref, *from, *to;
	struct amount amount;		/* > 0 */
	const char *data;
};

int ledger_move_in(struct ledger *, const struct move *, struct err *)
    CHECKED;

/*
 * What an escrow held to who has earned it, and the tax on it to VAULT: one
 * group, or one entry where there is no tax (spec/ledger.md 1.6 X4, X5).  The
 * move names the escrow's account, the payee and all that was held, and has
 * no data.  As ledger_post_in().
 */
int ledger_payout_in(struct ledger *, const struct move *, int64_t tax_bp,
    struct err *) CHECKED;

/*
 * An id that no other entry has, made of the place it takes in the log: for
 * what happens to a name again and again.  The prefix has at most 30 bytes.
 */
void ledger_next_id(struct ledger *, const char *prefix, const char *name,
    char out[LEAF_ID]);

/* An id of what happens to a name once: prefix and 32 digits of its hash. */
void ledger_name_id(const char *prefix, const char *name,
    char out[LEAF_ID]);

#endif
