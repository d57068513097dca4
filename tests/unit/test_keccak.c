/* Keccak-256 against the known answers of its authors. */
#include "tap.h"

#include <stdlib.h>

#include "vectors.h"

#include "base/enc.h"
#include "crypto/keccak.h"

#define MESSAGE 256		/* bytes of the longest: 255 */

static const char *
hex(const void *data, size_t n)
{
	static char out[HASH_HEX];
	struct hash h;

	keccak(&h, data, n);
	hash_hex(out, &h);
	return out;
}

/* Lines "Len = bits", "Msg = hex", "MD = hex". */
static void
known_answers(void)
{
	static uint8_t message[MESSAGE], digest[HASH_BYTES];
	struct buf list = BUF_INIT(1024 * 1024);
	size_t len = 0, count = 0, right = 0;
	char *line, *rest;
	struct hash h;

	if (vector_read(&list, "keccak256/ShortMsgKAT_256.txt")) {
		SKIP(256, "known answers of Keccak-256");
		return;
	}
	for (line = strtok_r(list.data, "\r\n", &rest); line;
	    line = strtok_r(NULL, "\r\n", &rest)) {
		if (!strncmp(line, "Len = ", 6)) {
			len = strtoul(line + 6, NULL, 10) / 8;
		} else if (!strncmp(line, "Msg = ", 6)) {
			if (len && !enc_unhex(message, line + 6, len))
				break;
		} else if (!strncmp(line, "MD = ", 5)) {
			if (!enc_unhex(digest, line + 5, HASH_BYTES))
				break;
			keccak(&h, message, len);
			right += !memcmp(h.b, digest, HASH_BYTES);
			count++;
		}
	}
	printf("# keccak-256: %zu of %zu\n", right, count);
	OK(count == 256 && right == 256);
	buf_release(&list);
}

int
main(void)
{
	IS(hex("", 0), "c5d2460186f7233c927e7db2dcc703c0"
	    "e500b653ca82273b7bfad8045d85a470");
	IS(hex("abc", 3), "4e03657aea45a94fc7d47ba826c8d667"
	    "c0d1e6e33a64a036ec44f58fa12d6c45");
	/* Not SHA3-256, which pads in another way. */
	OK(strcmp(hex("", 0), "a7ffc6f8bf1ed76651c14756a061d662"
	    "f580ff4de43b49fa82d80a4b80f8434a"));
	known_answers();
	return DONE();
}
