#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <qrencode.h>

#include "base/buf.h"
#include "base/mem.h"
#include "card/qr.h"

#define BYTES_MOST 2331			/* of version 40 at level M */

int
qr_make(struct qr *out, const void *data, size_t n, struct err *e)
{
	size_t i, all;
	QRcode *code;

	if (!n || n > BYTES_MOST)
		return err_set(e, E_too_long, "%zu bytes do not fit into a QR "
		    "code", n);
	code = QRcode_encodeData((int)n, data, 0, QR_ECLEVEL_M);
	if (!code)
		return err_sys(e, "cannot make a QR code");
	all = (size_t)code->width * (size_t)code->width;
	out->width = code->width;
	out->dark = mem_grow(NULL, all, 1);
	for (i = 0; i < all; i++)	/* the other bits tell what it is for */
		out->dark[i] = code->data[i] & 1;
	QRcode_free(code);
	return 0;
}

void
qr_release(struct qr *q)
{
	free(q->dark);
	*q = (struct qr){ 0 };
}

int
qr_dark(const struct qr *q, int x, int y)
{
	return x >= 0 && y >= 0 && x < q->width && y < q->width &&
	    q->dark[y * q->width + x];
}

void
qr_text(struct buf *out, const struct qr *q)
{
	static const char *const block[] = {
		" ", "\xe2\x96\x80", "\xe2\x96\x84", "\xe2\x96\x88",
	};
	int x, y, end = q->width + QR_QUIET;

	for (y = -QR_QUIET; y < end; y += 2) {
		buf_adds(out, "\033[38;5;16;48;5;231m");
		for (x = -QR_QUIET; x < end; x++)
			buf_adds(out, block[qr_dark(q, x, y) |
			    qr_dark(q, x, y + 1) << 1]);
		buf_adds(out, "\033[0m\n");
	}
}

/* One path of horizontal strokes, each a run of dark modules. */
void
qr_svg(struct buf *out, const struct qr *q)
{
	int x, y, run, side = q->width + 2 * QR_QUIET;

	buf_addf(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" "
	    "width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" "
	    "shape-rendering=\"crispEdges\">\n", 8 * side, 8 * side, side,
	    side);
	buf_addf(out, "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n"
	    "<path fill=\"#000\" d=\"", side, side);
	for (y = 0; y < q->width; y++)
		for (x = 0; x < q->width; x += run + !run) {
			for (run = 0; qr_dark(q, x + run, y); run++)
				;
			if (run)
				buf_addf(out, "M%d %dh%dv1h-%dz", x + QR_QUIET,
				    y + QR_QUIET, run, run);
		}
	buf_adds(out, "\"/>\n</svg>\n");
}

int
qr_draw(struct buf *out, const char *form, const void *data, size_t n,
    struct err *e)
{
	static const struct {
		const char *form;
		void (*draw)(struct buf *, const struct qr *);
	} forms[] = {
		{ "", qr_text }, { "text", qr_text }, { "png", qr_png },
		{ "svg", qr_svg },
	};
	struct qr q;
	size_t i;

	for (i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		if (strcmp(form, forms[i].form))
			continue;
		if (qr_make(&q, data, n, e))
			return -1;
		forms[i].draw(out, &q);
		qr_release(&q);
		return 0;
	}
	return err_set(e, E_usage, "--qr: '%.40s' is not text, png or svg",
	    form);
}
