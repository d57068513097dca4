#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/json.h"
#include "crypto/hash.h"
#include "page/page.h"
#include "ping/face.h"

const struct face_word face_words[SHOWN__COUNT] = {
	[SHOWN_DOWN] = { "down", "down", "\xe2\x96\xb2", "major_outage" },
	[SHOWN_DEGRADED] = { "degraded", "degraded", "\xe2\x97\x90",
	    "degraded_performance" },
	[SHOWN_UNKNOWN] = { "not known", "unknown", "?",
	    "degraded_performance" },
	[SHOWN_MAINT] = { "in maintenance", "maintenance", "\xe2\x96\xa0",
	    "under_maintenance" },
	[SHOWN_UP] = { "up", "up", "\xe2\x97\x8f", "operational" },
};

/* --- what the others ask -------------------------------------------------- */

size_t
face_node(const struct face *f, size_t at, enum shown *shown)
{
	const struct face_row *r = &f->row[at];
	size_t n;

	*shown = r->shown;
	for (n = 1; at + n < f->n && !strcmp(r[n].series.node_id,
	    r->series.node_id); n++)
		if (r[n].shown < *shown)
			*shown = r[n].shown;
	return n;
}

/* Down at one family of addresses, and not at the other, is partly. */
const char *
face_status(const struct face *f, size_t at, size_t n)
{
	enum shown worst = SHOWN_UP;
	size_t i, down = 0;

	for (i = at; i < at + n; i++) {
		down += f->row[i].shown == SHOWN_DOWN;
		if (f->row[i].shown < worst)
			worst = f->row[i].shown;
	}
	return down && down < n ? "partial_outage" : face_words[worst].status;
}

void
face_id(const struct health_series *h, char out[HASH_HEX])
{
	static const char domain[] = "bzn-badge-v1";
	struct hash_run run;
	struct hash hash;

	if (h->family != FAMILY_PUSH) {
		memcpy(out, h->node_id, HASH_HEX);
		return;
	}
	hash_start(&run);
	hash_add(&run, domain, sizeof(domain));
	hash_add(&run, h->node_id, strlen(h->node_id));
	hash_end(&hash, &run);
	hash_hex(out, &hash);
}

const struct face_row *
face_whose(const struct face *f, const struct health_incident *i)
{
	return &f->row[f->of[i->series]];
}

int
face_time(const struct face *f, struct buf *out, const char *key, int64_t ms,
    struct err *e)
{
	char name[32], text[ZONE_TEXT];

	if (zone_text(f->zone, ms, text, e))
		return -1;
	json_time(out, key, ms);
	snprintf(name, sizeof(name), "%s_text", key);
	json_str(out, name, text);
	return 0;
}

void
face_long(int64_t ms, char out[FACE_LONG])
{
	int64_t s = ms / 1000;

	if (s < 60)
		snprintf(out, FACE_LONG, "%lld s", (long long)s);
	else if (s < 3600)
		snprintf(out, FACE_LONG, "%lld min %lld s",
		    (long long)(s / 60), (long long)(s % 60));
	else if (s < 86400)
		snprintf(out, FACE_LONG, "%lld h %lld min",
		    (long long)(s / 3600), (long long)(s / 60 % 60));
	else
		snprintf(out, FACE_LONG, "%lld d %lld h",
		    (long long)(s / 86400), (long long)(s / 3600 % 24));
}

int
face_render(struct face *f, struct buf *out, const char *template,
    struct buf *data, struct err *e)
{
	struct json root;
	int rc;

	(void)f;
	json_close(data, '}');
	if (data->full)
		return err_set(e, E_internal, "%s: too much data", template);
	if (json_parse(&root, data->data, data->len, e))
		return -1;
	rc = page_render(out, template, &root, e);
	json_release(&root);
	return rc;
}

/* --- files ---------------------------------------------------------------- */

static bool
is_there(const char *path, const struct buf *text)
{
	struct buf old = BUF_INIT(text->len + 1);
	struct err e = { 0 };
	struct stat st;
	bool same = !lstat(path, &st) && S_ISREG(st.st_mode) &&
	    (size_t)st.st_size == text->len && !file_read(&old, path, &e) &&
	    old.len == text->len && !memcmp(old.data, text->data, old.len);

	buf_release(&old);
	return same;
}

int
face_put(struct face *f, const char *name, const struct buf *text,
    struct err *e)
{
	char path[PATH_MAX];

	if (text->full)
		return err_set(e, E_too_long, "'%s' would be over %zu bytes",
		    name, text->max);
	if (snprintf(path, sizeof(path), "%s/%s", f->say->out, name) >=
	    (int)sizeof(path))
		return err_set(e, E_no_file, "the name of the directory is "
		    "too long");
	if (is_there(path, text)) {
		f->same++;
		return 0;
	}
	f->written++;
	return file_write_again(path, text->data, text->len, 0644, e);
}
