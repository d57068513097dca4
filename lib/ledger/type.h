/*
 * type - which entries there may be: the table types.def, and who may touch
 * the system's accounts.
 */
#ifndef TYPE_H
#define TYPE_H

#include <stdbool.h>

#include "ledger/leaf.h"

#define TYPE(word, who, from, to, legs, id, ref, unit) TYPE_##word,
enum type {
#include "ledger/types.def"
	TYPE__COUNT
};

/* Names that only a type whose flow names them may touch. */
bool type_reserved(const char *account);	/* MINT, VAULT, ESCROW... */

/* The row of a word: 1, or 0 if it is none. */
int type_named(const char *word, enum type *);
const char *type_word(enum type);

/* May bzn-ledger post it by hand? */
bool type_by_hand(enum type);

/* An event that moves an escrow on: only who owns the rule posts it. */
bool type_is_step(const char *event);

/* The same of what was signed elsewhere, and is checked before it is one. */
bool type_is_fact(const char *event);

/*
 * Does a well-formed transfer obey the row of its type?  E_bad_type,
 * E_reserved_account, E_flow_refused, E_bad_id, E_leg_count.
 */
int type_check(const struct entry *, struct err *) CHECKED;

/*
 * The id that the type gives an entry; false where the caller may choose.
 * node is the account whose hash some ids hold.
 */
bool type_id(enum type, const char *ref, const char *node, char out[LEAF_ID]);
bool type_id_of(enum type, const struct entry *, char out[LEAF_ID]);

#endif
