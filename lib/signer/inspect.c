#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "key/form.h"
#include "sig/http.h"
#include "sig/jwt.h"
#include "signer/impl.h"

#define FILE_MAX (64 << 20)

static int
show_file(struct buf *out, const struct buf *text, struct err *e)
{
	size_t n = sig_length(text->data, text->len);
	char hex[HASH_HEX];
	struct sig s;

	if (sig_read(&s, text->data, n ? n : text->len, e))
		return -1;
	hash_hex(hex, &s.content);
	json_str(out, "kind", "file");
	json_bool(out, "attached", n != 0);
	json_str(out, "key_id", s.key_id);
	json_str(out, "namespace", s.space);
	json_time(out, "signed_at", s.at_ms);
	json_int(out, "size", s.size);
	json_str(out, "sha256", hex);
	if (s.seq >= 0)
		json_int(out, "seq", s.seq);
	json_bool(out, "holds", sig_holds(&s));
	return 0;
}

static int
show_ssh(struct buf *out, const struct buf *text, struct err *e)
{
	char print[FORM_PRINT];
	struct ssh s;

	if (ssh_read(&s, text->data, text->len, e))
		return -1;
	form_print(print, &s.key);
	json_str(out, "kind", "ssh");
	json_str(out, "key_id", s.key_id);
	json_str(out, "ssh_fingerprint", print);
	json_str(out, "namespace", s.space);
	json_str(out, "hash", ssh_hash_word(&s));
	return 0;
}

static int
show_object(struct buf *out, const struct buf *text, struct err *e)
{
	struct json root, member = { 0 };
	const char *key;

	if (json_parse(&root, text->data, text->len, e))
		return -1;
	json_str(out, "kind", "object");
	json_open(out, "members", '[');
	while (json_next(&member, &root))
		json_str(out, NULL, json_key(&member));
	json_close(out, ']');
	json_open(out, "signatures", '[');
	member = (struct json){ 0 };
	while (json_next(&member, &root)) {
		key = json_key(&member);
		if (!strncmp(key, "signature", 9))
			json_str(out, NULL, key);
	}
	json_close(out, ']');
	json_release(&root);
	return 0;
}

static int
show_jwt(struct buf *out, const struct buf *text, struct err *e)
{
	struct err ignored = { 0 };
	struct json claims;
	struct jwt t;
	size_t n = text->len;
	int rc;

	while (n && text->data[n - 1] == '\n')
		n--;
	rc = jwt_read(&t, text->data, n, e);
	if (!rc) {
		json_str(out, "kind", "jwt");
		json_str(out, "alg", t.alg);
		if (*t.kid)
			json_str(out, "kid", t.kid);
		if (!json_parse(&claims, t.payload.data, t.payload.len,
		    &ignored)) {
			json_copy(out, "claims", &claims);
			json_release(&claims);
		}
	}
	jwt_release(&t);
	return rc;
}

static void
show_inputs(struct buf *out, const struct sf_dict *d)
{
	struct buf one = BUF_INIT(SF_MAX);
	const struct sf_member *m;

	json_open(out, "inputs", '{');
	for (m = d->member; m < d->member + d->members; m++) {
		buf_reset(&one);
		sf_write(&one, m);
		json_str(out, m->key, one.data);
	}
	json_close(out, '}');
	buf_release(&one);
}

static int
show_http(struct buf *out, struct buf *text, struct err *e)
{
	struct buf input = BUF_INIT(SF_MAX + 1);
	struct http_request r;
	struct sf_dict d = { 0 };
	int rc = -1;

	if (http_read(&r, text, e))
		return -1;
	if (!http_field(&input, &r, "signature-input"))
		err_set_(e, E_no_signature, "there is no Signature-Input");
	else if (!sf_read(&d, input.data, input.len, e)) {
		json_str(out, "kind", "http");
		json_str(out, "method", r.method);
		json_str(out, "target", r.target);
		show_inputs(out, &d);
		rc = 0;
	}
	sf_release(&d);
	buf_release(&input);
	return rc;
}

/* By what it begins with; what is none of these is a bad signature. */
static int
show(struct buf *out, struct buf *text, struct err *e)
{
	const char *s = text->data + strspn(text->data, " \t\r\n");

	if (ssh_is(text->data, text->len))
		return show_ssh(out, text, e);
	if (*s == '{')
		return show_object(out, text, e);
	if (!strncmp(s, "eyJ", 3))
		return show_jwt(out, text, e);
	if (strncmp(s, "bzn-file-v1\n", 12) && strstr(s, " HTTP/1."))
		return show_http(out, text, e);
	return show_file(out, text, e);
}

static int
inspect(struct cli *c, const char *path, struct err *e)
{
	struct buf text = BUF_INIT(FILE_MAX), out = BUF_INIT(JSON_MAX);
	int rc = -1;

	json_open(&out, NULL, '{');
	json_str(&out, "path", path);
	if (!file_read(&text, path, e) && !show(&out, &text, e)) {
		json_close(&out, '}');
		rc = cli_emit_buf(c, &out, e);
	}
	buf_release(&text);
	buf_release(&out);
	return rc;
}

int
signer_inspect(struct cli *c, struct signer *o, struct err *e)
{
	char *only[] = { (char[]){ "-" }, NULL };
	char **path = c->argc ? c->argv : only;

	if (signer_shut(c, o, SIGNER_NOTHING, e))
		return -1;
	for (; *path; path++) {
		if (!inspect(c, *path, e))
			continue;
		err_wrap_(e, "%s", *path);
		if (err_ends_run(e))
			return -1;
		cli_complain(c, e);
		*e = (struct err){ 0 };
	}
	return 0;
}
