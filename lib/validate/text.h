/*
 * text - values of an output as text, which is what most validators look at.
 *
 * A string is itself; a number is its lexeme; arrays and objects are JSON
 * with ", " between items and ": " after keys, members in their order and
 * characters as they are, not as \u escapes (spec/vmp.md 6.3).  Characters
 * are code points, words are the longest runs without utf8_space().
 */
#ifndef TEXT_H
#define TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct json;

/* Append a value as JSON, also if it is a string. */
void text_json(struct buf *, const struct json *);

/*
 * The same cut to so many characters.  Of a long value little more is made
 * than is wanted.
 */
void text_cut(struct buf *, const struct json *, size_t characters);

size_t text_words(const char *s, size_t n);

/* How many code points are not white space, digits or ASCII punctuation. */
size_t text_letters(const char *s, size_t n);

/* Is there nothing but white space? */
bool text_blank(const char *s, size_t n);

#endif
