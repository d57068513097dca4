#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <textcat.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "crypto/hash.h"
#include "validate/language.h"

#define MOST 1024		/* languages */
#define PATH 512		/* as the library has it */
#define FILE_MAX (1 << 20)

static const struct { const char *alias, *code; } aliases[] = {
	{ "no", "nb" }, { "no", "nn" }, { "zh", "zh-cn" }, { "zh", "zh-tw" },
};

/* In lower case, whatever the locale; cut to what fits. */
static void
lower(char out[LANGUAGE_CODE], const char *s, size_t n)
{
	size_t i;

	for (i = 0; i < n && i < LANGUAGE_CODE - 1; i++)
		out[i] = s[i] >= 'A' && s[i] <= 'Z' ?
		    (char)(s[i] - 'A' + 'a') : s[i];
	out[i] = '\0';
}

/* The library's "pt--utf8", "zh-CN-utf8" and "haw-utf8" as codes. */
static void
normalise(char out[LANGUAGE_CODE], const char *name)
{
	static const char tail[] = "-utf8";
	size_t n = strlen(name);

	if (n >= strlen(tail) && !strcmp(name + n - strlen(tail), tail))
		n -= strlen(tail);
	while (n && name[n - 1] == '-')
		n--;
	lower(out, name, n);
}

static int
by_code(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* What is read here is hashed, names as well, so that parts cannot shift. */
static int
take_file(struct hash_run *run, struct buf *text, const char *dir,
    const char *name, struct err *e)
{
	char path[PATH], head[PATH];

	buf_reset(text);
	if (snprintf(path, sizeof path, "%s/%s", dir, name) >= PATH)
		return err_set(e, E_io_error, "the path '%.64s...' is too "
		    "long", path);
	if (file_read(text, path, e))
		return err_set(e, E_io_error, "no language data '%s': install "
		    "libexttextcat-data", path);
	snprintf(head, sizeof head, "%s %zu\n", name, text->len);
	hash_add(run, head, strlen(head));
	hash_add(run, text->data, text->len);
	return 0;
}

/* "en.lm  en--utf8  # comment": a file, and what the library is to call it. */
static int
take_line(struct language *l, struct hash_run *run, const char *line,
    size_t n, struct err *e)
{
	struct buf text = BUF_INIT(FILE_MAX);
	char copy[256], file[128], name[128];
	int rc = -1;

	n = strcspn(line, "#\n") < n ? strcspn(line, "#\n") : n;
	if (n < sizeof copy) {
		memcpy(copy, line, n);
		copy[n] = '\0';
		if (sscanf(copy, "%127s %127s", file, name) != 2)
			return 0;
		if (l->count == MOST)
			return err_set(e, E_io_error, "too many languages in "
			    "'%s'", l->dir);
		normalise(l->codes[l->count++], name);
		rc = take_file(run, &text, l->dir, file, e);
		buf_release(&text);
		return rc;
	}
	return err_set(e, E_io_error, "a line of the list of languages in "
	    "'%s' is too long", l->dir);
}

static int
take_list(struct language *l, struct err *e)
{
	struct buf list = BUF_INIT(FILE_MAX);
	char hex[HASH_HEX];
	struct hash_run run;
	struct hash sum;
	const char *line;
	int rc = -1;

	/* Ties between n-grams are broken by a hash of chars, signed or not. */
	hash_start(&run);
	hash_add(&run, CHAR_MIN < 0 ? "-" : "+", 1);
	if (take_file(&run, &list, l->dir, "fpdb.conf", e))
		goto out;
	for (line = list.data; *line; line += *line == '\n') {
		if (take_line(l, &run, line, strcspn(line, "\n"), e))
			goto out;
		line += strcspn(line, "\n");
	}
	hash_end(&sum, &run);
	hash_hex(hex, &sum);
	snprintf(l->version, sizeof l->version, "%.16s-%.16s",
	    textcat_Version(), hex);
	rc = 0;
out:
	buf_release(&list);
	return rc;
}

static void
empty(struct language *l)
{
	if (l->handle)
		textcat_Done(l->handle);
	free(l->codes);
	l->handle = NULL;
	l->codes = NULL;
	l->count = 0;
	l->version[0] = '\0';
}

static int
load(struct language *l, struct err *e)
{
	char conf[PATH], prefix[PATH];

	if (l->handle)
		return 0;
	if (strlen(l->dir) > PATH - 200)	/* the library does not look */
		return err_set(e, E_io_error, "the path '%.64s...' is too "
		    "long", l->dir);
	l->codes = mem_zero(MOST, sizeof *l->codes);
	if (!take_list(l, e)) {
		qsort(l->codes, l->count, sizeof *l->codes, by_code);
		snprintf(conf, sizeof conf, "%s/fpdb.conf", l->dir);
		snprintf(prefix, sizeof prefix, "%s/", l->dir);
		l->handle = special_textcat_Init(conf, prefix);
		if (l->handle)
			return 0;
		(void)err_set(e, E_io_error, "cannot read the language data "
		    "in '%s'", l->dir);
	}
	empty(l);
	return -1;
}

int
language_load(struct language *l, struct err *e)
{
	int rc;

	pthread_mutex_lock(&l->lock);
	rc = load(l, e);
	pthread_mutex_unlock(&l->lock);
	return rc;
}

void
language_release(struct language *l)
{
	empty(l);
}

const char *
language_code(const struct language *l, size_t i)
{
	return i < l->count ? l->codes[i] : NULL;
}

const char *
language_alias(size_t i)
{
	return i == 0 ? "no" : i == 1 ? "zh" : NULL;
}

static bool
same(const char *code, const char *word)
{
	char low[LANGUAGE_CODE];

	lower(low, word, strlen(word));
	return strlen(word) < LANGUAGE_CODE && !strcmp(code, low);
}

bool
language_known(const struct language *l, const char *code)
{
	size_t i;

	for (i = 0; i < l->count; i++)
		if (same(l->codes[i], code))
			return true;
	for (i = 0; language_alias(i); i++)
		if (same(language_alias(i), code))
			return true;
	return false;
}

const char *
language_version(const struct language *l)
{
	return l->version;
}

/*
 * What the library passes over, blanks and digits, is left out before the
 * text is cut, so that a text cannot hide behind a page of them.
 */
static void
add_sample(struct buf *out, const char *s, size_t n)
{
	size_t i, len, left = LANGUAGE_SAMPLE;
	bool gap = false;

	for (i = 0; i < n && left; i += len) {
		len = utf8_len(s + i, n - i);
		if (!len)
			len = 1;
		if (utf8_space(utf8_number(s + i, len)) ||
		    (s[i] >= '0' && s[i] <= '9')) {
			gap = true;
			continue;
		}
		if (gap)
			buf_addc(out, ' ');
		left -= gap && left > 1 ? 2 : 1;
		gap = false;
		buf_add(out, s + i, len);
	}
}

/*
 * textcat_Classify() writes into the handle; the function used here does not,
 * and the library has no variables, so that threads may share a handle.
 */
int
language_guess(struct language *l, const char *text, size_t n,
    struct language_guess *out, struct err *e)
{
	struct buf sample = BUF_INIT(8 * LANGUAGE_SAMPLE);
	candidate_t *found;
	int i, count;

	if (language_load(l, e))
		return -1;
	*out = (struct language_guess){ 0 };
	add_sample(&sample, text, n);
	found = textcat_GetClassifyFullOutput(l->handle);
	if (!found) {
		buf_release(&sample);
		return err_set(e, E_out_of_memory, "cannot hold the languages");
	}
	count = textcat_ClassifyFull(l->handle, sample.data, sample.len, found);
	for (i = 0; i < count && i < LANGUAGE_GUESSES; i++)
		normalise(out->code[out->count++], found[i].name);
	textcat_ReleaseClassifyFullOutput(l->handle, found);
	buf_release(&sample);
	return 0;
}

bool
language_among(const struct language_guess *g, const char *expected)
{
	size_t i, k;

	for (i = 0; i < g->count; i++) {
		if (same(g->code[i], expected))
			return true;
		for (k = 0; k < sizeof aliases / sizeof *aliases; k++)
			if (same(aliases[k].alias, expected) &&
			    !strcmp(aliases[k].code, g->code[i]))
				return true;
	}
	return false;
}
