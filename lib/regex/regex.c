#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "regex/regex.h"

#define OPTIONS (PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_ALT_BSUX |	\
    PCRE2_MATCH_UNSET_BACKREF | PCRE2_ALLOW_EMPTY_CLASS |		\
    PCRE2_NEVER_BACKSLASH_C | PCRE2_NEVER_UCP | PCRE2_AUTO_CALLOUT)
#define NESTED 50		/* parentheses */
#define CHARACTERS 0x110000
#define WIDTH (2 * CHARACTERS)	/* of ranges without case, in a pattern */

struct regex {
	pcre2_code *code;
	bool clusters;			/* it may have a \X, */
	bool scripts;			/* or ask for one script only */
	size_t width;			/* of ranges without case */
	size_t n;
	char text[];			/* as PCRE2 was given it; n bytes */
};

/* General categories, as Unicode's PropertyValueAliases.txt names them. */
static const char *const categories[][2] = {
	{ "Other", "C" }, { "Control", "Cc" }, { "cntrl", "Cc" },
	{ "Format", "Cf" }, { "Unassigned", "Cn" }, { "Private_Use", "Co" },
	{ "Surrogate", "Cs" }, { "Letter", "L" }, { "Cased_Letter", "LC" },
	{ "Lowercase_Letter", "Ll" }, { "Modifier_Letter", "Lm" },
	{ "Other_Letter", "Lo" }, { "Titlecase_Letter", "Lt" },
	{ "Uppercase_Letter", "Lu" }, { "Mark", "M" },
	{ "Combining_Mark", "M" }, { "Spacing_Mark", "Mc" },
	{ "Enclosing_Mark", "Me" }, { "Nonspacing_Mark", "Mn" },
	{ "Number", "N" }, { "Decimal_Number", "Nd" }, { "digit", "Nd" },
	{ "Letter_Number", "Nl" }, { "Other_Number", "No" },
	{ "Punctuation", "P" }, { "punct", "P" },
	{ "Connector_Punctuation", "Pc" }, { "Dash_Punctuation", "Pd" },
	{ "Close_Punctuation", "Pe" }, { "Final_Punctuation", "Pf" },
	{ "Initial_Punctuation", "Pi" }, { "Other_Punctuation", "Po" },
	{ "Open_Punctuation", "Ps" }, { "Symbol", "S" },
	{ "Currency_Symbol", "Sc" }, { "Modifier_Symbol", "Sk" },
	{ "Math_Symbol", "Sm" }, { "Other_Symbol", "So" },
	{ "Separator", "Z" }, { "Line_Separator", "Zl" },
	{ "Paragraph_Separator", "Zp" }, { "Space_Separator", "Zs" },
};

/* With all of PCRE2's memory, so that it too is there or the program ends. */
static void *
allocate(size_t n, void *data)
{
	(void)data;
	return mem_grow(NULL, n, 1);
}

static void
release(void *p, void *data)
{
	(void)data;
	free(p);
}

static pcre2_general_context *
memory(void)
{
	return pcre2_general_context_create(allocate, release, NULL);
}

/* The short name of a category, or NULL: not the long name of one. */
static const char *
category(const char *name, size_t n)
{
	static const char *const prefixes[] = { "General_Category=", "gc=" };
	size_t i, len;

	for (i = 0; i < 2; i++) {
		len = strlen(prefixes[i]);
		if (n > len && !memcmp(name, prefixes[i], len)) {
			name += len;
			n -= len;
			break;
		}
	}
	for (i = 0; i < sizeof categories / sizeof *categories; i++)
		if (strlen(categories[i][0]) == n &&
		    !memcmp(categories[i][0], name, n))
			return categories[i][1];
	return NULL;
}

/*
 * Put the short name in the place of a long one, which stands between p and
 * the end of the pattern as {Name}.  PCRE2 takes no notice of low lines in
 * names, so they fill what is left and all positions stay what they were.
 */
static void
shorten(char *p, const char *end)
{
	const char *close = memchr(p, '}', (size_t)(end - p)), *name;
	size_t n;

	if (*p != '{' || !close)
		return;
	n = (size_t)(close - p) - 1;
	name = category(p + 1, n);
	if (!name)
		return;
	memset(p + 1, '_', n);
	memcpy(p + 1, name, strlen(name));
}

static void
shorten_all(char *text, size_t n)
{
	char *p = text, *end = text + n;
	bool quoted = false;	/* between \Q and \E */

	while (p < end) {
		if (*p++ != '\\' || p == end)
			continue;
		if (*p == 'Q' || *p == 'E')
			quoted = *p == 'Q';
		else if (quoted)
			continue;
		else if ((*p == 'p' || *p == 'P') && p + 1 < end)
			shorten(p + 1, end);
		p++;
	}
}

/* Is there (?i), or the like? */
static bool
without_case(const char *text)
{
	const char *p;

	for (p = text; (p = strstr(p, "(?")) != NULL;)
		for (p += 2; (*p >= 'a' && *p <= 'z') || *p == '-' ||
		    *p == '^' || (*p >= 'A' && *p <= 'Z'); p++)
			if (*p == 'i')
				return true;
	return false;
}

/* No less than the character that a range ends with; of ASCII, 0. */
static size_t
range_end(const char *s)
{
	char hex[5] = "";

	if ((unsigned char)*s >= 0x80)
		return utf8_len(s, strlen(s)) ?
		    utf8_number(s, utf8_len(s, strlen(s))) : CHARACTERS;
	if (*s != '\\')
		return 0;
	if (s[1] == 'o' || s[1] == 'N')
		return CHARACTERS;
	if (s[1] == 'u')
		memcpy(hex, s + 2, strnlen(s + 2, 4));
	return s[1] == 'u' ? strtoul(hex, NULL, 16) : 0x1ff;
}

/*
 * Of each character of a range PCRE2 asks what others it is without case: all
 * of them take some 5 ms.
 */
static size_t
width(const char *text)
{
	size_t sum = 0;
	const char *p;

	if (!without_case(text))
		return 0;
	for (p = text; (p = strchr(p, '-')) != NULL;)
		sum += range_end(++p);
	return sum;
}

int
regex_compile(struct regex **out, const char *pattern, struct err *e)
{
	pcre2_general_context *general = memory();
	pcre2_compile_context *context = pcre2_compile_context_create(general);
	size_t at = 0, n = strnlen(pattern, REGEX_PATTERN_MAX + 1);
	struct regex *made = mem_zero(1, sizeof *made + n + 1);
	char why[160];
	int code = 0, rc = -1;

	if (n > REGEX_PATTERN_MAX) {
		err_set(e, E_too_long, "a pattern of more than %d bytes",
		    REGEX_PATTERN_MAX);
		goto out;
	}
	memcpy(made->text, pattern, n);
	made->n = n;
	shorten_all(made->text, n);
	made->width = width(made->text);
	if (made->width > WIDTH) {
		err_set(e, E_bad_pattern, "its ranges without case are "
		    "together too wide");
		goto out;
	}
	made->clusters = strstr(made->text, "\\X") != NULL;
	made->scripts = strstr(made->text, "sr:") ||
	    strstr(made->text, "script_run:");
	pcre2_set_parens_nest_limit(context, NESTED);
	pcre2_set_newline(context, PCRE2_NEWLINE_LF);
	pcre2_set_bsr(context, PCRE2_BSR_UNICODE);
	made->code = pcre2_compile((PCRE2_SPTR)made->text, n, OPTIONS, &code,
	    &at, context);
	if (!made->code) {
		pcre2_get_error_message(code, (PCRE2_UCHAR *)why, sizeof why);
		err_set(e, E_bad_pattern, "byte %zu: %s", at, why);
		goto out;
	}
	*out = made;
	made = NULL;
	rc = 0;
out:
	regex_free(made);
	pcre2_compile_context_free(context);
	pcre2_general_context_free(general);
	return rc;
}

void
regex_free(struct regex *r)
{
	if (r)
		pcre2_code_free(r->code);
	free(r);
}

size_t
regex_size(const struct regex *r)
{
	size_t n = 0;

	pcre2_pattern_info(r->code, PCRE2_INFO_SIZE, &n);
	return sizeof *r + r->n + 1 + n + r->width / 2;
}

struct search {
	const struct regex *regex;
	int64_t left;		/* steps */
	size_t at;		/* in the text, at the step before */
	size_t dear;		/* times what its item passes over is charged */
	size_t cluster, clusters; /* bytes that \X and \X* may look at */
};

#define CHARACTER 4	/* times a byte, to find out about a character */

/*
 * Where clusters of characters end has to be asked of each that is not ASCII;
 * of the regional indicators, of which two are a flag, by going back to the
 * first of those in a row.
 */
static void
survey(struct search *s, const char *text, size_t n)
{
	size_t i = 0, wide = 0, all = 0, row = 0, most = 0;

	while (i < n) {
		if (n - i < 4 || memcmp(text + i, "\xf0\x9f\x87", 3) ||
		    (unsigned char)text[i + 3] < 0xa6) {
			row = 0;
			wide += (unsigned char)text[i++] >= 0x80;
			continue;
		}
		i += 4;
		all++;
		if (++row > most)
			most = row;
	}
	s->cluster = 4 * CHARACTER * most;
	s->clusters = CHARACTER * wide + s->cluster * (all + 1);
}

static bool
is_cluster(const char *item, size_t n)
{
	return n > 1 && item[0] == '\\' && item[1] == 'X';
}

/* A class is read to its end for each character. */
static size_t
dearness(const char *item, size_t n)
{
	return n && *item == '[' ? 1 + n / 16 :
	    is_cluster(item, n) ? CHARACTER : 1;
}

/* The least count of an item such as x{600,}, or 0. */
static size_t
repeated(const char *item, size_t n)
{
	size_t i, count = 0;

	if (n && (item[n - 1] == '?' || item[n - 1] == '+'))
		n--;
	if (n < 3 || item[n - 1] != '}')
		return 0;
	for (i = n - 1; i > 0 && item[i] != '{'; i--)
		;
	for (i++; item[i] >= '0' && item[i] <= '9' && count < 65536; i++)
		count = count * 10 + (size_t)(item[i] - '0');
	return count;
}

/* Bytes of the longest group that \1 or \k<name> could be. */
static size_t
longest(const pcre2_callout_block *b)
{
	const PCRE2_SIZE *at = b->offset_vector;
	size_t i, most = 0;

	for (i = 1; i < b->capture_top; i++)
		if (at[2 * i] != PCRE2_UNSET && at[2 * i + 1] > at[2 * i] &&
		    at[2 * i + 1] - at[2 * i] > most)
			most = at[2 * i + 1] - at[2 * i];
	return most;
}

/*
 * What the item at hand may look at and then not match, so that no step
 * would show it: a text of fixed length, or a group once more.
 */
static size_t
looks_at(const pcre2_callout_block *b, const struct search *s)
{
	const char *item = s->regex->text + b->pattern_position;
	size_t n = b->next_item_length;

	if (n < 2)
		return 0;
	if (is_cluster(item, n))
		return n == 2 ? s->cluster : s->clusters;
	if ((*item == '\\' && strchr("123456789kg", item[1])) ||
	    (n > 3 && !memcmp(item, "(?P=", 4)))
		return longest(b);
	return n > 4 ? repeated(item, n) * dearness(item, n) : 0;
}

static int
step(pcre2_callout_block *b, void *data)
{
	struct search *s = data;
	size_t run = looks_at(b, s);

	if (b->current_position > s->at)
		run += (b->current_position - s->at) * s->dear;
	/* Any item may end what has to be of one script. */
	if (s->regex->scripts && b->current_position > b->start_match)
		run += CHARACTER * (b->current_position - b->start_match);
	s->at = b->current_position;
	s->dear = dearness(s->regex->text + b->pattern_position,
	    b->next_item_length);
	s->left -= 1 + (int64_t)(run / REGEX_RUN);
	return s->left < 0 ? PCRE2_ERROR_CALLOUT : 0;
}

enum regex_answer
regex_search(const struct regex *r, const char *text, size_t n,
    struct regex_budget *budget)
{
	int64_t most = budget->left < budget->search ? budget->left :
	    budget->search;
	struct search s = { .regex = r, .left = most, .dear = 1 };
	pcre2_general_context *general;
	pcre2_match_context *context;
	pcre2_match_data *data;
	int rc;

	/* PCRE2 itself reads all of it to begin with, with more care. */
	s.left -= 1 + (int64_t)(n / (REGEX_RUN / 4));
	if (s.left < 0) {
		budget->left = 0;
		return REGEX_LIMIT;
	}
	if (r->clusters)
		survey(&s, text, n);
	general = memory();
	context = pcre2_match_context_create(general);
	data = pcre2_match_data_create(1, general);
	pcre2_set_match_limit(context, budget->matches);
	pcre2_set_heap_limit(context, budget->heap_kib);
	pcre2_set_callout(context, step, &s);
	rc = pcre2_match(r->code, (PCRE2_SPTR)text, n, 0, PCRE2_NO_JIT, data,
	    context);
	budget->left -= most - (s.left < 0 ? 0 : s.left);
	pcre2_match_data_free(data);
	pcre2_match_context_free(context);
	pcre2_general_context_free(general);
	if (rc >= 0)
		return REGEX_FOUND;
	if (rc == PCRE2_ERROR_NOMATCH ||
	    (rc <= PCRE2_ERROR_UTF8_ERR1 && rc >= PCRE2_ERROR_UTF8_ERR21))
		return REGEX_ABSENT;
	return REGEX_LIMIT;
}
