/* Another key, another passphrase, no key any more. */
#include <string.h>

#include "base/json.h"
#include "cli/note.h"
#include "key/identity.h"
#include "key/keywallet.h"
#include "key/statement.h"
#include "key/token.h"
#include "keygen/impl.h"

/*
 * A rehearsal prints no statement: it would be signed, and hand the name of
 * the node to a key that nobody has.
 */
static int
replace(struct asked *a, const struct sign_key *old,
    const struct sign_key *next, struct err *e)
{
	struct buf statement = BUF_INIT(STATEMENT_MAX);
	struct identity_new new = { .key = next, .at_ms = cli_now(a->cli) };
	int rc;

	if (keygen_ask_new(a, e))
		return -1;
	new.passphrase = &a->got;
	rc = identity_rotate(a->cli->home, old, &new, a->k->reason,
	    &statement, e);
	if (!rc)
		rc = cli_emit_buf(a->cli, &statement, e);
	buf_release(&statement);
	if (!rc)
		cli_note(a->cli, "peers follow with this line; keep the new "
		    "identity/revocation.json elsewhere");
	return rc;
}

static int
rotate_identity(struct cli *c, const struct keygen *k, struct err *e)
{
	struct asked a = { .cli = c, .k = k, .writes = true, .more = true };
	struct sign_key key = { 0 }, next = { 0 };
	int rc = -1;

	if ((!k->dry_run && identity_settle(c->home, e) < 0) ||
	    keygen_open(&a, &key, e))
		goto out;
	if (k->dry_run) {
		rc = keygen_would(c, k, "rotated", e);
		goto out;
	}
	sign_key_new(&next);
	rc = replace(&a, &key, &next, e);
out:
	secret_release(&a.got);
	sign_key_release(&next);
	sign_key_release(&key);
	return rc;
}

int
keygen_rotate(struct cli *c, const struct keygen *k, struct err *e)
{
	struct asked a = { .cli = c, .k = k, .writes = !k->dry_run };
	struct token_key key = { 0 };

	if (!c->argc || !strcmp(c->argv[0], "identity"))
		return rotate_identity(c, k, e);
	if (strcmp(c->argv[0], "token"))
		return err_set(e, E_usage, "rotate identity or token, not "
		    "'%.40s'", c->argv[0]);
	if (keygen_shut(&a, e) || token_open(c->home, &key, e))
		return -1;
	rsa_key_release(&key);
	if (!k->dry_run && token_make(c->home, true, cli_now(c), e))
		return -1;
	return keygen_jwks(c, e);
}

/* The one that was made with the key, and is still here. */
static int
print_premade(struct cli *c, struct err *e)
{
	struct buf text = BUF_INIT(STATEMENT_MAX);
	struct json s = { 0 };
	struct sign_public key;
	char path[PATH_MAX];
	int rc = key_path_now(path, c->home, "revocation.json", e) ||
	    key_node_public(c->home, &key, e) ||
	    json_read_file(&text, path, JSON_OBJECT, e) ||
	    json_parse(&s, text.data, text.len, e) ||
	    statement_revoke_check(&s, &key, e) ||
	    cli_emit_buf(c, &text, e) ? -1 : 0;

	json_release(&s);
	buf_release(&text);
	return rc;
}

int
keygen_revoke(struct cli *c, const struct keygen *k, struct err *e)
{
	struct buf text = BUF_INIT(STATEMENT_MAX);
	struct asked a = { .cli = c, .k = k };
	struct sign_key key;
	int rc;

	if (k->premade)
		return keygen_shut(&a, e) ? -1 : print_premade(c, e);
	if (keygen_open(&a, &key, e))
		return -1;
	rc = statement_revoke(&text, &key, cli_now(c), k->reason, e);
	if (!rc)
		rc = cli_emit_buf(c, &text, e);
	secret_release(&a.got);
	sign_key_release(&key);
	buf_release(&text);
	return rc;
}

/* Not what opened the old one, but what it is to be from now on. */
static int
ask_change(struct asked *a, struct err *e)
{
	secret_release(&a->got);
	return cli_passphrase(a->cli, &a->k->fresh, PASS_CHANGE, &a->got,
	    e) || keygen_shut(a, e) ? -1 : 0;
}

static int
relock_wallet(struct asked *a, struct err *e)
{
	struct wallet_key key;
	int rc;

	if (keywallet_open(a->cli->home, keygen_ask, a, &key, e))
		return -1;
	rc = ask_change(a, e) ||
	    keywallet_lock(a->cli->home, &key, &a->got, e) ? -1 : 0;
	wallet_key_release(&key);
	return rc;
}

static int
relock_node(struct asked *a, struct err *e)
{
	struct sign_key key;
	int rc;

	if (key_node(a->cli->home, keygen_ask, a, &key, e))
		return -1;
	rc = ask_change(a, e) ||
	    identity_lock(a->cli->home, &key, &a->got, e) ? -1 : 0;
	sign_key_release(&key);
	return rc;
}

int
keygen_passwd(struct cli *c, const struct keygen *k, struct err *e)
{
	struct asked a = { .cli = c, .k = k, .writes = true, .more = true };
	const char *which = c->argc ? c->argv[0] : "identity";
	int rc;

	if (!strcmp(which, "identity"))
		rc = relock_node(&a, e);
	else if (!strcmp(which, "wallet"))
		rc = relock_wallet(&a, e);
	else
		rc = err_set(e, E_usage, "passwd identity or wallet, not "
		    "'%.40s'", which);
	secret_release(&a.got);
	return rc;
}
