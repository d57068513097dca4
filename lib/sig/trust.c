#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/line.h"
#include "base/mem.h"
#include "key/ident.h"
#include "sig/trust_impl.h"

/* Reasons that leave older signatures good; all others do not. */
static const char *const orderly[] = {
	"superseded", "rotated", "retired", "ceased"
};

static void
free_line(struct trust_line *l)
{
	free(l->file);
	free(l->principals);
	free(l->spaces);
	free(l->reason);
}

void
trust_release(struct trust *t)
{
	while (t->n)
		free_line(&t->line[--t->n]);
	free(t->line);
	*t = (struct trust){ 0 };
}

void
trust_keep(struct trust *t, struct trust_line *l)
{
	if (t->n == t->cap) {
		t->cap = t->cap ? 2 * t->cap : 16;
		t->line = mem_grow(t->line, t->cap, sizeof(*t->line));
	}
	l->order = t->n;
	t->line[t->n++] = *l;
	t->sorted = false;
}

int
trust_add(struct trust *t, const char *file, unsigned long number,
    const char *text, struct err *e)
{
	struct trust_line l = { .file = NULL, .number = number };
	const char *p = text + strspn(text, " \t");

	if (!*p || *p == '#')
		return 0;
	if (trust_parse(&l, text, e)) {
		free_line(&l);
		return err_wrap(e, "%s:%lu", file, number);
	}
	l.file = mem_text(file);
	trust_keep(t, &l);
	return 0;
}

void
trust_give(struct trust *t, const char *principal, const char *where,
    const struct sign_public *key)
{
	struct trust_line l = {
		.has_key = true, .key = *key,
		.after_ms = INT64_MIN, .before_ms = INT64_MAX,
		.revoked_ms = INT64_MAX,
	};

	ident_id(l.key_id, key);
	l.file = mem_text(where);
	l.principals = mem_zero(strlen(principal) + 2, 1);
	memcpy(l.principals, principal, strlen(principal));
	trust_keep(t, &l);
}

static int
read_lines(struct trust *t, int fd, const char *path, struct err *e)
{
	struct line in;
	int got;

	line_init(&in, fd, path);
	while ((got = line_next(&in, e)) > 0) {
		if (memchr(in.text.data, '\0', in.text.len))
			got = err_set(e, E_bad_trust_line, "%s:%lu: a NUL",
			    path, in.number);
		else
			got = trust_add(t, path, in.number, in.text.data, e);
		if (got)
			break;
	}
	line_release(&in);
	return got;
}

int
trust_file(struct trust *t, const char *path, bool must, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc;

	if (fd < 0)
		return !must && (errno == ENOENT || errno == ENOTDIR) ? 0 :
		    err_sys(e, "cannot open '%s'", path);
	rc = read_lines(t, fd, path, e);
	close(fd);
	return rc;
}

static int
visible(const struct dirent *d)
{
	return *d->d_name != '.';
}

static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

int
trust_dir(struct trust *t, const char *dir, struct err *e)
{
	struct dirent **names;
	char path[PATH_MAX];
	int i, n, rc = 0;

	n = scandir(dir, &names, visible, by_name);
	if (n < 0)
		return errno == ENOENT || errno == ENOTDIR ? 0 :
		    err_sys(e, "cannot read '%s'", dir);
	for (i = 0; i < n; i++) {
		if (!rc && snprintf(path, sizeof(path), "%s/%s", dir,
		    names[i]->d_name) < (int)sizeof(path))
			rc = trust_file(t, path, true, e);
		free(names[i]);
	}
	free(names);
	return rc;
}

static int
by_key(const void *a, const void *b)
{
	const struct trust_line *x = a, *y = b;
	int way = strcmp(x->key_id, y->key_id);

	return way ? way : (x->order > y->order) - (x->order < y->order);
}

void
trust_sort(struct trust *t)
{
	if (t->n)
		qsort(t->line, t->n, sizeof(*t->line), by_key);
	t->sorted = true;
}

const struct trust_line *
trust_first(const struct trust *t, const char *key_id)
{
	size_t low = 0, high = t->n, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (strcmp(t->line[mid].key_id, key_id) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return t->line + low;
}

static bool
is_of(const struct trust *t, const struct trust_line *l, const char *key_id)
{
	return l < t->line + t->n && !strcmp(l->key_id, key_id);
}

/* '*' is any text, '?' any one byte. */
static bool
matches(const char *pattern, const char *text)
{
	const char *star = NULL, *from = NULL;

	while (*text) {
		if (*pattern == '*') {
			star = ++pattern;
			from = text;
		} else if (*pattern == '?' || *pattern == *text) {
			pattern++;
			text++;
		} else if (star) {
			pattern = star;
			text = ++from;
		} else {
			return false;
		}
	}
	return pattern[strspn(pattern, "*")] == '\0';
}

static bool
listed(const char *list, const char *name, bool patterns)
{
	for (; *list; list += strlen(list) + 1)
		if (patterns ? matches(list, name) : !strcmp(list, name))
			return true;
	return false;
}

static void ERR_PRINTF(3, 4)
say(struct buf *why, const struct trust_line *l, const char *fmt, ...)
{
	char text[512];
	va_list ap;
	int n;

	if (!why)
		return;
	n = l->number ? snprintf(text, 256, "%s:%lu: ", l->file, l->number) :
	    snprintf(text, 256, "%s: ", l->file);
	n = n > 255 ? 255 : n;
	va_start(ap, fmt);
	vsnprintf(text + n, sizeof(text) - (size_t)n, fmt, ap);
	va_end(ap);
	json_str(why, NULL, text);
}

bool
trust_reaches_back(const struct trust_line *l)
{
	size_t i;

	for (i = 0; i < sizeof(orderly) / sizeof(*orderly); i++)
		if (!strncmp(l->reason, orderly[i], strlen(orderly[i])))
			return false;
	return true;
}

static int
check_revoked(const struct trust_line *l, const struct trust_ask *a,
    struct buf *why, struct err *e)
{
	char date[CLOCK_TEXT];
	bool back;

	if (!l->reason)
		return 0;
	back = trust_reaches_back(l);
	clock_text(l->revoked_ms, date);
	say(why, l, "revoked on %s, '%s'%s", date, l->reason,
	    back ? ", which reaches back" : "");
	if (!back && a->at_ms < l->revoked_ms)
		return 0;
	return err_set(e, E_revoked, "the key was revoked on %s%s%s", date,
	    *l->reason ? ": " : "", l->reason);
}

/* Does the line allow it?  If not, *no says for want of what. */
static bool
allows(const struct trust_line *l, const struct trust_ask *a, struct buf *why,
    enum err_code *no)
{
	char date[CLOCK_TEXT];

	*no = E_unknown_signer;
	if (a->principal && !listed(l->principals, a->principal, true)) {
		say(why, l, "this key, but not a key of '%s'", a->principal);
		return false;
	}
	if (l->spaces && !listed(l->spaces, a->space, false)) {
		say(why, l, "not trusted for %s", a->space);
		*no = E_wrong_namespace;
		return false;
	}
	if (a->at_ms < l->after_ms) {
		clock_text(l->after_ms, date);
		say(why, l, "valid only after %s", date);
		*no = E_not_yet_valid;
		return false;
	}
	if (a->at_ms >= l->before_ms) {
		clock_text(l->before_ms, date);
		say(why, l, "valid only before %s", date);
		*no = E_expired;
		return false;
	}
	clock_text(a->at_ms, date);
	say(why, l, "trusted for %s %s %s", a->space,
	    a->as_of ? "as of" : "now,", date);
	return true;
}

static int
refuse(enum err_code code, const struct trust_ask *a, struct err *e)
{
	switch (code) {
	case E_wrong_namespace:
		return err_set(e, E_wrong_namespace, "the key %.16s is not "
		    "trusted for %s", a->key_id, a->space);
	case E_expired:
		return err_set(e, E_expired, "the key %.16s is trusted no "
		    "longer", a->key_id);
	case E_not_yet_valid:
		return err_set(e, E_not_yet_valid, "the key %.16s is not "
		    "trusted yet", a->key_id);
	default:
		return err_set(e, E_unknown_signer, "nobody here trusts the "
		    "key %.16s%s%s", a->key_id, a->principal ? " as " : "",
		    a->principal ? a->principal : "");
	}
}

int
trust_check(const struct trust *t, const struct trust_ask *a,
    const char **principal, struct buf *why, struct err *e)
{
	const struct trust_line *first = trust_first(t, a->key_id), *l;
	enum err_code worst = E_unknown_signer, no;
	bool allowed;

	for (l = first; is_of(t, l, a->key_id); l++)
		if (check_revoked(l, a, why, e)) {
			*principal = a->principal ? a->principal :
			    l->principals;
			return -1;
		}
	for (l = first; is_of(t, l, a->key_id); l++) {
		allowed = allows(l, a, why, &no);
		if (allowed || no != E_unknown_signer)
			*principal = a->principal ? a->principal :
			    l->principals;
		if (allowed)
			return 0;
		if (worst == E_unknown_signer)
			worst = no;
	}
	return refuse(worst, a, e);
}

bool
trust_key(const struct trust *t, const char *key_id, struct sign_public *out)
{
	const struct trust_line *l = trust_first(t, key_id);

	for (; is_of(t, l, key_id); l++)
		if (l->has_key) {
			*out = l->key;
			return true;
		}
	return false;
}
