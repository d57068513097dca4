#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "key/ident.h"
#include "key/statement.h"
#include "sig/trust_impl.h"

/* A list of words, each ended by NUL, of which the last is empty. */
static char *
copy_list(const char *list)
{
	size_t n = 0;
	char *copy;

	if (!list)
		return NULL;
	while (list[n])
		n += strlen(list + n) + 1;
	copy = mem_zero(n + 1, 1);
	memcpy(copy, list, n);
	return copy;
}

/* What the old key is trusted for, the new one is too. */
static void
inherit(struct trust *t, const char *old_id, const struct sign_public *key)
{
	struct trust_line line;
	const struct trust_line *l;
	size_t i, n = t->n;

	for (i = (size_t)(trust_first(t, old_id) - t->line); i < n; i++) {
		l = &t->line[i];
		if (strcmp(l->key_id, old_id))
			break;
		line = *l;
		line.file = mem_text(l->file);
		line.principals = copy_list(l->principals);
		line.spaces = copy_list(l->spaces);
		line.reason = NULL;
		line.revoked_ms = INT64_MAX;
		line.links++;
		line.has_key = true;
		line.key = *key;
		ident_id(line.key_id, key);
		trust_keep(t, &line);
	}
	trust_sort(t);
}

static bool
lost(const struct trust *t, const char *key_id)
{
	const struct trust_line *l = trust_first(t, key_id);

	for (; l < t->line + t->n && !strcmp(l->key_id, key_id); l++)
		if (l->reason && trust_reaches_back(l))
			return true;
	return false;
}

static bool
is_far(const struct trust *t, const char *key_id)
{
	const struct trust_line *l = trust_first(t, key_id);

	return l < t->line + t->n && !strcmp(l->key_id, key_id) &&
	    l->links >= TRUST_LINKS;
}

static bool
is_known(const struct trust *t, const char *key_id)
{
	const struct trust_line *l = trust_first(t, key_id);

	return l < t->line + t->n && !strcmp(l->key_id, key_id);
}

/* 1 if a key has become known by this line, 0 if not, -1. */
static int
follow_one(struct trust *t, const struct json *root, struct err *e)
{
	struct sign_public old, new;
	const char *old_id, *new_id;

	if (json_get_str(root, "old_node_id", &old_id, e) ||
	    json_get_str(root, "new_node_id", &new_id, e))
		return -1;
	if (is_known(t, new_id) || lost(t, old_id) ||
	    is_far(t, old_id) || !trust_key(t, old_id, &old))
		return 0;
	if (statement_rotate_check(root, &old, &new, e))
		return -1;
	inherit(t, old_id, &new);
	return 1;
}

/* Once through all lines. */
static int
follow_all(struct trust *t, const char *path, const char *lines, size_t n,
    struct err *e)
{
	unsigned long number = 0;
	struct json root;
	int grown = 0, got;
	size_t len;
	const char *feed;

	for (; n; lines += len, n -= len) {
		feed = memchr(lines, '\n', n);
		len = feed ? (size_t)(feed - lines) + 1 : n;
		number++;
		if (feed == lines)
			continue;
		if (json_parse(&root, lines, len, e))
			return err_wrap(e, "%s:%lu", path, number);
		got = follow_one(t, &root, e);
		json_release(&root);
		if (got < 0)
			return err_wrap(e, "%s:%lu", path, number);
		grown += got;
	}
	return grown;
}

int
trust_follow(struct trust *t, const char *path, const char *lines, size_t n,
    struct err *e)
{
	int links, got;

	trust_sort(t);
	for (links = 0; links < TRUST_LINKS; links++) {
		got = follow_all(t, path, lines, n, e);
		if (got <= 0)
			return got;
	}
	return 0;
}
