#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "crypto/pem.h"
#include "key/ident.h"
#include "key/identity.h"
#include "key/member.h"
#include "key/stage.h"
#include "key/statement.h"

#define PRIVATE "node_private.pem"
#define PUBLIC "node_public.pem"
#define ID "node_id.txt"
#define REVOCATION "revocation.json"

static bool
has(const char *home, const char *name)
{
	struct err ignored;
	char path[PATH_MAX];

	return !key_path_now(path, home, name, &ignored) &&
	    !access(path, F_OK);
}

enum identity_state
identity_look(const char *home)
{
	bool public = has(home, PUBLIC), id = has(home, ID);

	if (has(home, PRIVATE))
		return public && id ? IDENTITY_WHOLE : IDENTITY_HALF;
	return public || id ? IDENTITY_PUBLIC : IDENTITY_NONE;
}

int
identity_settle(const char *home, struct err *e)
{
	struct stage s;
	int settled;

	if (stage_open(&s, home, e))
		return -1;
	settled = s.settled;
	stage_close(&s);
	return settled;
}

/* The public part; 64 digits without a line feed, as older nodes write. */
static int
add_public(struct stage *s, const struct sign_public *key, struct err *e)
{
	char id[HASH_HEX], pem[SIGN_SPKI + 1];

	ident_id(id, key);
	sign_spki(pem, key);
	return stage_add(s, PUBLIC, pem, SIGN_SPKI, 0600, e) ||
	    stage_add(s, ID, id, HASH_HEX - 1, 0600, e) ? -1 : 0;
}

static int
add_revocation(struct stage *s, const struct sign_key *key, int64_t at_ms,
    struct err *e)
{
	struct buf text = BUF_INIT(STATEMENT_MAX);
	int rc;

	rc = statement_revoke(&text, key, at_ms, "made with the key", e);
	buf_addc(&text, '\n');
	if (!rc)
		rc = stage_add(s, REVOCATION, text.data, text.len, 0600, e);
	buf_release(&text);
	return rc;
}

static int
add_all(struct stage *s, const struct identity_new *new, struct err *e)
{
	struct secret pem = { 0 };
	int rc = pem_write(&pem, new->key, new->passphrase, e) ||
	    stage_add(s, PRIVATE, pem.data, pem.len, 0600, e) ||
	    add_public(s, &new->key->pub, e) ||
	    add_revocation(s, new->key, new->at_ms, e) ? -1 : 0;

	secret_release(&pem);
	return rc;
}

/* Under the id of the key, or if that cannot be read, the time. */
static int
keep_old(const struct stage *s, int64_t at_ms, struct err *e)
{
	static const char *const names[] = { PRIVATE, PUBLIC, ID, REVOCATION };
	struct sign_public key;
	struct err damaged;
	char name[HASH_HEX];

	if (key_node_public(s->home, &key, &damaged))
		snprintf(name, sizeof(name), "at-%lld", (long long)at_ms);
	else
		ident_id(name, &key);
	return stage_keep(s, name, names, sizeof(names) / sizeof(*names), e);
}

int
identity_create(const char *home, const struct identity_new *new,
    bool replace, struct err *e)
{
	struct stage s;
	int rc = -1;

	if (stage_open(&s, home, e))
		return -1;
	if (identity_look(home) != IDENTITY_NONE) {
		if (!replace) {
			err_set(e, E_id_conflict, "this home has a node "
			    "identity: 'bzn-keygen rotate' replaces its key");
			goto out;
		}
		if (keep_old(&s, new->at_ms, e))
			goto out;
	}
	rc = add_all(&s, new, e) || stage_commit(&s, e) ? -1 : 0;
out:
	stage_close(&s);
	return rc;
}

/* The caller has looked, and opened the key, before it had the lock. */
static int
check_half(const char *home, struct err *e)
{
	return identity_look(home) == IDENTITY_HALF ? 0 :
	    err_set(e, E_lock_timeout, "another program has made the "
	    "identity in the meantime");
}

int
identity_restore(const char *home, key_ask *ask, void *arg, int64_t at_ms,
    struct err *e)
{
	struct sign_key key = { 0 };
	struct stage s;
	int rc = -1;

	if (key_node_half(home, ask, arg, &key, e))
		return -1;
	if (!stage_open(&s, home, e)) {
		rc = check_half(home, e) || add_public(&s, &key.pub, e) ||
		    (!has(home, REVOCATION) &&
		    add_revocation(&s, &key, at_ms, e)) ||
		    stage_commit(&s, e) ? -1 : 0;
		stage_close(&s);
	}
	sign_key_release(&key);
	return rc;
}

/* The chain so far, and the new link. */
static int
add_link(struct stage *s, const char *home, const struct buf *statement,
    struct err *e)
{
	struct buf chain = BUF_INIT(IDENTITY_CHAIN_MAX);
	char path[PATH_MAX];
	int rc = key_path(path, home, IDENTITY_CHAIN, e);

	if (!rc && has(home, IDENTITY_CHAIN))
		rc = file_read(&chain, path, e);
	buf_addf(&chain, "%s\n", statement->data);
	if (!rc && chain.full)
		rc = err_set(e, E_too_long, "'%s' is too long", path);
	if (!rc)
		rc = stage_add(s, IDENTITY_CHAIN, chain.data, chain.len, 0600,
		    e);
	buf_release(&chain);
	return rc;
}

/* The caller has opened the key before it had the lock. */
static int
check_same(const char *home, const struct sign_key *key, struct err *e)
{
	struct sign_public now;

	if (key_node_public(home, &now, e))
		return -1;
	return memcmp(&now, &key->pub, sizeof(now)) ?
	    err_set(e, E_lock_timeout, "another program has replaced the "
	    "key in the meantime") : 0;
}

int
identity_rotate(const char *home, const struct sign_key *old,
    const struct identity_new *new, const char *reason, struct buf *statement,
    struct err *e)
{
	struct stage s;
	int rc = -1;

	if (stage_open(&s, home, e))
		return -1;
	if (check_same(home, old, e) || statement_rotate(statement, old,
	    new->key, new->at_ms, reason, e) || keep_old(&s, new->at_ms, e) ||
	    add_all(&s, new, e) || add_link(&s, home, statement, e))
		goto out;
	rc = stage_commit(&s, e);
out:
	stage_close(&s);
	return rc;
}

/* The first key of a chain, which is among the old ones. */
static int
first_key(const char *home, const char *line, size_t n,
    struct sign_public *out, struct err *e)
{
	struct buf pem = BUF_INIT(KEY_PEM_MAX);
	char name[HASH_HEX + 32], path[PATH_MAX];
	struct json s = { 0 };
	char id[HASH_HEX];
	int rc = -1;

	if (json_parse(&s, line, n, e) || member_id(&s, "old_node_id", id, e))
		goto out;
	snprintf(name, sizeof(name), "old/%s/" PUBLIC, id);
	if (key_path(path, home, name, e) || file_read(&pem, path, e))
		goto out;
	rc = sign_spki_read(out, pem.data, pem.len) ? 0 :
	    err_set(e, E_bad_pem, "'%s' is damaged", path);
out:
	json_release(&s);
	buf_release(&pem);
	return rc;
}

int
identity_chain(const char *home, int *links, struct err *e)
{
	struct buf chain = BUF_INIT(IDENTITY_CHAIN_MAX);
	struct sign_public key;
	char path[PATH_MAX];
	const char *line, *end;
	int one, rc = key_path_now(path, home, IDENTITY_CHAIN, e);

	*links = 0;
	if (!rc && has(home, IDENTITY_CHAIN))
		rc = file_read(&chain, path, e);
	for (line = chain.data; !rc && *line; line = end + 1) {
		end = strchr(line, '\n');
		if (!end) {
			rc = err_set(e, E_bad_json, "the last line is cut "
			    "short");
			break;
		}
		if (!*links)
			rc = first_key(home, line, (size_t)(end - line), &key,
			    e);
		if (!rc)
			rc = statement_follow(&key, &one, line,
			    (size_t)(end - line), e);
		if (!rc && !one)
			rc = err_set(e, E_id_mismatch, "rotation %d does not "
			    "follow from the one before", *links + 1);
		++*links;
	}
	buf_release(&chain);
	return rc;
}

int
identity_lock(const char *home, const struct sign_key *key,
    const struct secret *passphrase, struct err *e)
{
	struct secret pem = { 0 };
	char path[PATH_MAX];
	struct stage s;
	int rc = -1;

	if (stage_open(&s, home, e))
		return -1;
	if (!check_same(home, key, e) && !key_path(path, home, PRIVATE, e) &&
	    !pem_write(&pem, key, passphrase, e))
		rc = key_write_secret(path, &pem, true, e);
	secret_release(&pem);
	stage_close(&s);
	return rc;
}
