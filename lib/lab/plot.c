/*
 * Scores over days: a picture for each scenario, one below the other.
 *
 * Whole numbers only, in tenths of a pixel, so that equal results give equal
 * bytes.  Lines are told apart by colour, by dashes and by words at their
 * ends; colours follow the reader's, light or dark.
 */
#include "base/amount.h"
#include "base/buf.h"
#include "lab/lab.h"

#define WIDTH 760
#define LEFT 48
#define RIGHT 640		/* what is beyond is for the names of lines */
#define TOP 36			/* of the field, below that of the panel */
#define FIELD 160
#define PANEL 240

static void
put_tenths(struct buf *out, int64_t n)
{
	char text[AMOUNT_TEXT];

	amount_print(n, 1, text);
	buf_adds(out, text);
}

/* Places in a panel, in tenths of a pixel. */
static int64_t
x_of(int64_t day, int64_t days)
{
	return LEFT * 10 + day * (RIGHT - LEFT) * 10 / days;
}

static int64_t
y_of(int64_t tenths)
{
	return (TOP + FIELD) * 10 - tenths * FIELD / (CRI_MAX / 10);
}

static void
put_line(struct buf *out, const char *class, int64_t x1, int64_t y1,
    int64_t x2, int64_t y2)
{
	buf_addf(out, "<path class=\"%s\" d=\"M", class);
	put_tenths(out, x1);
	buf_addc(out, ' ');
	put_tenths(out, y1);
	buf_addc(out, 'L');
	put_tenths(out, x2);
	buf_addc(out, ' ');
	put_tenths(out, y2);
	buf_adds(out, "\"/>\n");
}

static void
put_text(struct buf *out, const char *class, int64_t x, int64_t y,
    const char *text)
{
	buf_addf(out, "<text class=\"%s\" x=\"", class);
	put_tenths(out, x);
	buf_adds(out, "\" y=\"");
	put_tenths(out, y);
	buf_addf(out, "\">%s</text>\n", text);
}

/* Some round number of days between marks, so that there are few. */
static int64_t
day_step(int64_t days)
{
	static const int64_t steps[] = { 1, 2, 5, 10, 15, 30, 60 };
	size_t i = 0;

	while (i + 1 < sizeof(steps) / sizeof(*steps) &&
	    days / steps[i] > 12)
		i++;
	return steps[i];
}

static void
put_axes(struct buf *out, const struct lab_result *r)
{
	int64_t days = r->plan.days, n;
	struct buf word = BUF_INIT(32);
	int i;

	for (n = 0; n <= CRI_MAX; n += 200) {
		put_line(out, "g", LEFT * 10, y_of(n), RIGHT * 10, y_of(n));
		buf_reset(&word);
		buf_addf(&word, "%lld", (long long)(n / 10));
		put_text(out, "e", LEFT * 10 - 60, y_of(n) + 40, word.data);
	}
	for (n = 0; n <= days; n += day_step(days)) {
		buf_reset(&word);
		buf_addf(&word, "%lld", (long long)n);
		put_text(out, "m", x_of(n, days), y_of(0) + 160, word.data);
	}
	put_text(out, "m", (LEFT + RIGHT) * 5, y_of(0) + 310, "days");
	buf_addf(out, "<text class=\"m\" transform=\"rotate(-90)\" x=\"-%d\" "
	    "y=\"14\">score</text>\n", TOP + FIELD / 2);
	for (i = 0; i < r->plan.targets; i++) {
		n = r->plan.target[i];
		put_line(out, "t", LEFT * 10, y_of(n), RIGHT * 10, y_of(n));
	}
	buf_release(&word);
}

static const char *
class_of(enum lab_role role)
{
	return role == LAB_ATTACKER ? "a" : "b";
}

static void
put_scores(struct buf *out, const struct lab_result *r, enum lab_role role)
{
	const struct lab_side *s = &r->side[role];
	int64_t day;

	buf_addf(out, "<polyline class=\"%s\" points=\"", class_of(role));
	for (day = 0; day <= r->plan.days; day++) {
		if (day)
			buf_addc(out, ' ');
		put_tenths(out, x_of(day, r->plan.days));
		buf_addc(out, ',');
		put_tenths(out, y_of(s->tenths[day]));
	}
	buf_adds(out, "\"/>\n");
}

/* At the end of its line: what it is, and its last score. */
static void
put_name(struct buf *out, const struct lab_result *r, enum lab_role role,
    int64_t y)
{
	struct buf text = BUF_INIT(128);

	buf_addf(&text, "%s ", lab_role_word(role));
	put_tenths(&text, r->side[role].tenths[r->plan.days]);
	put_text(out, class_of(role), RIGHT * 10 + 80, y,
	    text.data);
	buf_release(&text);
}

static void
put_names(struct buf *out, const struct lab_result *r)
{
	int64_t days = r->plan.days;
	int64_t a = y_of(r->side[LAB_ATTACKER].tenths[days]) + 40;
	int64_t h = y_of(r->side[LAB_HONEST].tenths[days]) + 40;

	if (!r->side[LAB_ATTACKER].there) {
		put_name(out, r, LAB_HONEST, h);
		return;
	}
	/* Two words on one spot cannot be read. */
	if (a - h < 160 && h - a < 160) {
		a = a < h ? h - 160 : a;
		h = a < h ? h : a - 160;
	}
	put_name(out, r, LAB_ATTACKER, a);
	put_name(out, r, LAB_HONEST, h);
}

static void
put_panel(struct buf *out, const struct lab_result *r, int n)
{
	enum lab_role role;

	buf_addf(out, "<g transform=\"translate(0 %d)\">\n", n * PANEL);
	buf_addf(out, "<text class=\"h\" x=\"%d\" y=\"24\">%s: %s</text>\n",
	    LEFT, lab_scenario(r->scenario), lab_brief(r->scenario));
	put_axes(out, r);
	for (role = LAB_ROLES; role-- > 0;)
		if (r->side[role].there)
			put_scores(out, r, role);
	put_names(out, r);
	buf_adds(out, "</g>\n");
}

static void
put_style(struct buf *out)
{
	buf_adds(out, "<style>\n"
	    "text{font:12px sans-serif;fill:#222}text.h{font-weight:bold}"
	    ".m{text-anchor:middle}.e{text-anchor:end}"
	    "text.a{fill:#b3261e}text.b{fill:#0b57a4}\n"
	    "path,polyline{fill:none;stroke-width:2}rect{fill:#fff}"
	    "path.g{stroke:#ddd;stroke-width:1}"
	    "path.t{stroke:#777;stroke-width:1;stroke-dasharray:2 4}"
	    "polyline.a{stroke:#b3261e}"
	    "polyline.b{stroke:#0b57a4;stroke-dasharray:7 4}\n"
	    "@media(prefers-color-scheme:dark){text{fill:#ddd}"
	    "text.a{fill:#ff9b8f}text.b{fill:#8ec5ff}rect{fill:#161616}"
	    "path.g{stroke:#383838}path.t{stroke:#999}"
	    "polyline.a{stroke:#ff9b8f}polyline.b{stroke:#8ec5ff}}\n"
	    "</style>\n");
}

/* In words, for who cannot see it. */
static void
put_words(struct buf *out, const struct lab_result *all, int n)
{
	const struct lab_result *r;
	int i;

	buf_addf(out, "<title id=\"t\">Scores over %lld days, attackers and "
	    "an honest node</title>\n<desc id=\"d\">",
	    (long long)all->plan.days);
	for (i = 0; i < n; i++) {
		r = &all[i];
		buf_addf(out, "%s%s: ", i ? " " : "",
		    lab_scenario(r->scenario));
		if (r->side[LAB_ATTACKER].there) {
			buf_adds(out, "the attacker ends at ");
			put_tenths(out, r->side[LAB_ATTACKER].cri.tenths);
			buf_adds(out, ", ");
		}
		buf_adds(out, "the honest node ends at ");
		put_tenths(out, r->side[LAB_HONEST].cri.tenths);
		buf_addc(out, '.');
	}
	buf_adds(out, "</desc>\n");
}

void
lab_plot(struct buf *out, const struct lab_result *all, int n)
{
	int i;

	buf_addf(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" "
	    "viewBox=\"0 0 %d %d\" role=\"img\" aria-labelledby=\"t d\">\n",
	    WIDTH, n * PANEL);
	put_words(out, all, n);
	put_style(out);
	buf_addf(out, "<rect width=\"%d\" height=\"%d\"/>\n", WIDTH,
	    n * PANEL);
	for (i = 0; i < n; i++)
		put_panel(out, &all[i], i);
	buf_adds(out, "</svg>\n");
}
