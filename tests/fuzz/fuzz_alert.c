/*
 * Alerts as mail and as events: whatever is in the store, a mail is refused or
 * is one with the headers that it has to have and no other, and an event is
 * JSON that says the same.  The first byte is the kind, and how many there
 * are; the second, where what follows is: in a name, an address, or all of it.
 */
#include <assert.h>
#include <stdio.h>

#include "../unit/letter.h"

#include "alert/webhook.h"
#include "base/json.h"

#define LONGEST 16384

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
check_mail(const struct alert_letter *l)
{
	struct buf out = BUF_INIT(4 << 20), subject = BUF_INIT(65536);
	struct buf text = BUF_INIT(1 << 20);
	struct err e = { 0 };

	if (!alert_mail(&out, l, &e))
		assert(!letter_fault(out.data, l->n, &subject, &text));
	else
		assert(e.code == E_bad_json || e.code == E_bad_email);
	buf_release(&out);
	buf_release(&subject);
	buf_release(&text);
}

static void
check_event(const struct alert_letter *l)
{
	struct buf out = BUF_INIT(1 << 20);
	struct json root, v;
	struct err e = { 0 };

	if (webhook_envelope(&out, l, &e)) {
		assert(e.code == E_bad_json);
	} else {
		assert(!json_parse(&root, out.data, out.len, &e));
		assert(json_find(&v, &root, "data") &&
		    json_find(&v, &v, "alerts") && json_count(&v) == l->n);
		json_release(&root);
	}
	buf_release(&out);
}

/* The data of an alert of which that is the name, or all. */
static void
put(struct buf *out, uint8_t where, const char *text)
{
	if (where % 3 == 2) {
		buf_adds(out, text);
		return;
	}
	json_open(out, NULL, '{');
	json_str(out, "name", text);
	json_str(out, "since", text);
	json_str(out, "cause", text);
	json_str(out, "cert_expires_at", text);
	json_close(out, '}');
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct buf data = BUF_INIT(32 * LONGEST);
	struct alert_row row[3] = { 0 };
	struct alert_letter l = { .row = row, .to = "a@b.example",
	    .from = "c@d.example" };
	char text[LONGEST + 1];
	size_t i;

	if (n < 2 || n > LONGEST)
		return 0;
	memcpy(text, bytes + 2, n - 2);
	text[n - 2] = '\0';
	put(&data, bytes[1], text);
	l.n = 1 + bytes[0] / ALERT__KINDS % 3;
	for (i = 0; i < l.n; i++) {
		row[i].kind = (enum alert_kind)(bytes[0] % ALERT__KINDS);
		row[i].data = data.data;
		snprintf(row[i].ref, sizeof(row[i].ref), "%s", text);
		snprintf(row[i].id, sizeof(row[i].id), "%zu", i);
		snprintf(row[i].parcel, sizeof(row[i].parcel), "0");
	}
	if (bytes[1] % 3 == 1)
		l.to = text;
	check_mail(&l);
	check_event(&l);
	buf_release(&data);
	return 0;
}
