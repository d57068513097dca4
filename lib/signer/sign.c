#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/enc.h"
#include "base/file.h"
#include "base/mem.h"
#include "sig/space.h"
#include "signer/impl.h"

#define ATTACHED_MAX (64 << 20)
#define RECORD_MAX 16384
#define MODE 0644

struct job {
	struct cli *cli;
	const struct signer *opts;
	struct sign_key key;
	struct sig sig;			/* what is the same for all */
};

static int
print(const struct job *j, const char *path, const char *to,
    const struct sig *s, const struct content *is, struct err *e)
{
	struct buf out = BUF_INIT(RECORD_MAX);
	char hex[ENC_HEX(HASH_BYTES_512)];
	int rc;

	json_open(&out, NULL, '{');
	json_str(&out, "path", path);
	json_str(&out, "signature", to);
	json_str(&out, "key_id", s->key_id);
	json_str(&out, "namespace", s->space);
	if (!j->opts->ssh)
		json_time(&out, "signed_at", s->at_ms);
	json_int(&out, "size", is->size);
	if (j->opts->ssh) {
		enc_hex(hex, is->sha512.b, HASH_BYTES_512);
		json_str(&out, "sha512", hex);
	} else {
		hash_hex(hex, &is->sha256);
		json_str(&out, "sha256", hex);
	}
	if (s->seq >= 0)
		json_int(&out, "seq", s->seq);
	if (*s->comment)
		json_str(&out, "comment", s->comment);
	json_close(&out, '}');
	rc = cli_emit_buf(j->cli, &out, e);
	buf_release(&out);
	return rc;
}

/* Where the signature of a file goes; NULL is standard output. */
static int
name_it(const struct job *j, const char *path, char to[PATH_MAX],
    const char **out, struct err *e)
{
	*out = j->opts->output;
	if (*out && !strcmp(*out, "-"))
		*out = NULL;
	if (j->opts->output || !strcmp(path, "-"))
		return 0;
	if (snprintf(to, PATH_MAX, "%s.%s", path, j->opts->attached ?
	    "signed" : "sig") >= PATH_MAX)
		return err_set(e, E_no_file, "the name '%.40s...' is too long",
		    path);
	*out = to;
	return 0;
}

static int
put(const struct job *j, const char *path, const char *to,
    const struct sig *s, const struct content *is, const struct buf *text,
    struct err *e)
{
	if (!to)
		return cli_emit(j->cli, text->data, text->len - 1, e);
	if (j->opts->force ?
	    file_write(to, text->data, text->len, MODE, e) :
	    file_create(to, text->data, text->len, MODE, e))
		return -1;
	return print(j, path, to, s, is, e);
}

/* The text; s learns what it says. */
static int
write_sig(struct buf *out, const struct job *j, struct sig *s,
    const struct content *is, struct err *e)
{
	struct ssh ssh = { .sha256 = false };

	if (j->opts->ssh) {
		snprintf(ssh.space, sizeof(ssh.space), "%s", s->space);
		ssh_make(&ssh, &j->key, is);
		memcpy(s->key_id, ssh.key_id, HASH_HEX);
		ssh_write(out, &ssh);
		return 0;
	}
	s->content = is->sha256;
	s->size = is->size;
	if (sig_make(s, &j->key, e))
		return -1;
	sig_write(out, s);
	return 0;
}

/* A list that could not be followed is not signed as one. */
static int
sign_one(struct job *j, const char *path, struct err *e)
{
	struct buf content = BUF_INIT(ATTACHED_MAX), text =
	    BUF_INIT(ATTACHED_MAX + SIG_MAX);
	struct content is;
	struct sig s = j->sig;
	char name[PATH_MAX];
	const char *to;
	int rc = -1;

	if (name_it(j, path, name, &to, e))
		return -1;
	if (j->opts->attached) {
		if (file_read(&content, path, e))
			goto out;
		content_of(&is, CONTENT_256, content.data, content.len);
	} else if (content_file(&is, j->opts->ssh ? CONTENT_512 :
	    CONTENT_256, path, e)) {
		goto out;
	}
	if (write_sig(&text, j, &s, &is, e))
		goto out;
	if (j->opts->attached) {
		buf_addc(&text, '\n');
		buf_add(&text, content.data, content.len);
	}
	rc = text.full ? err_set(e, E_too_long, "'%s' is over %d bytes", path,
	    ATTACHED_MAX) : put(j, path, to, &s, &is,
	    &text, e);
out:
	buf_release(&content);
	buf_release(&text);
	return rc;
}

/* One that fails is complained of; what the others need is still there. */
static int
go_on(struct job *j, int rc, struct err *e)
{
	if (!rc)
		return 0;
	if (err_ends_run(e) || j->opts->fail_fast)
		return -1;
	cli_complain(j->cli, e);
	*e = (struct err){ 0 };
	return 0;
}

static int
next(struct job *j, const char *path, struct err *e)
{
	return go_on(j, sign_one(j, path, e), e);
}

static int
sign_list(struct job *j, struct err *e)
{
	struct line in;
	int got;

	line_init(&in, 0, "stdin");
	if (j->opts->zero)
		in.end = '\0';
	while ((got = line_next(&in, e)) != 0) {
		if (got < 0 && e->code != E_too_long)
			break;
		got = got < 0 || memchr(in.text.data, '\0', in.text.len) ?
		    go_on(j, err_set(e, E_too_long, "stdin:%lu: not the name "
		    "of a file", in.number), e) :
		    next(j, signer_listed(in.text.data), e);
		if (got)
			break;
	}
	line_release(&in);
	return got;
}

static int
prepare(struct job *j, struct cli *c, struct signer *o, struct err *e)
{
	const char *space = o->space ? o->space : o->manifest ?
	    SPACE_MANIFEST : SPACE_FILE;

	*j = (struct job){ .cli = c, .opts = o };
	if (o->list ? c->argc != 0 : c->argc == 0)
		return err_set(e, E_usage, "name files, or give --list and "
		    "their names on standard input");
	if (o->output && (c->argc != 1 || o->list))
		return err_set(e, E_usage, "--output is for one file");
	if (o->ssh && (o->attached || o->comment || o->seq))
		return err_set(e, E_usage, "--ssh has no room for --attached, "
		    "--comment or --seq");
	j->sig.space = space_of_file(space);
	if (!j->sig.space)
		return err_set(e, E_usage, "--namespace: '%.40s' is not one "
		    "of files: see bzn-sign(1)", space);
	if (snprintf(j->sig.comment, sizeof(j->sig.comment), "%s",
	    o->comment ? o->comment : "") > SIG_COMMENT)
		return err_set(e, E_usage, "--comment: at most %d bytes",
		    SIG_COMMENT);
	j->sig.at_ms = cli_now(c);
	if (signer_number(o->seq, "--seq", 0, INT64_C(999999999999999999),
	    -1, &j->sig.seq, e))
		return -1;
	return signer_key(c, o, &j->key, e);
}

int
signer_sign(struct cli *c, struct signer *o, struct err *e)
{
	struct job j;
	char **path;
	int rc;

	rc = prepare(&j, c, o, e) ||
	    signer_shut(c, o, SIGNER_BESIDE, e) ? -1 : 0;
	if (!rc && o->list)
		rc = sign_list(&j, e);
	else
		for (path = c->argv; *path && !rc; path++)
			rc = next(&j, *path, e);
	sign_key_release(&j.key);
	return rc;
}

static int
sign_object(struct cli *c, enum domain d, const struct sign_key *key,
    const struct buf *text, struct err *e)
{
	struct buf out = BUF_INIT(JSON_MAX + 256);
	struct json root, member = { 0 };
	char sig[DOMAIN_SIG];
	int rc = -1;

	if (json_parse(&root, text->data, text->len, e))
		return -1;
	if (!domain_sign(sig, d, &root, key, e)) {
		json_open(&out, NULL, '{');
		while (json_next(&member, &root))
			if (strcmp(json_key(&member), "signature"))
				json_copy(&out, json_key(&member), &member);
		json_str(&out, "signature", sig);
		json_close(&out, '}');
		rc = cli_emit_buf(c, &out, e);
	}
	json_release(&root);
	buf_release(&out);
	return rc;
}

static int
sign_objects(struct cli *c, enum domain d, const struct sign_key *key,
    struct err *e)
{
	struct line in;
	int got;

	line_init(&in, 0, "stdin");
	cli_expect_stdin(c);
	while ((got = line_next(&in, e)) != 0) {
		if (got > 0 && !sign_object(c, d, key, &in.text, e))
			continue;
		err_wrap_(e, "%s:%lu", in.name, in.number);
		if (err_ends_run(e))
			break;
		cli_complain(c, e);
		*e = (struct err){ 0 };
	}
	line_release(&in);
	return e->kind ? -1 : 0;
}

int
signer_json(struct cli *c, struct signer *o, struct err *e)
{
	struct sign_key key = { 0 };
	enum domain d;
	int rc;

	if (!o->space || !domain_named(o->space, &d) || !domain_of_json(d))
		return err_set(e, E_usage, "--namespace: which kind of object? "
		    "see bzn-sign(1)");
	if (o->verify)
		return signer_verify(c, o, e);
	rc = signer_signs(o, o->at, e) || signer_key(c, o, &key, e) ||
	    signer_shut(c, o, SIGNER_NOTHING, e) ? -1 : 0;
	if (!rc)
		rc = sign_objects(c, d, &key, e);
	sign_key_release(&key);
	return rc;
}
