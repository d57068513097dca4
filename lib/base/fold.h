/*
 * fold - text whose case does not matter, for comparing without it.
 *
 * Two texts are equal but for their case (Unicode, definition D144) if their
 * foldings are the same bytes.  Foldings are full: that of a sharp s is "ss".
 * No language is assumed and no locale looked at.  Not for showing to people.
 */
#ifndef FOLD_H
#define FOLD_H

#include <stddef.h>

struct buf;

/* Append the folding of n bytes of UTF-8, at most three times as long. */
void fold_add(struct buf *out, const char *s, size_t n);

#endif
