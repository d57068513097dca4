/* Badges of nodes and of all: a picture, and what shields.io draws one of. */
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
put_both(struct face *f, const char *id, const char *label, const char *value,
    enum shown shown, struct err *e)
{
	return put_picture(f, id, label, utf8_first(label, strlen(label),
	    LABEL), value, shown, e) || put_shield(f, id, label, value, shown,
	    e) ? -1 : 0;
}

static int
put_all(struct face *f, struct err *e)
{
	char value[96] = "no node";

	if (f->nodes)
		snprintf(value, sizeof(value), "%lld of %lld %s",
		    (long long)f->count[f->worst], (long long)f->nodes,
		    face_words[f->worst].word);
	return put_both(f, "all", f->title, value, f->worst, e);
}

static int
put_badge(struct face *f, size_t at, size_t n, enum shown shown,
    struct err *e)
{
	const struct face_row *r = &f->row[at];
	char value[96], figure[SPAN_TEXT], id[HASH_HEX];
	size_t i;

	for (i = at; i < at + n; i++)
		if (f->row[i].shown == shown && r->shown != shown)
			r = &f->row[i];
	span_uptime_text(&r->figures, figure);
	if (strcmp(figure, "n/a"))
		snprintf(value, sizeof(value), "%s, %s %% in %d d",
		    face_words[shown].word, figure, r->days);
	else
		snprintf(value, sizeof(value), "%s", face_words[shown].word);
	face_id(&r->series, id);
	return put_both(f, id, r->series.name, value, shown, e);
}

/* Ids that are none name no file. */
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
	return put_all(f, e);
}
