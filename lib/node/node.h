/*
 * node - who trades on this grid: registration, and the registry.
 *
 * A node proves that it can compute: it is asked for half the sum of the
 * primes among some numbers, within challenge_ttl, and challenge_tries wrong
 * answers end the challenge (spec/vmp.md 2.1).  The right one makes the node,
 * logs node.registered and credits initial_node_balance from MINT, in one
 * transaction.  The entry says all that scores need: the realm, whether the
 * node came early, and when it was made, if that is not log time.
 * Units: _ms since 1970 UTC.
 */
#ifndef NODE_H
#define NODE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/id.h"
#include "base/param.h"

struct buf;
struct json;
struct ledger;
struct store;
struct unit;

#define NODE_ID 101		/* 3 to 100 characters and NUL */
#define NODE_REALM 16
#define NODE_ALIAS 401		/* 100 characters */
#define NODE_TOKEN 26		/* "ea_", 22 of base64url, and NUL */
#define NODE_NUMBERS 14		/* most in a challenge */

struct node {
	char id[NODE_ID];
	char realm[NODE_REALM];		/* "production" or "sandbox" */
	char alias[NODE_ALIAS];		/* of a sandbox node, or "" */
	bool active;			/* neither banned nor expired */
	bool early;			/* with a signup token */
	int64_t made_ms, strikes;
	int64_t banned_ms;		/* 0: never */
	int64_t expires_ms;		/* of a sandbox node, else 0 */
	int64_t expired_ms, burnt_ms;	/* 0: not yet */
	int64_t per_task_minor, per_day_minor;	/* caps; 0: none */
	int64_t exposure_pct;		/* -1: canary_exposure_pct */
};

bool node_in_sandbox(const struct node *);	/* else in production */

/*
 * May this be credited that unit?  E_realm for a node of the other realm; an
 * account that is no node's may.
 */
int node_takes(struct store *, const char *id, const struct unit *,
    struct err *) CHECKED;

/* What all money of a node is in: TCK, or SBX of one in the sandbox. */
const struct unit *node_unit(const struct node *);

/*
 * May it act?  A sandbox node may until it expires, whenever the sweep that
 * expires it comes.
 */
bool node_acts(const struct node *, int64_t now_ms);

/* "active", "banned", "expired", "inactive" */
const char *node_state(const struct node *, int64_t now_ms);

struct node_challenge {
	char id[ID_TEXT];
	char node_id[NODE_ID];
	int number[NODE_NUMBERS], n;
	int64_t made_ms, expires_ms, tries;
	char signup[NODE_TOKEN];	/* the token given, or "" */
};

struct node_answer {
	const char *node_id, *solution;	/* "40.0" */
	const char *challenge_id;	/* or NULL: the one that is pending */
	const char *signup_token;	/* or NULL: as the challenge has it */
};

/*
 * 3 to 100 of [a-zA-Z0-9_-], else E_bad_id; not one of the names that the
 * system keeps for itself, in any case of letters: E_reserved_id.
 */
int node_check_id(const char *, struct err *) CHECKED;

/*
 * The same of a name that the operator gives: 1 to 100 characters, and some
 * that are kept for this.
 */
int node_check_given(const char *, struct err *) CHECKED;

/*
 * Has it the form of a key's id, in any case of letters?  Who signs is found
 * by such a name, so it is for who has the key.
 */
bool node_names_key(const char *);

/* Ask; what was asked before is forgotten.  E_node_exists. */
int node_challenge_in(struct ledger *, const char *node_id,
    const struct params *, struct chance *, struct node_challenge *out,
    struct err *) CHECKED;

/*
 * Remember with it whose signup this is, to be linked by the right answer.
 * E_signup_unknown, E_signup_linked.
 */
int node_challenge_signup_in(struct ledger *, struct node_challenge *,
    const char *token, struct err *) CHECKED;

/* Half the sum of the primes, in halves: 40.0 is 80. */
int64_t node_challenge_answer(const int *number, int n);

/*
 * Judge an answer.  0 with out filled in, or 0 with *but set to
 * E_challenge_wrong or E_challenge_expired: what is then written must be
 * committed all the same, so that the try counts.  -1 with E_node_exists,
 * E_no_challenge, E_bad_amount if the solution is no decimal number,
 * E_signup_unknown and E_signup_linked where the answer is right.
 */
int node_register_in(struct ledger *, const struct node_answer *,
    const struct params *, struct node *out, struct err *but, struct err *)
    CHECKED;

/* E_node_missing. */
int node_get(struct store *, const char *id, struct node *out, struct err *)
    CHECKED;

/* All, by id: begin with out->id "", then 1 a node, 0 after the last. */
int node_next(struct store *, struct node *out, struct err *) CHECKED;

/* Records; the object stays open for what the caller has to add. */
void node_write(struct buf *, const struct node *, int64_t now_ms);
void node_challenge_write(struct buf *, const struct node_challenge *,
    const struct params *);
int node_answer_read(struct node_answer *out, const struct json *,
    struct err *) CHECKED;

#endif
