/*
 * A body that a schema takes, for the documentation: what it requires, or, if
 * that is nothing, the members that have a sample here.
 */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "api/impl.h"

#define TASK "\"0193485c-2a00-7000-8000-000000000001\""

static const struct {
	const char *name, *text;	/* JSON */
} samples[] = {
	{ "amount", "\"10.00\"" },
	{ "bounty_id", TASK },
	{ "capability", "\"word_count\"" },
	{ "config", "{\"schema\":{\"type\":\"object\"}}" },
	{ "content", "\"The three sources, with a line about each.\"" },
	{ "description", "\"Three sources on the history of escrow.\"" },
	{ "email", "\"alice@example.org\"" },
	{ "endpoint", "\"https://alice.example\"" },
	{ "escrow_id", TASK },
	{ "events", "[\"task.completed\"]" },
	{ "id", "\"alice\"" },
	{ "input", "{\"text\":\"one two\"}" },
	{ "input_data", "{\"text\":\"one two\"}" },
	{ "label", "\"word_count\"" },
	{ "name", "\"words\"" },
	{ "node_id", "\"alice\"" },
	{ "output", "{\"words\":2}" },
	{ "output_data", "{\"words\":2}" },
	{ "payload", "{\"text\":\"one two\"}" },
	{ "price_tck", "\"1.00\"" },
	{ "proof_hash", "\"4bf5122f344554c53bde2ebb8cd2b7e3"
	    "d1600ad631c385a5d7cce23c7785459a\"" },
	{ "reason", "\"The words were not counted.\"" },
	{ "reward_tck", "\"25.00\"" },
	{ "seller_id", "\"bob-seller\"" },
	{ "skill_id", "\"0193485c-2a00-7000-8000-000000000002\"" },
	{ "solution", "40.5" },
	{ "submission_id", TASK },
	{ "task_id", TASK },
	{ "timestamp", "1795161600" },
	{ "title", "\"Find three sources\"" },
	{ "url", "\"https://alice.example/hook\"" },
	{ "validators", "[{\"type\":\"non_empty\","
	    "\"config\":{\"fields\":[\"words\"]}}]" },
};

static const char *
sample_of(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(samples) / sizeof(*samples); i++)
		if (!strcmp(samples[i].name, name))
			return samples[i].text;
	return NULL;
}

static void
add_made(struct buf *out, const char *name, const struct json *schema)
{
	const char *type = NULL, *format = NULL;
	struct json list, first;
	struct err ignored;

	if (json_opt_str(schema, "type", &type, &ignored))
		type = NULL;	/* a list */
	if (json_opt_str(schema, "format", &format, &ignored))
		format = NULL;
	if (json_find(&list, schema, "enum") && !json_at(&first, &list, 0))
		json_copy(out, name, &first);
	else if (format && !strcmp(format, "money"))
		json_str(out, name, "1.00");
	else if (type && !strcmp(type, "boolean"))
		json_bool(out, name, false);
	else if (type && !strcmp(type, "object"))
		json_raw(out, name, "{}", 2);
	else if (type && !strcmp(type, "array"))
		json_raw(out, name, "[]", 2);
	else if (type && strcmp(type, "string"))
		json_int(out, name, 1);
	else
		json_str(out, name, "text");
}

static bool
is_in(const struct json *list, const char *name)
{
	struct json it = { 0 };

	while (json_next(&it, list))
		if (!strcmp(json_string(&it), name))
			return true;
	return false;
}

void
sample_body(struct buf *out, const char *key, const char *schema)
{
	struct json root = { 0 }, properties, required, list, it = { 0 };
	const char *text;
	struct err e;
	bool some;
	int bad;

	bad = json_parse(&root, schema, strlen(schema), &e);
	assert(!bad);		/* it is a shape already */
	(void)bad;
	some = json_find(&required, &root, "required");
	json_open(out, key, '{');
	if (json_find(&properties, &root, "properties"))
		while (json_next(&it, &properties)) {
			text = sample_of(json_key(&it));
			if (some ? !is_in(&required, json_key(&it)) : !text)
				continue;
			if (text && !json_find(&list, &it, "enum"))
				json_raw(out, json_key(&it), text,
				    strlen(text));
			else
				add_made(out, json_key(&it), &it);
		}
	json_close(out, '}');
	json_release(&root);
}
