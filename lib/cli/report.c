#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/mem.h"
#include "cli/cli.h"
#include "cli/report.h"

#define COLUMNS 16
#define CELL_MAX (1 << 20)

struct report {
	char *keys;			/* owned; key[] points into it */
	const char *key[COLUMNS];
	bool right[COLUMNS];
	size_t width[COLUMNS];
	size_t n;
	char **cell;			/* owned, n to a row */
	size_t rows, cap;
};

/* Characters, of text that is UTF-8. */
static size_t
width_of(const char *s)
{
	size_t n = 0;

	for (; *s; s++)
		n += (*s & 0xc0) != 0x80;
	return n;
}

struct report *
report_new(const char *columns)
{
	struct report *r = mem_zero(1, sizeof(*r));
	char *p = r->keys = mem_text(columns);

	for (; *p && r->n < COLUMNS; r->n++) {
		r->right[r->n] = *p == '>';
		p += *p == '>';
		r->key[r->n] = p;
		p += strcspn(p, " ");
		if (*p)
			*p++ = '\0';
		r->width[r->n] = width_of(r->key[r->n]);
	}
	return r;
}

void
report_free(struct report *r)
{
	size_t i;

	if (!r)
		return;
	for (i = 0; i < r->rows * r->n; i++)
		free(r->cell[i]);
	free(r->cell);
	free(r->keys);
	free(r);
}

/* Absent and null are "-"; what is not a plain value stays JSON. */
static void
cell_of(struct buf *out, const struct json *record, const char *key)
{
	struct json value;
	const char *lexeme;
	size_t n;

	if (!json_find(&value, record, key) ||
	    json_kind(&value) == JSON_NULL) {
		buf_addc(out, '-');
		return;
	}
	switch (json_kind(&value)) {
	case JSON_STRING:
		cli_clean(out, json_string(&value));
		return;
	case JSON_NUMBER:
		lexeme = json_lexeme(&value, &n);
		buf_add(out, lexeme, n);
		return;
	case JSON_BOOL:
		buf_adds(out, json_true(&value) ? "yes" : "no");
		return;
	case JSON_ARRAY:
	case JSON_OBJECT:
	case JSON_NULL:
		buf_addf(out, "(%zu)", json_count(&value));
		return;
	}
}

int
report_add(struct report *r, const char *record, size_t n, struct err *e)
{
	struct buf text = BUF_INIT(CELL_MAX);
	struct json root;
	size_t i, wide;

	if (json_parse(&root, record, n, e))
		return -1;
	if (r->rows == r->cap) {
		r->cap = r->cap ? 2 * r->cap : 16;
		r->cell = mem_grow(r->cell, r->cap * r->n, sizeof(*r->cell));
	}
	for (i = 0; i < r->n; i++) {
		buf_reset(&text);
		cell_of(&text, &root, r->key[i]);
		wide = width_of(text.data);
		if (wide > r->width[i])
			r->width[i] = wide;
		r->cell[r->rows * r->n + i] = mem_text(text.data);
	}
	r->rows++;
	buf_release(&text);
	json_release(&root);
	return 0;
}

static void
pad(struct buf *out, size_t n)
{
	while (n--)
		buf_addc(out, ' ');
}

static void
line(const struct report *r, struct buf *out, const char *const *cell,
    bool heading)
{
	size_t i, gap, start;
	const char *p;

	for (i = 0; i < r->n; i++) {
		gap = r->width[i] - width_of(cell[i]);
		if (r->right[i])
			pad(out, gap);
		for (p = cell[i]; *p; p++)
			buf_addc(out, !heading ? *p : *p == '_' ? ' ' :
			    (char)toupper((unsigned char)*p));
		start = out->len;
		if (!r->right[i])
			pad(out, gap);
		pad(out, 2);
		if (i + 1 == r->n)
			buf_cut(out, r->right[i] ? out->len - 2 : start);
	}
	buf_addc(out, '\n');
}

void
report_print(const struct report *r, struct buf *out)
{
	size_t i;

	if (!r->rows)
		return;
	line(r, out, r->key, true);
	for (i = 0; i < r->rows; i++)
		line(r, out, (const char *const *)&r->cell[i * r->n], false);
}

int
cli_emit_object(struct cli *c, struct buf *b, struct err *e)
{
	int rc;

	json_close(b, '}');
	rc = cli_emit_buf(c, b, e);
	buf_release(b);
	return rc;
}
