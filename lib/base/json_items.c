#include <errno.h>
#include <unistd.h>

#include "base/json.h"
#include "base/json_items.h"

void
json_items_init(struct json_items *in, int fd, const char *name)
{
	in->name = name;
	in->fd = fd;
	in->number = 0;
	in->text = (struct buf)BUF_INIT(JSON_MAX);
	in->at = in->have = 0;
	in->begun = in->ended = false;
}

void
json_items_release(struct json_items *in)
{
	buf_release(&in->text);
}

/* The next byte, or -1 at the end, or -2. */
static int
next_byte(struct json_items *in, struct err *e)
{
	ssize_t n;

	while (in->at == in->have) {
		n = read(in->fd, in->piece, sizeof(in->piece));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			err_sys_(e, "cannot read the next %s", in->name);
			return -2;
		}
		if (!n)
			return -1;
		in->at = 0;
		in->have = (size_t)n;
	}
	return (unsigned char)in->piece[in->at++];
}

static int
next_mark(struct json_items *in, struct err *e)
{
	int c;

	do
		c = next_byte(in, e);
	while (c == ' ' || c == '\n' || c == '\t' || c == '\r');
	return c;
}

static int
no_array(struct json_items *in, int c, struct err *e)
{
	return c == -2 ? -1 : err_set(e, E_bad_json, "%s %lld: not the next "
	    "object of an array", in->name, in->number + 1);
}

/* From behind its first brace to its last. */
static int
read_object(struct json_items *in, struct err *e)
{
	int c, depth = 1;
	bool string = false;

	buf_reset(&in->text);
	buf_addc(&in->text, '{');
	while (depth) {
		c = next_byte(in, e);
		if (c < 0 || in->text.full)
			return no_array(in, c, e);
		buf_addc(&in->text, (char)c);
		if (string && c == '\\') {
			c = next_byte(in, e);
			if (c < 0)
				return no_array(in, c, e);
			buf_addc(&in->text, (char)c);
		} else if (c == '"') {
			string = !string;
		} else if (!string) {
			depth += (c == '{' || c == '[') -
			    (c == '}' || c == ']');
		}
	}
	in->number++;
	return 1;
}

int
json_items_next(struct json_items *in, struct err *e)
{
	int c;

	if (in->ended)
		return 0;
	c = next_mark(in, e);
	if (c == (in->begun ? ',' : '[')) {
		in->begun = true;
		c = next_mark(in, e);
		if (c == '{')
			return read_object(in, e);
		if (in->number)			/* a comma, and nothing */
			return no_array(in, c, e);
	}
	if (c == ']' && in->begun)
		c = next_mark(in, e);
	else if (c != -2)
		c = 0;
	in->ended = c == -1;
	return in->ended ? 0 : no_array(in, c, e);
}
