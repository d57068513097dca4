/*
 * The pages: those in trouble first, so many rows on each that what is loaded
 * first stays below 150 kB however many nodes there are.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "base/mem.h"
#include "page/page.h"
#include "ping/face.h"

#define DATA_MAX (1 << 20)
#define PAGE_MAX (1 << 20)
#define ROWS_BYTES 96000	/* of rows on a page */
#define SHOWN_INCIDENTS 20
#define SHOWN_MAINT 20
#define LISTED_PAGES 400
#define PAGE_NAME 32

/* Rows in the order in which they are shown, and where pages begin. */
struct plan {
	const struct face *f;
	size_t *order;			/* owned */
	size_t *begins, pages;		/* owned; one more than pages */
};

static void
page_name(size_t page, char out[PAGE_NAME])
{
	if (page)
		snprintf(out, PAGE_NAME, "page-%zu.html", page + 1);
	else
		snprintf(out, PAGE_NAME, "index.html");
}

static void
make_plan(struct plan *p, const struct face *f)
{
	size_t i, n = 0, bytes = 0;
	int s;

	p->f = f;
	p->order = mem_zero(f->n + 1, sizeof(*p->order));
	p->begins = mem_zero(f->n + 2, sizeof(*p->begins));
	for (s = 0; s < SHOWN__COUNT; s++)
		for (i = 0; i < f->n; i++)
			if (f->row[i].shown == (enum shown)s)
				p->order[n++] = i;
	p->pages = 1;
	for (i = 0; i < n; i++) {
		bytes += f->row[p->order[i]].n;
		if (bytes > ROWS_BYTES && i > p->begins[p->pages - 1]) {
			p->begins[p->pages++] = i;
			bytes = f->row[p->order[i]].n;
		}
	}
	p->begins[p->pages] = n;
}

/* --- incidents ------------------------------------------------------------ */

static int
put_update(const struct face *f, struct buf *out, int64_t at_ms,
    const char *text, struct err *e)
{
	json_open(out, NULL, '{');
	if (face_time(f, out, "at", at_ms, e))
		return -1;
	json_str(out, "text", text);
	json_close(out, '}');
	return 0;
}

static int
put_incident(const struct face *f, struct buf *out,
    const struct health_incident *i, struct err *e)
{
	const struct face_word *w = &face_words[i->ended_ms ? SHOWN_UP :
	    SHOWN_DOWN];
	const char *class = sample_class_word(i->class);
	char text[256], lasted[FACE_LONG], since[ZONE_TEXT];
	int rc = 0;

	if (zone_text(f->zone, i->began_ms, since, e))
		return -1;
	json_open(out, NULL, '{');
	json_str(out, "name", face_whose(f, i)->series.name);
	json_str(out, "class", w->class);
	json_str(out, "sign", w->sign);
	json_str(out, "word", i->ended_ms ? "over" : "down");
	json_open(out, "updates", '[');
	if (i->ended_ms) {
		face_long(i->ended_ms - i->began_ms, lasted);
		snprintf(text, sizeof(text), "up again, after %s", lasted);
		rc = put_update(f, out, i->ended_ms, text, e);
	}
	snprintf(text, sizeof(text), "down since %s%s%s%s", since,
	    class ? " (" : "", class ? class : "", class ? ")" : "");
	if (!rc)
		rc = put_update(f, out, i->decided_ms, text, e);
	json_close(out, ']');
	json_close(out, '}');
	return rc;
}

/* Those that go on, then those that are over; the newest first. */
static int
put_incidents(const struct face *f, struct buf *out, struct err *e)
{
	int64_t shown = 0, more = 0;
	bool over;
	size_t i;
	int pass;

	json_open(out, "incidents", '[');
	for (pass = 0; pass < 2; pass++)
		for (i = f->incidents; i--;) {
			over = f->incident[i].ended_ms != 0;
			if (over != (pass == 1) || (over &&
			    f->incident[i].ended_ms < f->now_ms -
			    FACE_RECENT_MS))
				continue;
			if (shown == SHOWN_INCIDENTS) {
				more++;
				continue;
			}
			shown++;
			if (put_incident(f, out, &f->incident[i], e))
				return -1;
		}
	json_close(out, ']');
	json_bool(out, "incidents_some", shown > 0);
	if (more)
		json_int(out, "more_incidents", more);
	return 0;
}

/* --- maintenance ---------------------------------------------------------- */

static const char *
name_of(const struct face *f, const char *node_id)
{
	size_t i;

	if (!*node_id)
		return "All nodes";
	for (i = 0; i < f->n; i++)
		if (!strcmp(f->row[i].series.node_id, node_id))
			return f->row[i].series.name;
	return "A node that was never asked";
}

static int
put_maints(const struct face *f, struct buf *out, struct err *e)
{
	const struct face_maint *m;
	size_t i;

	json_open(out, "maint", '[');
	for (i = 0; i < f->maints && i < SHOWN_MAINT; i++) {
		m = &f->maint[i];
		json_open(out, NULL, '{');
		json_str(out, "name", name_of(f, m->maint->node_id));
		json_str(out, "reason", m->maint->reason);
		json_str(out, "word", m->window.from_ms <= f->now_ms ?
		    "going on" : "to come");
		if (face_time(f, out, "from", m->window.from_ms, e) ||
		    face_time(f, out, "to", m->window.to_ms, e))
			return -1;
		json_close(out, '}');
	}
	json_close(out, ']');
	json_bool(out, "maint_some", f->maints > 0);
	if (f->maints > SHOWN_MAINT)
		json_int(out, "more_maint", (int64_t)(f->maints -
		    SHOWN_MAINT));
	return 0;
}

/* --- a page --------------------------------------------------------------- */

/* As a page has it: what concerns frames is not heard there. */
static void
put_policy(struct buf *out)
{
	struct buf policy = BUF_INIT(4096);
	const char *end;

	page_policy(&policy, "status_head.html");
	end = strstr(policy.data, "; frame-ancestors");
	json_strn(out, "policy", policy.data, end ?
	    (size_t)(end - policy.data) : policy.len);
	buf_release(&policy);
}

static void
put_word(struct buf *out, const struct face_word *w)
{
	json_str(out, "class", w->class);
	json_str(out, "sign", w->sign);
	json_str(out, "word", w->word);
}

static void
put_tiles(const struct face *f, struct buf *out)
{
	int i;

	json_open(out, "tiles", '[');
	for (i = 0; i < SHOWN__COUNT; i++) {
		json_open(out, NULL, '{');
		json_int(out, "n", f->count[i]);
		json_bool(out, "n_some", f->count[i] > 0);
		put_word(out, &face_words[i]);
		json_close(out, '}');
	}
	json_close(out, ']');
}

static int
put_common(const struct plan *p, struct buf *out, size_t page, struct err *e)
{
	const struct face *f = p->f;
	char name[PAGE_NAME];

	json_str(out, "title", f->title);
	json_bool(out, "first", !page);
	json_bool(out, "many", p->pages > 1);
	json_bool(out, "some", f->n > 0);
	json_int(out, "page", (int64_t)page + 1);
	json_int(out, "pages", (int64_t)p->pages);
	json_str(out, "zone", f->zone);
	json_str(out, "signer", f->signer);
	if (page) {
		page_name(page - 1, name);
		json_str(out, "before", name);
	}
	if (page + 1 < p->pages) {
		page_name(page + 1, name);
		json_str(out, "after", name);
	}
	return face_time(f, out, "now", f->now_ms, e);
}

static int
put_head(const struct plan *p, struct buf *out, size_t page, struct err *e)
{
	const struct face *f = p->f;
	struct state_rule rule;

	health_rule(&rule, &f->c->params, 0);
	put_policy(out);
	json_str(out, "headline", f->headline.data);
	json_str(out, "class", face_words[f->worst].class);
	json_str(out, "sign", face_words[f->worst].sign);
	json_bool(out, "stale", f->stale);
	json_bool(out, "offline", f->swept.offline);
	json_int(out, "most_s", 2 * rule.interval_ms / 1000);
	if (f->any_sweep && face_time(f, out, "taken", f->swept.ended_ms, e))
		return -1;
	if (page)
		return 0;
	put_tiles(f, out);
	return put_incidents(f, out, e) || put_maints(f, out, e) ? -1 : 0;
}

static void
put_list(const struct plan *p, struct buf *out)
{
	char name[PAGE_NAME];
	size_t i;

	json_open(out, "list", '[');
	for (i = 0; i < p->pages && p->pages <= LISTED_PAGES; i++) {
		page_name(i, name);
		json_open(out, NULL, '{');
		json_str(out, "href", name);
		json_strn(out, "name", p->f->row[p->order[p->begins[i]]]
		    .series.name, strnlen(p->f->row[p->order[p->begins[i]]]
		    .series.name, 40));
		json_close(out, '}');
	}
	json_close(out, ']');
	json_bool(out, "list_some", p->pages <= LISTED_PAGES);
}

static int
write_page(struct face *f, const struct plan *p, size_t page,
    struct buf *out, struct buf *data, struct err *e)
{
	const struct face_row *r;
	char name[PAGE_NAME];
	size_t i;

	json_open(data, NULL, '{');
	if (put_common(p, data, page, e) || put_head(p, data, page, e) ||
	    face_render(f, out, "status_head.html", data, e))
		return -1;
	for (i = p->begins[page]; i < p->begins[page + 1]; i++) {
		r = &f->row[p->order[i]];
		buf_add(out, f->rows.data + r->at, r->n);
	}
	buf_reset(data);
	json_open(data, NULL, '{');
	if (put_common(p, data, page, e))
		return -1;
	if (p->pages > 1 && !page)
		put_list(p, data);
	if (face_render(f, out, "status_foot.html", data, e))
		return -1;
	page_name(page, name);
	return face_sign_page(f, name, out, e) || face_put(f, name, out, e) ?
	    -1 : 0;
}

/* Pages of a time when there were more nodes. */
static int
drop_more(const struct face *f, size_t pages, struct err *e)
{
	char name[PAGE_NAME], path[PATH_MAX];

	for (;; pages++) {
		page_name(pages, name);
		if (snprintf(path, sizeof(path), "%s/%s", f->say->out,
		    name) >= (int)sizeof(path))
			return 0;
		if (unlink(path))
			return errno == ENOENT ? 0 : err_sys(e,
			    "cannot remove '%s'", path);
	}
}

int
face_pages(struct face *f, struct err *e)
{
	struct buf out = BUF_INIT(PAGE_MAX), data = BUF_INIT(DATA_MAX);
	struct plan p = { 0 };
	size_t page;
	int rc = 0;

	make_plan(&p, f);
	/* The first last: what it leads to is there. */
	for (page = p.pages; page-- && !rc;) {
		buf_reset(&out);
		buf_reset(&data);
		rc = write_page(f, &p, page, &out, &data, e);
	}
	if (!rc)
		rc = drop_more(f, p.pages, e);
	f->pages = (int64_t)p.pages;
	free(p.order);
	free(p.begins);
	buf_release(&out);
	buf_release(&data);
	return rc;
}
