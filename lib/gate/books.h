/*
 * books - while they are known to be wrong, no money is locked.
 *
 * Whoever reconciles says so; the gate reads it (spec/vmp.md 4.3).
 */
#ifndef GATE_BOOKS_H
#define GATE_BOOKS_H

#include <stdint.h>

#include "base/err.h"

struct store;

/* Since when they are wrong; 0: they are not. */
int gate_books(struct store *, int64_t *since_ms, struct err *) CHECKED;
int gate_books_in(struct store *, int64_t since_ms, struct err *) CHECKED;

#endif
