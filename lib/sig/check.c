#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "sig/check.h"
#include "sig/check_impl.h"
#include "sig/html.h"
#include "sig/space.h"

#define EXPLAIN_MAX 65536

void
check_init(struct check *c)
{
	*c = (struct check){
		.signed_ms = -1, .seq = -1,
		.explain = BUF_INIT(EXPLAIN_MAX),
	};
}

void
check_reset(struct check *c)
{
	struct buf explain = c->explain;

	buf_reset(&explain);
	check_init(c);
	c->explain = explain;
}

void
check_release(struct check *c)
{
	if (c->explain.max)
		buf_release(&c->explain);
}

void
check_say(struct check *c, const struct check_ask *a, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	if (!a->explain)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	json_str(&c->explain, NULL, text);
}

/* Is who signed trusted for it?  The verdict has key_id and signed_ms. */
int
check_key(struct check *c, const struct check_ask *a)
{
	const struct trust_ask ask = {
		.key_id = c->key_id, .space = a->space,
		.principal = a->principal, .at_ms = a->at_ms,
		.as_of = a->as_of,
	};
	const char *principal = "";
	char at[CLOCK_TEXT];
	int rc;

	clock_text(a->at_ms, at);
	check_say(c, a, "asked of %s, which is %s; a time that the signer "
	    "claims does not count", at, a->as_of ? "what --at says" : "now");
	rc = trust_check(a->trust, &ask, &principal,
	    a->explain ? &c->explain : NULL, &c->why);
	if (rc && !*principal)
		check_say(c, a, "no line of a trust file has this key");
	snprintf(c->principal, sizeof(c->principal), "%s", principal);
	if (!rc && c->signed_ms > a->at_ms + CHECK_SKEW_MS)
		rc = err_set(&c->why, E_not_yet_valid, "it claims to be "
		    "signed later than %s", at);
	return rc;
}

static int
wrong_space(struct check *c, const struct check_ask *a)
{
	check_say(c, a, "signed for %s, asked for %s", c->space, a->space);
	return err_set(&c->why, E_wrong_namespace, "it is signed for %s, not "
	    "for %s", c->space, a->space);
}

/* All that can be said without the content. */
static int
check_claim(struct check *c, const struct check_ask *a, const char *text,
    size_t n, struct sig *s)
{
	char at[CLOCK_TEXT];

	if (sig_read(s, text, n, &c->why)) {
		check_say(c, a, "%s", c->why.msg);
		return -1;
	}
	c->named = true;
	memcpy(c->key_id, s->key_id, HASH_HEX);
	memcpy(c->comment, s->comment, sizeof(c->comment));
	c->space = s->space;
	c->signed_ms = s->at_ms;
	c->seq = s->seq;
	clock_text(s->at_ms, at);
	check_say(c, a, "key %s claims to have signed at %s", s->key_id, at);
	if (strcmp(s->space, a->space))
		return wrong_space(c, a);
	if (!sig_holds(s)) {
		check_say(c, a, "the key has not signed these lines");
		return err_set(&c->why, E_bad_signature, "the key %.16s has "
		    "not signed this", s->key_id);
	}
	check_say(c, a, "the key has signed these lines");
	return check_key(c, a);
}

static void
check_content(struct check *c, const struct check_ask *a, const struct sig *s,
    const struct content *content)
{
	char is[HASH_HEX], was[HASH_HEX];

	hash_hex(is, &content->sha256);
	hash_hex(was, &s->content);
	if (content->size != s->size) {
		check_say(c, a, "content: %" PRId64 " bytes, signed were %"
		    PRId64, content->size, s->size);
		err_set_(&c->why, E_hash_mismatch, "the content has %" PRId64
		    " bytes, signed were %" PRId64, content->size, s->size);
	} else if (memcmp(is, was, sizeof(is))) {
		check_say(c, a, "content: SHA-256 is %s, signed was %s", is,
		    was);
		err_set_(&c->why, E_hash_mismatch, "the content has the size "
		    "that was signed, but another SHA-256");
	} else {
		check_say(c, a, "content: size and SHA-256 are those signed");
	}
}

void
check_text(struct check *c, const struct check_ask *a, const char *text,
    size_t n, const struct content *content)
{
	struct sig s;

	if (ssh_is(text, n))
		check_ssh_text(c, a, text, n, content);
	else if (!check_claim(c, a, text, n, &s))
		check_content(c, a, &s, content);
}

void
check_files(struct check *c, const struct check_ask *a, const char *content,
    const char *signature)
{
	struct buf text = BUF_INIT(CHECK_TEXT);
	struct content is;
	struct sig s;

	if (file_read(&text, signature, &c->why))
		goto out;
	if (ssh_is(text.data, text.len))
		check_ssh_file(c, a, text.data, text.len, content);
	else if (!check_claim(c, a, text.data, text.len, &s) &&
	    !content_file(&is, CONTENT_256, content, &c->why))
		check_content(c, a, &s, &is);
out:
	buf_release(&text);
}

void
check_attached(struct check *c, const struct check_ask *a,
    const struct buf *text)
{
	size_t n = sig_length(text->data, text->len);
	struct content content;

	if (!n) {
		err_set_(&c->why, E_bad_sig, "it does not begin with a "
		    "signature and an empty line");
		check_say(c, a, "%s", c->why.msg);
		return;
	}
	content_of(&content, CONTENT_256, text->data + n + 1,
	    text->len - n - 1);
	check_text(c, a, text->data, n, &content);
}

void
check_html(struct check *c, const struct check_ask *a, const struct buf *page)
{
	struct buf text = BUF_INIT(SIG_MAX), rest = BUF_INIT(page->len + 1);
	struct content content;

	if (html_split(page, &text, &rest, &c->why))
		check_say(c, a, "%s", c->why.msg);
	else {
		content_of(&content, CONTENT_256, rest.data, rest.len);
		check_text(c, a, text.data, text.len, &content);
	}
	buf_release(&text);
	buf_release(&rest);
}

void
check_write(struct buf *out, const struct check *c)
{
	json_int(out, "status", (int64_t)c->why.kind);
	json_str(out, "code", err_word(c->why.code));
	if (c->named) {
		if (*c->key_id)
			json_str(out, "key_id", c->key_id);
		if (*c->principal)
			json_str(out, "principal", c->principal);
		json_str(out, "namespace", c->space ? c->space :
		    c->foreign);
		if (c->signed_ms >= 0)
			json_time(out, "signed_at", c->signed_ms);
		if (c->seq >= 0)
			json_int(out, "seq", c->seq);
		if (*c->nonce)
			json_str(out, "nonce", c->nonce);
	}
	/* A comment is shown only where it was signed by somebody trusted. */
	if (!c->why.kind && *c->comment)
		json_str(out, "comment", c->comment);
	if (c->why.kind)
		json_str(out, "text", c->why.msg);
	if (c->explain.len) {
		json_open(out, "explain", '[');
		if (c->explain.full)	/* cut somewhere within a string */
			json_str(out, NULL, "more than can be printed");
		else
			buf_add(out, c->explain.data, c->explain.len);
		json_close(out, ']');
	}
}
