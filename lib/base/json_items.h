/*
 * json_items - the objects of a JSON array, one after the other, as it is
 * read: an array may be larger than memory.
 *
 * Only as much is judged here as finds where an object ends; json_parse()
 * says whether it is one.
 */
#ifndef JSON_ITEMS_H
#define JSON_ITEMS_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"

struct json_items {
	const char *name;	/* of an object, for people; borrowed */
	int fd;			/* borrowed */
	long long number;	/* of the object in text, from 1 */
	struct buf text;
	/* Its own. */
	char piece[65536];
	size_t at, have;
	bool begun, ended;
};

/* An object has at most JSON_MAX bytes. */
void json_items_init(struct json_items *, int fd, const char *name);
void json_items_release(struct json_items *);

/*
 * The next object into text: 1, or 0 at the end of the array, or -1 and
 * E_bad_json for what is no array of objects, E_io_error.
 */
int json_items_next(struct json_items *, struct err *) CHECKED;

#endif
