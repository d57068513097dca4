#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/enc.h"
#include "base/mem.h"
#include "key/ident.h"
#include "sig/space.h"
#include "sig/trust_impl.h"

#define BLANKS " \t"

/* Take the field at *p, of which "..." may hold blanks; false at the end. */
static bool
field(char **p, char **out)
{
	bool quoted = false;
	char *s = *p + strspn(*p, BLANKS);

	*out = s;
	for (; *s && (quoted || !strchr(BLANKS, *s)); s++)
		quoted ^= *s == '"';
	*p = s + (*s != '\0');
	*s = '\0';
	return **out != '\0' && **out != '#' && !quoted;
}

/* "a,b" becomes "a\0b\0\0": 0, or -1 if one is empty. */
static int
split(char **out, const char *text, bool (*fits)(const char *))
{
	char *list = mem_zero(strlen(text) + 2, 1), *item = list, *comma;

	*out = list;
	memcpy(list, text, strlen(text));
	do {
		comma = strchr(item, ',');
		if (comma)
			*comma = '\0';
		if (!*item || !fits(item))
			return -1;
		item += strlen(item) + 1;
	} while (comma);
	return 0;
}

static bool
is_pattern(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s <= ' ' || *s == 0x7f || *s == '"' ||
		    *s == '=')
			return false;
	return true;
}

static int
read_key(struct trust_line *l, const char *text, struct err *e)
{
	size_t n;

	if (!strncmp(text, "node:", 5) && ident_is_id(text + 5)) {
		memcpy(l->key_id, text + 5, HASH_HEX);
		return 0;
	}
	if (!strncmp(text, "ed25519:", 8) && enc_unbase64(l->key.b,
	    SIGN_PUBLIC, &n, text + 8, strlen(text + 8)) &&
	    n == SIGN_PUBLIC) {
		l->has_key = true;
		ident_id(l->key_id, &l->key);
		return 0;
	}
	return err_set(e, E_bad_trust_line, "'%.80s' is not a key: it is "
	    "node: and 64 digits, or ed25519: and base64", text);
}

static int
read_time(int64_t *out, const char *name, const char *text, struct err *e)
{
	struct err why = { 0 };

	return clock_parse(text, out, &why) ? err_set(e, E_bad_trust_line,
	    "%s: %s", name, why.msg) : 0;
}

static int
read_revoked(struct trust_line *l, char *text, struct err *e)
{
	char *comma = strchr(text, ',');

	if (comma)
		*comma = '\0';
	l->reason = mem_text(comma ? comma + 1 : "");
	return read_time(&l->revoked_ms, "revoked", text, e);
}

static int
set(struct trust_line *l, const char *name, char *value, struct err *e)
{
	if (!strcmp(name, "namespaces") && !l->spaces)
		return split(&l->spaces, value, space_known) ? err_set(e,
		    E_bad_trust_line, "namespaces: '%.80s' is not a list of "
		    "namespaces", value) : 0;
	if (!strcmp(name, "valid-after") && l->after_ms == INT64_MIN)
		return read_time(&l->after_ms, name, value, e);
	if (!strcmp(name, "valid-before") && l->before_ms == INT64_MAX)
		return read_time(&l->before_ms, name, value, e);
	if (!strcmp(name, "revoked") && !l->reason)
		return read_revoked(l, value, e);
	return err_set(e, E_bad_trust_line, "'%.40s' is not an option, or "
	    "occurs twice", name);
}

/* name="value",name="value" */
static int
read_options(struct trust_line *l, char *p, struct err *e)
{
	char *name, *value, *end;

	for (;;) {
		name = p;
		value = strstr(p, "=\"");
		end = value ? strchr(value + 2, '"') : NULL;
		if (!end || (end[1] && end[1] != ','))
			return err_set(e, E_bad_trust_line, "'%.80s' is not a "
			    "list of options: name=\"value\"", name);
		*value = *end = '\0';
		p = end + 1;
		if (set(l, name, value + 2, e))
			return -1;
		if (!*p)
			break;
		p++;
	}
	return l->after_ms < l->before_ms ? 0 : err_set(e, E_bad_trust_line,
	    "valid-before is not behind valid-after");
}

static bool
is_key(const char *s)
{
	return !strncmp(s, "node:", 5) || !strncmp(s, "ed25519:", 8);
}

static int
parse(struct trust_line *l, char *p, struct err *e)
{
	char *principals, *second, *key, *more;

	if (!field(&p, &principals) || !field(&p, &second))
		return err_set(e, E_bad_trust_line, "it wants principals, "
		    "options if any, and a key");
	key = second;
	if (!is_key(second) && !field(&p, &key))
		return err_set(e, E_bad_trust_line, "there is no key");
	if (field(&p, &more) || (*more && *more != '#'))
		return err_set(e, E_bad_trust_line, "'%.40s' stands behind "
		    "the key", more);
	if (split(&l->principals, principals, is_pattern))
		return err_set(e, E_bad_trust_line, "'%.80s' is not a list of "
		    "principals", principals);
	if (key != second && read_options(l, second, e))
		return -1;
	return read_key(l, key, e);
}

int
trust_parse(struct trust_line *l, const char *text, struct err *e)
{
	char *copy = mem_text(text);
	int rc;

	l->after_ms = INT64_MIN;
	l->before_ms = l->revoked_ms = INT64_MAX;
	rc = parse(l, copy, e);
	free(copy);
	return rc;
}
