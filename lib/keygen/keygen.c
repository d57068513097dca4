#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "base/sandbox.h"
#include "cli/box.h"
#include "cli/note.h"
#include "crypto/pem.h"
#include "key/form.h"
#include "key/key.h"
#include "key/token.h"
#include "keygen/impl.h"

/*
 * The first version of Landlock forbids every move between directories, which
 * is how files of identity/ come to their place.  That may be a link to
 * elsewhere, so it is named beside the home.
 */
int
keygen_shut(struct asked *a, struct err *e)
{
	char identity[PATH_MAX];
	const char *const read[] = {
		a->cli->home, identity,
		a->k->from ? a->k->from : "-",
		a->k->chain ? a->k->chain : "-",
		a->k->key ? a->k->key : "-",
		a->cli->argc ? a->cli->argv[a->cli->argc - 1] : "-", NULL
	};
	const char *const write[] = { identity, NULL };

	if (a->shut || (sandbox_landlock() == 1 && !a->k->require_sandbox))
		return 0;
	if (key_path(identity, a->cli->home, "", e) ||
	    (a->writes && file_mkdir(identity, 0700, e)))
		return -1;
	a->shut = true;
	return cli_sandbox(a->cli, a->k->require_sandbox, read,
	    a->writes ? write : NULL, e);
}

int
keygen_ask(void *arg, struct secret *out, struct err *e)
{
	struct asked *a = arg;

	if (cli_passphrase(a->cli, &a->k->old, PASS_OPEN, out, e))
		return -1;
	secret_release(&a->got);
	secret_init(&a->got, out->cap);
	memcpy(a->got.data, out->data, out->len + 1);
	a->got.len = out->len;
	return a->more ? 0 : keygen_shut(a, e);
}

/* For a new key: what is given for it, or what opened the old one. */
int
keygen_ask_new(struct asked *a, struct err *e)
{
	const struct pass *fresh = &a->k->fresh;
	int rc = 0;

	if (fresh->file || fresh->fd || fresh->cmd) {
		secret_release(&a->got);
		rc = cli_passphrase(a->cli, fresh, PASS_CHANGE, &a->got, e);
	} else if (!a->got.data) {
		rc = cli_passphrase(a->cli, &a->k->old, PASS_NEW, &a->got, e);
	}
	return rc || keygen_shut(a, e) ? -1 : 0;
}

/* Older nodes lock their key with 2,048 rounds, which is soon tried. */
void
keygen_warn_weak(struct cli *c, const char *path)
{
	struct secret pem = { 0 };
	struct pem_info info;
	struct err ignored;

	if (!key_read_secret(path, &pem, KEY_PEM_MAX, &ignored) &&
	    !pem_look(&info, &pem, &ignored) && info.weak)
		cli_note(c, "'%s' is locked with %llu rounds only: "
		    "'bzn-keygen passwd' locks it anew", path,
		    (unsigned long long)info.rounds);
	secret_release(&pem);
}

int
keygen_open(struct asked *a, struct sign_key *out, struct err *e)
{
	char path[PATH_MAX];

	if (key_node(a->cli->home, keygen_ask, a, out, e)) {
		secret_release(&a->got);
		return -1;
	}
	if (!key_path_now(path, a->cli->home, "node_private.pem", e))
		keygen_warn_weak(a->cli, path);
	return a->more ? 0 : keygen_shut(a, e);
}

/* A record that goes on with what the caller has begun. */
int
keygen_emit(struct cli *c, const struct keygen *k, struct buf *out,
    struct err *e)
{
	if (k->dry_run)
		json_bool(out, "dry_run", true);
	json_close(out, '}');
	return cli_emit_buf(c, out, e);
}

int
keygen_would(struct cli *c, const struct keygen *k, const char *what,
    struct err *e)
{
	struct buf out = BUF_INIT(KEYGEN_RECORD);
	struct asked a = { .cli = c, .k = k };
	int rc;

	if (keygen_shut(&a, e))
		return -1;
	json_open(&out, NULL, '{');
	json_str(&out, "result", what);
	rc = keygen_emit(c, k, &out, e);
	buf_release(&out);
	return rc;
}

/* Any public key in a file, or the node's own. */
int
keygen_public(struct cli *c, const char *path, struct sign_public *out,
    struct err *e)
{
	return path ? form_file(out, path, e) :
	    key_node_public(c->home, out, e);
}

int
keygen_jwks(struct cli *c, struct err *e)
{
	struct buf out = BUF_INIT(KEYGEN_RECORD);
	int rc = token_jwks(&out, c->home, cli_now(c), e);

	if (!rc)
		rc = cli_emit_buf(c, &out, e);
	buf_release(&out);
	return rc;
}
