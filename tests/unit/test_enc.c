/*
 * Bytes as text: the vectors of RFC 4648 10, every length and every bit
 * there and back, and what only looks like it.
 */
#include <stdlib.h>

#include "tap.h"

#include "base/buf.h"
#include "base/enc.h"

static struct buf out = BUF_INIT(4096);

static const char *
encoded(void enc(struct buf *, const void *, size_t), const void *p, size_t n)
{
	buf_reset(&out);
	enc(&out, p, n);
	return out.len ? out.data : "";
}

static void
rfc4648(void)
{
	static const char *const rows[][4] = {
		{ "", "", "", "" }, { "f", "Zg==", "Zg", "my" },
		{ "fo", "Zm8=", "Zm8", "mzxq" },
		{ "foo", "Zm9v", "Zm9v", "mzxw6" },
		{ "foob", "Zm9vYg==", "Zm9vYg", "mzxw6yq" },
		{ "fooba", "Zm9vYmE=", "Zm9vYmE", "mzxw6ytb" },
		{ "foobar", "Zm9vYmFy", "Zm9vYmFy", "mzxw6ytboi" },
	};
	size_t i, n;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		n = strlen(rows[i][0]);
		IS(encoded(enc_base64, rows[i][0], n), rows[i][1]);
		IS(encoded(enc_base64url, rows[i][0], n), rows[i][2]);
		IS(encoded(enc_base32, rows[i][0], n), rows[i][3]);
	}
	IS(encoded(enc_base64, "\xfb\xff", 2), "+/8=");
	IS(encoded(enc_base64url, "\xfb\xff", 2), "-_8");
}

/* Of draft-msporny-base58, and zeros in front. */
static void
base58(void)
{
	IS(encoded(enc_base58, "Hello World!", 12), "2NEpo7TZRRrLZSi2U");
	IS(encoded(enc_base58, "\0\0\x28\x7f\xb4\xcd", 6), "11233QC4");
	IS(encoded(enc_base58, "", 0), "");
	IS(encoded(enc_base58, "\0", 1), "1");
}

/* Of all texts that differ in one byte, only those that are forms decode. */
static void
back(void)
{
	unsigned char data[64], again[64];
	size_t n, i, got;
	int bad = 0, c;

	for (n = 0; n < 64; n++) {
		for (i = 0; i < n; i++)
			data[i] = (unsigned char)(i * 37 + n * 11);
		encoded(enc_base64, data, n);
		bad += !enc_unbase64(again, n, &got, out.data, out.len) ||
		    got != n || memcmp(data, again, n);
		bad += n && enc_unbase64(again, n - 1, &got, out.data,
		    out.len);
		encoded(enc_base64url, data, n);
		bad += !enc_unbase64url(again, n, &got, out.data, out.len) ||
		    got != n || memcmp(data, again, n);
	}
	OK(bad == 0);
	for (c = 0; c < 256; c++) {
		char one[] = "Zm9vYmF=", url[] = "Zm9vYmF";

		one[6] = url[6] = (char)c;
		if (enc_unbase64(again, 64, &got, one, 8) &&
		    strcmp(encoded(enc_base64, again, got), one))
			bad++;
		if (enc_unbase64url(again, 64, &got, url, 7) &&
		    strcmp(encoded(enc_base64url, again, got), url))
			bad++;
	}
	OK(bad == 0);
}

static void
strict(void)
{
	static const char *const bad[] = {
		"=", "==", "Zg", "Zg=", "Zg===", "Zg==Zg==", "Zh==", "Zm9=",
		"Zg==\n", " Zg==", "Z===", "Zm9vYg==Zg==", "Zm9v\r\n", "====",
		"Zm-_", "Zm9v=",
	};
	unsigned char out_of[64];
	size_t i, n;

	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		OK(!enc_unbase64(out_of, 64, &n, bad[i], strlen(bad[i])));
	OK(!enc_unbase64(out_of, 64, &n, "Zm9\0", 4));
	OK(!enc_unbase64url(out_of, 64, &n, "Z", 1));
	OK(!enc_unbase64url(out_of, 64, &n, "Zg==", 4));
	OK(!enc_unbase64url(out_of, 64, &n, "Zh", 2));
	OK(!enc_unbase64url(out_of, 64, &n, "Zm+/", 4));
}

int
main(void)
{
	rfc4648();
	base58();
	back();
	strict();
	buf_release(&out);
	return DONE();
}
