/*
 * impl - what the files of the registry share; nobody else includes it.
 */
#ifndef NODE_IMPL_H
#define NODE_IMPL_H

#include "node/node.h"

/* How many characters of an id it begins with. */
size_t node_id_span(const char *);

/* E_reserved_id, unless it is a name that the operator may give, and does. */
int node_check_name(const char *id, bool operators, struct err *) CHECKED;

/* A new row, and its node.registered; E_node_exists. */
int node_enter_in(struct ledger *, const struct node *, struct err *)
    CHECKED;

/* REGISTRATION_CREDIT; nothing for 0. */
int node_credit_in(struct ledger *, const struct node *, int64_t minor,
    struct err *) CHECKED;

/* A statement about one node that changes its row: E_store_corrupt if not. */
int node_change(struct query *, struct err *) CHECKED;

/* Plain text of at most so many characters, or NULL: E_bad_label. */
int node_check_text(const char *what, const char *text, size_t most,
    struct err *) CHECKED;

#endif
