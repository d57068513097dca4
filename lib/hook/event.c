#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "hook/hook.h"

#define LIST_MAX 128
#define SHOWN 80		/* bytes of what is told of a list */

static const char *const words[HOOK__EVENTS] = {
	"task.created", "skill.purchased", "task.completed",
	"escrow.disputed", "escrow.settled", "escrow.refunded",
	"bounty.submission_won",
};

const char *
hook_event_word(enum hook_event event)
{
	return words[event];
}

static unsigned
event_named(const char *word)
{
	enum hook_event event;

	for (event = 0; event < HOOK__EVENTS; event++)
		if (!strcmp(words[event], word))
			return HOOK_OF(event);
	return 0;
}

/* In the words that clients know (spec/vmp.md 1.5). */
static int
invalid(const struct buf *list, struct err *e)
{
	struct buf valid = BUF_INIT(LIST_MAX);
	enum hook_event event;

	for (event = 0; event < HOOK__EVENTS; event++)
		buf_addf(&valid, "%s%s", event ? ", " : "", words[event]);
	err_set_(e, E_webhook_events, "Invalid events: %.*s. Valid: %s",
	    SHOWN, list->len ? list->data : "none", valid.data);
	buf_release(&valid);
	return -1;
}

int
hook_events_read(unsigned *out, const struct json *list, struct err *e)
{
	struct buf bad = BUF_INIT(SHOWN);
	struct json it = { 0 };
	bool valid = true;
	const char *word;
	unsigned one;
	int rc = 0;

	*out = 0;
	while (json_next(&it, list)) {
		word = json_string(&it);
		if (!word) {
			buf_release(&bad);
			return json_want(&it, JSON_STRING, e);
		}
		one = event_named(word);
		*out |= one;
		if (one)
			continue;
		valid = false;
		buf_addf(&bad, "%s%.40s", bad.len ? ", " : "", word);
	}
	if (!*out || !valid)
		rc = invalid(&bad, e);
	buf_release(&bad);
	return rc;
}
