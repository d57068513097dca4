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

void id_new(char out[ID_TEXT], int64_t now_ms, struct chance *);

#endif
