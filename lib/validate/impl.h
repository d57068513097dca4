/*
 * impl.h - what the files of this module share, and others do not see.
 */
#ifndef VALIDATE_IMPL_H
#define VALIDATE_IMPL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/decimal.h"
#include "base/err.h"
#include "base/json.h"
#include "regex/regex.h"
#include "schema/schema.h"
#include "validate/contract.h"
#include "validate/custom.h"
#include "validate/language.h"
#include "validate/validate.h"

#define CUT 200			/* characters of a foreign text in a message */
#define TEXT_MAX (16 * JSON_MAX)	/* bytes of a text that is made */

/*
 * Where something wrong stands: metadata.validators.2, say.  place_fault()
 * puts the place before the message of *e, writes the path, and returns -1.
 * A key or item that is absent is NULL or -1.
 */
struct place {
	const char *root, *section;	/* section may be NULL */
	int index;			/* -1: none */
	struct buf *path;		/* NULL: not wanted */
};
int place_fault(const struct place *, const char *key, int item,
    struct err *);

/* One validator, compiled; all but what is owned points into a document. */
struct rule {
	const struct rule_type *type;
	struct json config;
	const char *field;		/* NULL: the whole output */
	bool void_is_empty;		/* a missing field is as "" */
	const char *text;		/* a pattern, a path, a code */
	struct json list;		/* strings, or an enum */
	struct json min, max;		/* numbers, zeroed if not given */
	struct decimal least, most;	/* they */
	int64_t min_words, max_words, min_chars, max_chars;
	struct regex *regex;		/* owned */
	struct schema *schema;		/* owned */
};

/* An output under evaluation, and what may still be spent on it. */
struct subject {
	const struct json *output;
	struct buf whole, folded;	/* its text, made when first needed */
	bool have_whole, have_folded;
	struct regex_budget budget;
	int64_t schema_steps, least_letters, subject;
	struct language *language;
};

/* What a rule found. */
struct finding {
	enum validate_result result;
	bool limit;			/* it could not be evaluated */
	struct buf error;		/* the text, for people */
	struct buf more;		/* members of details, JSON */
};

/* The text that a rule looks at, ended by a NUL. */
struct taken_text {
	struct buf room;		/* where it was made, if it was */
	const char *s;
	size_t n;
};

struct rule_type {
	const char *word;
	bool field;			/* looks at a text, and not at values */
	/* Read what the type needs; as contract_read(). */
	int (*read)(struct rule *, const struct place *, struct language *,
	    struct err *);
	/* -1 only if the machine fails; the finding is PASS before. */
	int (*judge)(const struct rule *, struct subject *,
	    const struct taken_text *, struct finding *, struct err *);
	/* The same if there is no such member, or null; NULL: it passes. */
	int (*absent)(const struct rule *, struct finding *);
};

extern const struct rule_type rule_schema, rule_length, rule_language,
    rule_contains, rule_not_contains, rule_non_empty, rule_regex,
    rule_json_path;

const struct rule_type *rule_named(const char *word);	/* or NULL */
int rule_read(struct rule *, const struct json *config,
    const struct rule_type *, const struct place *, struct language *,
    struct err *) CHECKED;
void rule_release(struct rule *);
int rule_run(const struct rule *, struct subject *, struct finding *,
    struct err *) CHECKED;

/* For the types: read a required list of strings into rule.list. */
int rule_want_strings(struct rule *, const char *key, const struct place *,
    struct err *) CHECKED;

/* Pay for work on so many bytes; false when nothing is left. */
bool rule_pay(struct subject *, size_t bytes);

/* Check with a schema, within what is left. */
enum schema_answer rule_check(struct subject *, const struct schema *,
    const struct json *, struct schema_fault *) CHECKED;

/* Fail: for want of steps (0), or with "Field 'f'" or "Output" to go on. */
int rule_limit(struct finding *);
void rule_subject(struct finding *, const struct rule *);
void rule_quote(struct buf *, const char *);	/* 'foreign text', cut */

/* What contract_read() and custom_read() make. */
struct contract {
	struct json doc;		/* owned, as all here */
	struct schema *output;		/* NULL: none */
	struct rule rules[CONTRACT_RULES];
	size_t count;
};

struct custom {
	struct json doc;		/* the config; owned */
	char *id, *name;		/* owned */
	const char *type;		/* static */
	struct rule rule;		/* of a schema or regex */
	const char *url;		/* of a webhook; in doc */
	int64_t timeout_ms;
};

#endif
