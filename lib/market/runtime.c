/* Skills that programs of the operator run: the file, and what is in it. */
#include "market/runtime.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/utf8.h"

#define ID_MAX 100		/* characters */
#define NAME_LEN 200
#define TEXT_MAX 2000

static bool
is_id(const char *id)
{
	size_t n = strspn(id, "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-");

	return n && n <= ID_MAX && !id[n] && *id != '.';
}

static int
read_text(const struct json *in, const char *key, const char **out,
    size_t most, struct err *e)
{
	if (json_opt_str(in, key, out, e))
		return -1;
	return !*out || (utf8_plain(*out) &&
	    utf8_count(*out, strlen(*out)) <= most) ? 0 :
	    json_fail(in, key, E_bad_conf, "is too long, or no line", e);
}

static int
read_skill(struct runtime *r, const struct json *in, struct err *e)
{
	struct runtime_skill k = { 0 };

	if (json_want(in, JSON_OBJECT, e) ||
	    json_get_str(in, "id", &k.id, e) ||
	    read_text(in, "name", &k.name, NAME_LEN, e) ||
	    read_text(in, "description", &k.description, TEXT_MAX, e) ||
	    read_text(in, "category", &k.category, NAME_LEN, e) ||
	    read_text(in, "version", &k.version, NAME_LEN, e))
		return -1;
	if (!is_id(k.id))
		return json_fail(in, "id", E_bad_conf, "is not 1 to 100 "
		    "letters, digits, '_', '-' and '.'", e);
	if (runtime_named(r, k.id))
		return json_fail(in, "id", E_bad_conf, "is that of another",
		    e);
	r->skill[r->n++] = k;
	return 0;
}

static int
read_skills(struct runtime *r, struct err *e)
{
	struct json list, it = { 0 };

	if (json_want(&r->root, JSON_OBJECT, e) ||
	    json_get(&list, &r->root, "skills", JSON_ARRAY, e))
		return -1;
	if (json_count(&list) > RUNTIME_SKILLS)
		return json_fail(&r->root, "skills", E_bad_conf, "are too "
		    "many", e);
	r->skill = mem_zero(json_count(&list) + 1, sizeof(*r->skill));
	while (json_next(&it, &list))
		if (read_skill(r, &it, e))
			return -1;
	return 0;
}

static int
read_file(struct runtime *r, const char *path, struct err *e)
{
	struct buf text = BUF_INIT(JSON_MAX);
	struct err why;
	int rc = file_read(&text, path, e) ||
	    json_parse(&r->root, text.data, text.len, e) ||
	    read_skills(r, e) ? -1 : 0;

	if (rc && e->kind == ERR_INPUT) {
		why = *e;
		err_set(e, E_bad_conf, "%.100s: %.140s", path, why.msg);
	}
	buf_release(&text);
	return rc;
}

int
runtime_read(struct runtime *out, const char *home, const char *path,
    struct err *e)
{
	struct runtime r = { 0 };
	char full[PATH_MAX];

	*out = r;
	if (!*path)
		return 0;
	if (snprintf(full, sizeof(full), "%s%s%s", *path == '/' ? "" : home,
	    *path == '/' ? "" : "/", path) >= (int)sizeof(full))
		return err_set(e, E_no_file, "skill_registry is too long");
	if (read_file(&r, full, e)) {
		runtime_release(&r);
		return -1;
	}
	*out = r;
	return 0;
}

void
runtime_release(struct runtime *r)
{
	free(r->skill);
	json_release(&r->root);
	*r = (struct runtime){ 0 };
}

const struct runtime_skill *
runtime_named(const struct runtime *r, const char *id)
{
	size_t i;

	for (i = 0; i < r->n; i++)
		if (!strcmp(r->skill[i].id, id))
			return r->skill + i;
	return NULL;
}

void
runtime_write(struct buf *out, const struct runtime_skill *k)
{
	json_open(out, NULL, '{');
	json_str(out, "id", k->id);
	json_str(out, "name", k->name ? k->name : k->id);
	json_str_or_null(out, "description", k->description);
	json_str_or_null(out, "category", k->category);
	json_str_or_null(out, "version", k->version);
}

/* Nobody records their health: none is known to be well. */
void
runtime_counts_write(struct buf *out, const struct runtime *r)
{
	json_int(out, "total_skills", (int64_t)r->n);
	json_int(out, "healthy_skills", 0);
	json_int(out, "health_percentage", 0);
}
