#include "api/page.h"

#include <string.h>

#include "api/route.h"
#include "page/page.h"

#define DATA_MAX (1 << 20)
#define POLICY_MAX 2048

int
page_ask(struct call *c, const char *pattern, struct buf *to, struct err *e)
{
	const struct route *const *family;
	const struct route *r;
	struct buf own = c->out;
	int rc;

	for (family = routes_all(); *family; family++)
		for (r = *family; r->method; r++) {
			if (strcmp(r->method, "GET") ||
			    strcmp(r->pattern, pattern))
				continue;
			c->out = *to;
			rc = r->act(c, e);
			*to = c->out;
			c->out = own;
			return rc;
		}
	return err_set(e, E_no_route, "there is no route '%s'", pattern);
}

void
page_site(const struct call *c, struct buf *out)
{
	const char *name = param_string(c->params, PARAM_grid_name), *host;

	if (*name) {
		buf_adds(out, name);
		return;
	}
	host = strstr(c->base_url, "://") + 3;	/* conf.c has seen to that */
	buf_add(out, host, *host == '[' ? strcspn(host, "]") + 1 :
	    strcspn(host, ":"));
}

void
page_url(const struct call *c, struct buf *out, const char *key,
    const char *path)
{
	struct buf url = BUF_INIT(4096);

	buf_addf(&url, "%s%s", c->base_url, path);
	json_str(out, key, url.data);
	buf_release(&url);
}

int
page_show(struct call *c, const struct shown *s, struct buf *data,
    struct err *e)
{
	struct buf text = BUF_INIT(POLICY_MAX);
	struct json root = { 0 };
	int rc;

	page_site(c, &text);
	json_open(data, "page", '{');
	json_str(data, "site", text.data);
	json_str(data, "title", s->title);
	json_str(data, "description", s->description);
	json_str(data, "og_type", s->type ? s->type : "website");
	page_url(c, data, "url", s->path);
	page_url(c, data, "image", s->image ? s->image :
	    "/static/grid.svg");
	json_close(data, '}');
	json_str(data, "base", c->base_url);
	if (!s->timeless)
		json_time(data, "now", c->now_ms);
	json_close(data, '}');
	buf_reset(&text);
	page_policy(&text, s->file);
	rc = json_parse(&root, data->data, data->len, e) ||
	    page_render(&c->out, s->file, &root, e) ? -1 : 0;
	if (!rc) {
		c->type = "text/html; charset=utf-8";
		call_header(c, "Content-Security-Policy", text.data);
		call_header(c, "Referrer-Policy", "no-referrer");
	}
	json_release(&root);
	buf_release(&text);
	return rc;
}

int
page_missing(struct call *c, struct err *e)
{
	const struct shown s = {
		.file = "missing.html", .title = "Not found", .path = "/",
		.description = "There is nothing of this name here.",
	};
	struct buf data = BUF_INIT(DATA_MAX);
	int rc;

	*e = (struct err){ 0 };
	json_open(&data, NULL, '{');
	rc = page_show(c, &s, &data, e);
	c->status = 404;
	buf_release(&data);
	return rc;
}
