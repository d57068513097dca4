/* The node's own key: made, restored, taken over. */
#include "base/json.h"
#include "cli/note.h"
#include "key/form.h"
#include "key/ident.h"
#include "key/identity.h"
#include "keygen/impl.h"

static int
print_identity(struct cli *c, const struct keygen *k, const char *result,
    struct err *e)
{
	struct buf out = BUF_INIT(KEYGEN_RECORD);
	struct sign_public key;
	char path[PATH_MAX];
	int rc = -1;

	if (key_node_public(c->home, &key, e) ||
	    key_path(path, c->home, "revocation.json", e))
		return -1;
	ident_write(&out, &key);
	json_str(&out, "result", result);
	json_str(&out, "revocation", path);
	rc = keygen_emit(c, k, &out, e);
	buf_release(&out);
	cli_note(c, "keep '%s' elsewhere: it revokes the key, also when that "
	    "is lost", path);
	return rc;
}

/* Make the identity of this key, which is released. */
static int
create(struct asked *a, struct sign_key *key, struct err *e)
{
	struct identity_new new = { .key = key };
	int rc = keygen_ask_new(a, e);

	new.passphrase = &a->got;
	new.at_ms = cli_now(a->cli);
	if (!rc)
		rc = identity_create(a->cli->home, &new, a->k->force, e);
	secret_release(&a->got);
	sign_key_release(key);
	return rc ? -1 : print_identity(a->cli, a->k, "made", e);
}

static int
restore(struct asked *a, struct err *e)
{
	int rc = identity_restore(a->cli->home, keygen_ask, a,
	    cli_now(a->cli), e);

	secret_release(&a->got);
	return rc ? -1 : print_identity(a->cli, a->k, "restored", e);
}

/* Is there room for an identity?  1, or 0: there is one, as *state says. */
static int
check_room(struct cli *c, const struct keygen *k, bool *settled,
    enum identity_state *state, struct err *e)
{
	struct sign_public key;
	int got = k->dry_run ? 0 : identity_settle(c->home, e);

	*state = identity_look(c->home);
	*settled = got > 0;
	if (got < 0)
		return -1;
	if (*state == IDENTITY_NONE || k->force)
		return 1;
	if (*state == IDENTITY_PUBLIC)
		return err_set(e, E_no_key, "there is a public key without "
		    "node_private.pem: put that back, or say --force for a "
		    "new identity");
	return *state == IDENTITY_WHOLE && key_node_public(c->home, &key, e) ?
	    -1 : 0;
}

int
keygen_identity(struct cli *c, const struct keygen *k, struct err *e)
{
	enum identity_state state;
	struct asked a = { .cli = c, .k = k, .writes = true };
	struct sign_key key;
	bool settled;
	int room = check_room(c, k, &settled, &state, e);

	if (room < 0)
		return -1;
	if (room && k->dry_run)
		return keygen_would(c, k, "made", e);
	if (room) {
		sign_key_new(&key);
		return create(&a, &key, e);
	}
	if (settled)
		return print_identity(c, k, "completed", e);
	if (state == IDENTITY_HALF)
		return k->dry_run ? keygen_would(c, k, "restored", e) :
		    restore(&a, e);
	return err_set(e, E_id_conflict, "this home has a node identity: "
	    "'bzn-keygen rotate' replaces its key");
}

/* A file of 64 hex digits is a seed; any other has to be PEM. */
static int
read_seed(struct asked *a, const char *path, struct sign_key *out,
    struct err *e)
{
	struct secret file = { 0 }, seed = { 0 };
	int rc = key_read_secret(path, &file, KEY_PEM_MAX, e);

	if (!rc)
		rc = form_read_seed(&seed, &file);
	if (!rc)
		rc = key_open(path, keygen_ask, a, out, e);
	else if (rc > 0)
		sign_key_of(out, &seed);
	if (!rc)
		keygen_warn_weak(a->cli, path);
	secret_release(&seed);
	secret_release(&file);
	return rc < 0 ? -1 : 0;
}

int
keygen_import(struct cli *c, const struct keygen *k, struct err *e)
{
	enum identity_state state;
	struct asked a = { .cli = c, .k = k, .writes = true, .more = true };
	struct sign_key key;
	bool settled;
	int room = check_room(c, k, &settled, &state, e);

	if (room < 0)
		return -1;
	if (!room)
		return err_set(e, E_id_conflict, "this home has a node "
		    "identity: say --force to put it aside");
	if (read_seed(&a, c->argv[0], &key, e))
		return -1;
	if (k->dry_run) {
		secret_release(&a.got);
		sign_key_release(&key);
		return keygen_would(c, k, "made", e);
	}
	return create(&a, &key, e);
}
