/*
 * word - bits as words that people can read aloud, type and compare.
 *
 * The list is word.def: a word stands for ten bits, and any ten bits for a
 * word, so that random bits make words without a bias.
 */
#ifndef WORD_H
#define WORD_H

#include <stddef.h>
#include <stdint.h>

#define WORD_COUNT 1024
#define WORD_BITS 10
#define WORD_LONGEST 6
#define WORD_BYTES(n) (((n) * WORD_BITS + 7) / 8)	/* bits for n words */
#define WORD_TEXT(n) ((n) * (WORD_LONGEST + 1))		/* room for n words */

/*
 * Write n words, a blank between two and a NUL at the end, into out, which
 * has WORD_TEXT(n) bytes; n > 0.  They are chosen by the WORD_BYTES(n) bytes
 * at bits, the highest bit of a byte being its first.  Of use for secrets:
 * nothing is copied elsewhere.
 */
void word_text(char *out, const uint8_t *bits, size_t n);

/* The number of a word, 0 to WORD_COUNT - 1, or -1 if it is not in the list. */
int word_number(const char *word);

#endif
