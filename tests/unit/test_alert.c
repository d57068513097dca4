/*
 * What people are told of nodes: each kind in words, and whatever a node calls
 * itself, a mail that is one, with the headers that it has to have.
 */
#include "tap.h"

#include "letter.h"

#include "alert/webhook.h"
#include "base/json.h"

#define NOW INT64_C(1795780800000)	/* 2026-11-27T12:00:00Z */

static struct alert_row
row(enum alert_kind kind, const char *data)
{
	static char text[32768];
	struct alert_row out = { .kind = kind, .made_ms = NOW, .data = text };

	snprintf(text, sizeof(text), "%s", data);
	snprintf(out.id, ID_TEXT, "01a21ce0-6efa-7000-af03-8a5106ac4b40");
	memcpy(out.parcel, out.id, ID_TEXT);
	snprintf(out.ref, sizeof(out.ref), "incident");
	return out;
}

static void
mail(struct buf *subject, struct buf *text, const struct alert_row *rows,
    size_t n, const char *to)
{
	const struct alert_letter l = { .row = rows, .n = n, .to = to,
	    .from = "bzn@node.example", .now_ms = NOW };
	struct buf out = BUF_INIT(1 << 20);
	struct err e = { 0 };
	const char *bad;

	OK(!alert_mail(&out, &l, &e));
	bad = letter_fault(out.data, n, subject, text);
	if (bad)
		printf("# %s\n# %s\n", bad, out.data);
	OK(!bad);
	buf_release(&out);
}

/* What is read of one, in a mail. */
static void
title(enum alert_kind kind, const char *data, const char *want)
{
	struct buf subject = BUF_INIT(65536), text = BUF_INIT(1 << 20);
	struct alert_row one = row(kind, data);

	mail(&subject, &text, &one, 1, "ops@node.example");
	IS(subject.data, want);
	OK(!strncmp(text.data, want + strlen("[bzn] "),
	    strlen(want) - strlen("[bzn] ")));
	buf_release(&subject);
	buf_release(&text);
}

#define NODE "\"name\":\"node-b\",\"node_id\":\"ab\",\"cause\":\"connect\"," \
	"\"since\":\"2026-11-27T11:03:00.000Z\""

static void
kinds(void)
{
	title(ALERT_DOWN, "{" NODE "}",
	    "[bzn] DOWN node-b (connect) since 11:03Z");
	title(ALERT_DOWN, "{\"name\":\"b\",\"since\":"
	    "\"2026-11-20T11:03:00.000Z\",\"class\":\"dns\"}",
	    "[bzn] DOWN b (dns) since 2026-11-20T11:03Z");
	title(ALERT_STILL_DOWN, "{" NODE "}",
	    "[bzn] STILL DOWN node-b (connect) since 11:03Z");
	title(ALERT_DEGRADED, "{" NODE "}",
	    "[bzn] DEGRADED node-b since 11:03Z");
	title(ALERT_FLAPPING, "{" NODE "}", "[bzn] FLAPPING node-b");
	title(ALERT_RECOVERED, "{" NODE ",\"duration_ms\":59000}",
	    "[bzn] RECOVERED node-b after 59 s");
	title(ALERT_RECOVERED, "{" NODE ",\"duration_ms\":93840000}",
	    "[bzn] RECOVERED node-b after 1 d 2 h 4 min");
	title(ALERT_RECOVERED, "{" NODE "}", "[bzn] RECOVERED node-b");
	title(ALERT_CERTIFICATE, "{" NODE ",\"cert_expires_at\":"
	    "\"2026-12-01T00:00:00.000Z\"}",
	    "[bzn] CERTIFICATE of node-b ends 2026-12-01");
	title(ALERT_OBSERVER_OFFLINE, "{\"since\":"
	    "\"2026-11-27T11:03:00.000Z\"}",
	    "[bzn] OBSERVER OFFLINE since 11:03Z");
	title(ALERT_TEST, "{\"at\":\"2026-11-27T11:03:00.000Z\"}",
	    "[bzn] TEST");
	title(ALERT_DOWN, "{}", "[bzn] DOWN ?");
	title(ALERT_DOWN, "{\"name\":\"\",\"node_id\":\"0123456789abcdef\"}",
	    "[bzn] DOWN 0123456789ab");
}

/* --- names ---------------------------------------------------------------- */

/* Of a node that calls itself so, with nothing of it lost but what it is. */
static void
named(const char *name, const char *shown)
{
	struct buf data = BUF_INIT(32768), want = BUF_INIT(32768);

	json_open(&data, NULL, '{');
	json_str(&data, "name", name);
	json_str(&data, "url", name);
	json_close(&data, '}');
	OK(!data.full);
	buf_addf(&want, "[bzn] FLAPPING %s", shown);
	title(ALERT_FLAPPING, data.data, want.data);
	buf_release(&data);
	buf_release(&want);
}

static void
names(void)
{
	char name[10241], shown[256];
	size_t i;

	named("x\r\nBcc: thief@evil.example\r\n\r\nbody",
	    "x  Bcc: thief@evil.example    body");
	named("a\nb\rc\td\033[31me\177f", "a b c d [31me f");
	named("a\302\205b\342\200\250c\342\200\251d\342\200\256e",
	    "a b c d e");
	named("=?UTF-8?Q?a=0D=0ABcc:_x?=", "=?UTF-8?Q?a=0D=0ABcc:_x?=");
	named("\303\251t\303\251 \360\237\220\235",
	    "\303\251t\303\251 \360\237\220\235");
	named(".", ".");
	named("From here", "From here");
	named("<b>&amp;\\\"'", "<b>&amp;\\\"'");
	/* A dot that the text would be broken before. */
	for (i = 60; i < 80; i++) {
		memset(name, 'n', i);
		memcpy(name + i, ".", 2);
		named(name, name);
	}
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	snprintf(shown, sizeof(shown), "%.80s...", name);
	named(name, shown);
}

/* As a cut or a damaged store would have it. */
static void
odd(void)
{
	static const char *const bad[] = { "", "{", "[]", "[3]", "7", "null",
	    "{\"name\":\"\\u0000\"}", "{\"a\":1,\"a\":2}", "\377" };
	struct alert_letter l = { .n = 1, .to = "a@b.example",
	    .from = "c@d.example", .now_ms = NOW };
	struct buf out = BUF_INIT(65536);
	struct alert_row one;
	struct err e = { 0 };
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		one = row(ALERT_DOWN, bad[i]);
		l.row = &one;
		OK(alert_mail(&out, &l, &e) && e.code == E_bad_json);
		OK(alert_subject(&out, &l, &e) && e.code == E_bad_json);
		buf_reset(&out);
		OK(webhook_envelope(&out, &l, &e) && e.code == E_bad_json);
		buf_reset(&out);
	}
	title(ALERT_DOWN, "{\"name\":7,\"cause\":[],\"since\":{},"
	    "\"node_id\":null}", "[bzn] DOWN ?");
	title(ALERT_CERTIFICATE, "{\"cert_expires_at\":\"123456789\303\251\"}",
	    "[bzn] CERTIFICATE of ? ends 123456789\357\277\275");
	buf_release(&out);
}

/* --- several -------------------------------------------------------------- */

static void
several(void)
{
	struct buf subject = BUF_INIT(65536), text = BUF_INIT(1 << 20);
	struct buf body = BUF_INIT(65536);
	struct alert_row three[3] = { row(ALERT_DOWN, "{" NODE "}"),
	    row(ALERT_DEGRADED, "{" NODE "}"), row(ALERT_DOWN, "{" NODE "}") };
	struct alert_letter l = { .row = three, .n = 3, .now_ms = NOW };
	struct json root, alerts;
	struct err e = { 0 };
	const char *word = "";

	mail(&subject, &text, three, 3, "root");
	IS(subject.data, "[bzn] 3 alerts, 2 down, 1 degraded");
	OK(!strncmp(text.data, "DOWN node-b (connect) since 11:03Z\n  name: "
	    "node-b\n", 49));
	OK(strstr(text.data, "\n\nDEGRADED node-b since 11:03Z\n") != NULL);
	OK(!webhook_envelope(&body, &l, &e));
	OK(!json_parse(&root, body.data, body.len, &e));
	OK(!json_get_str(&root, "type", &word, &e));
	IS(word, "alert.digest");
	OK(!json_get_str(&root, "id", &word, &e));
	OK(strlen(word) == 28 && !strncmp(word, "evt_", 4));
	OK(json_find(&alerts, &root, "data") &&
	    json_find(&alerts, &alerts, "alerts") && json_count(&alerts) == 3);
	json_release(&root);
	buf_release(&subject);
	buf_release(&text);
	buf_release(&body);
}

static void
addresses(void)
{
	static const char *const good[] = { "root", "ops@node.example",
	    "a.b+c@x", "o'neil@x-y.example" };
	static const char *const bad[] = { "", "@", "@x", "a@", "a@b@c", "-a@b",
	    "a b@c", "a@b c", "a@b\nBcc: c@d", "a@b\r", "a@b,c@d", "<a@b>",
	    "a@b>", "\"a\"@b", "a@[::1]", "\303\251@b", "a@b\177", "a:b@c",
	    "a;b@c", "a(b)@c", "a\\b@c" };
	char text[400];
	struct err e = { 0 };
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(*good); i++)
		OK(!alert_address(good[i], &e));
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		OK(alert_address(bad[i], &e) && e.code == E_bad_email);
	memset(text, 'a', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	OK(alert_address(text, &e));
	text[64] = '@';
	OK(alert_address(text, &e));
	text[65 + 190] = '\0';
	OK(!alert_address(text, &e));
}

int
main(void)
{
	kinds();
	names();
	odd();
	several();
	addresses();
	return DONE();
}
