/*
 * qr - QR codes (ISO/IEC 18004) at error correction level M, and pictures of
 * them: for a terminal, as PNG, as SVG, each with its quiet zone.
 *
 * Only programs that call this load libqrencode.
 */
#ifndef QR_H
#define QR_H

#include <stddef.h>

#include "base/err.h"

struct buf;

#define QR_QUIET 4		/* modules of white on each side */
#define QR_PICTURE_MAX (1 << 20)	/* room for any picture */

struct qr {
	int width;		/* modules, without the quiet zone */
	unsigned char *dark;	/* width * width, each 0 or 1; owned */
};

/* Of any bytes.  E_too_long.  out is the caller's: qr_release(). */
int qr_make(struct qr *out, const void *data, size_t n, struct err *) CHECKED;
void qr_release(struct qr *);

/* Dark at a module?  What lies outside is not. */
int qr_dark(const struct qr *, int x, int y);

/*
 * Half blocks, two modules a character, in explicit black and white: the
 * terminal may be dark.
 */
void qr_text(struct buf *out, const struct qr *);

void qr_png(struct buf *out, const struct qr *);	/* 8 pixels a module */
void qr_svg(struct buf *out, const struct qr *);	/* the same, scalable */

/*
 * All of that: the picture of some bytes as "text", which "" is too, "png" or
 * "svg".  E_usage for another form, E_too_long.
 */
int qr_draw(struct buf *out, const char *form, const void *data, size_t n,
    struct err *) CHECKED;

#endif
