/*
 * impl - what the files of census share; nobody else includes it.
 */
#ifndef CENSUS_IMPL_H
#define CENSUS_IMPL_H

#include "ledger/read.h"

struct query;

int census_row(struct query *, int64_t *const *to, size_t n, struct err *)
    CHECKED;
void census_tck(struct buf *, const char *key, int64_t minor);
void census_tenths(struct buf *, const char *key, int64_t tenths);

#endif
