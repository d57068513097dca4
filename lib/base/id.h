/*
 * id - names made by us: UUIDs of version 7 (RFC 9562), as text.
 *
 * They begin with the millisecond and are strictly increasing for one struct
 * chance, because random ids cost a third of the write speed (DESIGN 4).
 */
#ifndef ID_H
#define ID_H

#include <stdint.h>

#include "base/chance.h"

#define ID_TEXT 37
#define ID_RANDOM 8

void id_new(char out[ID_TEXT], int64_t now_ms, struct chance *);

/*
 * Of what is unique already: a count below 4,096 within the moment, and 62
 * bits, as of a hash, in place of chance.  Equal parts make equal ids.
 */
void id_from(char out[ID_TEXT], int64_t ms, unsigned count,
    const unsigned char random[ID_RANDOM]);

/* Any UUID as text. */
void id_text(char out[ID_TEXT], const unsigned char from[16]);

#endif
