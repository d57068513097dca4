#include <stdint.h>
#include <stdlib.h>

#include <uninorm.h>
#include <unistr.h>

#include "base/buf.h"
#include "base/nfc.h"

/* What is below U+0300 is as it should be: nothing there combines. */
static bool
is_plain(const char *s, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if ((unsigned char)s[i] >= 0xcc)
			return false;
	return true;
}

bool
nfc_add(struct buf *out, const char *s, size_t n)
{
	uint8_t *formed;
	size_t len = 0;

	if (u8_check((const uint8_t *)s, n))
		return false;
	if (is_plain(s, n)) {
		buf_add(out, s, n);
		return true;
	}
	formed = u8_normalize(UNINORM_NFC, (const uint8_t *)s, n, NULL, &len);
	if (!formed) {		/* no memory: as if there were no room */
		out->full = true;
		return true;
	}
	buf_add(out, formed, len);
	free(formed);
	return true;
}
