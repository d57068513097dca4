/*
 * impl - what the files of the escrow share; nobody else includes it.
 */
#ifndef ESCROW_IMPL_H
#define ESCROW_IMPL_H

#include "crypto/hash.h"
#include "escrow/escrow.h"
#include "escrow/judged.h"

/* In whose name: of enum escrow_party; 0 is a stranger, all bits who may. */
unsigned escrow_party(const struct act *, const struct task *);

/* A step that was judged good; t becomes what it makes of it. */
int escrow_perform(struct ledger *, const struct act *,
    const struct escrow_step *, const struct params *, struct task *t,
    struct err *) CHECKED;

/* The leaves of an escrow: money.c. */
int escrow_post_lock(struct ledger *, const struct task *,
    const char *input_sha256, struct err *) CHECKED;
int escrow_post_event(struct ledger *, const struct task *,
    const struct act *, struct err *) CHECKED;
int escrow_post_close(struct ledger *, const struct task *,
    const struct act *, struct err *) CHECKED;
int escrow_post_checks(struct ledger *, const struct task *,
    const struct judged *, struct err *) CHECKED;

/*
 * A value as it came, which is then the caller's to free, and the hash of its
 * canonical form, which is what the log tells of it.
 */
int escrow_take_json(const struct json *, char **text, char sha256[HASH_HEX],
    struct err *) CHECKED;

/* The same for what is delivered, which may be nothing: then text is NULL. */
int escrow_take_output(const struct json *, char **text,
    char sha256[HASH_HEX], struct err *) CHECKED;

int escrow_judge_task(struct store *, const struct task *,
    const struct act *, const struct params *, struct judged *out,
    struct err *) CHECKED;

/* The rows of a trade: row.c.  was is the trade before. */
int escrow_add_rows(struct store *, const struct task *,
    const char *contract, struct err *) CHECKED;
int escrow_move_rows(struct store *, const struct task *was,
    const struct task *, struct err *) CHECKED;
int escrow_add_verdict(struct store *, const struct task *,
    const struct judged *, int64_t now_ms, struct err *) CHECKED;

/*
 * What an event means for the parties, beside the money that it moved: their
 * purses, what a banned one is credited, their counters.  The rows are
 * written; from is the escrow's state before.
 */
int escrow_follow(struct ledger *, enum escrow_event, enum escrow_state from,
    const struct task *, const struct params *, struct err *) CHECKED;

/* It has settled: count.c. */
int escrow_count_settled_in(struct ledger *, const struct task *,
    struct err *) CHECKED;

/*
 * Who wants to know of it is told: that a task was made, which was stored
 * before, and what has become of a trade.
 */
int escrow_tell_made(struct ledger *, const struct task *, struct err *)
    CHECKED;
int escrow_tell(struct ledger *, const struct act *, const struct task *,
    struct err *) CHECKED;

/* What is said of it: said.c. */
int escrow_say_rule(struct store *, const struct task *, const char *rule,
    const char *details, const char *action, int64_t now_ms, struct err *)
    CHECKED;
int escrow_say_unjudged(struct store *, const struct task *, int64_t now_ms,
    struct err *) CHECKED;
int escrow_say_dispute(struct store *, const struct task *, const char *id,
    const char *evidence, int64_t now_ms, struct err *) CHECKED;
int escrow_say_resolved(struct store *, const struct task *,
    const char *resolution, const char *by, const char *reasoning,
    struct err *) CHECKED;

#endif
