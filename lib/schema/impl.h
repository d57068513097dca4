/*
 * impl - a compiled schema, for schema's own files.
 *
 * A schema is a table of nodes, one for each schema in the documents that was
 * read; a node is a run of rules, one for each keyword that asserts
 * something, in the order in which they are evaluated; what a rule leads to
 * are numbers of nodes.  Texts are those of the documents.
 */
#ifndef SCHEMA_IMPL_H
#define SCHEMA_IMPL_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/decimal.h"
#include "schema/schema.h"

#define NONE UINT32_MAX			/* no node */

/* In the order of evaluation: what is cheap first, what needs others last. */
enum op {
	OP_NONE, OP_TYPE, OP_ENUM, OP_CONST, OP_MULTIPLE, OP_MAXIMUM, OP_BELOW,
	OP_MINIMUM, OP_ABOVE, OP_MAX_LENGTH, OP_MIN_LENGTH, OP_PATTERN,
	OP_MAX_ITEMS, OP_MIN_ITEMS, OP_UNIQUE, OP_MAX_MEMBERS, OP_MIN_MEMBERS,
	OP_REQUIRED, OP_DEPEND, OP_REFERENCE, OP_DYNAMIC, OP_NAMES, OP_MEMBERS,
	OP_ITEMS, OP_CONTAINS, OP_ALL, OP_ANY, OP_ONE, OP_NOT, OP_IF,
	OP_DEPEND_SCHEMAS, OP_OTHER_ITEMS, OP_OTHER_MEMBERS,
};

/* What "type" may name, by its bit. */
enum {
	TYPE_INTEGER = JSON_OBJECT + 1
};

struct run_of {			/* some that follow one another in a table */
	uint32_t first, count;
};

struct rule {
	enum op op;
	struct json value;		/* the keyword's */
	union {
		uint32_t node;
		unsigned types;
		uint64_t bound;
		struct decimal *number;
		struct regex *regex;
		struct run_of kids;	/* of all, any, one */
		struct run_of hashes;	/* of an enum's values */
		struct run_of props;	/* of what depends */
		/* Of a reference; name, if it is dynamic, or NONE. */
		struct { uint32_t node, name; } target;
		struct { uint32_t condition, then, otherwise; } branch;
		struct { uint32_t node; uint64_t least, most; } contains;
		struct { struct run_of first; uint32_t rest; } items;
		struct {
			struct run_of props, patterns;
			uint32_t rest;
		} members;
	} u;
};

struct prop {				/* sorted by key for members */
	const char *key;
	struct json value;
	uint32_t node;			/* NONE: value is a list of names */
};

struct pattern {
	struct regex *regex;
	uint32_t node;
};

struct hashed {				/* a value of an enum, sorted */
	uint64_t hash;
	struct json value;
};

struct node {
	struct json at;
	struct run_of rules;
	uint32_t resource;
	bool others;			/* has unevaluated... */
};

struct resource {			/* what has a URI of its own */
	char *uri;
	unsigned dialect;
};

struct dynamic {			/* a $dynamicAnchor */
	const char *name;
	uint32_t id;			/* the number of the first so named */
	uint32_t resource, node;
};

/* A table that grows; x_n are in use, there is room for x_cap. */
#define TABLE(type, x)	type *x; uint32_t x##_n, x##_cap

struct schema {
	struct json document;		/* owned */
	TABLE(struct node, nodes);
	TABLE(struct rule, rules);
	TABLE(uint32_t, kids);
	TABLE(struct prop, props);
	TABLE(struct pattern, patterns);
	TABLE(struct hashed, hashes);
	TABLE(struct resource, resources);
	TABLE(struct dynamic, dynamics);
	TABLE(struct regex *, regexes);	/* owned */
	TABLE(struct decimal *, numbers); /* owned */
};

/* Make room for count more; the number of the first. */
#define TABLE_ADD(s, x, count)						\
	((s)->x = table_grow((s)->x, &(s)->x##_n, &(s)->x##_cap,	\
	    (count), sizeof *(s)->x), (s)->x##_n - (uint32_t)(count))
void *table_grow(void *items, uint32_t *n, uint32_t *cap, size_t count,
    size_t size);

/* From a key to a node; a key is text, or where a value is. */
struct spot {
	char *text;			/* owned */
	const void *at;
	uint32_t node;
	bool dynamic;
};

struct map {
	struct spot *spots;
	size_t n, cap;
};

/* The spot of the key, made at need; a new one's node is NONE. */
struct spot *map_add(struct map *, const char *text, const void *at);
const struct spot *map_find(const struct map *, const char *text,
    const void *at);
void map_release(struct map *);

/* Keywords. */
enum shape {
	SHAPE_ANYTHING, SHAPE_STRING, SHAPE_BOOLEAN, SHAPE_ARRAY,
	SHAPE_NUMBER, SHAPE_POSITIVE, SHAPE_COUNT, SHAPE_STRINGS,
	SHAPE_STRINGS_MAP, SHAPE_VALUES, SHAPE_TYPES, SHAPE_PATTERN,
	SHAPE_SCHEMA, SHAPE_SCHEMAS, SHAPE_SCHEMA_MAP, SHAPE_PATTERN_MAP,
	SHAPE_ITEMS, SHAPE_DEPENDENCIES, SHAPE_ID, SHAPE_ANCHOR,
	SHAPE_REFERENCE, SHAPE_VOCABULARY,
};

#define SEVEN	1u
#define TWENTY	2u
#define ASSERT	4u	/* of a keyword; of a dialect: these are left out */

struct keyword {
	const char *name;
	unsigned dialects;
	enum shape shape;
	enum op op;
};

/* NULL: in this dialect the word means nothing. */
const struct keyword *keyword_find(const char *name, unsigned dialect);

/* While compiling. */
struct pending {			/* a reference that waits */
	uint32_t node;
	struct json value;
	bool dynamic;
};

struct compile {
	struct schema *s;
	const struct schema_known *known;
	size_t known_n;
	struct map places, names;	/* values, "URI#anchor": their nodes */
	TABLE(struct pending, pending);
	size_t regex_bytes;
	struct err *e;
};

/*
 * Read the schema at a place, unless that was done, with all below it.  A
 * document is one that is named by a URI, "" for the caller's own.
 */
int scan_schema(struct compile *, const struct json *, uint32_t resource,
    uint32_t *node) CHECKED;
int scan_document(struct compile *, const struct json *, const char *uri,
    unsigned dialect, uint32_t *node) CHECKED;

/* Check the value of a keyword, and make of it what its rule needs. */
int shape_read(struct compile *, const struct keyword *, const struct json *,
    uint32_t node) CHECKED;
int shape_bad(struct compile *, const struct json *, const char *what);
struct rule *shape_rule(struct compile *, uint32_t node, enum op,
    const struct json *);

/* A resource by its URI; a name that no other schema has. */
uint32_t refer_resource(struct schema *, const char *uri, unsigned dialect);
int refer_name(struct compile *, const struct json *, const char *uri,
    const char *anchor, uint32_t node, bool dynamic) CHECKED;

/* Names of schemas: $id, $anchor and the like; $schema. */
int refer_id(struct compile *, const struct json *, uint32_t node) CHECKED;
int refer_anchor(struct compile *, const struct json *, const char *name,
    uint32_t node, bool dynamic) CHECKED;
int refer_dialect(struct compile *, const struct json *schema,
    unsigned *dialect) CHECKED;
int refer_all(struct compile *) CHECKED;	/* resolve what is pending */
int circle_refuse(struct compile *) CHECKED;	/* that never go down */

/* While checking. */
struct value {
	struct json at;
	const char *name;		/* not NULL: it is a member's name */
};

struct scope {				/* resources entered on the way */
	const struct scope *up;		/* NULL: the outermost */
	uint32_t resource;
};

struct seen {				/* items or members evaluated */
	unsigned char *bits;
	size_t n;
};

struct check {
	const struct schema *s;
	struct regex_budget *budget;
	struct schema_fault *fault;
	int64_t work;			/* left */
	unsigned quiet;			/* inside what may fail */
	unsigned frames;		/* of fits_node() */
};

#define WORK_STEP	16		/* work in a step */
#define BYTES_PER_WORK	64		/* of a text */

/* A place in the evaluation. */
struct frame {
	struct check *c;
	const struct value *v;
	const struct scope *scope;
	unsigned references;		/* since the last step down */
	struct seen *seen;		/* NULL: nobody asks */
};

/* All are 1: as it must be; 0: not so, see fault; -1: a limit. */
int fits_node(const struct frame *, uint32_t node) CHECKED;
int fits_child(const struct frame *, uint32_t node, const struct json *)
    CHECKED;
int fits_required(const struct frame *, const struct rule *,
    const struct json *names) CHECKED;
int fits_assert(const struct frame *, const struct rule *) CHECKED;
int fits_members(const struct frame *, const struct rule *) CHECKED;
int fits_names(const struct frame *, const struct rule *) CHECKED;
int fits_items(const struct frame *, const struct rule *) CHECKED;
int fits_contains(const struct frame *, const struct rule *) CHECKED;
int fits_others(const struct frame *, const struct rule *) CHECKED;

/* 0, or -1: so much work is not left. */
int fits_spend(const struct frame *, const struct rule *, size_t work)
    CHECKED;
/* Look a member up, which is paid for: 1, 0: there is none, -1. */
int fits_find(const struct frame *, const struct rule *, const char *key,
    struct json *) CHECKED;
int fits_search(const struct frame *, const struct rule *,
    const struct regex *, const char *) CHECKED;
enum json_kind fits_kind(const struct value *);
const char *fits_text(const struct value *);		/* NULL: no string */
void fits_see(struct seen *, size_t i);		/* seen may be NULL */

/* Say what is wrong, unless inside what may fail; returns 0, or -1. */
int fault_set(const struct frame *, const struct json *rule, const char *key,
    const char *what);
int fault_limit(const struct frame *, const struct json *rule,
    const char *what);

#endif
