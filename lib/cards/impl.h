/* impl - what the verbs share; for lib/cards only. */
#ifndef CARDS_IMPL_H
#define CARDS_IMPL_H

#include "card/doc.h"
#include "cards/cards.h"
#include "cli/texts.h"

#define CARDS_RECORD (1 << 19)		/* bytes of a record */
#define CARDS_SCHEME "bzn:"

/*
 * From here on only the home can be read and written, and with files also the
 * operands be read.  The store has to be open, if it is needed; without one
 * the home cannot be written.
 */
int cards_shut_in(struct cli *, const struct cards *, bool files,
    struct err *) CHECKED;

/* The store, to be read, if the home has one. */
int cards_open_peers(struct cli *, struct err *) CHECKED;

/* The store for a verb whose operands are peers: E_node_missing without. */
int cards_need_peers(struct cli *, struct err *) CHECKED;

/* A document, which with --uri has to be a URI. */
int cards_read(struct doc *, const struct cards *, const struct text *,
    struct err *) CHECKED;

/* Print the operands, which are peers. */
int cards_show_peers(struct cli *, const struct cards *, struct err *)
    CHECKED;

/* Print peers as lines of a trust file. */
int cards_trust(struct cli *, const struct cards *, struct err *) CHECKED;

#endif
