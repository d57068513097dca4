#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "base/enc.h"
#include "tlog/checkpoint.h"

#define LINES 3

void
checkpoint_write(struct buf *out, const struct checkpoint *c)
{
	buf_addf(out, "%s\n%" PRIu64 "\n", c->origin, c->size);
	enc_base64(out, c->root.b, HASH_BYTES);
	buf_addc(out, '\n');
}

bool
checkpoint_number(uint64_t *out, const char *s, size_t n)
{
	uint64_t digit;

	if (!n || (n > 1 && *s == '0'))
		return false;
	for (*out = 0; n--; s++) {
		digit = (uint64_t)(unsigned char)*s - '0';
		if (digit > 9 || __builtin_mul_overflow(*out, 10, out) ||
		    __builtin_add_overflow(*out, digit, out))
			return false;
	}
	return true;
}

int
checkpoint_read(struct checkpoint *out, const char *text, size_t n,
    struct err *e)
{
	const char *line = text, *end = text + n, *next;
	size_t len, root_n;
	int i, rc = 0;

	*out = (struct checkpoint){ .size = 0 };
	for (i = 0; line < end && !rc; i++, line = next + 1) {
		next = memchr(line, '\n', (size_t)(end - line));
		if (!next)
			break;
		len = (size_t)(next - line);
		if (i == 0 && len && len < sizeof(out->origin))
			memcpy(out->origin, line, len);
		else if (i == 1)
			rc = checkpoint_number(&out->size, line, len) ?
			    0 : -1;
		else if (i == 2)
			rc = enc_unbase64(out->root.b, HASH_BYTES, &root_n,
			    line, len) && root_n == HASH_BYTES ? 0 : -1;
		else
			rc = i && len ? 0 : -1;
	}
	return rc || i < LINES || line < end ? err_set(e, E_bad_note,
	    "not the text of a checkpoint") : 0;
}
