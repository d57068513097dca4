#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"
#include "hook/hook.h"

#define RECORD_MAX 4096

/* How a receiver checks a delivery (spec/protocols.md 2.7). */
static const char example[] = "X-BotNode-Signature == "
    "hex(hmac_sha256(secret, X-BotNode-Timestamp + '.' + body))";

static void
add_events(struct buf *out, unsigned events)
{
	enum hook_event event;

	json_open(out, "events", '[');
	for (event = 0; event < HOOK__EVENTS; event++)
		if (events & HOOK_OF(event))
			json_str(out, NULL, hook_event_word(event));
	json_close(out, ']');
}

void
hook_write(struct buf *out, const struct hook *h)
{
	json_open(out, NULL, '{');
	json_str(out, "id", h->id);
	json_str(out, "url", h->url);
	add_events(out, h->events);
	json_bool(out, "active", true);
	json_time(out, "created_at", h->made_ms);
	json_close(out, '}');
}

/* The secret has nothing in it that JSON would escape. */
void
hook_made_write(struct secret *out, const struct hook_made *m, bool shown)
{
	struct buf head = BUF_INIT(RECORD_MAX), tail = BUF_INIT(RECORD_MAX);
	size_t size;

	json_open(&head, NULL, '{');
	json_str(&head, "id", m->hook.id);
	json_str(&head, "url", m->hook.url);
	buf_adds(&tail, shown ? "\"" : "null");
	add_events(&tail, m->hook.events);
	json_bool(&tail, "active", true);
	json_time(&tail, "created_at", m->hook.made_ms);
	json_str(&tail, "verification_example", example);
	if (*m->warning) {
		json_open(&tail, "warnings", '[');
		json_str(&tail, NULL, m->warning);
		json_close(&tail, ']');
	}
	json_close(&tail, '}');
	size = head.len + m->secret.len + tail.len + sizeof(",\"secret\":\"");
	secret_init(out, size);
	out->len = (size_t)snprintf((char *)out->data, size,
	    "%s,\"secret\":%s%s%s", head.data, shown ? "\"" : "",
	    shown ? (char *)m->secret.data : "", tail.data);
	buf_release(&head);
	buf_release(&tail);
}

void
hook_delivery_write(struct buf *out, const struct hook_delivery *d)
{
	json_open(out, NULL, '{');
	json_str(out, "id", d->id);
	json_str(out, "event_type", d->event);
	json_str(out, "status", d->state);
	json_int(out, "attempts", d->attempts);
	if (d->code)
		json_int(out, "last_response_code", d->code);
	else
		json_null(out, "last_response_code");
	json_str_or_null(out, "last_error", d->error);
	json_time(out, "created_at", d->made_ms);
	json_close(out, '}');
}
