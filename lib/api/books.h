/*
 * books - are the books of this grid true, in the words of spec/vmp.md 4.3.
 */
#ifndef API_BOOKS_H
#define API_BOOKS_H

#include "api/api.h"

/*
 * Append the record of production, with that of the sandbox in it; sound as
 * settle_reconcile().  Inside of the call's snapshot.
 */
int books_write(struct call *, struct buf *, bool *sound, struct err *)
    CHECKED;

#endif
