/*
 * Files of secrets, files that change together, and the identity they make.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tap.h"

#include "base/file.h"
#include "crypto/pem.h"
#include "key/ident.h"
#include "key/identity.h"
#include "key/stage.h"
#include "key/statement.h"

static const char *
path_of(const char *home, const char *name)
{
	static char path[PATH_MAX];
	struct err e;

	if (key_path(path, home, name, &e))
		abort();
	return path;
}

static bool
there(const char *home, const char *name)
{
	return !access(path_of(home, name), F_OK);
}

static void
put(const char *home, const char *name, const char *text, mode_t mode)
{
	struct err e;

	OK(!file_write(path_of(home, name), text, strlen(text), mode, &e));
}

static void
phrase(struct secret *out, const char *text)
{
	secret_init(out, 64);
	memcpy(out->data, text, strlen(text));
	out->len = strlen(text);
}

/* The passphrase is arg; how often it was asked for is counted. */
static int asked;

static int
ask(void *arg, struct secret *out, struct err *e)
{
	(void)e;
	asked++;
	phrase(out, arg);
	return 0;
}

static enum err_code
refused(const char *path, size_t max)
{
	struct secret s = { 0 };
	struct err e = { 0 };
	int rc = key_read_secret(path, &s, max, &e);

	OK(rc ? !s.data : s.data != NULL);
	secret_release(&s);
	return e.code;
}

static void
secrets(const char *home)
{
	static const int loose[] = { 0640, 0604, 0620, 0601, 0610 };
	struct secret s;
	struct err e = { 0 };
	const char *path;
	struct stat st;
	size_t i;

	path = path_of(home, "x");
	phrase(&s, "0123456789");
	umask(0);
	OK(!key_write_secret(path, &s, false, &e));
	OK(key_write_secret(path, &s, false, &e) && e.code == E_id_conflict);
	OK(refused(path, 10) == E_ok && refused(path, 9) == E_too_long);
	for (i = 0; i < sizeof(loose) / sizeof(*loose); i++) {
		OK(!chmod(path, (mode_t)loose[i]));
		OK(refused(path, 64) == E_unsafe_mode);
	}
	OK(!key_write_secret(path, &s, true, &e));
	OK(!stat(path, &st) && (st.st_mode & 07777) == 0600);
	umask(077);
	OK(!symlink("x", path_of(home, "link")));
	OK(refused(path_of(home, "link"), 64) == E_ok);
	OK(!symlink("/dev/null", path_of(home, "null")));
	OK(refused(path_of(home, "null"), 64) == E_unsafe_mode);
	OK(!mkfifo(path_of(home, "fifo"), 0600));
	OK(refused(path_of(home, "fifo"), 64) == E_unsafe_mode);
	OK(refused(path_of(home, "nothing"), 64) == E_no_file);
	OK(refused(path_of(home, ""), 64) == E_unsafe_mode);
	if (!geteuid() && !chown(path_of(home, "x"), 12345, 0)) {
		OK(refused(path_of(home, "x"), 64) == E_ok);
		OK(refused(path_of(home, "link"), 64) == E_unsafe_mode);
	}
	secret_release(&s);
}

/* What an interrupted change leaves, before it counts and after. */
static void
stages(const char *home)
{
	struct stage s = STAGE_NONE, other = STAGE_NONE;
	struct err e = { 0 };
	char path[PATH_MAX];

	stage_close(&s);
	OK(!stage_open(&s, home, &e) && !s.settled);
	OK(stage_open(&other, home, &e) && e.code == E_lock_timeout);
	OK(!stage_add(&s, "a", "1", 1, 0600, &e));
	OK(there(home, ".new/a") && !there(home, "a"));
	OK(stage_add(&s, "a", "1", 1, 0600, &e));
	stage_close(&s);
	OK(!there(home, ".new") && !there(home, "a"));
	OK(!mkdir(path_of(home, ".new"), 0700));
	put(home, ".new/a", "half", 0600);
	OK(!stage_open(&s, home, &e) && !s.settled && !there(home, ".new"));
	OK(!stage_add(&s, "a", "1", 1, 0600, &e) &&
	    !stage_add(&s, "b", "2", 1, 0600, &e) && !stage_commit(&s, &e));
	OK(there(home, "a") && there(home, "b") && !there(home, ".ready"));
	stage_close(&s);
	OK(!mkdir(path_of(home, ".ready"), 0700));
	put(home, ".ready/b", "3", 0600);
	OK(stage_waits(home));
	OK(!key_path_now(path, home, "b", &e) && strstr(path, "/.ready/b"));
	OK(!key_path_now(path, home, "a", &e) && !strstr(path, ".ready"));
	OK(!stage_open(&s, home, &e) && s.settled && !stage_waits(home));
	stage_close(&s);
	OK(!key_path_now(path, home, "b", &e) && !strstr(path, ".ready"));
}

static void
made(const char *home)
{
	char right[] = "right", wrong[] = "wrong";
	struct identity_new new = { .at_ms = 1773066180000 };
	struct sign_key key, got = { 0 };
	struct sign_public public;
	struct secret passphrase;
	struct err e = { 0 };

	OK(key_node_public(home, &public, &e) && e.code == E_no_key);
	OK(key_node(home, ask, right, &got, &e) && e.code == E_no_key);
	OK(identity_look(home) == IDENTITY_NONE && !key_has_node(home));
	sign_key_new(&key);
	phrase(&passphrase, right);
	new.key = &key;
	new.passphrase = &passphrase;
	OK(!identity_create(home, &new, false, &e));
	OK(identity_look(home) == IDENTITY_WHOLE && key_has_node(home));
	OK(there(home, "revocation.json"));
	OK(identity_create(home, &new, false, &e) && e.code == E_id_conflict);
	OK(!key_node_public(home, &public, &e) &&
	    !memcmp(&public, &key.pub, sizeof(public)));
	OK(key_node(home, NULL, NULL, &got, &e) && e.code == E_no_passphrase);
	OK(key_node(home, ask, wrong, &got, &e) &&
	    e.code == E_bad_passphrase);
	OK(!key_node(home, ask, right, &got, &e) && asked == 2);
	OK(!memcmp(got.pair.data, key.pair.data, key.pair.len));
	sign_key_release(&got);
	secret_release(&passphrase);
	sign_key_release(&key);
}

static void
damaged(const char *home)
{
	char right[] = "right";
	struct sign_public public;
	struct sign_key other, key;
	struct err e = { 0 };
	char pem[SIGN_SPKI + 1], id[HASH_HEX + 2];

	OK(!key_node_public(home, &public, &e));
	ident_id(id, &public);
	strcat(id, "\n");
	put(home, "node_id.txt", id, 0600);
	OK(!key_node_public(home, &public, &e));
	strcat(id, "\n");
	put(home, "node_id.txt", id, 0600);
	OK(key_node_public(home, &public, &e) && e.code == E_id_mismatch);
	OK(!unlink(path_of(home, "node_id.txt")));
	OK(key_node_public(home, &public, &e) && e.code == E_no_key);
	OK(identity_look(home) == IDENTITY_HALF);
	OK(!identity_restore(home, ask, right, 0, &e));
	OK(identity_look(home) == IDENTITY_WHOLE);
	sign_key_new(&other);
	sign_spki(pem, &other.pub);
	put(home, "node_public.pem", pem, 0600);
	OK(key_node_public(home, &public, &e) && e.code == E_id_mismatch);
	ident_id(id, &other.pub);
	put(home, "node_id.txt", id, 0600);
	OK(key_node(home, ask, right, &key, &e) && e.code == E_key_mismatch);
	pem[SIGN_SPKI - 1] = '\0';
	put(home, "node_public.pem", pem, 0600);
	OK(key_node(home, ask, right, &key, &e) && e.code == E_bad_pem);
	OK(!unlink(path_of(home, "node_public.pem")));
	OK(!identity_restore(home, ask, right, 0, &e));
	OK(!key_node(home, ask, right, &key, &e));
	sign_key_release(&key);
	sign_key_release(&other);
}

static void
rotated(const char *home)
{
	char right[] = "right", later[] = "later", old_name[HASH_HEX + 40];
	struct buf statement = BUF_INIT(STATEMENT_MAX);
	struct identity_new new = { .at_ms = 1773066180000 };
	struct sign_public from, to;
	struct sign_key old, key, got;
	struct secret passphrase;
	struct err e = { 0 };
	char id[HASH_HEX];
	int links;

	OK(!key_node(home, ask, right, &old, &e));
	from = old.pub;
	ident_id(id, &from);
	sign_key_new(&key);
	phrase(&passphrase, later);
	new.key = &key;
	new.passphrase = &passphrase;
	OK(!identity_rotate(home, &old, &new, "yearly", &statement, &e));
	OK(!statement_follow(&from, &links, statement.data, statement.len,
	    &e) && links == 1 && !memcmp(&from, &key.pub, sizeof(from)));
	OK(!key_node(home, ask, later, &got, &e));
	sign_key_release(&got);
	snprintf(old_name, sizeof(old_name), "old/%s/node_private.pem", id);
	OK(!key_open(path_of(home, old_name), ask, right, &got, &e));
	sign_key_release(&got);
	buf_reset(&statement);
	OK(identity_rotate(home, &old, &new, "", &statement, &e) &&
	    e.code == E_lock_timeout);
	OK(!identity_lock(home, &key, &(struct secret){ passphrase.data, 3,
	    64 }, &e));
	strcpy(later + 3, "");
	OK(!key_node(home, ask, later, &got, &e));
	OK(!key_node_public(home, &to, &e) &&
	    !memcmp(&to, &got.pub, sizeof(to)));
	sign_key_release(&got);
	secret_release(&passphrase);
	sign_key_release(&key);
	sign_key_release(&old);
	buf_release(&statement);
}

int
main(void)
{
	struct err e;
	char home[] = "key.XXXXXX";	/* below the current directory */

	if (!mkdtemp(home) || file_mkdir(path_of(home, ""), 0700, &e))
		return 1;
	secrets(home);
	stages(home);
	made(home);
	damaged(home);
	rotated(home);
	return DONE();
}
