#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "health/sample.h"
#include "key/ident.h"
#include "key/member.h"

#define US_MAX INT64_C(86400000000)

static const char *const families[] = { "any", "v4", "v6",
    "push" };
static const char *const classes[] = { NULL, "dns", "connect", "tls",
    "timeout", "http", "body", "badsig", "forbidden", "exit" };
static const char *const phases[] = { "dns", "connect", "tls", "first",
    "total" };

static int
find(const char *const *words, int n, const char *word)
{
	int i;

	for (i = 0; i < n; i++)
		if (words[i] && !strcmp(words[i], word))
			return i;
	return -1;
}

const char *
sample_family_word(enum sample_family f)
{
	return families[f];
}

bool
sample_family_named(const char *word, enum sample_family *out)
{
	int i = find(families, FAMILY__COUNT, word);

	if (i >= 0)
		*out = (enum sample_family)i;
	return i >= 0;
}

const char *
sample_class_word(enum sample_class c)
{
	return classes[c];
}

bool
sample_class_named(const char *word, enum sample_class *out)
{
	int i = find(classes, CLASS__COUNT, word);

	if (i >= 0)
		*out = (enum sample_class)i;
	return i >= 0;
}

const char *
sample_phase_word(enum sample_phase p)
{
	return phases[p];
}

enum found
sample_finding(const struct sample *s)
{
	return !s->ok ? FOUND_FAILED : s->slow ? FOUND_SLOW : FOUND_OK;
}

/* --- records -------------------------------------------------------------- */

static void
key_of(enum sample_phase p, char out[16])
{
	snprintf(out, 16, "%s_ms", phases[p]);
}

void
sample_us_write(struct buf *out, const char *key, int64_t us)
{
	char text[32];
	int n;

	if (us < 0) {
		json_null(out, key);
		return;
	}
	n = snprintf(text, sizeof(text), "%lld.%03d", (long long)(us / 1000),
	    (int)(us % 1000));
	while (text[n - 1] == '0')
		n--;
	if (text[n - 1] == '.')
		n--;
	json_raw(out, key, text, (size_t)n);
}

void
sample_write(struct buf *out, const struct sample *s)
{
	char key[16];
	int i;

	json_open(out, NULL, '{');
	json_int(out, "v", 1);
	json_str(out, "node_id", s->node_id);
	json_str(out, "url", s->url);
	json_str(out, "family", families[s->family]);
	json_time(out, "started_at", s->started_ms);
	json_int(out, "mono_ms", s->mono_ms);
	json_bool(out, "ok", s->ok);
	json_bool(out, "slow", s->slow);
	json_str_or_null(out, "class", classes[s->class]);
	if (s->http && s->family != FAMILY_PUSH)
		json_int(out, "http", s->http);
	else
		json_null(out, "http");
	if (s->family == FAMILY_PUSH)
		json_int(out, "exit", s->http);
	json_field_or_null(out, "version", s->version);
	json_field_or_null(out, "ip", s->ip);
	for (i = 0; i < PHASE__COUNT; i++) {
		key_of((enum sample_phase)i, key);
		sample_us_write(out, key, s->us[i]);
	}
	json_time_or_null(out, "cert_expires_at", s->cert_expires_ms);
	json_bool(out, "signed", s->is_signed);
	json_bool(out, "confirm", s->confirm);
	json_str(out, "sweep_id", s->sweep_id);
	json_close(out, '}');
}

void
sample_write_whole(struct buf *out, const struct sample *s)
{
	struct sample whole = *s;
	int i;

	for (i = 0; i < PHASE__COUNT; i++)
		if (whole.us[i] > 0)
			whole.us[i] -= whole.us[i] % 1000;
	sample_write(out, &whole);
}

/* As it was written: up to three decimals, no sign, no exponent. */
static bool
parse_us(const char *text, size_t n, int64_t *out)
{
	int64_t us = 0;
	size_t i, decimals = 0;
	bool point = false;

	for (i = 0; i < n; i++) {
		if (text[i] == '.' && !point) {
			point = true;
			continue;
		}
		if (text[i] < '0' || text[i] > '9' || us > US_MAX ||
		    (point && ++decimals > 3))
			return false;
		us = us * 10 + text[i] - '0';
	}
	for (; decimals < 3; decimals++)
		us *= 10;
	*out = us;
	return n > 0 && us <= US_MAX;
}

static int
get_us(const struct json *in, const char *key, int64_t *out, struct err *e)
{
	struct json value;
	const char *text;
	size_t n;

	*out = -1;
	if (!json_has(in, key))
		return 0;
	if (json_get(&value, in, key, JSON_NUMBER, e))
		return -1;
	text = json_lexeme(&value, &n);
	return parse_us(text, n, out) ? 0 : json_fail(in, key, E_bad_json,
	    "is not milliseconds of a day at most, with up to three decimals",
	    e);
}

static int
get_text(const struct json *in, const char *key, char *out, size_t size,
    struct err *e)
{
	const char *text = NULL;

	if (json_opt_str(in, key, &text, e))
		return -1;
	if (text && !fit_text(text, size - 1))
		return json_fail(in, key, E_bad_json, "is too long, or has "
		    "control characters in it", e);
	snprintf(out, size, "%s", text ? text : "");
	return 0;
}

static int
get_what(struct sample *s, const struct json *in, struct err *e)
{
	const char *url, *family, *class = NULL;

	if (json_get_str(in, "url", &url, e) ||
	    json_get_str(in, "family", &family, e) ||
	    json_opt_str(in, "class", &class, e))
		return -1;
	if (!sample_family_named(family, &s->family))
		return json_fail(in, "family", E_bad_json, "is not any, v4, "
		    "v6 or push", e);
	if (s->family == FAMILY_PUSH ? *url : !fit_endpoint(url))
		return json_fail(in, "url", E_bad_json, "is not an endpoint, "
		    "such as https://node.example", e);
	if (class && !sample_class_named(class, &s->class))
		return json_fail(in, "class", E_bad_json, "is not a class of "
		    "failures", e);
	snprintf(s->url, sizeof(s->url), "%s", url);
	if (json_get_bool(in, "ok", &s->ok, e) ||
	    json_get_bool(in, "slow", &s->slow, e))
		return -1;
	if (s->ok ? class != NULL : s->slow || !class)
		return json_fail(in, "ok", E_bad_json, "does not go with "
		    "'slow' and 'class'", e);
	return 0;
}

/* With which a job ended; those of old did not say. */
static int
get_exit(struct sample *s, const struct json *in, struct err *e)
{
	int64_t status = 0;

	if (json_opt_int(in, "exit", &status, e))
		return -1;
	if (status < 0 || status > SAMPLE_EXIT_MOST || (status && s->ok))
		return json_fail(in, "exit", E_bad_json, "is not a status "
		    "from 0, which is well, to 255", e);
	s->http = (int)status;
	return 0;
}

static int
get_numbers(struct sample *s, const struct json *in, struct err *e)
{
	int64_t http = 0;
	char key[16];
	int i;

	if (member_time(in, "started_at", &s->started_ms, e) ||
	    json_get_int(in, "mono_ms", &s->mono_ms, e) ||
	    json_opt_int(in, "http", &http, e))
		return -1;
	if (json_has(in, "cert_expires_at") &&
	    member_time(in, "cert_expires_at", &s->cert_expires_ms, e))
		return -1;
	if (http < 0 || http > 999)
		return json_fail(in, "http", E_bad_json, "is not a status of "
		    "HTTP", e);
	s->http = (int)http;
	if (s->family == FAMILY_PUSH && get_exit(s, in, e))
		return -1;
	for (i = 0; i < PHASE__COUNT; i++) {
		key_of((enum sample_phase)i, key);
		if (get_us(in, key, &s->us[i], e))
			return -1;
	}
	return 0;
}

int
sample_read(struct sample *s, const struct json *in, struct err *e)
{
	const char *sweep;

	*s = (struct sample){ 0 };
	return json_want(in, JSON_OBJECT, e) || member_v1(in, e) ||
	    member_id(in, "node_id", s->node_id, e) ||
	    get_what(s, in, e) || get_numbers(s, in, e) ||
	    get_text(in, "version", s->version, sizeof(s->version), e) ||
	    get_text(in, "ip", s->ip, sizeof(s->ip), e) ||
	    json_get_str(in, "sweep_id", &sweep, e) ||
	    get_text(in, "sweep_id", s->sweep_id, sizeof(s->sweep_id), e) ||
	    json_get_bool(in, "signed", &s->is_signed, e) ||
	    json_get_bool(in, "confirm", &s->confirm, e) ? -1 : 0;
}
