/*
 * QR codes: the versions of spec/node.md 3.3, and the three pictures, of
 * which zbarimg(1) says in tests/bzn-card.bats whether they can be read.
 */
#include <stdlib.h>

#include "tap.h"

#include "base/buf.h"
#include "card/qr.h"

/* The version that n bytes need, or 0. */
static int
version(size_t n)
{
	char *text = calloc(1, n + 1);
	struct err e = { 0 };
	struct qr q = { 0 };
	int v = 0;

	if (text && !qr_make(&q, text, n, &e))
		v = (q.width - 17) / 4;
	else
		OK(e.code == E_too_long);
	qr_release(&q);
	free(text);
	return v;
}

static void
versions(void)
{
	OK(version(1) == 1);
	OK(version(183) == 10 && version(213) == 10);
	OK(version(214) == 11 && version(251) == 11);
	OK(version(252) == 12);
	OK(version(300) == 13 && version(600) == 19 && version(1000) == 26);
	OK(version(2331) == 40);
	OK(version(2332) == 0 && version(0) == 0);
}

static size_t
count(const char *text, const char *what)
{
	size_t n = 0;

	while ((text = strstr(text, what))) {
		text += strlen(what);
		n++;
	}
	return n;
}

static void
pictures(void)
{
	struct buf out = BUF_INIT(QR_PICTURE_MAX);
	struct err e = { 0 };
	struct qr q;
	int x, y, dark = 0;

	OK(!qr_make(&q, "hello", 5, &e) && q.width == 21);
	for (y = -QR_QUIET; y < q.width + QR_QUIET; y++)
		for (x = -QR_QUIET; x < q.width + QR_QUIET; x++)
			dark += qr_dark(&q, x, y);
	OK(dark > 150 && dark < 300);
	OK(qr_dark(&q, 0, 0) && qr_dark(&q, 20, 0) && qr_dark(&q, 0, 20));
	OK(!qr_dark(&q, -1, 0) && !qr_dark(&q, 0, 21) && !qr_dark(&q, 1, 1));
	qr_text(&out, &q);
	OK(count(out.data, "\n") == 15 && count(out.data, "\033[0m") == 15);
	buf_reset(&out);
	qr_svg(&out, &q);
	OK(!strncmp(out.data, "<svg ", 5) &&
	    strstr(out.data, "viewBox=\"0 0 29 29\""));
	OK(count(out.data, "M") == count(out.data, "z"));
	buf_reset(&out);
	qr_png(&out, &q);
	OK(!memcmp(out.data, "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\xe8\0\0\0"
	    "\xe8\1\0\0\0\0", 29));
	OK(!memcmp(out.data + out.len - 12, "\0\0\0\0IEND\xae\x42\x60\x82",
	    12));
	/* 232 rows of 30 bytes, a block head, and zlib's 6. */
	OK(out.len == 8 + 25 + 12 + 232 * 30 + 5 + 6 + 12);
	qr_release(&q);
	buf_release(&out);
}

int
main(void)
{
	versions();
	pictures();
	return DONE();
}
