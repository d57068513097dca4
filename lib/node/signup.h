/*
 * signup - early access: who asked to be told, before there is a node.
 *
 * A signup gives a token, which a registration may name once: then node and
 * person are linked, and the node may earn a Genesis badge.  Letters of
 * people are kept in the store only: in no log, no report, no message.
 */
#ifndef NODE_SIGNUP_H
#define NODE_SIGNUP_H

#include "node/node.h"

#define SIGNUP_EMAIL 255	/* bytes of an address, and NUL */

struct signup {
	const char *email;			/* borrowed, all of them */
	const char *node_name, *agent_type, *capability, *why;	/* or NULL */
};

/* In small letters.  E_bad_email, which never says what was given. */
int signup_email(const char *text, char out[SIGNUP_EMAIL], struct err *)
    CHECKED;

/* E_bad_email, E_bad_label.  One address may sign up more than once. */
int signup_in(struct ledger *, const struct signup *, struct chance *,
    char token[NODE_TOKEN], struct err *) CHECKED;

/* May a node still be linked?  E_signup_unknown, E_signup_linked. */
int signup_check(struct store *, const char *token, struct err *) CHECKED;

/* Link it.  The same errors. */
int signup_link_in(struct ledger *, const char *token, const char *node_id,
    struct err *) CHECKED;

int signup_read(struct signup *out, const struct json *, struct err *)
    CHECKED;

/* A node did something for the first time; again is nothing. */
int node_funnel_in(struct ledger *, const struct node *, const char *type,
    struct err *) CHECKED;

#endif
