/* word: the list keeps its promises, bits and words are one to one. */
#include <stdlib.h>

#include "tap.h"

#include "base/word.h"

#define LINE 8

/* Word i, asked for through the bits that choose it. */
static const char *
word(int i)
{
	static char text[LINE][WORD_TEXT(1)];
	static int next;
	uint8_t bits[WORD_BYTES(1)] = { (uint8_t)(i >> 2),
	    (uint8_t)(i << 6) };
	char *out = text[next++ % LINE];

	word_text(out, bits, 1);
	return out;
}

/* One letter put in, left out, changed, or two neighbours swapped. */
static int
near(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	if (!*a || !*b)
		return strlen(a) + strlen(b) <= 1;
	return !strcmp(a + 1, b + 1) || !strcmp(a + 1, b) ||
	    !strcmp(a, b + 1) ||
	    (a[0] == b[1] && a[1] == b[0] && !strcmp(a + 2, b + 2));
}

static void
list(void)
{
	int i, j, bad = 0, alike = 0;
	size_t n;

	for (i = 0; i < WORD_COUNT; i++) {
		n = strlen(word(i));
		bad += n < 3 || n > WORD_LONGEST || word_number(word(i)) != i ||
		    strspn(word(i), "abcdefghijklmnopqrstuvwxyz") != n;
		for (j = 0; j < i; j++)
			alike += near(word(i), word(j)) ||
			    !strncmp(word(i), word(j), 4);
	}
	OK(bad == 0);
	OK(alike == 0);
	OK(near("boat", "goat") && near("boat", "bat") && near("boat", "obat"));
	OK(!near("boat", "goal"));
	OK(word_number("") == -1 && word_number("abbe") == -1);
	OK(word_number("abbey") == 0 && word_number("zoom") == 1023);
}

static void
bits(void)
{
	static const uint8_t none[WORD_BYTES(8)], some[] = { 0, 0x40, 0x20 };
	uint8_t all[WORD_BYTES(8)];
	char text[WORD_TEXT(8)];

	memset(all, 0xff, sizeof(all));
	OK(sizeof(all) == 10 && sizeof(text) == 56);
	word_text(text, none, 8);
	IS(text, "abbey abbey abbey abbey abbey abbey abbey abbey");
	word_text(text, all, 8);
	IS(text, "zoom zoom zoom zoom zoom zoom zoom zoom");
	word_text(text, some, 2);
	IS(text, "able absorb");
}

int
main(void)
{
	list();
	bits();
	return DONE();
}
