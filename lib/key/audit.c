#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json.h"
#include "crypto/keystore.h"
#include "crypto/pem.h"
#include "crypto/rsa.h"
#include "key/apikey.h"
#include "key/audit.h"
#include "key/ident.h"
#include "key/identity.h"
#include "key/keywallet.h"
#include "key/logcert.h"
#include "key/member.h"
#include "key/stage.h"
#include "key/statement.h"
#include "key/token.h"

#define FILE_MAX (1 << 20)

struct audit {
	const char *home;
	key_ask *ask;
	void *ask_arg;
	audit_found *found;
	void *arg;
	struct audit_result *result;
	const char *remark;		/* of the file that is looked at */
};

/* Look into a file whose mode is right; -1 says what is wrong with it. */
typedef int look(struct audit *, const char *path, struct err *);

struct rule {
	const char *name;
	enum { PUBLIC, SECRET } kind;
	bool must;			/* in a home with an identity */
	look *look;
};

static int
look_private(struct audit *a, const char *path, struct err *e)
{
	struct secret pem = { 0 };
	struct pem_info info;
	struct sign_key key = { 0 };
	int rc = key_read_secret(path, &pem, KEY_PEM_MAX, e);

	if (!rc)
		rc = pem_look(&info, &pem, e);
	if (!rc && !info.locked)
		a->remark = "not locked with a passphrase";
	else if (!rc && info.weak)
		a->remark = "few rounds: 'bzn-keygen passwd' locks it anew";
	secret_release(&pem);
	if (rc || !a->ask)
		return rc;
	rc = key_node(a->home, a->ask, a->ask_arg, &key, e);
	sign_key_release(&key);
	return rc;
}

static int
look_node(struct audit *a, const char *path, struct err *e)
{
	struct sign_public key;

	(void)path;
	return key_node_public(a->home, &key, e);
}

static int
look_revocation(struct audit *a, const char *path, struct err *e)
{
	struct buf text = BUF_INIT(STATEMENT_MAX);
	struct json s = { 0 };
	struct sign_public key;
	int rc = key_node_public(a->home, &key, e) ||
	    json_read_file(&text, path, JSON_OBJECT, e) ||
	    json_parse(&s, text.data, text.len, e) ||
	    statement_revoke_check(&s, &key, e) ? -1 : 0;

	a->remark = "keep it elsewhere";
	json_release(&s);
	buf_release(&text);
	return rc;
}

/* From the first key that was replaced to the one of today. */
static int
look_chain(struct audit *a, const char *path, struct err *e)
{
	struct buf text = BUF_INIT(IDENTITY_CHAIN_MAX);
	struct sign_public now, key;
	struct json last = { 0 };
	const char *line;
	int links, rc = -1;

	if (key_node_public(a->home, &now, e) || file_read(&text, path, e))
		goto out;
	if (!text.len || text.data[text.len - 1] != '\n') {
		err_set(e, E_bad_json, "the last line is cut short");
		goto out;
	}
	buf_cut(&text, text.len - 1);
	line = strrchr(text.data, '\n');
	line = line ? line + 1 : text.data;
	if (json_parse(&last, line, strlen(line), e) ||
	    member_pem(&last, "new_public_key_pem", &key, e))
		goto out;
	rc = !memcmp(&key, &now, sizeof(key)) ?
	    identity_chain(a->home, &links, e) : err_set(e, E_id_mismatch,
	    "the last rotation is not to the key of today");
out:
	json_release(&last);
	buf_release(&text);
	return rc;
}

static int
look_wallet(struct audit *a, const char *path, struct err *e)
{
	struct buf text = BUF_INIT(KEYSTORE_MOST);
	struct wallet_address said, is;
	struct wallet_key key;
	int rc = -1;

	if (file_read(&text, path, e) || keywallet_address(a->home, &said, e))
		goto out;
	if (keystore_read(&key, text.data, text.len, NULL, e) &&
	    e->code != E_bad_passphrase)
		goto out;
	*e = (struct err){ 0 };
	if (keystore_address(&is, text.data, text.len, e))
		goto out;
	rc = memcmp(&said, &is, sizeof(is)) ? err_set(e, E_key_mismatch,
	    "wallet_address.txt is of another key") : 0;
out:
	buf_release(&text);
	return rc;
}

static int
look_address(struct audit *a, const char *path, struct err *e)
{
	struct wallet_address address;

	(void)path;
	return keywallet_address(a->home, &address, e);
}

static int
look_token(struct audit *a, const char *path, struct err *e)
{
	struct token_key key = { 0 };
	int rc = token_open(a->home, &key, e);

	(void)path;
	rsa_key_release(&key);
	return rc;
}

static int
look_log(struct audit *a, const char *path, struct err *e)
{
	struct sign_key key = { 0 };
	int rc = key_open(path, NULL, NULL, &key, e);

	(void)a;
	sign_key_release(&key);
	return rc;
}

/* Had the node this key before a rotation? */
static bool
had(const char *home, const struct sign_public *key)
{
	char id[HASH_HEX], name[HASH_HEX + 32], path[PATH_MAX];
	struct err ignored;

	ident_id(id, key);
	snprintf(name, sizeof(name), "old/%s/node_public.pem", id);
	return !key_path(path, home, name, &ignored) && !access(path, F_OK);
}

/* A log that was begun before a rotation is certified by the older key. */
static int
look_cert(struct audit *a, const char *path, struct err *e)
{
	struct buf text = BUF_INIT(KEY_PEM_MAX);
	struct sign_public now, signer;
	const char *origin, *vkey;
	struct json in = { 0 };
	struct logcert cert;
	int rc = -1;

	if (json_read_file(&text, path, JSON_OBJECT, e) ||
	    json_parse(&in, text.data, text.len, e) ||
	    json_get_str(&in, "origin", &origin, e) ||
	    json_get_str(&in, "log_key", &vkey, e) ||
	    logcert_read(&cert, &in, e) || key_node_public(a->home, &now, e))
		goto out;
	if (!logcert_signer(&signer, &cert) || !had(a->home, &signer))
		signer = now;
	else
		a->remark = "by an earlier key of the node";
	rc = logcert_check(&cert, origin, vkey, &signer, e);
out:
	json_release(&in);
	buf_release(&text);
	return rc;
}

static int
look_pepper(struct audit *a, const char *path, struct err *e)
{
	struct secret pepper = { 0 };
	int rc = apikey_pepper(a->home, &pepper, e);

	(void)path;
	secret_release(&pepper);
	return rc;
}

static const struct rule rules[] = {
	{ "node_private.pem", SECRET, true, look_private },
	{ "node_public.pem", PUBLIC, true, look_node },
	{ "node_id.txt", PUBLIC, true, look_node },
	{ "revocation.json", SECRET, false, look_revocation },
	{ IDENTITY_CHAIN, PUBLIC, false, look_chain },
	{ "wallet.json", SECRET, false, look_wallet },
	{ "wallet_address.txt", PUBLIC, false, look_address },
	{ "token_private.pem", SECRET, false, look_token },
	{ "token_retired.jsonl", PUBLIC, false, NULL },
	{ "log_private.pem", SECRET, false, look_log },
	{ "log_next.pem", SECRET, false, NULL },
	{ "log_old.pem", SECRET, false, NULL },
	{ "log_cert.json", PUBLIC, false, look_cert },
	{ "pepper", SECRET, false, look_pepper },
	{ "admin_key", SECRET, false, NULL },
	{ "sync_token", SECRET, false, NULL },
	{ "internal_key", SECRET, false, NULL },
};

#define RULES (sizeof(rules) / sizeof(*rules))

static int
tell(struct audit *a, const char *name, const struct stat *st,
    const struct err *why, struct err *e)
{
	char file[NAME_MAX + 16];
	struct audit_finding f = {
		.file = file, .good = !why->kind, .code = why->code,
		.text = why->kind ? why->msg : a->remark,
		.mode = st ? (int)(st->st_mode & 07777) : -1,
	};

	snprintf(file, sizeof(file), "identity%s%s", *name ? "/" : "", name);
	a->result->files++;
	a->result->bad += !f.good;
	a->result->unsafe |= f.code == E_unsafe_mode;
	return a->found(a->arg, &f, e);
}

/* May others do with it what they should not? */
static int
check_mode(const char *path, const struct stat *st, mode_t loose,
    struct err *e)
{
	struct secret ignored = { 0 };

	if (loose == 077 && S_ISREG(st->st_mode)) {
		if (key_read_secret(path, &ignored, FILE_MAX, e))
			return -1;
		secret_release(&ignored);
		return 0;
	}
	if (st->st_mode & loose)
		return err_set(e, E_unsafe_mode, "others can %s it",
		    loose == 022 ? "change" : "look into");
	return 0;
}

static const char *
stranger(const char *name)
{
	size_t i;

	for (i = 0; i < RULES; i++)
		if (file_is_temp(name, rules[i].name))
			return "a program that was writing it did not end: if "
			    "none runs now, remove it";
	return "not a file of ours";
}

static int
check_file(struct audit *a, const char *name, const struct rule *r,
    struct err *e)
{
	struct err why = { 0 };
	char path[PATH_MAX];
	struct stat st;

	a->remark = "";
	if (key_path_now(path, a->home, name, e))
		return -1;
	if (stat(path, &st)) {
		if (errno == ENOENT && !(r && r->must))
			return 0;
		err_set(&why, errno == ENOENT ? E_no_key : E_denied,
		    errno == ENOENT ? "it is missing" : "it cannot be seen");
		return tell(a, name, NULL, &why, e);
	}
	if (!check_mode(path, &st, r && r->kind == PUBLIC ? 022 : 077, &why)) {
		if (!r)
			a->remark = *name ? stranger(name) : "";
		else if (r->look && r->look(a, path, &why) &&
		    why.kind == ERR_SYSTEM) {
			*e = why;
			return -1;
		}
	}
	return tell(a, name, &st, &why, e);
}

static bool
ruled(const char *name)
{
	size_t i;

	for (i = 0; i < RULES; i++)
		if (!strcmp(name, rules[i].name))
			return true;
	return !strcmp(name, ".") || !strcmp(name, "..") ||
	    !strcmp(name, "old");
}

static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* What an interrupted program has left, or a hand has put there. */
static int
check_others(struct audit *a, struct err *e)
{
	struct dirent **names;
	char path[PATH_MAX];
	int n, i, rc = 0;

	if (key_path(path, a->home, "", e))
		return -1;
	n = scandir(path, &names, NULL, by_name);
	if (n < 0)
		return err_sys(e, "cannot read '%s'", path);
	for (i = 0; i < n; i++) {
		if (!rc && !ruled(names[i]->d_name))
			rc = check_file(a, names[i]->d_name, NULL, e);
		free(names[i]);
	}
	free(names);
	return rc;
}

int
audit_run(const char *home, key_ask *ask, void *ask_arg, audit_found *found,
    void *arg, struct audit_result *out, struct err *e)
{
	struct audit a = { home, ask, ask_arg, found, arg, out, "" };
	char path[PATH_MAX];
	size_t i;

	*out = (struct audit_result){ 0 };
	if (key_path(path, home, "", e))
		return -1;
	if (access(path, F_OK))
		return err_set(e, E_no_key, "there is no '%s': 'bzn-keygen "
		    "identity' makes it", path);
	if (check_file(&a, "", NULL, e))
		return -1;
	for (i = 0; i < RULES; i++)
		if (check_file(&a, rules[i].name, &rules[i], e))
			return -1;
	return check_others(&a, e);
}

void
audit_write(struct buf *out, const struct audit_finding *f)
{
	char mode[16];

	json_open(out, NULL, '{');
	json_str(out, "file", f->file);
	json_bool(out, "ok", f->good);
	json_str(out, "code", err_word(f->code));
	if (f->mode >= 0) {
		snprintf(mode, sizeof(mode), "%04o", (unsigned)f->mode);
		json_str(out, "mode", mode);
	}
	if (*f->text)
		json_str(out, "text", f->text);
	json_close(out, '}');
}
