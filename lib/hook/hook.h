/*
 * hook - what nodes want to be told of, and the outbox of what is to be told.
 *
 * A webhook is a node's own: an URL, the events it asks for, and a secret
 * that signs what is sent there.  A callback is of one trade, all of whose
 * events go to it, signed as a request of this node.  What happens is written
 * down for each of them in the transaction that makes it happen, as the very
 * bytes that are to be sent; who sends them, and how often it is tried, is
 * another's (spec/vmp.md 7, spec/protocols.md 2.7).
 *
 * A name is resolved before the transaction, never in it: hook_target_read(),
 * then its addresses, then hook_add_in().  The secret is sealed with a key
 * that is not in the store.  Units: _ms since 1970 UTC.
 */
#ifndef HOOK_H
#define HOOK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/id.h"
#include "base/param.h"
#include "crypto/secret.h"
#include "hook/target.h"
#include "node/node.h"
#include "store/store.h"

struct buf;
struct json;
struct ledger;

/* In the order in which they happen; rows have them by number. */
enum hook_event {
	HOOK_TASK_CREATED,
	HOOK_SKILL_PURCHASED,
	HOOK_TASK_COMPLETED,
	HOOK_ESCROW_DISPUTED,
	HOOK_ESCROW_SETTLED,
	HOOK_ESCROW_REFUNDED,
	HOOK_BOUNTY_SUBMISSION_WON,
	HOOK__EVENTS
};

#define HOOK_OF(event) (1u << (event))

const char *hook_event_word(enum hook_event);	/* "task.created" */

/*
 * What has happened to one thing, named by ref: an escrow, a shadow task or a
 * bounty, to which each event happens once at most.  All borrowed.
 */
struct hook_news {
	unsigned events;		/* of HOOK_OF() */
	const char *ref;
	const char *to[2];		/* nodes that are told; or NULL */
	void (*write)(struct buf *, enum hook_event, const void *about);
	const void *about;		/* write adds the members of data */
};

/*
 * Write it down for each webhook of these nodes that asks for it, and for the
 * callback of ref.  Nothing is written, and write is not called, if there are
 * none; what was told before is not told again.
 */
int hook_tell_in(struct store *, const struct hook_news *, int64_t now_ms,
    struct err *) CHECKED;

/* What a node subscribes; all borrowed. */
struct hook_wanted {
	const char *node_id;
	const struct hook_target *target;	/* that was judged good */
	unsigned events;
	const struct params *params;
};

/*
 * An array of words.  E_webhook_events, with those that there are, for others
 * and for none at all.
 */
int hook_events_read(unsigned *out, const struct json *, struct err *)
    CHECKED;

struct hook {
	char id[ID_TEXT];
	char node_id[NODE_ID];
	char url[HOOK_URL];
	unsigned events;
	int64_t made_ms;
};

/* The key that secrets are sealed with; secret_release(). */
void hook_key(struct secret *out, const struct secret *pepper);

/*
 * Subscribe.  E_webhook_limit past webhooks_per_node, then what
 * gate_parties_in() says of the node; warning is of a gate that is soft.  The
 * secret, text with a NUL behind it that is not counted, is shown this once:
 * secret_release().
 */
struct hook_made {
	struct hook hook;
	struct secret secret;
	char warning[200];
};

int hook_add_in(struct ledger *, const struct hook_wanted *,
    const struct secret *key, struct chance *, struct hook_made *out,
    struct err *) CHECKED;

/* Tell all that happens to ref to an URL, in the name of a node. */
int hook_callback_in(struct ledger *, const char *node_id, const char *ref,
    const struct hook_target *, struct chance *, struct err *) CHECKED;

/* Close one of a node, or for NULL of any.  E_webhook_missing. */
int hook_remove_in(struct ledger *, const char *id, const char *node_id,
    struct err *) CHECKED;

/* Those of a node that are open, oldest first: 1, 0 after the last, -1. */
void hook_list_open(struct query *, struct store *, const char *node_id);
int hook_list_next(struct query *, struct hook *out, struct err *) CHECKED;

/* One of a node, or for NULL of any, closed or not.  E_webhook_missing. */
int hook_get(struct store *, const char *id, const char *node_id,
    struct hook *out, struct err *) CHECKED;

/*
 * The secret of one, for whoever signs with it; secret_release().
 * E_webhook_missing, also for a callback; E_bad_seal.
 */
int hook_secret(struct store *, const char *id, const struct secret *key,
    struct secret *out, struct err *) CHECKED;

/* What was sent to one, or will be: the newest first. */
struct hook_filter {
	const char *hook_id;
	const char *state;		/* a word; NULL: any */
	int64_t limit, offset;
};

struct hook_delivery {
	char id[ID_TEXT];
	const char *event, *state;	/* until the next */
	const char *error;		/* the same, or NULL */
	int64_t attempts;
	int64_t code;			/* of the last answer; 0: none */
	int64_t made_ms;
};

int hook_deliveries_count(struct store *, const struct hook_filter *,
    int64_t *out, struct err *) CHECKED;
void hook_deliveries_open(struct query *, struct store *,
    const struct hook_filter *);

/* What was told of ref to those of a node: 20 at most, the oldest first. */
void hook_told_open(struct query *, struct store *, const char *ref,
    const char *node_id);

int hook_delivery_next(struct query *, struct hook_delivery *out,
    struct err *) CHECKED;

/* How many wait, and how many were given up. */
struct hook_stats { int64_t pending, exhausted; };
int hook_stats(struct store *, struct hook_stats *out, struct err *) CHECKED;

/*
 * Records; the objects are closed.  That of one that was made has the secret
 * in it, and is a secret itself; or null in its place, for those who ask once
 * more.
 */
void hook_write(struct buf *, const struct hook *);
void hook_made_write(struct secret *out, const struct hook_made *,
    bool shown);
void hook_delivery_write(struct buf *, const struct hook_delivery *);

#endif
