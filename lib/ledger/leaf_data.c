/*
 * Members of an entry's data, without making a document of it: who reads a
 * whole log asks each entry for one or two.
 */
#include <string.h>

#include "ledger/leaf.h"

/* Behind the closing quote of a string that begins here; or at the NUL. */
static const char *
past_string(const char *p)
{
	for (p++; *p && *p != '"'; p++)
		if (*p == '\\' && p[1])
			p++;
	return *p ? p + 1 : p;
}

static const char *
past_value(const char *p)
{
	int depth = 0;

	while (*p && (depth || (*p != ',' && *p != '}'))) {
		depth += (*p == '{' || *p == '[') - (*p == '}' || *p == ']');
		p = *p == '"' ? past_string(p) : p + 1;
	}
	return p;
}

/* Where the value of a member begins, or NULL. */
static const char *
member(const char *data, const char *key)
{
	size_t n = strlen(key);
	const char *p = data, *value;

	while (p && *p && *p != '}' && p[1] == '"') {
		value = past_string(p + 1);
		if (*value != ':')
			return NULL;
		value++;
		if (!strncmp(p + 2, key, n) && p[2 + n] == '"')
			return value;
		p = past_value(value);
	}
	return NULL;
}

bool
leaf_data_text(const char *data, const char *key, char *out, size_t size)
{
	const char *value = member(data, key);
	size_t n;

	if (!value || *value != '"')
		return false;
	n = strcspn(value + 1, "\"\\");
	if (value[1 + n] != '"' || n >= size)
		return false;
	memcpy(out, value + 1, n);
	out[n] = '\0';
	return true;
}

bool
leaf_data_is(const char *data, const char *key, const char *text)
{
	const char *value = member(data, key);
	size_t n = strlen(text);

	return value && *value == '"' && !strncmp(value + 1, text, n) &&
	    value[1 + n] == '"';
}

bool
leaf_data_int(const char *data, const char *key, int64_t *out)
{
	const char *value = member(data, key);

	return value && amount_canonical(value, strcspn(value, ",}"), 0, out);
}

bool
leaf_data_true(const char *data, const char *key)
{
	const char *value = member(data, key);

	return value && *value == 't';
}
