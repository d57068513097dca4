/*
 * Pages: that every template is one and closes what it opens, that no value
 * gets out of its place, and that the policy allows what a page has and
 * nothing else.
 */
#include "tap.h"

#include <stdlib.h>

#include "base/json.h"
#include "page/page.h"

static const char *const templates[] = {
	"dashboard.html", "docs.html", "genesis.html", "home.html",
	"missing.html", "node.html", "skill.html", "terms.html", "trade.html",
	"badge.svg", "status_head.html", "status_row.html",
	"status_foot.html", "uptime.svg", "feed.xml", NULL,
};

static struct err e;

/* What a template makes of this; NULL if it does not. */
static char *
made(const char *name, const char *data)
{
	struct buf out = BUF_INIT(1 << 22);
	struct json root = { 0 };
	char *text = NULL;

	if (json_parse(&root, data, strlen(data), &e))
		printf("# %s\n", e.msg);
	else if (page_render(&out, name, &root, &e))
		printf("# %s: %s\n", name, e.msg);
	else
		text = strdup(out.len ? out.data : "");
	json_release(&root);
	buf_release(&out);
	return text;
}

static void
escapes(void)
{
	static const struct { const char *from, *to; } cases[] = {
		{ "plain", "plain" }, { "", "" },
		{ "<b>&\"'", "&lt;b&gt;&amp;&quot;&#39;" },
		{ "a\nb\tc", "a\nb\tc" },
		{ "\x01\x1b\x7f", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
		{ "\xe2\x80\xae" "evil", "\xef\xbf\xbd" "evil" },
		{ "\xe2\x81\xa6x\xe2\x81\xa9", "\xef\xbf\xbdx\xef\xbf\xbd" },
		{ "\xd8\x9c\xc2\x9b" "x", "\xef\xbf\xbd\xef\xbf\xbd" "x" },
		{ "\xef\xbf\xbe\xef\xbf\xbf\xef\xbf\xbd", "\xef\xbf\xbd"
		    "\xef\xbf\xbd\xef\xbf\xbd" },
		{ "\xc2\xa0\xc2", "\xc2\xa0\xc2" },
		{ "caf\xc3\xa9 \xe2\x82\xac", "caf\xc3\xa9 \xe2\x82\xac" },
		{ "\xe2\x80", "\xe2\x80" },	/* no read behind the end */
	};
	struct buf out = BUF_INIT(1024);
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		buf_reset(&out);
		buf_adds(&out, "");
		page_escape(&out, cases[i].from, strlen(cases[i].from));
		OK(out.len == strlen(cases[i].to) &&
		    !memcmp(out.len ? out.data : "", cases[i].to, out.len));
	}
	buf_release(&out);
}

/* Nothing of the language of templates is left over. */
static void
every_template(void)
{
	const char *const *t;
	char *text;

	for (t = templates; *t; t++) {
		OK(page_file(*t) != NULL);
		text = made(*t, "{}");
		OK(text && !strstr(text, "{{") && !strstr(text, "}}"));
		free(text);
	}
	OK(!page_file("none.html") && !page_file(""));
}

static int
is_refused(const char *name)
{
	struct buf out = BUF_INIT(1024);
	struct json root = { 0 };
	int rc;

	e = (struct err){ 0 };
	if (json_parse(&root, "{}", 2, &e))
		return 0;
	rc = page_render(&out, name, &root, &e);
	json_release(&root);
	buf_release(&out);
	return rc && e.code == E_internal;
}

static void
values_stay_inside(void)
{
	static const char evil[] = "{\"title\":\"</title><script>alert(1)"
	    "</script>\",\"node_id\":\"\\\"><img src=x>\",\"label\":"
	    "\"{{> grid.svg}}\",\"description\":\"'<b>\",\"skill\":"
	    "{\"label\":\"<i>\"},\"profile\":{\"node_id\":\"<u>\"}}";
	const char *const *t;
	char *text;

	for (t = templates; *t; t++) {
		text = made(*t, evil);
		OK(text && !strstr(text, "<script>alert") &&
		    !strstr(text, "<img src=x>") && !strstr(text, "'<b>") &&
		    !strstr(text, "<i>") && !strstr(text, "<u>"));
		free(text);
	}
	OK(is_refused("none.html"));
}

static size_t
count(const char *text, const char *what)
{
	size_t n = 0;

	while ((text = strstr(text, what))) {
		text += strlen(what);
		n++;
	}
	return n;
}

/* As many hashes as there are styles and scripts, and no way around them. */
static void
policies(void)
{
	struct buf out = BUF_INIT(4096);
	const char *const *t;
	char *text;

	for (t = templates; *t; t++) {
		buf_reset(&out);
		page_policy(&out, *t);
		OK(!strncmp(out.data, "default-src 'none'", 18));
		OK(!strstr(out.data, "unsafe") && !strchr(out.data, '*') &&
		    !strpbrk(out.data, "\r\n"));
		text = made(*t, "{}");
		OK(text && count(text, "<style") + count(text, "<script") <=
		    count(out.data, "'sha256-"));
		/* No style or handler in an attribute. */
		OK(text && !strstr(text, " style=") &&
		    !strstr(text, " onclick=") && !strstr(text, "javascript:"));
		free(text);
	}
	buf_release(&out);
}

int
main(void)
{
	escapes();
	every_template();
	values_stay_inside();
	policies();
	return DONE();
}
