/* The five types that look at a text: of a member, or of the whole output. */
#define _GNU_SOURCE	/* memmem(): strstr() takes n * m steps in glibc 2.36 */
#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "base/fold.h"
#include "base/utf8.h"
#include "validate/impl.h"
#include "validate/text.h"

/* Reading so many bytes is as dear as, for one byte... */
#define SEARCH_BYTES 2		/* searching through it */
#define COUNT_BYTES 2		/* telling characters and words */
#define FOLD_BYTES 8
#define GUESS_BYTES (2 << 20)	/* and as guessing a language, in all */

/* A required string. */
static int
want_text(struct rule *r, const char *key, const struct place *p,
    struct err *e)
{
	if (!json_get_str(&r->config, key, &r->text, e))
		return 0;
	(void)err_set(e, E_bad_contract, "is not a string");
	return place_fault(p, key, -1, e);
}

static int
want_bounds(const struct rule *r, const char *const keys[2],
    int64_t *const out[2], const struct place *p, struct err *e)
{
	int i;

	for (i = 0; i < 2; i++)
		if (json_opt_int(&r->config, keys[i], out[i], e) ||
		    *out[i] < 0) {
			(void)err_set(e, E_bad_contract,
			    "is not a whole number from 0");
			return place_fault(p, keys[i], -1, e);
		}
	if (*out[0] && *out[1] && *out[0] > *out[1]) {
		(void)err_set(e, E_bad_contract, "is above %s", keys[1]);
		return place_fault(p, keys[0], -1, e);
	}
	return 0;
}

static int
read_length(struct rule *r, const struct place *p, struct language *language,
    struct err *e)
{
	static const char *const words[] = { "min_words", "max_words" };
	static const char *const chars[] = { "min_chars", "max_chars" };
	int64_t *const n_words[] = { &r->min_words, &r->max_words };
	int64_t *const n_chars[] = { &r->min_chars, &r->max_chars };

	(void)language;
	if (want_bounds(r, words, n_words, p, e) ||
	    want_bounds(r, chars, n_chars, p, e))
		return -1;
	return 0;
}

/* Say what is wrong with a length, if anything is: true. */
static bool
outside(struct finding *f, const struct rule *r, const char *unit, size_t n,
    int64_t least, int64_t most)
{
	bool few = least && (int64_t)n < least;

	if (!few && (!most || (int64_t)n <= most))
		return false;
	rule_subject(f, r);
	buf_addf(&f->error, " has %zu %s, %s is %" PRId64, n, unit,
	    few ? "minimum" : "maximum", few ? least : most);
	return true;
}

static int
missing(const struct rule *r, struct finding *f)
{
	rule_subject(f, r);
	buf_adds(&f->error, " is missing");
	return 0;
}

static int
judge_length(const struct rule *r, struct subject *s,
    const struct taken_text *t, struct finding *f, struct err *e)
{
	(void)e;
	if (!rule_pay(s, 2 * COUNT_BYTES * t->n))
		return rule_limit(f);
	if (!outside(f, r, "words", text_words(t->s, t->n), r->min_words,
	    r->max_words))
		outside(f, r, "chars", utf8_count(t->s, t->n),
		    r->min_chars, r->max_chars);
	return 0;
}

static int
read_language(struct rule *r, const struct place *p,
    struct language *language, struct err *e)
{
	if (want_text(r, "expected", p, e))
		return -1;
	if (!language)
		return 0;
	if (language_load(language, e))
		return -1;
	if (language_known(language, r->text))
		return 0;
	(void)err_set(e, E_bad_contract, "no language '%.32s'", r->text);
	return place_fault(p, "expected", -1, e);
}

static void
tell_guesses(struct finding *f, const struct language *l,
    const struct language_guess *g)
{
	size_t i;

	json_open(&f->more, "detected", '[');
	for (i = 0; i < g->count; i++)
		json_str(&f->more, NULL, g->code[i]);
	json_close(&f->more, ']');
	json_str(&f->more, "data_version", language_version(l));
}

/* It has no letters. */
static int
inconclusive(const struct rule *r, struct finding *f)
{
	(void)r;
	f->result = VALIDATE_INCONCLUSIVE;
	return 0;
}

static int
judge_language(const struct rule *r, struct subject *s,
    const struct taken_text *t, struct finding *f, struct err *e)
{
	struct language_guess g = { .count = 0 };

	if (!rule_pay(s, COUNT_BYTES * t->n + GUESS_BYTES))
		return rule_limit(f);
	assert(s->language);
	if (language_load(s->language, e))
		return -1;
	if ((int64_t)text_letters(t->s, t->n) >= s->least_letters &&
	    language_guess(s->language, t->s, t->n, &g, e))
		return -1;
	tell_guesses(f, s->language, &g);
	if (!g.count) {
		f->result = VALIDATE_INCONCLUSIVE;
	} else if (!language_among(&g, r->text)) {
		rule_subject(f, r);
		buf_addf(&f->error, " detected as '%s', expected ",
		    g.code[0]);
		rule_quote(&f->error, r->text);
	}
	return 0;
}

static int
read_patterns(struct rule *r, const struct place *p,
    struct language *language, struct err *e)
{
	(void)language;
	return rule_want_strings(r, "patterns", p, e);
}

static int
read_regex(struct rule *r, const struct place *p, struct language *language,
    struct err *e)
{
	(void)language;
	if (want_text(r, "pattern", p, e))
		return -1;
	if (regex_compile(&r->regex, r->text, e))
		return place_fault(p, "pattern", -1, e);
	return 0;
}

/* "Required pattern 'p' not found in field f" */
static void
tell_pattern(struct finding *f, const struct rule *r, const char *which,
    const char *pattern, const char *what)
{
	f->result = VALIDATE_FAIL;
	buf_addf(&f->error, "%s pattern ", which);
	rule_quote(&f->error, pattern);
	buf_addf(&f->error, " %s in ", what);
	if (!r->field) {
		buf_adds(&f->error, "output");
		return;
	}
	buf_adds(&f->error, "field ");
	buf_add(&f->error, r->field, utf8_first(r->field, strlen(r->field),
	    CUT));
}

static int
judge_contains(const struct rule *r, struct subject *s,
    const struct taken_text *t, struct finding *f, struct err *e)
{
	struct json it = { 0 };
	const char *p;

	(void)e;
	while (json_next(&it, &r->list)) {
		p = json_string(&it);
		if (!rule_pay(s, SEARCH_BYTES * t->n))
			return rule_limit(f);
		if (memmem(t->s, t->n, p, strlen(p)))
			continue;
		tell_pattern(f, r, "Required", p, "not found");
		return 0;
	}
	return 0;
}

/* A missing field lacks the first pattern. */
static int
lacks_pattern(const struct rule *r, struct finding *f)
{
	struct json first;

	if (json_at(&first, &r->list, 0))
		return missing(r, f);
	tell_pattern(f, r, "Required", json_string(&first), "not found");
	return 0;
}

/*
 * The folding of the whole output is kept, because many rules of one contract
 * look at it.
 */
static bool
take_folded(const struct rule *r, struct subject *s,
    const struct taken_text *t, struct buf *room, struct buf **out)
{
	*out = r->field ? room : &s->folded;
	if (r->field || !s->have_folded) {
		if (!rule_pay(s, FOLD_BYTES * t->n))
			return false;
		fold_add(*out, t->s, t->n);
		s->have_folded |= !r->field;
	}
	return !(*out)->full;
}

static int
judge_not_contains(const struct rule *r, struct subject *s,
    const struct taken_text *t, struct finding *f, struct err *e)
{
	struct buf room = BUF_INIT(TEXT_MAX), word = BUF_INIT(TEXT_MAX), *text;
	struct json it = { 0 };
	const char *p;

	(void)e;
	if (!take_folded(r, s, t, &room, &text)) {
		rule_limit(f);
		goto out;
	}
	while (json_next(&it, &r->list)) {
		p = json_string(&it);
		if (!rule_pay(s, SEARCH_BYTES * text->len +
		    FOLD_BYTES * strlen(p))) {
			rule_limit(f);
			break;
		}
		buf_reset(&word);
		fold_add(&word, p, strlen(p));
		if (!memmem(text->data, text->len, word.data, word.len))
			continue;
		tell_pattern(f, r, "Forbidden", p, "found");
		break;
	}
out:
	buf_release(&room);
	buf_release(&word);
	return 0;
}

static int
mismatch(const struct rule *r, struct finding *f)
{
	rule_subject(f, r);
	buf_adds(&f->error, " does not match pattern ");
	rule_quote(&f->error, r->text);
	return 0;
}

static int
judge_regex(const struct rule *r, struct subject *s,
    const struct taken_text *t, struct finding *f, struct err *e)
{
	size_t n = utf8_first(t->s, t->n, (size_t)s->subject);

	(void)e;
	switch (regex_search(r->regex, t->s, n, &s->budget)) {
	case REGEX_FOUND:
		return 0;
	case REGEX_LIMIT:
		return rule_limit(f);
	case REGEX_ABSENT:
		break;
	}
	return mismatch(r, f);
}

const struct rule_type rule_length = {
	.word = "length", .field = true, .read = read_length,
	.judge = judge_length, .absent = missing,
}, rule_language = {
	.word = "language", .field = true, .read = read_language,
	.judge = judge_language, .absent = inconclusive,
}, rule_contains = {
	.word = "contains", .field = true, .read = read_patterns,
	.judge = judge_contains, .absent = lacks_pattern,
}, rule_not_contains = {
	.word = "not_contains", .field = true, .read = read_patterns,
	.judge = judge_not_contains,
}, rule_regex = {
	.word = "regex", .field = true, .read = read_regex,
	.judge = judge_regex, .absent = mismatch,
};
