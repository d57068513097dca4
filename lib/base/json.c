#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/json.h"
#include "base/json_check.h"
#include "base/mem.h"

/*
 * cJSON's items are linked lists; over them lies one flat table, in which the
 * items of a container are adjacent, so that counting and indexing are O(1),
 * and every value knows its parent, so that a path needs no handles kept.
 */
struct json_node {
	const cJSON *raw;
	const struct json_node *up;		/* NULL: the root */
	const struct json_node *items;		/* of count */
	const struct json_node **sorted;	/* an object's, by key */
	size_t count;
	const char *text;			/* where it stands */
};

struct json_doc {
	cJSON *tree;				/* owned, as all here */
	char *text;
	struct json_node *nodes;
	const struct json_node **sorted;
};

struct build {
	struct json_node *free;			/* next in nodes */
	const struct json_node **free_sorted;
	const uint32_t *place;			/* of the next value */
	const struct json_doc *doc;
	struct err *e;
};

/*
 * Order UTF-8 by UTF-16 code units (RFC 8785 3.2.3).  It is that of the
 * bytes, but for characters past U+FFFF: their first byte is f0 or more, yet
 * their surrogates sort below U+E000 to U+FFFF, which begin with ee and ef.
 */
static int
compare_keys(const char *a, const char *b)
{
	unsigned char x, y;

	while (*a && *a == *b) {
		a++;
		b++;
	}
	x = (unsigned char)*a;
	y = (unsigned char)*b;
	if (x >= 0xee && y >= 0xee && (x >= 0xf0) != (y >= 0xf0))
		return x >= 0xf0 ? -1 : 1;
	return (x > y) - (x < y);
}

static int
by_key(const void *a, const void *b)
{
	const struct json_node *const *x = a, *const *y = b;
	int order = compare_keys((*x)->raw->string, (*y)->raw->string);

	return order ? order : (*x > *y) - (*x < *y);
}

/* Sorting finds duplicates in O(n log n), and makes json_find() fast. */
static int
sort_members(struct build *b, struct json_node *object)
{
	const struct json_node *second;
	size_t i;

	object->sorted = b->free_sorted;
	b->free_sorted += object->count;
	for (i = 0; i < object->count; i++)
		object->sorted[i] = &object->items[i];
	qsort(object->sorted, object->count, sizeof *object->sorted, by_key);
	for (i = 1; i < object->count; i++) {
		second = object->sorted[i];
		if (strcmp(object->sorted[i - 1]->raw->string,
		    second->raw->string))
			continue;
		return err_set(b->e, E_bad_json,
		    "byte %zu: the value of a second '%.64s'",
		    (size_t)(second->text - b->doc->text),
		    second->raw->string);
	}
	return 0;
}

/* Values come in the order in which the validator noted their places. */
static int
lay_out(struct build *b, struct json_node *me)
{
	struct json_node *item, *items = b->free;
	const cJSON *raw;

	me->text = b->doc->text + *b->place++;
	me->items = items;
	for (raw = me->raw->child; raw; raw = raw->next)
		me->count++;
	b->free += me->count;
	item = items;
	for (raw = me->raw->child; raw; raw = raw->next) {
		item->raw = raw;
		item->up = me;
		if (lay_out(b, item++))
			return -1;
	}
	return cJSON_IsObject(me->raw) ? sort_members(b, me) : 0;
}

/*
 * cJSON takes what is behind the first bytes of a number for garbage.  It is
 * given a nought in the place of one that is too long for it: nobody reads
 * the number that it makes, since that is a double.
 */
static cJSON *
read_tree(const struct json_places *p, const char *text, size_t n)
{
	cJSON *tree;
	char *copy;
	size_t i, len;

	if (!p->long_number)
		return cJSON_ParseWithLengthOpts(text, n, NULL, 0);
	copy = mem_zero(n + 1, 1);
	memcpy(copy, text, n);
	for (i = 0; i < p->n; i++) {
		len = strspn(copy + p->at[i], "-+.0123456789eE");
		if (len <= JSON_RAW_DIGITS)
			continue;
		memset(copy + p->at[i], ' ', len);
		copy[p->at[i]] = '0';
	}
	tree = cJSON_ParseWithLengthOpts(copy, n, NULL, 0);
	free(copy);
	return tree;
}

int
json_parse(struct json *root, const char *text, size_t n, struct err *e)
{
	struct json_places places = { 0 };
	struct json made = { 0 };
	struct json_doc *doc;
	struct build b;
	int rc = -1;

	if (json_check(&places, text, n, e))
		goto out;
	doc = made.doc = mem_zero(1, sizeof *doc);
	/* This also clears cJSON's one global, which nobody here reads. */
	doc->tree = read_tree(&places, text, n);
	if (!doc->tree) {
		/* It accepts all that the validator does, given memory. */
		err_set(e, E_out_of_memory, "cannot hold the document");
		goto out;
	}
	doc->text = mem_zero(n + 1, 1);
	memcpy(doc->text, text, n);
	doc->nodes = mem_zero(places.n, sizeof *doc->nodes);
	doc->sorted = mem_zero(places.n, sizeof *doc->sorted);
	b = (struct build){ .free = doc->nodes + 1, .doc = doc, .e = e,
	    .free_sorted = doc->sorted, .place = places.at };
	doc->nodes->raw = doc->tree;
	if (lay_out(&b, doc->nodes))
		goto out;
	assert(b.free == doc->nodes + places.n);
	made.node = doc->nodes;
	*root = made;
	made.doc = NULL;
	rc = 0;
out:
	json_release(&made);
	free(places.at);
	return rc;
}

void
json_release(struct json *root)
{
	if (root->doc) {
		free(root->doc->sorted);
		free(root->doc->nodes);
		free(root->doc->text);
		cJSON_Delete(root->doc->tree);
		free(root->doc);
	}
	*root = (struct json){ 0 };
}

enum json_kind
json_kind(const struct json *v)
{
	switch (v->node->raw->type & 0xff) {
	case cJSON_False:
	case cJSON_True:
		return JSON_BOOL;
	case cJSON_Number:
		return JSON_NUMBER;
	case cJSON_String:
		return JSON_STRING;
	case cJSON_Array:
		return JSON_ARRAY;
	case cJSON_Object:
		return JSON_OBJECT;
	default:
		return JSON_NULL;
	}
}

bool
json_true(const struct json *v)
{
	return cJSON_IsTrue(v->node->raw);
}

const char *
json_string(const struct json *v)
{
	return cJSON_IsString(v->node->raw) ? v->node->raw->valuestring : NULL;
}

const char *
json_key(const struct json *v)
{
	return v->node->raw->string;
}

const char *
json_lexeme(const struct json *v, size_t *n)
{
	if (!cJSON_IsNumber(v->node->raw))
		return NULL;
	*n = strspn(v->node->text, "+-.0123456789Ee");
	return v->node->text;
}

size_t
json_count(const struct json *v)
{
	return v->node->count;
}

bool
json_next(struct json *it, const struct json *container)
{
	const struct json_node *of = container->node;
	const struct json_node *next = it->node ? it->node + 1 : of->items;

	if (next == of->items + of->count) {
		*it = (struct json){ 0 };
		return false;
	}
	*it = (struct json){ .node = next, .doc = container->doc };
	return true;
}

int
json_at(struct json *out, const struct json *array, size_t i)
{
	const struct json_node *of = array->node;

	if (!cJSON_IsArray(of->raw) || i >= of->count)
		return -1;
	*out = (struct json){ .node = of->items + i, .doc = array->doc };
	return 0;
}

int
json_sorted(struct json *out, const struct json *object, size_t i)
{
	const struct json_node *of = object->node;

	if (!cJSON_IsObject(of->raw) || i >= of->count)
		return -1;
	*out = (struct json){ .node = of->sorted[i], .doc = object->doc };
	return 0;
}

bool
json_find(struct json *out, const struct json *object, const char *key)
{
	const struct json_node *of = object->node;
	size_t low = 0, high = cJSON_IsObject(of->raw) ? of->count : 0, mid;
	int order;

	while (low < high) {
		mid = low + (high - low) / 2;
		order = compare_keys(key, of->sorted[mid]->raw->string);
		if (order == 0) {
			*out = (struct json){ .node = of->sorted[mid],
			    .doc = object->doc };
			return true;
		}
		if (order < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return false;
}

/*
 * A path is made from its end, which says most, towards its start, until
 * there is no room: then three dots, which always find room, stand for the
 * rest.
 */
struct tail {
	char text[JSON_WHERE];
	size_t at;
};

static void
put_before(struct tail *t, char c)
{
	if (t->at > 3)
		t->text[--t->at] = c;
	else
		t->at = 0;
}

/* Put /key before what is there, escaped as RFC 6901 3 says. */
static void
put_step(struct tail *t, const char *key)
{
	size_t i;

	for (i = strlen(key); i-- > 0 && t->at;) {
		if (key[i] == '~' || key[i] == '/')
			put_before(t, key[i] == '~' ? '0' : '1');
		if (t->at)
			put_before(t, key[i] == '/' ? '~' : key[i]);
	}
	if (t->at)
		put_before(t, '/');
}

void
json_where(const struct json *v, const char *key, char out[JSON_WHERE])
{
	const struct json_node *node;
	struct tail t = { .at = sizeof t.text - 1 };
	char index[24];

	if (key)
		put_step(&t, key);
	for (node = v->node; node->up && t.at; node = node->up) {
		snprintf(index, sizeof index, "%zu",
		    (size_t)(node - node->up->items));
		put_step(&t, node->raw->string ? node->raw->string : index);
	}
	if (!t.at) {
		/* The cut may be inside a character. */
		for (t.at = 3; ((unsigned char)t.text[t.at] & 0xc0) == 0x80;)
			t.at++;
		t.at -= 3;
		memcpy(t.text + t.at, "...", 3);
	}
	memcpy(out, t.text + t.at, sizeof t.text - t.at);
}

/* As deep as the document is: JSON_DEPTH. */
static void
add_steps(struct buf *b, const struct json_node *node)
{
	if (!node->up)
		return;
	add_steps(b, node->up);
	if (node->raw->string)
		json_str(b, NULL, node->raw->string);
	else
		json_int(b, NULL, node - node->up->items);
}

void
json_path(struct buf *b, const char *key, const struct json *v)
{
	json_open(b, key, '[');
	add_steps(b, v->node);
	json_close(b, ']');
}
