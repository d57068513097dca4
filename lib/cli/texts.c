#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "cli/cli.h"
#include "cli/texts.h"

#define BLANKS " \t\r"

static void
add(struct texts *t, const char *file, unsigned long line, const char *p,
    size_t n)
{
	if (t->n == t->cap) {
		t->cap = t->cap ? 2 * t->cap : 16;
		t->text = mem_grow(t->text, t->cap, sizeof(*t->text));
	}
	t->text[t->n++] = (struct text){ file, line, p, n };
}

/* Its first line is nothing but a brace. */
static bool
is_spread(const char *p)
{
	p += strspn(p, BLANKS "\n");
	return *p == '{' && p[1 + strspn(p + 1, BLANKS)] == '\n';
}

static void
split(struct texts *t, const char *file, const char *p, size_t n)
{
	const char *end = p + n, *next;
	unsigned long line;
	size_t len;

	for (line = 1; p < end; line++, p = next) {
		next = memchr(p, '\n', (size_t)(end - p));
		len = (size_t)((next ? next : end) - p);
		next = next ? next + 1 : end;
		if (strspn(p, BLANKS) < len)
			add(t, file, line, p, len);
	}
}

static int
read_one(struct texts *t, const char *path, struct err *e)
{
	struct buf all = BUF_INIT(TEXTS_MAX);
	const char *name = strcmp(path, "-") ? path : "stdin";
	size_t before = t->n, n;
	char *copy;

	if (file_read(&all, path, e)) {
		buf_release(&all);
		return -1;
	}
	n = all.len;
	copy = mem_grow(NULL, n + 1, 1);
	memcpy(copy, all.data, n + 1);
	buf_release(&all);
	t->file = mem_grow(t->file, t->files + 1, sizeof(*t->file));
	t->file[t->files++] = copy;
	if (is_spread(copy))
		add(t, name, 0, copy, n);
	else
		split(t, name, copy, n);
	return t->n > before ? 0 : err_set(e, E_bad_json, "%s: there is "
	    "nothing in it", name);
}

int
texts_read(struct texts *out, struct cli *c, const char *scheme,
    struct err *e)
{
	struct texts t = { 0 };
	char **file = c->argv;
	int rc = 0;

	if (!*file) {
		cli_expect_stdin(c);
		rc = read_one(&t, "-", e);
	}
	for (; *file && !rc; file++) {
		if (!strncmp(*file, scheme, strlen(scheme))) {
			add(&t, "operand", 0, *file, strlen(*file));
			continue;
		}
		if (!strcmp(*file, "-"))
			cli_expect_stdin(c);
		rc = read_one(&t, *file, e);
	}
	if (rc)
		texts_release(&t);
	else
		*out = t;
	return rc;
}

/* A hash of hashes: where one ends and the next begins counts too. */
void
texts_hash(char out[HASH_HEX], const struct texts *t)
{
	struct hash sum = { 0 }, one;
	size_t i;

	for (i = 0; i < t->n; i++) {
		hash_of(&one, t->text[i].p, t->text[i].n);
		hash_of_two(&sum, sum.b, HASH_BYTES, one.b, HASH_BYTES);
	}
	hash_hex(out, &sum);
}

void
texts_release(struct texts *t)
{
	while (t->files)
		free(t->file[--t->files]);
	free(t->file);
	free(t->text);
	*t = (struct texts){ 0 };
}

int
texts_skip(struct cli *c, const struct text *t, struct err *e)
{
	if (t->line)
		err_wrap(e, "%s:%lu", t->file, t->line);
	else
		err_wrap(e, "%s", t->file);
	if (err_ends_run(e))
		return -1;
	cli_complain(c, e);
	*e = (struct err){ 0 };
	return 0;
}
