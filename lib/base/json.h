/*
 * json - strict JSON in, compact JSON out.
 *
 * A document is parsed whole and read through handles.  A struct json is a
 * value in a document: small, copied freely, good until the document is
 * released through its root; a zeroed one is no value, and only
 * json_release() and json_next() take it.  The document keeps nothing of the
 * text it came from.  Strings it gives out are borrowed from it, are UTF-8,
 * and hold no NUL.
 *
 * What is accepted is RFC 8259 and no more, and less in this: no NUL, also
 * not as \u0000, no lone surrogates, no key twice in an object ("a" and
 * "\u0061" are one key), numbers of at most JSON_DIGITS bytes, JSON_DEPTH
 * levels, JSON_MAX bytes.  Numbers are read from their digits: nothing
 * passes through a double.
 *
 * A getter that fails sets E_bad_json and says where, as a JSON pointer (RFC
 * 6901) cut to its end if long: "'/legs/2/amount' is not a string".  *out is
 * touched only on success.  Looking a member up takes O(log members), an
 * item by its index O(1).
 *
 * Writing appends to a struct buf, whose full says that something is lost.
 * No mutable globals; a document may be read by many threads.  LC_NUMERIC is
 * left at "C" by all programs: cJSON fails under a few others.
 */
#ifndef JSON_H
#define JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/amount.h"
#include "base/err.h"

#define JSON_MAX	(1024 * 1024)	/* bytes of a document */
#define JSON_DEPTH	64		/* of arrays and objects */
#define JSON_DIGITS	127		/* bytes of a number */
#define JSON_WHERE	128		/* bytes of a path in a message */

struct json_doc;
struct json_node;

struct json {
	const struct json_node *node;
	struct json_doc *doc;
};

enum json_kind {
	JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT
};

/*
 * Parse n bytes into a new document: json_release().  E_bad_json naming the
 * byte, counted from 0; E_too_long.
 */
int json_parse(struct json *root, const char *text, size_t n, struct err *)
    CHECKED;
void json_release(struct json *root);

/* Any value. */
enum json_kind json_kind(const struct json *);
bool json_true(const struct json *);		/* the value true */
const char *json_string(const struct json *);	/* NULL: not a string */
const char *json_key(const struct json *);	/* NULL: not a member */
/* A number as it stands in the text, not ended by '\0'; NULL: not a number. */
const char *json_lexeme(const struct json *, size_t *n);
/* An integer, digits only, that fits; "1.0" and "1e2" do not count as one. */
int json_to_int(const struct json *, int64_t *out, struct err *) CHECKED;
int json_want(const struct json *, enum json_kind, struct err *) CHECKED;

/*
 * Items of an array, members of an object.  json_next() goes through either
 * in document order: it starts from a zeroed handle, and zeroes it at the
 * end.  json_at() and json_sorted() are -1 past the end, and for values of
 * other kinds; json_sorted() counts members in the order of RFC 8785.
 */
size_t json_count(const struct json *);
bool json_next(struct json *it, const struct json *container);
int json_at(struct json *out, const struct json *array, size_t i) CHECKED;
int json_sorted(struct json *out, const struct json *object, size_t i)
    CHECKED;

/*
 * Members by key.  json_find() finds any; json_has(), one that is not null.
 * json_get() and json_get_*() require the member and its kind; json_opt_*()
 * leave *out alone and succeed if it is absent or null.
 */
bool json_find(struct json *out, const struct json *object, const char *key);
bool json_has(const struct json *object, const char *key);
int json_get(struct json *out, const struct json *object, const char *key,
    enum json_kind, struct err *) CHECKED;
int json_get_str(const struct json *object, const char *key,
    const char **out, struct err *) CHECKED;
int json_get_int(const struct json *object, const char *key, int64_t *out,
    struct err *) CHECKED;
int json_get_bool(const struct json *object, const char *key, bool *out,
    struct err *) CHECKED;
int json_opt_str(const struct json *object, const char *key,
    const char **out, struct err *) CHECKED;
int json_opt_int(const struct json *object, const char *key, int64_t *out,
    struct err *) CHECKED;
int json_opt_bool(const struct json *object, const char *key, bool *out,
    struct err *) CHECKED;
/* json_get_str() that tells who wrote 1.5 that amounts are strings. */
int json_get_decimal(const struct json *object, const char *key,
    const char **out, struct err *) CHECKED;
/* E_unknown_member naming the first whose key is not listed before a NULL. */
int json_only(const struct json *object, const char *const *keys,
    struct err *) CHECKED;

/*
 * For complaints of one's own.  json_fail() sets "'/legs/2/amount' <what>"
 * and returns -1; the path is that of the value, or if key is not NULL, of
 * its member of that name, which need not exist.
 */
void json_where(const struct json *, const char *key, char out[JSON_WHERE]);
int json_fail(const struct json *, const char *key, enum err_code,
    const char *what, struct err *);

/*
 * Writing.  The key is NULL inside an array and at the top.  A comma comes
 * first if the buffer's last byte ends a value (a letter, a digit, or one of
 * " ] }), so nothing need be remembered, and a line feed ends a record.  The
 * bracket is one of { [ } ].  In strings only " \ and control characters are
 * escaped; bytes that are not UTF-8 become U+FFFD, so that what is written
 * can be read.  json_raw() takes one value that is JSON already.
 */
void json_open(struct buf *, const char *key, char bracket);
void json_close(struct buf *, char bracket);
void json_str(struct buf *, const char *key, const char *);
void json_strn(struct buf *, const char *key, const char *, size_t n);
void json_int(struct buf *, const char *key, int64_t);
void json_bool(struct buf *, const char *key, bool);
void json_raw(struct buf *, const char *key, const char *, size_t n);
void json_quote(struct buf *, const char *, size_t n);	/* just "string" */

/* RFC 3339 in UTC with milliseconds; a decimal string. */
void json_time(struct buf *, const char *key, int64_t ms);
void json_amount(struct buf *, const char *key, struct amount);

/* A member that may be left out: nothing for NULL, and for 0. */
void json_str_if(struct buf *, const char *key, const char *);
void json_time_if(struct buf *, const char *key, int64_t ms);

/*
 * A member that is always there: null for NULL, and for 0; json_field_or_null()
 * is for an array of a struct, whose "" says that there is none.
 */
void json_null(struct buf *, const char *key);
void json_str_or_null(struct buf *, const char *key, const char *);
void json_field_or_null(struct buf *, const char *key, const char *);
void json_time_or_null(struct buf *, const char *key, int64_t ms);
void json_raw_or_null(struct buf *, const char *key, const char *json);

/* A value as it was read: its numbers digit by digit, its members in order. */
void json_copy(struct buf *, const char *key, const struct json *value);

/* Where a value is: the keys and indexes that lead to it, as an array. */
void json_path(struct buf *, const char *key, const struct json *value);

/*
 * Append the one value in a file, checked and compact, as it was read;
 * "-" is standard input.  As file_read() and json_parse(), with the path.
 */
int json_read_file(struct buf *out, const char *path, enum json_kind,
    struct err *) CHECKED;

#endif
