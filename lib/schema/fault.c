#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "schema/impl.h"

/* Room that is surely enough for what is then cut. */
#define ROOM (16 * SCHEMA_SHOWN)

/* The beginning of a string, quoted, of whole characters. */
static void
show_string(struct buf *b, const char *s)
{
	size_t n = 0, len, left = strnlen(s, SCHEMA_SHOWN + 4);

	while (n < left) {
		len = utf8_len(s + n, left - n);
		if (!len)
			break;
		n += len;
	}
	json_strn(b, NULL, s, n);
}

/* A value as compact JSON, until there is enough of it. */
static void
show(struct buf *b, const struct json *v)
{
	bool list = json_kind(v) == JSON_ARRAY;
	struct json it = { 0 };

	if (json_kind(v) == JSON_STRING) {
		show_string(b, json_string(v));
		return;
	}
	if (!list && json_kind(v) != JSON_OBJECT) {
		json_copy(b, NULL, v);
		return;
	}
	json_open(b, NULL, list ? '[' : '{');
	while (b->len < SCHEMA_SHOWN && json_next(&it, v)) {
		if (!list) {
			show_string(b, json_key(&it));
			buf_addc(b, ':');
		}
		show(b, &it);
	}
	json_close(b, list ? ']' : '}');
}

static void
cut(char out[SCHEMA_SHOWN + 1], const struct buf *b)
{
	size_t n = 0, len;

	while (n < b->len) {
		len = utf8_len(b->data + n, b->len - n);
		if (!len || n + len > SCHEMA_SHOWN)
			break;
		n += len;
	}
	memcpy(out, b->data, n);
	out[n] = '\0';
}

static void
say(const struct frame *f, const struct json *rule, const char *key,
    const char *what)
{
	struct schema_fault *fault = f->c->fault;
	char where[JSON_WHERE];
	struct buf b = BUF_INIT(ROOM);

	*fault = (struct schema_fault){ .at = f->v->at };
	json_where(rule, NULL, fault->rule);
	json_where(&f->v->at, key, where);
	if (*where)
		snprintf(fault->error, sizeof fault->error, "'%s' %s", where,
		    what);
	else
		snprintf(fault->error, sizeof fault->error, "the value %s",
		    what);
	show(&b, rule);
	cut(fault->expected, &b);
	buf_reset(&b);
	if (f->v->name)
		show_string(&b, f->v->name);
	else
		show(&b, &f->v->at);
	cut(fault->got, &b);
	buf_release(&b);
}

int
fault_set(const struct frame *f, const struct json *rule, const char *key,
    const char *what)
{
	if (!f->c->quiet)
		say(f, rule, key, what);
	return 0;
}

int
fault_limit(const struct frame *f, const struct json *rule, const char *what)
{
	say(f, rule, NULL, what);
	f->c->fault->at = (struct json){ 0 };
	return -1;
}
