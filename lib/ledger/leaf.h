/*
 * leaf - the canonical bytes of one entry (spec/ledger.md 2).
 *
 * A leaf is one JSON object in RFC 8785 form, at most LEAF_MAX bytes, on one
 * line.  For every entry x that renders, parse(render(x)) = x; for every byte
 * string b that parses, render(parse(b)) = b.  Bytes only: no store, no clock.
 */
#ifndef LEAF_H
#define LEAF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/amount.h"
#include "base/err.h"

struct buf;

#define LEAF_MAX 65535
#define LEAF_LEGS 1024		/* most in one entry */
#define LEAF_GROUP 256		/* most entries in one group */
#define LEAF_ACCOUNT 101	/* an account's name and NUL */
#define LEAF_ID 65		/* an entry's id and NUL */
#define LEAF_INT_MAX ((INT64_C(1) << 53) - 1)

enum entry_kind { ENTRY_TRANSFER, ENTRY_EVENT, ENTRY_REVERSAL };

struct leg {
	const char *account;		/* borrowed */
	const struct unit *unit;	/* borrowed */
	int64_t minor;			/* > 0 credits, < 0 debits */
};

/* All text is borrowed, and NULL where the entry has none. */
struct entry {
	enum entry_kind kind;
	const char *id, *type, *ref;
	const char *data;		/* a canonical JSON object */
	const char *memo_sha256;
	const struct leg *legs;		/* sorted by (account, unit) */
	size_t n_legs;
	const int64_t *effective_ms;
	const char *reverses;		/* an id, and its seq */
	int64_t reverses_seq;
	/* The ledger's own. */
	int64_t seq, at_ms;
	int group_i, group_n;		/* group_n is 0 for a lone entry */
};

/* The units that a log has declared so far. */
struct units {
	const struct unit *const *unit;
	size_t n;
};
const struct unit *units_find(const struct units *, const char *code);

/*
 * Append the bytes.  The entry's shape is the caller's duty: leaf_check().
 * E_leaf_too_long.
 */
int leaf_render(struct buf *out, const struct entry *, struct err *) CHECKED;

/*
 * Is everything that a caller determines well formed?  Legs sorted, unique,
 * 2 to LEAF_LEGS, none zero, sum 0 in each unit; ids, accounts, ref and data
 * of their form.  E_bad_id, E_bad_account, E_bad_type, E_leg_count,
 * E_duplicate_leg, E_amount_zero, E_unbalanced_entry, E_bad_json, ...
 */
int leaf_check(const struct entry *, struct err *) CHECKED;
int leaf_check_words(const struct entry *, struct err *) CHECKED; /* no legs */
int leaf_check_id(const char *id, struct err *) CHECKED;
int leaf_check_account(const char *name, struct err *) CHECKED;

/* Is it an object that may stand under "data"? */
bool leaf_data_ok(const char *data);

/*
 * A member at the top of canonical data, which may be NULL: text without
 * escapes that fits into size with its NUL; is it this text, without any; a
 * whole number; is it true?  false if there is none such.
 */
bool leaf_data_text(const char *data, const char *key, char *out, size_t size);
bool leaf_data_is(const char *data, const char *key, const char *text);
bool leaf_data_int(const char *data, const char *key, int64_t *out);
bool leaf_data_true(const char *data, const char *key);

/* A leaf taken apart; it owns what its entry points to. */
struct leaf {
	struct entry entry;
	struct leg *legs;
	int64_t effective_ms;
	char *text;
	size_t cap_legs, cap_text;
};

/*
 * Read canonical bytes, and no others: E_leaf_not_canonical, E_bad_unit; of
 * a leaf that is one but for its sums, E_unbalanced_entry.
 * The leaf may be parsed into again; leaf_release() ends it, and accepts a
 * zeroed one.
 */
int leaf_parse(struct leaf *out, const void *bytes, size_t n,
    const struct units *, struct err *) CHECKED;
void leaf_release(struct leaf *);

/*
 * The same of bytes that were judged when they were posted: their form is
 * read, and what they say, such as sums and the order of legs, is not judged
 * again.  Twice as fast.
 */
int leaf_reread(struct leaf *out, const void *bytes, size_t n,
    const struct units *, struct err *) CHECKED;

/* The type that canonical bytes end with, without reading them: or NULL. */
const char *leaf_type(const void *bytes, size_t n, size_t *type_n);

#endif
