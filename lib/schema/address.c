#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/enc.h"
#include "schema/address.h"

struct part {
	const char *s;			/* NULL: there is none */
	size_t n;
};

struct parts {
	struct part scheme, authority, path, query;
};

static struct part
until(const char **s, const char *ends)
{
	struct part p = { .s = *s, .n = strcspn(*s, ends) };

	*s += p.n;
	return p;
}

static bool
letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static struct parts
split(const char *s)
{
	struct parts p = { 0 };
	size_t n = strcspn(s, ":/?#");

	if (s[n] == ':' && letter(*s)) {
		p.scheme = (struct part){ s, n };
		s += n + 1;
	}
	if (!strncmp(s, "//", 2)) {
		s += 2;
		p.authority = until(&s, "/?#");
	}
	p.path = until(&s, "?#");
	if (*s == '?') {
		s++;
		p.query = until(&s, "#");
	}
	return p;
}

/* Append a path without its segments . and .., which begins at from. */
static void
add_path(struct buf *out, struct part p, size_t from)
{
	const char *end = p.s + p.n, *s = p.s;
	bool rooted;
	size_t n;

	for (; s < end; s += n) {
		rooted = *s == '/';
		for (n = *s == '/'; s + n < end && s[n] != '/'; n++)
			;
		if ((n == 2 && !memcmp(s, "/.", 2)) ||
		    (n == 1 && *s == '.')) {
			if (s + n == end && rooted)
				buf_addc(out, '/');
			n += !rooted && s + n < end;
		} else if ((n == 3 && !memcmp(s, "/..", 3)) ||
		    (n == 2 && !memcmp(s, "..", 2))) {
			n = out->len;
			while (n > from && out->data[n - 1] != '/')
				n--;
			buf_cut(out, n > from ? n - 1 : from);
			n = rooted ? 3 : 2;
			if (s + n == end && rooted)
				buf_addc(out, '/');
			n += !rooted && s + n < end;
		} else {
			buf_add(out, s, n);
		}
	}
}

/* The base's path up to its last slash, then the reference's. */
static void
merge(struct buf *out, const struct parts *base, struct part path)
{
	struct buf whole = BUF_INIT(4 * ADDRESS_MAX);
	size_t n = base->path.n;

	while (n && base->path.s[n - 1] != '/')
		n--;
	buf_add(&whole, base->path.s, n);
	if (!n && base->authority.s)
		buf_addc(&whole, '/');
	buf_add(&whole, path.s, path.n);
	add_path(out, (struct part){ whole.data, whole.len }, out->len);
	out->full |= whole.full;
	buf_release(&whole);
}

void
address_resolve(struct buf *out, const char *base, const char *reference)
{
	struct parts b = split(base), r = split(reference);
	const struct parts *first = r.scheme.s ? &r : &b;

	buf_reset(out);
	if (first->scheme.s) {
		buf_add(out, first->scheme.s, first->scheme.n);
		buf_addc(out, ':');
	}
	if (r.authority.s)
		first = &r;
	if (first->authority.s) {
		buf_adds(out, "//");
		buf_add(out, first->authority.s, first->authority.n);
	}
	if (first == &r || (r.path.n && *r.path.s == '/'))
		add_path(out, r.path, out->len);
	else if (r.path.n)
		merge(out, &b, r.path);
	else
		buf_add(out, b.path.s, b.path.n);
	if (!r.query.s && !r.path.n && first != &r)
		r.query = b.query;
	if (r.query.s) {
		buf_addc(out, '?');
		buf_add(out, r.query.s, r.query.n);
	}
}

int
address_fragment(struct buf *out, const char *reference)
{
	const char *s = reference + strcspn(reference, "#");
	uint8_t c;
	char hex[3] = "";

	buf_reset(out);
	if (*s)
		s++;
	for (; *s; s++) {
		if (*s != '%') {
			buf_addc(out, *s);
			continue;
		}
		memcpy(hex, s + 1, s[1] ? 2 : 1);
		if (strlen(hex) != 2 || !enc_unhex(&c, hex, 1) || !c)
			return -1;
		buf_addc(out, (char)c);
		s += 2;
	}
	return 0;
}
