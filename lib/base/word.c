#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/word.h"

#define WORD(text) #text,
static const char words[][WORD_LONGEST + 1] = {
#include "base/word.def"
};
static_assert(sizeof(words) / sizeof(*words) == WORD_COUNT,
    "a word stands for ten bits");

static unsigned
bit(const uint8_t *bits, size_t i)
{
	return bits[i / 8] >> (7 - i % 8) & 1;
}

void
word_text(char *out, const uint8_t *bits, size_t n)
{
	unsigned number;
	size_t i, j, len;

	assert(n > 0);
	for (i = 0; i < n; i++) {
		for (number = 0, j = 0; j < WORD_BITS; j++)
			number = number << 1 | bit(bits, i * WORD_BITS + j);
		len = strlen(words[number]);
		memcpy(out, words[number], len);
		out += len;
		*out++ = ' ';
	}
	out[-1] = '\0';
}

static int
compare(const void *word, const void *row)
{
	return strcmp(word, row);
}

int
word_number(const char *word)
{
	const char (*row)[WORD_LONGEST + 1] = bsearch(word, words, WORD_COUNT,
	    sizeof(*words), compare);

	return row ? (int)(row - words) : -1;
}
