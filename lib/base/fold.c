#include <assert.h>
#include <stdint.h>

#include <unicase.h>

#include "base/buf.h"
#include "base/fold.h"
#include "base/utf8.h"

#define PART 256	/* bytes folded in one go, with no memory asked for */

/*
 * Without a language no character's folding depends on its neighbours, so
 * that a text can be folded in parts.
 */
static void
add_part(struct buf *out, const char *s, size_t n)
{
	uint8_t room[3 * PART + 8], *folded;
	size_t len = sizeof room;

	if (!n)
		return;
	folded = u8_casefold((const uint8_t *)s, n, NULL, NULL, room, &len);
	assert(folded == room);		/* no folding is longer in Unicode */
	buf_add(out, room, len);
}

/* ASCII, which is most of what is seen, is folded here: it is 50 times less. */
static size_t
add_ascii(struct buf *out, const char *s, size_t n)
{
	char room[PART];
	size_t i;

	for (i = 0; i < n && i < sizeof room; i++) {
		if ((unsigned char)s[i] >= 0x80)
			break;
		room[i] = s[i];
		if (s[i] >= 'A' && s[i] <= 'Z')
			room[i] = (char)(s[i] - 'A' + 'a');
	}
	buf_add(out, room, i);
	return i;
}

void
fold_add(struct buf *out, const char *s, size_t n)
{
	size_t i = 0, from, len;

	while (i < n) {
		i += add_ascii(out, s + i, n - i);
		from = i;
		while (i < n && (unsigned char)s[i] >= 0x80 &&
		    i - from < PART - 4) {
			len = utf8_len(s + i, n - i);
			if (!len)
				break;
			i += len;
		}
		add_part(out, s + from, i - from);
		if (i < n && !utf8_len(s + i, n - i))
			buf_addc(out, s[i++]);	/* is equal to itself only */
	}
}
