#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "alert/text.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/enc.h"
#include "base/json.h"
#include "base/utf8.h"
#include "crypto/hash.h"

#define SUBJECT_MAX 4096
#define WORD_BYTES 39		/* become 52: with "Subject:" below 76 */
#define PLAIN_MAX 900		/* of 998 that a line may have */
#define QUOTED_MAX 76
#define THREADS 16		/* that one mail refers to */
#define TEXT_MAX (1 << 20)
#define SHORT_ID 12
#define NAME_SHOWN 80		/* characters */

/* --- headers -------------------------------------------------------------- */

/* What would steer becomes a blank, what is no UTF-8 becomes U+FFFD. */
static void
clean(struct buf *out, const char *text)
{
	size_t n = strlen(text), i, len;

	for (i = 0; i < n; i += len ? len : 1) {
		len = utf8_len(text + i, n - i);
		if (!len)
			buf_adds(out, "\357\277\275");
		else if (utf8_steers(utf8_number(text + i, len)))
			buf_addc(out, ' ');
		else
			buf_add(out, text + i, len);
	}
}

static bool
is_plain(const char *text)
{
	const char *p;

	for (p = text; *p; p++)
		if (*p < 0x20 || *p > 0x7e)
			return false;
	return !strstr(text, "=?");
}

static void
encode(struct buf *out, const char *text, size_t n)
{
	size_t i = 0, end, len;

	while (i < n) {
		for (end = i; end < n; end += len) {
			len = utf8_len(text + end, n - end);
			assert(len);
			if (end + len - i > WORD_BYTES)
				break;
		}
		buf_adds(out, i ? "\n =?UTF-8?B?" : "=?UTF-8?B?");
		enc_base64(out, text + i, end - i);
		buf_adds(out, "?=");
		i = end;
	}
}

static void
add_header(struct buf *out, const char *name, const char *value)
{
	struct buf text = BUF_INIT(SUBJECT_MAX);

	clean(&text, value);
	if (text.full)
		out->full = true;
	buf_addf(out, "%s: ", name);
	if (is_plain(text.data) && text.len < PLAIN_MAX)
		buf_adds(out, text.data);
	else
		encode(out, text.data, text.len);
	buf_addc(out, '\n');
	buf_release(&text);
}

int
alert_address(const char *text, struct err *e)
{
	static const char good[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.!#$%&'*+/=?^_`{|}~-";
	size_t local = strspn(text, good), domain;

	if (local && local <= 64 && *text != '-') {
		if (!text[local])
			return 0;
		domain = text[local] == '@' ?
		    strspn(text + local + 1, good) : 0;
		if (domain && domain <= 190 && !text[local + 1 + domain])
			return 0;
	}
	return err_set(e, E_bad_email, "mail needs an address of the form "
	    "name@host");
}

static const char *
domain_of(const char *address)
{
	const char *at = strchr(address, '@');

	return at ? at + 1 : "localhost";
}

static void
add_date(struct buf *out, int64_t ms)
{
	static const char days[] = "ThuFriSatSunMonTueWed";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	char t[CLOCK_TEXT];
	int month;

	clock_text(ms, t);
	month = (t[5] - '0') * 10 + t[6] - '1';
	buf_addf(out, "Date: %.3s, %.2s %.3s %.4s %.8s +0000\n",
	    days + ms / CLOCK_DAY_MS % 7 * 3, t + 8, months + month * 3L, t,
	    t + 11);
}

static void
add_thread(struct buf *out, const char *ref, const char *domain)
{
	struct hash h;
	char hex[HASH_HEX];

	hash_of(&h, ref, strlen(ref));
	hash_hex(hex, &h);
	buf_addf(out, " <thread-%.32s@%s>\n", hex, domain);
}

static void
add_threads(struct buf *out, const struct alert_letter *l, const char *domain)
{
	size_t i;

	if (l->n == 1) {
		buf_adds(out, "In-Reply-To:");
		add_thread(out, l->row->ref, domain);
	}
	buf_adds(out, "References:");
	for (i = 0; i < l->n && i < THREADS; i++)
		add_thread(out, l->row[i].ref, domain);
}

/* --- what there is to say ------------------------------------------------- */

static const char *
text_of(const struct json *data, const char *key, const char *otherwise)
{
	struct json v;
	const char *text;

	if (!json_find(&v, data, key))
		return otherwise;
	text = json_string(&v);
	return text && *text ? text : otherwise;
}

/* Its time of the day, and the day if that is not today. */
static void
add_moment(struct buf *out, const char *text, int64_t now_ms)
{
	char today[CLOCK_TEXT];

	clock_text(now_ms, today);
	if (strlen(text) < 17)
		return;
	if (strncmp(text, today, 10))
		buf_addf(out, "%.16sZ", text);
	else
		buf_addf(out, "%.5sZ", text + 11);
}

/* A title is for looking at: all of what is long is in the text. */
static void
add_short(struct buf *out, const char *text, size_t most)
{
	size_t n = strlen(text), first = utf8_first(text, n, most);

	buf_add(out, text, first);
	if (first < n)
		buf_adds(out, "...");
}

static void
add_name(struct buf *out, const struct json *data)
{
	const char *name = text_of(data, "name", NULL);

	if (name)
		add_short(out, name, NAME_SHOWN);
	else
		buf_addf(out, "%.*s", SHORT_ID, text_of(data, "node_id", "?"));
}

static void
add_length(struct buf *out, const struct json *data)
{
	int64_t ms = -1, minutes;
	struct err ignored;

	if (json_opt_int(data, "duration_ms", &ms, &ignored) || ms < 0)
		return;
	minutes = ms / 60000;
	buf_adds(out, " after ");
	if (minutes >= 1440)
		buf_addf(out, "%" PRId64 " d ", minutes / 1440);
	if (minutes >= 60)
		buf_addf(out, "%" PRId64 " h ", minutes / 60 % 24);
	if (minutes < 1)
		buf_addf(out, "%" PRId64 " s", ms / 1000);
	else
		buf_addf(out, "%" PRId64 " min", minutes % 60);
}

static void
write_title(struct buf *out, const struct alert_row *row,
    const struct json *data, int64_t now_ms)
{
	static const char *const titles[] = { "DOWN", "STILL DOWN",
	    "DEGRADED", "FLAPPING", "RECOVERED", "CERTIFICATE of",
	    "OBSERVER OFFLINE", "DIGEST", "TEST" };
	enum alert_kind kind = row->kind;
	const char *cause = text_of(data, "cause", text_of(data, "class",
	    NULL));

	buf_adds(out, titles[kind]);
	if (kind <= ALERT_CERTIFICATE) {
		buf_addc(out, ' ');
		add_name(out, data);
	}
	if ((kind == ALERT_DOWN || kind == ALERT_STILL_DOWN) && cause) {
		buf_adds(out, " (");
		add_short(out, cause, NAME_SHOWN);
		buf_addc(out, ')');
	}
	if (kind == ALERT_RECOVERED) {
		add_length(out, data);
	} else if (kind == ALERT_CERTIFICATE) {
		buf_addf(out, " ends %.10s", text_of(data, "cert_expires_at",
		    "soon"));
	} else if (kind != ALERT_TEST && kind != ALERT_FLAPPING &&
	    *text_of(data, "since", "")) {
		buf_adds(out, " since ");
		add_moment(out, text_of(data, "since", ""), now_ms);
	}
}

static void
add_title(struct buf *out, const struct alert_row *row,
    const struct json *data, int64_t now_ms)
{
	struct buf title = BUF_INIT(SUBJECT_MAX);

	write_title(&title, row, data, now_ms);
	clean(out, title.data);
	buf_release(&title);
}

int
alert_about(struct json *out, const struct alert_row *row, struct err *e)
{
	if (json_parse(out, row->data, strlen(row->data), e))
		return -1;
	if (json_kind(out) == JSON_OBJECT)
		return 0;
	json_release(out);
	return err_set(e, E_bad_json, "an alert is about no object");
}

static void
count_kinds(struct buf *out, const struct alert_letter *l)
{
	int kind, count;
	size_t i;

	buf_addf(out, "%zu alerts", l->n);
	for (kind = 0; kind < ALERT__KINDS; kind++) {
		for (count = 0, i = 0; i < l->n; i++)
			count += (int)l->row[i].kind == kind;
		if (count)
			buf_addf(out, ", %d %s", count,
			    alert_kind_word((enum alert_kind)kind));
	}
}

int
alert_subject(struct buf *out, const struct alert_letter *l, struct err *e)
{
	struct json data = { 0 };

	buf_adds(out, "[bzn] ");
	if (l->n > 1) {
		count_kinds(out, l);
		return 0;
	}
	if (alert_about(&data, l->row, e))
		return -1;
	add_title(out, l->row, &data, l->now_ms);
	json_release(&data);
	return 0;
}

static void
add_member(struct buf *out, const struct json *v)
{
	const char *text = json_string(v);
	size_t n;

	if (json_kind(v) == JSON_NULL)
		return;
	buf_adds(out, "  ");
	clean(out, json_key(v));
	buf_adds(out, ": ");
	if (text) {
		clean(out, text);
	} else {
		text = json_lexeme(v, &n);
		if (text)
			buf_add(out, text, n);
		else
			buf_adds(out, json_true(v) ? "yes" : "no");
	}
	buf_addc(out, '\n');
}

static int
add_paragraph(struct buf *out, const struct alert_letter *l,
    const struct alert_row *row, struct err *e)
{
	struct json data = { 0 }, v = { 0 };

	if (alert_about(&data, row, e))
		return -1;
	add_title(out, row, &data, l->now_ms);
	buf_addc(out, '\n');
	while (json_next(&v, &data))
		add_member(out, &v);
	json_release(&data);
	return 0;
}

static int
write_text(struct buf *out, const struct alert_letter *l, struct err *e)
{
	size_t i;

	for (i = 0; i < l->n; i++) {
		if (i)
			buf_addc(out, '\n');
		if (add_paragraph(out, l, &l->row[i], e))
			return -1;
	}
	return 0;
}

/* Quoted-printable (RFC 2045 6.7); no line is that of a dot, or "From ". */
static void
quote(struct buf *out, const char *text)
{
	const unsigned char *p;
	size_t line = 0;
	bool plain;

	for (p = (const unsigned char *)text; *p; p++) {
		if (*p == '\n') {
			buf_addc(out, '\n');
			line = 0;
			continue;
		}
		if (line + 3 >= QUOTED_MAX) {
			buf_adds(out, "=\n");
			line = 0;
		}
		plain = *p >= 0x20 && *p < 0x7f && *p != '=' &&
		    !(*p == ' ' && (p[1] == '\n' || !p[1])) &&
		    !(*p == '.' && !line) && !(*p == 'F' && !line);
		if (plain)
			buf_addc(out, (char)*p);
		else
			buf_addf(out, "=%02X", *p);
		line += plain ? 1 : 3;
	}
}

static void
write_headers(struct buf *out, const struct alert_letter *l,
    const char *subject)
{
	const char *domain = domain_of(l->from), *id = l->row->parcel;

	add_header(out, "From", l->from);
	add_header(out, "To", l->to);
	add_header(out, "Subject", subject);
	add_date(out, l->now_ms);
	buf_addf(out, "Message-ID: <%s@%s>\n", id, domain);
	add_threads(out, l, domain);
	buf_addf(out, "Auto-Submitted: auto-generated\nX-Delivery-Id: %s\n"
	    "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
	    "Content-Transfer-Encoding: quoted-printable\n\n", id);
}

int
alert_mail(struct buf *out, const struct alert_letter *l, struct err *e)
{
	struct buf subject = BUF_INIT(SUBJECT_MAX), text = BUF_INIT(TEXT_MAX);
	int rc = -1;

	if (!alert_address(l->to, e) && !alert_address(l->from, e) &&
	    !alert_subject(&subject, l, e) && !write_text(&text, l, e)) {
		write_headers(out, l, subject.data);
		quote(out, text.data);
		rc = subject.full || text.full || out->full ? err_set(e,
		    E_too_long, "a mail of %zu alerts is too long", l->n) : 0;
	}
	buf_release(&subject);
	buf_release(&text);
	return rc;
}
