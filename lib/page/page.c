#include <string.h>

#include "base/enc.h"
#include "crypto/hash.h"
#include "page/page.h"

#define DEPTH 16
#define NAME 64

struct pages_file { const char *name, *text; };
extern const struct pages_file pages_file[];

struct render {
	struct buf *out;
	const char *file;		/* that is rendered, for complaints */
	struct json at[DEPTH];		/* values, the innermost last */
	int depth;
};

const char *
page_file(const char *name)
{
	const struct pages_file *f;

	for (f = pages_file; f->name; f++)
		if (!strcmp(f->name, name))
			return f->text;
	return NULL;
}

/* Of the UTF-8 at s: marks that say which way text runs. */
static bool
turns(const unsigned char *s)
{
	return s[0] == 0xe2 && ((s[1] == 0x80 && (s[2] == 0x8e ||
	    s[2] == 0x8f || (s[2] >= 0xaa && s[2] <= 0xae))) ||
	    (s[1] == 0x81 && s[2] >= 0xa6 && s[2] <= 0xa9));
}

/*
 * How many bytes are a character that no page and no XML has: a control, a
 * mark as above, U+FFFE, U+FFFF; or 0.
 */
static size_t
unfit(const unsigned char *s, size_t n)
{
	if ((*s < ' ' && *s != '\n' && *s != '\t') || *s == 0x7f)
		return 1;
	if (n >= 2 && ((*s == 0xc2 && s[1] < 0xa0) || (*s == 0xd8 &&
	    s[1] == 0x9c)))
		return 2;
	return n >= 3 && (turns(s) || (*s == 0xef && s[1] == 0xbf &&
	    s[2] >= 0xbe)) ? 3 : 0;
}

void
page_escape(struct buf *out, const char *text, size_t n)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t i, bad;

	for (i = 0; i < n; i++) {
		bad = unfit(s + i, n - i);
		if (bad) {
			buf_adds(out, "\xef\xbf\xbd");
			i += bad - 1;
		} else if (s[i] == '&')
			buf_adds(out, "&amp;");
		else if (s[i] == '<')
			buf_adds(out, "&lt;");
		else if (s[i] == '>')
			buf_adds(out, "&gt;");
		else if (s[i] == '"')
			buf_adds(out, "&quot;");
		else if (s[i] == '\'')
			buf_adds(out, "&#39;");
		else
			buf_addc(out, (char)s[i]);
	}
}

static void
put(struct buf *out, const struct json *v)
{
	const char *text;
	size_t n;

	switch (json_kind(v)) {
	case JSON_STRING:
		text = json_string(v);
		page_escape(out, text, strlen(text));
		break;
	case JSON_NUMBER:
		text = json_lexeme(v, &n);
		page_escape(out, text, n);
		break;
	case JSON_BOOL:
		buf_adds(out, json_true(v) ? "yes" : "no");
		break;
	case JSON_NULL:
	case JSON_ARRAY:
	case JSON_OBJECT:
		break;
	}
}

static bool
find_in(const struct json *v, const char *path, struct json *out)
{
	size_t n = strcspn(path, ".");
	char key[NAME];

	if (json_kind(v) != JSON_OBJECT || n >= sizeof(key))
		return false;
	memcpy(key, path, n);
	key[n] = '\0';
	if (!json_find(out, v, key))
		return false;
	if (path[n]) {
		struct json inner = *out;

		return find_in(&inner, path + n + 1, out);
	}
	return true;
}

static bool
find(const struct render *r, const char *path, struct json *out)
{
	int i;

	if (!strcmp(path, ".")) {
		*out = r->at[r->depth - 1];
		return true;
	}
	for (i = r->depth; i-- > 0;)
		if (find_in(&r->at[i], path, out))
			return true;
	return false;
}

static bool
counts(const struct json *v)
{
	switch (json_kind(v)) {
	case JSON_STRING:
		return *json_string(v) != '\0';
	case JSON_BOOL:
		return json_true(v);
	case JSON_ARRAY:
		return json_count(v) > 0;
	case JSON_NUMBER:
	case JSON_OBJECT:
		return true;
	case JSON_NULL:
		break;
	}
	return false;
}

/* A tag, without its braces; behind it the rest of the template. */
struct tag {
	char kind;			/* # ^ / > or ' ' of a value */
	char name[NAME];
};

static const char *
read_tag(const char *p, struct tag *t)
{
	size_t n = 0;

	t->kind = ' ';
	if (*p && strchr("#^/>", *p))
		t->kind = *p++;
	p += strspn(p, " ");
	while (*p && *p != ' ' && *p != '}' && n < NAME - 1)
		t->name[n++] = *p++;
	t->name[n] = '\0';
	p += strspn(p, " ");
	return n && !strncmp(p, "}}", 2) ? p + 2 : NULL;
}

/* Where the section that begins here ends: at its closing tag. */
static const char *
end_of(const char *p, const char *name, const char **behind)
{
	const char *at;
	int open = 1;
	struct tag t;

	while ((at = strstr(p, "{{"))) {
		p = read_tag(at + 2, &t);
		if (!p)
			return NULL;
		if (strcmp(t.name, name))
			continue;
		open += t.kind == '#' || t.kind == '^';
		open -= t.kind == '/';
		if (!open) {
			*behind = p;
			return at;
		}
	}
	return NULL;
}

static int render(struct render *, const char *p, const char *end,
    struct err *);

static int
inside(struct render *r, const struct json *v, const char *p,
    const char *end, struct err *e)
{
	int rc;

	if (r->depth == DEPTH)
		return err_set(e, E_internal, "%s: too deep", r->file);
	r->at[r->depth++] = *v;
	rc = render(r, p, end, e);
	r->depth--;
	return rc;
}

static int
section(struct render *r, const struct tag *t, const char *p,
    const char *end, struct err *e)
{
	struct json v, it = { 0 };
	bool is = find(r, t->name, &v) && counts(&v);

	if (t->kind == '^')
		return is ? 0 : render(r, p, end, e);
	if (!is)
		return 0;
	if (json_kind(&v) == JSON_OBJECT)
		return inside(r, &v, p, end, e);
	if (json_kind(&v) != JSON_ARRAY)
		return render(r, p, end, e);
	while (json_next(&it, &v))
		if (inside(r, &it, p, end, e))
			return -1;
	return 0;
}

static bool
is_template(const char *name)
{
	size_t n = strlen(name);

	return n > 5 && !strcmp(name + n - 5, ".html");
}

static int
include(struct render *r, const char *name, struct err *e)
{
	const char *text = page_file(name);

	if (!text)
		return err_set(e, E_internal, "%s: no '%s'", r->file, name);
	if (is_template(name))
		return render(r, text, text + strlen(text), e);
	buf_adds(r->out, text);
	return 0;
}

static int
render(struct render *r, const char *p, const char *end, struct err *e)
{
	const char *at, *behind, *stop;
	struct json v;
	struct tag t;

	while ((at = strstr(p, "{{")) && at < end) {
		buf_add(r->out, p, (size_t)(at - p));
		p = read_tag(at + 2, &t);
		if (!p || t.kind == '/')
			return err_set(e, E_internal, "%s: a tag at '%.20s'",
			    r->file, at);
		if (t.kind == '>') {
			if (include(r, t.name, e))
				return -1;
			continue;
		}
		if (t.kind == ' ') {
			if (find(r, t.name, &v))
				put(r->out, &v);
			continue;
		}
		stop = end_of(p, t.name, &behind);
		if (!stop)
			return err_set(e, E_internal, "%s: '%s' has no end",
			    r->file, t.name);
		if (section(r, &t, p, stop, e))
			return -1;
		p = behind;
	}
	buf_add(r->out, p, (size_t)(end - p));
	return 0;
}

int
page_render(struct buf *out, const char *name, const struct json *data,
    struct err *e)
{
	struct render r = {
		.out = out, .file = name, .at = { *data }, .depth = 1,
	};
	const char *text = page_file(name);

	return text ? render(&r, text, text + strlen(text), e) :
	    err_set(e, E_internal, "no page '%s'", name);
}

/* The hashes of the files of one kind that a template includes. */
static bool
hashes(struct buf *out, const char *text, const char *kind)
{
	const char *file;
	struct hash h;
	struct tag t;
	bool some = false;
	size_t n, k = strlen(kind);

	while ((text = strstr(text, "{{>"))) {
		text = read_tag(text + 2, &t);
		if (!text)
			break;
		n = strlen(t.name);
		file = page_file(t.name);
		if (is_template(t.name) && file)
			some = hashes(out, file, kind) || some;
		if (!file || n <= k || strcmp(t.name + n - k, kind))
			continue;
		hash_of(&h, file, strlen(file));
		buf_adds(out, " 'sha256-");
		enc_base64(out, h.b, sizeof(h.b));
		buf_addc(out, '\'');
		some = true;
	}
	return some;
}

void
page_policy(struct buf *out, const char *name)
{
	const char *text = page_file(name);

	buf_adds(out, "default-src 'none'; style-src");
	if (!text || !hashes(out, text, ".css"))
		buf_adds(out, " 'none'");
	buf_adds(out, "; script-src");
	if (!text || !hashes(out, text, ".js"))
		buf_adds(out, " 'none'");
	buf_adds(out, "; img-src data:; connect-src 'self'; base-uri 'none'; "
	    "form-action 'none'; frame-ancestors 'none'");
}
