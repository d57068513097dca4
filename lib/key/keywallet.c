#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/enc.h"
#include "base/file.h"
#include "crypto/keystore.h"
#include "key/keywallet.h"
#include "key/stage.h"

#define KEYSTORE "wallet.json"
#define ADDRESS "wallet_address.txt"
#define ADDRESS_MAX 256

static bool
there(const char *home, const char *name)
{
	struct err ignored;
	char path[PATH_MAX];

	return !key_path_now(path, home, name, &ignored) &&
	    !access(path, F_OK);
}

static int
no_wallet(struct err *e)
{
	return err_set(e, E_no_key, "this home has no wallet: make one with "
	    "'bzn-keygen wallet'");
}

int
keywallet_address(const char *home, struct wallet_address *out,
    struct err *e)
{
	struct buf text = BUF_INIT(ADDRESS_MAX);
	char path[PATH_MAX];
	int rc;

	if (key_path_now(path, home, ADDRESS, e))
		return -1;
	if (access(path, F_OK))
		return no_wallet(e);
	rc = file_read(&text, path, e);
	if (!rc && text.len == WALLET_TEXT && text.data[text.len - 1] == '\n')
		buf_cut(&text, text.len - 1);
	if (!rc && wallet_address_read(out, text.data, e))
		rc = err_wrap(e, ADDRESS);
	buf_release(&text);
	return rc;
}

/* 64 digits, which are a key as it is. */
static int
read_hex(struct wallet_key *out, const struct secret *file, struct err *e)
{
	struct secret bytes;
	size_t skip = file->len > 1 && !memcmp(file->data, "0x", 2) ? 2 : 0;
	int rc;

	secret_init(&bytes, WALLET_SECRET);
	bytes.len = WALLET_SECRET;
	rc = enc_unhex(bytes.data, (char *)file->data + skip,
	    WALLET_SECRET) ? wallet_key_of(out, &bytes, e) :
	    err_set(e, E_bad_key, "neither a keystore, nor a token, nor 64 "
	    "hex digits");
	secret_release(&bytes);
	return rc;
}

/* A keystore is JSON; a wallet_key.enc is base64 of 0x80 and a time. */
static int
unlock(struct wallet_key *out, struct secret *file, key_ask *ask, void *arg,
    struct err *e)
{
	struct secret passphrase = { 0 };
	bool fernet = file->len > 5 && !memcmp(file->data, "gAAAA", 5);
	int rc;

	if (file->len && file->data[file->len - 1] == '\n')
		file->len--;
	file->data[file->len] = '\0';
	if (!fernet && (!file->len || file->data[0] != '{'))
		return read_hex(out, file, e);
	/* Without a passphrase: is it whole, and how much does it cost? */
	if (!fernet && keystore_read(out, file->data, file->len, NULL, e) &&
	    e->code != E_bad_passphrase)
		return -1;
	*e = (struct err){ 0 };
	rc = ask ? ask(arg, &passphrase, e) : err_set(e, E_no_passphrase,
	    "it is locked with a passphrase");
	if (!rc)
		rc = (fernet ? keystore_read_fernet : keystore_read)(out,
		    file->data, file->len, &passphrase, e);
	secret_release(&passphrase);
	return rc;
}

int
keywallet_read(const char *path, key_ask *ask, void *arg,
    struct wallet_key *out, struct err *e)
{
	struct secret file = { 0 };
	int rc = key_read_secret(path, &file, KEYSTORE_MOST, e);

	if (!rc && unlock(out, &file, ask, arg, e))
		rc = err_wrap(e, "cannot open '%s'", path);
	secret_release(&file);
	return rc;
}

int
keywallet_open(const char *home, key_ask *ask, void *arg,
    struct wallet_key *out, struct err *e)
{
	struct wallet_address said, is;
	struct wallet_key key;
	char path[PATH_MAX];

	if (!there(home, KEYSTORE))
		return no_wallet(e);
	if (keywallet_address(home, &said, e) ||
	    key_path_now(path, home, KEYSTORE, e) ||
	    keywallet_read(path, ask, arg, &key, e))
		return -1;
	wallet_address_of(&is, &key.pub);
	if (memcmp(&said, &is, sizeof(is))) {
		wallet_key_release(&key);
		return err_set(e, E_key_mismatch, KEYSTORE " is not the key "
		    "of " ADDRESS);
	}
	*out = key;
	return 0;
}

/* Under its address; one that cannot be read is "unknown". */
static int
keep_old(const struct stage *s, struct err *e)
{
	static const char *const names[] = { KEYSTORE, ADDRESS };
	struct wallet_address address;
	char name[WALLET_TEXT] = "unknown";
	struct err damaged;

	if (!keywallet_address(s->home, &address, &damaged))
		wallet_address_text(name, &address);
	return stage_keep(s, name, names, sizeof(names) / sizeof(*names), e);
}

int
keywallet_make(const char *home, const struct wallet_key *key,
    const struct secret *passphrase, bool replace, struct err *e)
{
	struct buf text = BUF_INIT(KEYSTORE_MOST);
	struct wallet_address address;
	char line[WALLET_TEXT];
	struct stage s;
	int rc = -1;

	if (stage_open(&s, home, e))
		return -1;
	if (there(home, KEYSTORE) || there(home, ADDRESS)) {
		if (!replace) {
			err_set(e, E_id_conflict, "this home has a wallet "
			    "already");
			goto out;
		}
		if (keep_old(&s, e))
			goto out;
	}
	wallet_address_of(&address, &key->pub);
	wallet_address_text(line, &address);
	if (keystore_write(&text, key, passphrase, e))
		goto out;
	buf_addc(&text, '\n');
	rc = stage_add(&s, KEYSTORE, text.data, text.len, 0600, e) ||
	    stage_add(&s, ADDRESS, line, strlen(line), 0600, e) ||
	    stage_commit(&s, e) ? -1 : 0;
out:
	buf_release(&text);
	stage_close(&s);
	return rc;
}

/* The caller has opened the key before it had the lock. */
static int
check_same(const char *home, const struct wallet_key *key, struct err *e)
{
	struct wallet_address said, is;

	if (keywallet_address(home, &said, e))
		return -1;
	wallet_address_of(&is, &key->pub);
	return memcmp(&said, &is, sizeof(is)) ?
	    err_set(e, E_lock_timeout, "another program has replaced the "
	    "wallet in the meantime") : 0;
}

int
keywallet_lock(const char *home, const struct wallet_key *key,
    const struct secret *passphrase, struct err *e)
{
	struct buf text = BUF_INIT(KEYSTORE_MOST);
	struct stage s;
	int rc = -1;

	if (stage_open(&s, home, e))
		return -1;
	if (!check_same(home, key, e) &&
	    !keystore_write(&text, key, passphrase, e)) {
		buf_addc(&text, '\n');
		rc = stage_add(&s, KEYSTORE, text.data, text.len, 0600, e) ||
		    stage_commit(&s, e) ? -1 : 0;
	}
	buf_release(&text);
	stage_close(&s);
	return rc;
}
