/* A badge of each node: a picture, and what shields.io draws one of. */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/utf8.h"
#include "key/ident.h"
#include "ping/face.h"

#define BADGE_MAX 2048
#define DATA_MAX 4096
#define LABEL 24		/* characters */
#define WIDE 7			/* one of them, about */

static const char *const colours[SHOWN__COUNT][2] = {
	[SHOWN_DOWN] = { "#a34a00", "orange" },
	[SHOWN_DEGRADED] = { "#8a5a00", "yellow" },
	[SHOWN_UNKNOWN] = { "#556070", "lightgrey" },
	[SHOWN_MAINT] = { "#556070", "lightgrey" },
	[SHOWN_UP] = { "#1257b0", "blue" },
};

static int
put_picture(struct face *f, const char *id, const char *label, size_t n,
    const char *value, enum shown shown, struct err *e)
{
	struct buf data = BUF_INIT(DATA_MAX), out = BUF_INIT(BADGE_MAX);
	int64_t left = (int64_t)utf8_count(label, n) * WIDE;
	int64_t right = (int64_t)strlen(value) * WIDE;
	char name[HASH_HEX + 16];
	int rc = -1;

	json_open(&data, NULL, '{');
	json_strn(&data, "label", label, n);
	json_str(&data, "value", value);
	json_str(&data, "colour", colours[shown][0]);
	json_int(&data, "label_width", left);
	json_int(&data, "value_width", right);
	json_int(&data, "split", left + 12);
	json_int(&data, "value_x", left + 18);
	json_int(&data, "edge", left + right + 21);
	json_int(&data, "width", left + right + 24);
	snprintf(name, sizeof(name), "badge/%s.svg", id);
	if (!face_render(f, &out, "uptime.svg", &data, e))
		rc = face_put(f, name, &out, e);
	buf_release(&data);
	buf_release(&out);
	return rc;
}

static int
put_shield(struct face *f, const char *id, const char *label,
    const char *value, enum shown shown, struct err *e)
{
	struct buf out = BUF_INIT(DATA_MAX);
	char name[HASH_HEX + 16];
	int rc;

	json_open(&out, NULL, '{');
	json_int(&out, "schemaVersion", 1);
	json_str(&out, "label", label);
	json_str(&out, "message", value);
	json_str(&out, "color", colours[shown][1]);
	json_int(&out, "cacheSeconds", 60);
	json_close(&out, '}');
	buf_addc(&out, '\n');
	snprintf(name, sizeof(name), "badge/%s.json", id);
	rc = face_put(f, name, &out, e);
	buf_release(&out);
	return rc;
}

static int
put_badge(struct face *f, size_t at, size_t n, enum shown shown,
    struct err *e)
{
	const struct face_row *r = &f->row[at];
	char value[96], figure[SPAN_TEXT];
	const char *name;
	size_t i;

	for (i = at; i < at + n; i++)
		if (f->row[i].shown == shown && r->shown != shown)
			r = &f->row[i];
	name = r->series.name;
	span_uptime_text(&r->figures, figure);
	if (strcmp(figure, "n/a"))
		snprintf(value, sizeof(value), "%s, %s %% in 90 d",
		    face_words[shown].word, figure);
	else
		snprintf(value, sizeof(value), "%s", face_words[shown].word);
	return put_picture(f, r->series.node_id, name, utf8_first(name,
	    strlen(name), LABEL), value, shown, e) || put_shield(f,
	    r->series.node_id, name, value, shown, e) ? -1 : 0;
}

/* Named by the node, which is in public; ids that are none name no file. */
int
face_badges(struct face *f, struct err *e)
{
	enum shown shown;
	size_t i, n;

	for (i = 0; i < f->n; i += n) {
		n = face_node(f, i, &shown);
		if (ident_is_id(f->row[i].series.node_id) &&
		    put_badge(f, i, n, shown, e))
			return -1;
	}
	return 0;
}
