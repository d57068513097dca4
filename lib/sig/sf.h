/*
 * sf - structured fields of HTTP: dictionaries, as RFC 8941 has them.
 *
 * What signatures need: members that are items or inner lists, with their
 * parameters.  Read strictly, with no date or display string of RFC 9651, and
 * with base64 in the one form that its bytes have; written in the canonical
 * form, which is what is signed.  A name that occurs again replaces the first.
 */
#ifndef SF_H
#define SF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

#define SF_MAX 16384		/* bytes of a field */
#define SF_MEMBERS 16
#define SF_ITEMS 64		/* of all inner lists */
#define SF_PARAMS 96		/* of all */

enum sf_kind {
	SF_BOOL, SF_INTEGER, SF_DECIMAL, SF_STRING, SF_TOKEN, SF_BYTES
};

struct sf_value {
	enum sf_kind kind;
	int64_t number;		/* of SF_BOOL, SF_INTEGER */
	const char *text;	/* of the others; a NUL behind it */
	size_t n;
};

struct sf_param {
	const char *key;
	struct sf_value value;
};

struct sf_item {
	struct sf_value value;
	const struct sf_param *param;
	size_t params;
};

struct sf_member {
	const char *key;
	bool list;		/* of items; else item[0] is all there is */
	const struct sf_item *item;
	size_t items;
	const struct sf_param *param;	/* of the list, or of the item */
	size_t params;
};

struct sf_dict {
	struct sf_member member[SF_MEMBERS];
	struct sf_item item[SF_ITEMS];
	struct sf_param param[SF_PARAMS];
	size_t members, items, params;
	char *text;		/* owned; what all the rest points to */
	size_t used;
};

/* Read a whole field: sf_release(), also after a failure.  E_bad_header. */
int sf_read(struct sf_dict *out, const char *text, size_t n, struct err *)
    CHECKED;
void sf_release(struct sf_dict *);

const struct sf_member *sf_find(const struct sf_dict *, const char *key);
const struct sf_value *sf_param(const struct sf_member *, const char *key);

/* The canonical form of what stands behind "key=". */
void sf_write(struct buf *out, const struct sf_member *);
void sf_write_value(struct buf *out, const struct sf_value *);
void sf_write_dict(struct buf *out, const struct sf_dict *);

#endif
