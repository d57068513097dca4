#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/amount.h"
#include "base/clock.h"
#include "base/param.h"
#include "base/utf8.h"

enum kind { MONEY, SPAN, COUNT, SWITCH, RATE, WORD, PATH, TEXT };

#define RATE_SCALE 4

#define PARAM(word, kind, least, most, value, meaning) \
	[PARAM_##word] = { #word, kind, least, most, value, meaning },
static const struct row {
	const char *word;
	enum kind kind;
	const char *least, *most, *value, *meaning;
} rows[] = {
#include "base/param.def"
};

static const struct { const char *word; int64_t value; } switches[] = {
	{ "no", 0 }, { "yes", 1 }, { "off", 0 }, { "on", 1 },
};

/* Which of the words of a list, parted by blanks: from 0; or -1. */
static int64_t
word_of(const char *list, const char *text)
{
	size_t n, len = strlen(text);
	int64_t i;

	for (i = 0; *list; i++, list += n + (list[n] == ' ')) {
		n = strcspn(list, " ");
		if (n == len && !memcmp(list, text, n))
			return i;
	}
	return -1;
}

/* The word of that number; its length into *n. */
static const char *
word_at(const char *list, int64_t i, int *n)
{
	for (; i; i--)
		list += strcspn(list, " ") + 1;
	*n = (int)strcspn(list, " ");
	return list;
}

static int
read_value(const struct row *r, const char *text, int64_t *out,
    struct err *e)
{
	size_t i;

	switch (r->kind) {
	case MONEY:
		return amount_digits(text, 2, out, e);
	case SPAN:
		return clock_span(text, out, e);
	case COUNT:
		return amount_digits(text, 0, out, e);
	case RATE:
		return amount_digits(text, RATE_SCALE, out, e);
	case WORD:
		*out = word_of(r->least, text);
		return *out >= 0 ? 0 : err_set(e, E_bad_conf, "'%.40s' is "
		    "none of: %s", text, r->least);
	case SWITCH:
		for (i = 0; i < sizeof(switches) / sizeof(*switches); i++)
			if (!strcmp(text, switches[i].word)) {
				*out = switches[i].value;
				return 0;
			}
		break;
	case PATH:
	case TEXT:
		*out = 0;
		return 0;
	}
	return err_set(e, E_bad_conf, "'%.40s' is neither yes nor no", text);
}

/* A text of the table itself, which is never wrong. */
static int64_t
built_in(const struct row *r, const char *text)
{
	struct err e = { 0 };
	int64_t value = 0;
	int rc = read_value(r, text, &value, &e);

	assert(!rc);
	return value;
}

static bool
is_string(const struct row *r)
{
	return r->kind == PATH || r->kind == TEXT;
}

void
param_defaults(struct params *p)
{
	int64_t n = 0;
	size_t i;

	*p = (struct params){ 0 };
	for (i = 0; i < PARAM__COUNT; i++) {
		p->value[i] = built_in(&rows[i], rows[i].value);
		if (!is_string(&rows[i]))
			continue;
		assert(n < PARAM_STRINGS);
		p->value[i] = n;	/* where it is kept */
		snprintf(p->string[n++], PARAM_LINE, "%s", rows[i].value);
	}
}

const char *
param_string(const struct params *p, enum param i)
{
	assert(is_string(&rows[i]));
	return p->string[p->value[i]];
}

static int
set(struct params *p, const char *word, const char *text, unsigned long line,
    struct err *e)
{
	const struct row *r = rows;
	int64_t value;

	while (r < rows + PARAM__COUNT && strcmp(r->word, word))
		r++;
	if (r == rows + PARAM__COUNT)
		return err_set(e, E_bad_conf, "no parameter '%.40s'", word);
	if (!*text)
		return err_set(e, E_bad_conf, "'%s' needs a value", word);
	if (p->line[r - rows])
		return err_set(e, E_bad_conf, "'%s' is set in line %lu", word,
		    p->line[r - rows]);
	if (is_string(r)) {
		if (r->kind == TEXT && !utf8_plain(text))
			return err_set(e, E_bad_conf, "%s: '%.40s' is not "
			    "UTF-8 without control characters", word, text);
		snprintf(p->string[p->value[r - rows]], PARAM_LINE, "%s",
		    text);
		p->line[r - rows] = line;
		return 0;
	}
	if (read_value(r, text, &value, e)) {
		e->code = E_bad_conf;
		return err_wrap(e, "%s", word);
	}
	if (r->kind != WORD && (value < built_in(r, r->least) ||
	    value > built_in(r, r->most)))
		return err_set(e, E_bad_conf, "%s: '%.40s' is not within "
		    "%s and %s", word, text, r->least, r->most);
	p->value[r - rows] = value;
	p->line[r - rows] = line;
	return 0;
}

int
param_read(struct params *p, const char *text, const char *name,
    struct err *e)
{
	static const char blank[] = " \t\r";
	char word[PARAM_LINE], value[PARAM_LINE];
	unsigned long line = 1;
	size_t n, len;

	for (; *text; text += n + (text[n] == '\n'), line++) {
		n = strcspn(text, "\n");
		len = strcspn(text, "#\n");
		if (len >= sizeof(word))
			return err_set(e, E_bad_conf, "%s:%lu: line too long",
			    name, line);
		memcpy(word, text, len);
		word[len] = '\0';
		while (len && strchr(blank, word[len - 1]))
			word[--len] = '\0';
		memmove(word, word + strspn(word, blank),
		    len + 1 - strspn(word, blank));
		len = strcspn(word, blank);
		if (!len)
			continue;
		snprintf(value, sizeof(value), "%s",
		    word + len + strspn(word + len, blank));
		word[len] = '\0';
		if (set(p, word, value, line, e))
			return err_wrap(e, "%s:%lu", name, line);
	}
	return 0;
}

const char *
param_word(enum param i)
{
	return rows[i].word;
}

const char *
param_meaning(enum param i)
{
	return rows[i].meaning;
}

void
param_text(const struct params *p, enum param i, char out[PARAM_TEXT])
{
	int64_t value = p->value[i];
	const char *at;
	int n;

	switch (rows[i].kind) {
	case MONEY:
		amount_print(value, 2, out);
		return;
	case SPAN:
		clock_span_text(value, out);
		return;
	case COUNT:
		amount_print(value, 0, out);
		return;
	case SWITCH:
		snprintf(out, PARAM_TEXT, "%s", value ? "yes" : "no");
		return;
	case RATE:
		amount_print(value, RATE_SCALE, out);
		for (n = (int)strlen(out); out[n - 1] == '0' &&
		    out[n - 2] != '.'; n--)
			out[n - 1] = '\0';
		return;
	case WORD:
		at = word_at(rows[i].least, value, &n);
		snprintf(out, PARAM_TEXT, "%.*s", n, at);
		return;
	case PATH:
	case TEXT:
		snprintf(out, PARAM_TEXT, "%s", param_string(p, i));
		return;
	}
}
