/* summary.json in the shape that status pages share, and the feed. */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "ping/face.h"

#define SUMMARY_MAX ((size_t)256 << 20)
#define FEED_MAX (1 << 20)
#define ENTRIES 50

static void
put_page(const struct face *f, struct buf *out)
{
	json_open(out, "page", '{');
	json_str(out, "id", f->id);
	json_str(out, "name", f->title);
	json_str_or_null(out, "url", f->say->url);
	json_str(out, "time_zone", f->zone);
	json_time(out, "updated_at", f->any_sweep ? f->swept.ended_ms :
	    f->now_ms);
	json_close(out, '}');
}

/* --- components ----------------------------------------------------------- */

static void
put_short(const struct face *f, struct buf *out, size_t at, size_t n)
{
	char id[HASH_HEX];

	face_id(&f->row[at].series, id);
	json_str(out, "id", id);
	json_str(out, "name", f->row[at].series.name);
	json_str(out, "status", face_status(f, at, n));
}

static void
put_component(const struct face *f, struct buf *out, size_t at, size_t n,
    enum shown shown, int64_t position)
{
	const struct face_row *r = &f->row[at];
	int64_t changed = r->since_ms, first = r->series.first_ms;
	char text[SPAN_TEXT];
	size_t i;

	for (i = at; i < at + n; i++) {
		if (f->row[i].since_ms > changed)
			changed = f->row[i].since_ms;
		if (f->row[i].series.first_ms < first)
			first = f->row[i].series.first_ms;
		if (f->row[i].shown == shown && r->shown != shown)
			r = &f->row[i];
	}
	json_open(out, NULL, '{');
	put_short(f, out, at, n);
	json_time(out, "created_at", first);
	json_time(out, "updated_at", changed);
	json_int(out, "position", position);
	json_null(out, "description");
	json_bool(out, "showcase", true);
	json_null(out, "group_id");
	json_str(out, "page_id", f->id);
	json_bool(out, "group", false);
	json_bool(out, "only_show_if_degraded", false);
	json_str(out, "state", face_words[shown].class);
	span_uptime_text(&r->figures, text);
	json_str(out, "uptime_90d", text);
	sample_us_write(out, "latency_ms", r->series.class == CLASS_NONE &&
	    shown != SHOWN_UNKNOWN ? r->series.total_us : -1);
	json_close(out, '}');
}

static void
put_components(const struct face *f, struct buf *out)
{
	enum shown shown;
	int64_t position = 1;
	size_t i, n;

	json_open(out, "components", '[');
	for (i = 0; i < f->n; i += n) {
		n = face_node(f, i, &shown);
		put_component(f, out, i, n, shown, position++);
	}
	json_close(out, ']');
}

/* All rows of the node that a row is of. */
static void
put_affected(const struct face *f, struct buf *out,
    const struct face_row *r)
{
	size_t at = (size_t)(r - f->row), n;
	enum shown shown;

	while (at && !strcmp(f->row[at - 1].series.node_id,
	    r->series.node_id))
		at--;
	n = face_node(f, at, &shown);
	json_open(out, "components", '[');
	json_open(out, NULL, '{');
	put_short(f, out, at, n);
	json_close(out, '}');
	json_close(out, ']');
}

/* --- incidents ------------------------------------------------------------ */

static void
incident_text(const struct face *f, const struct health_incident *i,
    char *out, size_t room)
{
	const char *class = sample_class_word(i->class);

	snprintf(out, room, "%s is down%s%s%s", face_whose(f, i)->series.name,
	    class ? " (" : "", class ? class : "", class ? ")" : "");
}

static void
put_incident(const struct face *f, struct buf *out,
    const struct health_incident *i)
{
	char text[FIT_NAME + 64], id[ID_TEXT + 4];

	incident_text(f, i, text, sizeof(text));
	json_open(out, NULL, '{');
	json_str(out, "id", i->id);
	json_str(out, "name", text);
	json_str(out, "status", "investigating");
	json_str(out, "impact", "major");
	json_time(out, "created_at", i->decided_ms);
	json_time(out, "started_at", i->began_ms);
	json_time(out, "updated_at", i->decided_ms);
	json_null(out, "monitoring_at");
	json_null(out, "resolved_at");
	json_str_or_null(out, "shortlink", f->say->url);
	json_str(out, "page_id", f->id);
	json_open(out, "incident_updates", '[');
	json_open(out, NULL, '{');
	snprintf(id, sizeof(id), "%s-1", i->id);
	json_str(out, "id", id);
	json_str(out, "status", "investigating");
	json_str(out, "body", text);
	json_str(out, "incident_id", i->id);
	json_time(out, "created_at", i->decided_ms);
	json_time(out, "updated_at", i->decided_ms);
	json_time(out, "display_at", i->decided_ms);
	json_close(out, '}');
	json_close(out, ']');
	put_affected(f, out, face_whose(f, i));
	json_close(out, '}');
}

/* --- maintenance ---------------------------------------------------------- */

static void
put_maint(const struct face *f, struct buf *out, const struct face_maint *m)
{
	size_t i;

	json_open(out, NULL, '{');
	json_str(out, "id", m->maint->id);
	json_str(out, "name", m->maint->reason);
	json_str(out, "status", m->window.from_ms <= f->now_ms ?
	    "in_progress" : "scheduled");
	json_str(out, "impact", "maintenance");
	json_time(out, "created_at", m->maint->made_ms);
	json_time(out, "updated_at", m->maint->made_ms);
	json_null(out, "monitoring_at");
	json_null(out, "resolved_at");
	json_str_or_null(out, "shortlink", f->say->url);
	json_str(out, "page_id", f->id);
	json_time(out, "scheduled_for", m->window.from_ms);
	json_time(out, "scheduled_until", m->window.to_ms);
	json_open(out, "incident_updates", '[');
	json_close(out, ']');
	for (i = 0; i < f->n && *m->maint->node_id; i++)
		if (!strcmp(f->row[i].series.node_id, m->maint->node_id))
			break;
	if (*m->maint->node_id && i < f->n)
		put_affected(f, out, &f->row[i]);
	else {
		json_open(out, "components", '[');
		json_close(out, ']');
	}
	json_close(out, '}');
}

/* Incidents are those that go on: the others are in the feed. */
int
face_summary(struct face *f, struct err *e)
{
	struct buf out = BUF_INIT(SUMMARY_MAX);
	size_t i;
	int rc;

	json_open(&out, NULL, '{');
	put_page(f, &out);
	json_open(&out, "status", '{');
	json_str(&out, "indicator", f->indicator);
	json_str(&out, "description", f->headline.data);
	json_bool(&out, "stale", f->stale);
	json_close(&out, '}');
	put_components(f, &out);
	json_open(&out, "incidents", '[');
	for (i = f->incidents; i--;)
		if (!f->incident[i].ended_ms)
			put_incident(f, &out, &f->incident[i]);
	json_close(&out, ']');
	json_open(&out, "scheduled_maintenances", '[');
	for (i = 0; i < f->maints; i++)
		put_maint(f, &out, &f->maint[i]);
	json_close(&out, ']');
	json_close(&out, '}');
	buf_addc(&out, '\n');
	rc = face_put(f, "summary.json", &out, e) ||
	    face_sign_file(f, "summary.json", &out, e) ? -1 : 0;
	buf_release(&out);
	return rc;
}

/* --- the feed ------------------------------------------------------------- */

static int
put_entry(const struct face *f, struct buf *out,
    const struct health_incident *i, struct err *e)
{
	char text[FIT_NAME + 320], down[FIT_NAME + 64], lasted[FACE_LONG];
	char since[ZONE_TEXT];

	if (zone_text(f->zone, i->began_ms, since, e))
		return -1;
	incident_text(f, i, down, sizeof(down));
	face_long(i->ended_ms - i->began_ms, lasted);
	if (i->ended_ms)
		snprintf(text, sizeof(text), "%s since %s; up again after %s",
		    down, since, lasted);
	else
		snprintf(text, sizeof(text), "%s since %s", down, since);
	json_open(out, NULL, '{');
	json_str(out, "id", i->id);
	json_str(out, "name", face_whose(f, i)->series.name);
	json_str(out, "word", i->ended_ms ? "up again" : "down");
	json_time(out, "began", i->decided_ms);
	json_time(out, "updated", i->ended_ms ? i->ended_decided_ms :
	    i->decided_ms);
	json_str(out, "text", text);
	json_close(out, '}');
	return 0;
}

int
face_feed(struct face *f, struct err *e)
{
	struct buf data = BUF_INIT(FEED_MAX), out = BUF_INIT(FEED_MAX);
	char id[FACE_UUID + 16];
	int64_t updated = f->day->from_ms, at;
	size_t i, n = 0;
	int rc = -1;

	snprintf(id, sizeof(id), "urn:uuid:%s", f->uuid);
	json_open(&data, NULL, '{');
	json_str(&data, "id", f->say->url ? f->say->url : id);
	json_str(&data, "title", f->title);
	json_str_if(&data, "base", f->say->url);
	json_open(&data, "entries", '[');
	for (i = f->incidents; i-- && n < ENTRIES; n++) {
		at = f->incident[i].ended_ms ?
		    f->incident[i].ended_decided_ms :
		    f->incident[i].decided_ms;
		if (at > updated)
			updated = at;
		if (put_entry(f, &data, &f->incident[i], e))
			goto out;
	}
	json_close(&data, ']');
	json_time(&data, "updated", updated);
	if (face_render(f, &out, "feed.xml", &data, e))
		goto out;
	rc = face_put(f, "feed.atom", &out, e);
out:
	buf_release(&data);
	buf_release(&out);
	return rc;
}
