#include <string.h>

#include "base/csv.h"

void
csv_open(struct csv *c, char *text, size_t n)
{
	*c = (struct csv){ .p = text, .end = text + n, .line = 1 };
	text[n] = '\0';
}

static int
bad(const struct csv *c, const char *what, struct err *e)
{
	return err_set(e, E_bad_csv, "line %lu: %s", c->line, what);
}

/* A field in quotes, unquoted in place; goes to what ends it. */
static int
quoted(struct csv *c, struct err *e)
{
	char *to = c->p++;

	c->field[c->n++] = to;
	for (;; c->p++) {
		if (c->p == c->end)
			return bad(c, "a quote is not closed", e);
		c->line += *c->p == '\n';
		if (*c->p == '"' && *++c->p != '"')
			break;
		*to++ = *c->p;
	}
	if (c->p < c->end && !strchr(",\r\n", *c->p))
		return bad(c, "there is text behind a quoted field", e);
	/* Where the closing quote was there is room for the NUL. */
	*to = '\0';
	return 0;
}

static int
bare(struct csv *c, struct err *e)
{
	c->field[c->n++] = c->p;
	c->p += strcspn(c->p, ",\r\n\"");
	return *c->p == '"' ?
	    bad(c, "a quote stands inside of a field", e) : 0;
}

int
csv_next(struct csv *c, struct err *e)
{
	char ends;

	if (c->p >= c->end)
		return 0;
	if (memchr(c->p, '\0', (size_t)(c->end - c->p)))
		return bad(c, "there is a NUL", e);
	c->n = 0;
	c->at = c->line;
	do {
		if (c->n == CSV_FIELDS)
			return bad(c, "it has too many fields", e);
		if (*c->p == '"' ? quoted(c, e) : bare(c, e))
			return -1;
		ends = *c->p;
		if (c->p < c->end)
			*c->p++ = '\0';
	} while (ends == ',');
	if (ends == '\r') {
		if (c->p < c->end && *c->p != '\n')
			return bad(c, "a carriage return ends no line", e);
		c->p += c->p < c->end;
	}
	c->line++;
	return 1;
}
