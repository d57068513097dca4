#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "crypto/pem.h"
#include "key/ident.h"
#include "key/key.h"

#define PUBLIC_MAX 4096
#define MAKE_IT "make one with 'bzn-keygen identity'"

static int
exists(const char *path)
{
	struct stat st;

	return !lstat(path, &st);
}

bool
key_has_node(const char *home)
{
	struct err ignored;
	char path[PATH_MAX];

	return !key_path_now(path, home, "node_public.pem", &ignored) &&
	    exists(path);
}

/* A file of the identity that is not secret; which has to be there. */
static int
read_public(struct buf *out, const char *home, const char *name,
    struct err *e)
{
	char path[PATH_MAX];

	if (key_path_now(path, home, name, e))
		return -1;
	if (exists(path))
		return file_read(out, path, e);
	if (!key_has_node(home))
		return err_set(e, E_no_key, "this home has no node identity: "
		    MAKE_IT);
	return err_set(e, E_no_key, "'%s' is missing: 'bzn-keygen identity' "
	    "restores it", path);
}

/* 64 digits; older nodes end them in a line feed, or do not. */
static int
check_id(const char *home, const struct sign_public *key, struct err *e)
{
	struct buf text = BUF_INIT(PUBLIC_MAX);
	char id[HASH_HEX];
	int rc = read_public(&text, home, "node_id.txt", e);

	if (!rc && text.len == HASH_HEX && text.data[text.len - 1] == '\n')
		buf_cut(&text, text.len - 1);
	ident_id(id, key);
	if (!rc && strcmp(text.data, id))
		rc = err_set(e, E_id_mismatch, "node_id.txt is not the id of "
		    "node_public.pem, which is %.16s...", id);
	buf_release(&text);
	return rc;
}

static int
read_public_half(const char *home, struct sign_public *out, struct err *e)
{
	struct buf text = BUF_INIT(PUBLIC_MAX);
	struct sign_public key;
	int rc = read_public(&text, home, "node_public.pem", e);

	if (!rc && !sign_spki_read(&key, text.data, text.len))
		rc = err_set(e, E_bad_pem, "node_public.pem is not the %d "
		    "bytes of an Ed25519 key", SIGN_SPKI);
	buf_release(&text);
	if (rc || check_id(home, &key, e))
		return -1;
	*out = key;
	return 0;
}

/* Again if a rotation may have come between the key and the id. */
int
key_node_public(const char *home, struct sign_public *out, struct err *e)
{
	struct err first = { 0 };

	if (!read_public_half(home, out, &first))
		return 0;
	if (first.code == E_id_mismatch || first.code == E_no_key ||
	    first.code == E_no_file)
		return read_public_half(home, out, e);
	*e = first;
	return -1;
}

/* The passphrase is asked for only when it is known that it is needed. */
static int
unlock(const struct secret *pem, key_ask *ask, void *arg,
    struct sign_key *out, struct err *e)
{
	struct secret passphrase = { 0 };
	struct pem_info info;
	int rc = pem_look(&info, pem, e);

	if (!rc && info.locked && !ask)
		rc = err_set(e, E_no_passphrase, "it is locked with a "
		    "passphrase");
	if (!rc && info.locked && ask)
		rc = ask(arg, &passphrase, e);
	if (!rc)
		rc = pem_read(out, pem, info.locked ? &passphrase : NULL, e);
	secret_release(&passphrase);
	return rc;
}

int
key_open(const char *path, key_ask *ask, void *arg, struct sign_key *out,
    struct err *e)
{
	struct secret pem = { 0 };
	int rc = key_read_secret(path, &pem, KEY_PEM_MAX, e);

	if (!rc && unlock(&pem, ask, arg, out, e))
		rc = err_wrap(e, "cannot open '%s'", path);
	secret_release(&pem);
	return rc;
}

/*
 * Again if it was moved between the look and the opening; but if it is there,
 * what is missing is the file of the passphrase.
 */
int
key_node_half(const char *home, key_ask *ask, void *arg, struct sign_key *out,
    struct err *e)
{
	char path[PATH_MAX];
	int i;

	for (i = 0; i < 2; i++) {
		if (key_path_now(path, home, "node_private.pem", e))
			return -1;
		if (!exists(path))
			continue;
		if (!key_open(path, ask, arg, out, e))
			return 0;
		if (e->code != E_no_file || exists(path))
			return -1;
		*e = (struct err){ 0 };
	}
	return err_set(e, E_no_key, "'%s' is missing: this home can be "
	    "verified, but signs nothing", path);
}

/*
 * Two readings of the public half, since a rotation may come between the
 * first and the private one.
 */
int
key_node(const char *home, key_ask *ask, void *arg, struct sign_key *out,
    struct err *e)
{
	struct sign_public public;
	struct sign_key key;

	if (key_node_public(home, &public, e) ||
	    key_node_half(home, ask, arg, &key, e))
		return -1;
	if (memcmp(&key.pub, &public, sizeof(public)) &&
	    (key_node_public(home, &public, e) ||
	    (memcmp(&key.pub, &public, sizeof(public)) && err_set(e,
	    E_key_mismatch, "node_private.pem and node_public.pem are not "
	    "halves of one key")))) {
		sign_key_release(&key);
		return -1;
	}
	*out = key;
	return 0;
}

static int
make_log(const char *home, const char *path, struct sign_public *out,
    struct err *e)
{
	struct secret pem = { 0 };
	struct sign_key key;
	char dir[PATH_MAX];
	int rc;

	if (key_path(dir, home, "", e) || file_mkdir(dir, 0700, e))
		return -1;
	sign_key_new(&key);
	*out = key.pub;
	rc = pem_write(&pem, &key, NULL, e) ||
	    key_write_secret(path, &pem, false, e) ? -1 : 0;
	secret_release(&pem);
	sign_key_release(&key);
	return rc;
}

int
key_log(const char *home, struct sign_public *out, struct err *e)
{
	struct secret pem = { 0 };
	struct sign_key key = { 0 };
	char path[PATH_MAX];
	bool tried = false;
	struct err why;
	int rc = 0;

	if (key_path(path, home, "log_private.pem", e))
		return -1;
	while (key_read_secret(path, &pem, KEY_PEM_MAX, e)) {
		if (e->code != E_no_file || tried)
			return -1;
		tried = true;
		*e = (struct err){ 0 };
		if (!make_log(home, path, out, e))
			return 0;
		if (e->code != E_id_conflict)
			return -1;
		*e = (struct err){ 0 };		/* another was first */
	}
	if (pem_read(&key, &pem, NULL, &why))
		rc = err_set(e, E_bad_key, "'%s' holds no Ed25519 key", path);
	else
		*out = key.pub;
	sign_key_release(&key);
	secret_release(&pem);
	return rc;
}
