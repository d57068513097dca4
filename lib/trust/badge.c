#include <string.h>

#include "base/buf.h"
#include "trust/badge.h"

#define HEIGHT 20
#define LETTER 7		/* pixels, of a wide one */
#define MARGIN 10
#define ID_SHOWN 8		/* digits of the id */

static const struct { const char *colour, *fill, *ink; } inks[] = {
	{ "purple", "#6f42c1", "#ffffff" },
	{ "green", "#1e7e34", "#ffffff" },
	{ "blue", "#0b5ed7", "#ffffff" },
	{ "yellow", "#ffd43b", "#212529" },
};

static void
put_box(struct buf *out, int x, int width, const char *fill, const char *ink,
    const char *text)
{
	buf_addf(out, "<rect x=\"%d\" width=\"%d\" height=\"%d\" "
	    "fill=\"%s\"/>\n", x, width, HEIGHT, fill);
	buf_addf(out, "<text x=\"%d\" y=\"14\" fill=\"%s\">%s</text>\n",
	    x + width / 2, ink, text);
}

void
trust_badge_svg(struct buf *out, const char *node_id, enum trust_tier tier,
    enum trust_seen seen)
{
	struct trust_badge b = trust_badge_of(tier, seen);
	int left = ID_SHOWN * LETTER + MARGIN;
	int right = (int)strlen(b.words) * LETTER + 2 * MARGIN;
	char id[ID_SHOWN + 1];
	size_t i = 0;

	while (strcmp(inks[i].colour, b.colour))
		i++;
	memcpy(id, node_id, ID_SHOWN);
	id[ID_SHOWN] = '\0';
	buf_addf(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" "
	    "width=\"%d\" height=\"%d\" role=\"img\" aria-label=\"%s\">\n",
	    left + right, HEIGHT, b.words);
	buf_addf(out, "<title>%s: %s%s%s</title>\n", node_id, b.words,
	    b.because ? ", " : "", b.because ? b.because : "");
	buf_adds(out, "<g font-family=\"Verdana,sans-serif\" "
	    "font-size=\"11\" text-anchor=\"middle\">\n");
	put_box(out, 0, left, "#343a40", "#ffffff", id);
	put_box(out, left, right, inks[i].fill, inks[i].ink, b.words);
	buf_adds(out, "</g>\n</svg>\n");
}
