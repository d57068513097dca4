#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "alert/webhook.h"
#include "base/buf.h"
#include "base/enc.h"
#include "base/json.h"
#include "crypto/hash.h"
#include "net/client.h"
#include "sig/hook.h"

#define BODY_MAX (1 << 20)
#define ANSWER_MAX 65536	/* bytes that are read; none is looked at */
#define EVENT_BYTES 12
#define EVENT_ID (sizeof("evt_") + 2 * EVENT_BYTES)
#define EVENT 32
#define FIELD 256
#define FIELDS 8

/* --- what is sent --------------------------------------------------------- */

static void
name_event(char out[EVENT_ID], const struct alert_letter *l)
{
	struct hash h;

	hash_of(&h, l->row->parcel, strlen(l->row->parcel));
	memcpy(out, "evt_", 4);
	enc_hex(out + 4, h.b, EVENT_BYTES);
}

static void
name_type(char out[EVENT], const struct alert_letter *l)
{
	snprintf(out, EVENT, "alert.%s", alert_kind_word(l->n > 1 ?
	    ALERT_DIGEST : l->row->kind));
}

static int
add_alert(struct buf *out, const struct alert_row *row, struct err *e)
{
	struct json about = { 0 };

	if (alert_about(&about, row, e))
		return -1;
	json_open(out, NULL, '{');
	json_str(out, "id", row->id);
	json_str(out, "kind", alert_kind_word(row->kind));
	json_str(out, "ref", row->ref);
	json_int(out, "n", row->n);
	json_copy(out, "about", &about);
	json_close(out, '}');
	json_release(&about);
	return 0;
}

int
webhook_envelope(struct buf *out, const struct alert_letter *l, struct err *e)
{
	char id[EVENT_ID], type[EVENT];
	size_t i;

	name_event(id, l);
	name_type(type, l);
	json_open(out, NULL, '{');
	json_str(out, "id", id);
	json_str(out, "type", type);
	json_time(out, "created_at", l->row->made_ms);
	json_open(out, "data", '{');
	json_open(out, "alerts", '[');
	for (i = 0; i < l->n; i++)
		if (add_alert(out, &l->row[i], e))
			return -1;
	json_close(out, ']');
	json_close(out, '}');
	json_close(out, '}');
	return out->full ? err_set(e, E_too_long, "%zu alerts are too many",
	    l->n) : 0;
}

/* Each a line of its own; none has anything foreign in it. */
static void
write_fields(char line[FIELDS][FIELD], const char *field[FIELDS + 1],
    const struct hook_signer *signer, const struct alert_letter *l,
    const struct buf *body)
{
	struct buf standard = BUF_INIT(FIELD);
	char id[EVENT_ID], type[EVENT], hex[HOOK_HEX];
	int64_t at = l->now_ms / 1000;
	int i, n = 0;

	name_event(id, l);
	name_type(type, l);
	hook_standard(&standard, signer, id, at, body->data, body->len);
	snprintf(line[n++], FIELD, "Content-Type: application/json");
	snprintf(line[n++], FIELD, "X-Delivery-Id: %s", l->row->parcel);
	snprintf(line[n++], FIELD, "X-BotNode-Event: %s", type);
	snprintf(line[n++], FIELD, "X-BotNode-Timestamp: %" PRId64, at);
	snprintf(line[n++], FIELD, "webhook-id: %s", id);
	snprintf(line[n++], FIELD, "webhook-timestamp: %" PRId64, at);
	snprintf(line[n++], FIELD, "webhook-signature: %s", standard.data);
	if (signer->text.len) {
		hook_make(hex, &signer->text, at, body->data, body->len);
		snprintf(line[n++], FIELD, "X-BotNode-Signature: %s", hex);
	}
	for (i = 0; i < n; i++)
		field[i] = line[i];
	buf_release(&standard);
}

/* --- sending it ----------------------------------------------------------- */

struct posting {
	const char *url;
	enum client_end end;
	int status;
	bool answered;
};

static void
begin(void *arg, size_t i, struct buf *url)
{
	const struct posting *p = arg;

	(void)i;
	buf_adds(url, p->url);
}

static int64_t
end(void *arg, size_t i, const struct client_answer *a)
{
	struct posting *p = arg;

	(void)i;
	p->end = a->end;
	p->status = a->status;
	p->answered = true;
	return -1;
}

/* Who has said that it took it has, whatever came behind that. */
static int
judge(const struct posting *p, struct err *e)
{
	static const char *const why[] = { "answers",
	    "is where not everybody can reach", "has no address",
	    "cannot be reached", "shows no certificate that is good",
	    "did not answer in time", "speaks no HTTP", "says too much" };

	if (p->status >= 200 && p->status <= 299)
		return 0;
	return p->status ? err_set(e, E_not_delivered, "the webhook says %d",
	    p->status) : err_set(e, E_not_delivered, "the webhook %s",
	    p->answered ? why[p->end] : "was not asked");
}

int
webhook_post(const struct alert_hook *h, const struct alert_letter *l,
    struct err *e)
{
	static const struct client_calls calls = { begin, end };
	const struct client_ask ask = { .host = "" };
	const char *field[FIELDS + 1] = { NULL };
	struct buf body = BUF_INIT(BODY_MAX);
	struct posting p = { .url = h->url };
	struct client_how how = {
		.in_flight = 1, .per_host = 1, .connect_ms = h->wait_ms,
		.total_ms = h->wait_ms, .body_max = ANSWER_MAX,
		.allow_private = h->allow_private, .ca_file = h->ca_file,
		.agent = "BotNode-Webhooks/1.0", .fields = field,
		.chance = h->chance,
	};
	char line[FIELDS][FIELD];
	int rc = webhook_envelope(&body, l, e);

	if (!rc) {
		write_fields(line, field, h->signer, l, &body);
		how.post = body.data;
		how.post_n = body.len;
		rc = client_run(&how, &ask, 1, &calls, &p, e) ||
		    judge(&p, e) ? -1 : 0;
	}
	buf_release(&body);
	return rc;
}
