/*
 * PNG (ISO/IEC 15948) as simple as it may be: one bit a pixel, black and
 * white, in deflate blocks that are stored.  Eight pixels a module, so that a
 * module is one byte of a row.
 */
#include <stdint.h>

#include "base/buf.h"
#include "card/qr.h"

#define SCALE 8
#define BLOCK 65535			/* most bytes of a stored block */

static void
add_u32(struct buf *b, uint32_t n)
{
	buf_addc(b, (char)(n >> 24));
	buf_addc(b, (char)(n >> 16));
	buf_addc(b, (char)(n >> 8));
	buf_addc(b, (char)n);
}

static uint32_t
crc32(const char *data, size_t n)
{
	uint32_t crc = UINT32_MAX;
	int i;

	while (n--) {
		crc ^= (unsigned char)*data++;
		for (i = 0; i < 8; i++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc;
}

static uint32_t
adler32(const char *data, size_t n)
{
	uint32_t a = 1, b = 0;

	while (n--) {
		a = (a + (unsigned char)*data++) % 65521;
		b = (b + a) % 65521;
	}
	return b << 16 | a;
}

static void
add_chunk(struct buf *out, const char type[4], const char *data, size_t n)
{
	size_t start;

	add_u32(out, (uint32_t)n);
	start = out->len;
	buf_add(out, type, 4);
	buf_add(out, data, n);
	if (!out->full)
		add_u32(out, crc32(out->data + start, out->len - start));
}

/* A zlib stream (RFC 1950, 1951). */
static void
store(struct buf *out, const struct buf *raw)
{
	size_t at, n;

	buf_add(out, "\x78\x01", 2);
	for (at = 0; at < raw->len; at += n) {
		n = raw->len - at < BLOCK ? raw->len - at : BLOCK;
		buf_addc(out, at + n == raw->len);
		buf_addc(out, (char)n);
		buf_addc(out, (char)(n >> 8));
		buf_addc(out, (char)~n);
		buf_addc(out, (char)(~n >> 8));
		buf_add(out, raw->data + at, n);
	}
	add_u32(out, adler32(raw->data, raw->len));
}

void
qr_png(struct buf *out, const struct qr *q)
{
	struct buf raw = BUF_INIT(QR_PICTURE_MAX);
	struct buf head = BUF_INIT(16), data = BUF_INIT(QR_PICTURE_MAX);
	int end = q->width + QR_QUIET, x, y, i;

	for (y = -QR_QUIET; y < end; y++)
		for (i = 0; i < SCALE; i++) {
			buf_addc(&raw, 0);		/* no filter */
			for (x = -QR_QUIET; x < end; x++)
				buf_addc(&raw, qr_dark(q, x, y) ? 0 : '\xff');
		}
	store(&data, &raw);
	add_u32(&head, (uint32_t)(SCALE * (q->width + 2 * QR_QUIET)));
	add_u32(&head, (uint32_t)(SCALE * (q->width + 2 * QR_QUIET)));
	buf_add(&head, "\1\0\0\0\0", 5);	/* 1 bit, greyscale */
	buf_add(out, "\x89PNG\r\n\x1a\n", 8);
	add_chunk(out, "IHDR", head.data, head.len);
	add_chunk(out, "IDAT", data.data, data.len);
	add_chunk(out, "IEND", "", 0);
	buf_release(&raw);
	buf_release(&head);
	buf_release(&data);
}
