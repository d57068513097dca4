#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "base/enc.h"
#include "tlog/checkpoint.h"
#include "tlog/growth.h"

#define OLD "old "

void
growth_write(struct buf *out, const struct growth *g)
{
	size_t i;

	buf_addf(out, OLD "%" PRIu64 "\n", g->old);
	for (i = 0; i < g->proof.n; i++) {
		enc_base64(out, g->proof.h[i].b, HASH_BYTES);
		buf_addc(out, '\n');
	}
	buf_addc(out, '\n');
}

static bool
read_line(struct growth *g, bool first, const char *line, size_t n)
{
	size_t got;

	if (first)
		return n > strlen(OLD) && !memcmp(line, OLD, strlen(OLD)) &&
		    checkpoint_number(&g->old, line + strlen(OLD),
		    n - strlen(OLD));
	return g->proof.n < GROWTH_HASHES &&
	    enc_unbase64(g->proof.h[g->proof.n++].b, HASH_BYTES, &got, line,
	    n) && got == HASH_BYTES;
}

int
growth_read(struct growth *out, const char *text, size_t n, struct err *e)
{
	const char *line = text, *end = text + n, *feed;
	bool good = n <= GROWTH_MAX;

	*out = (struct growth){ 0 };
	for (; line < end && *line != '\n' && good; line = feed + 1) {
		feed = memchr(line, '\n', (size_t)(end - line));
		good = feed && read_line(out, line == text, line,
		    (size_t)(feed - line));
		if (!good)
			break;
	}
	return good && line > text ? 0 : err_set(e, E_bad_note,
	    "not a proof of growth");
}
