/*
 * said - what validators, rules and parties have said of a trade.
 *
 * Verdict rows, one for each validator that a delivery was judged by; the
 * rule log, which is only added to; and disputes, one an escrow at most
 * (spec/vmp.md 6.9).  Readers give rows whose texts are borrowed until the
 * next step of the query: 1, 0 after the last, -1.
 */
#ifndef ESCROW_SAID_H
#define ESCROW_SAID_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "store/store.h"

struct buf;
struct task;

struct escrow_check {
	int64_t index, made_ms;
	const char *validator_id, *source, *type, *result;
	const char *details;		/* a JSON object, or NULL */
};

void escrow_checks_open(struct query *, struct store *, const char *task_id);
int escrow_checks_next(struct query *, struct escrow_check *, struct err *)
    CHECKED;

struct escrow_rule {
	int64_t id, made_ms;
	const char *task_id, *escrow_id;	/* or NULL */
	const char *rule, *action;
	const char *details;		/* a JSON object, or NULL */
	const char *escrow_status;	/* of a list; or NULL */
};

/* Of one trade, the oldest first. */
void escrow_rules_open(struct query *, struct store *, const struct task *);
int escrow_rules_next(struct query *, struct escrow_rule *, struct err *)
    CHECKED;

/* Of all, the newest first; NULL and 0 ask for everything. */
struct escrow_rule_filter {
	const char *rule, *action, *escrow_status;
	int64_t limit, offset;
};
void escrow_rules_list(struct query *, struct store *,
    const struct escrow_rule_filter *);

/* How many there are, whatever limit and offset say. */
int escrow_rules_total(struct store *, const struct escrow_rule_filter *,
    int64_t *out, struct err *) CHECKED;

struct escrow_dispute {
	const char *id, *escrow_id, *escrow_status;
	const char *task_id;		/* or NULL */
	const char *reason;
	const char *evidence;		/* a JSON object, or NULL */
	const char *resolution, *resolved_by, *reasoning;	/* or NULL */
	int64_t made_ms, resolved_ms;	/* 0: open */
};

/* By its own id, or that of the escrow: one row at most. */
void escrow_dispute_open(struct query *, struct store *, const char *id);
enum escrow_disputes { DISPUTES_ALL, DISPUTES_OPEN, DISPUTES_RESOLVED };
void escrow_disputes_open(struct query *, struct store *,
    enum escrow_disputes, int64_t limit, int64_t offset);
int escrow_disputes_next(struct query *, struct escrow_dispute *,
    struct err *) CHECKED;

/* Records, whole. */
void escrow_check_write(struct buf *, const struct escrow_check *);
void escrow_rule_write(struct buf *, const struct escrow_rule *);
void escrow_dispute_write(struct buf *, const struct escrow_dispute *);

/*
 * The member "rules" of the answer to a delivery: the verdict, PASS or the
 * rule, and its details or null (spec/vmp.md 2.4).
 */
int escrow_rules_write(struct buf *, struct store *, const struct task *,
    struct err *) CHECKED;

/*
 * Of the answer to a dispute: dispute_id, and with evidence, an object or
 * NULL, that it is attached, and what a verifier says there, in a line.
 */
struct json;
int escrow_disputed_write(struct buf *, struct store *, const struct task *,
    const struct json *evidence, struct err *) CHECKED;

#endif
