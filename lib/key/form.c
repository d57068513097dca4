#include <string.h>

#include "base/enc.h"
#include "base/file.h"
#include "crypto/hash.h"
#include "key/form.h"
#include "key/ident.h"
#include "key/key.h"

#define SSH_TYPE "ssh-ed25519"
#define SSH_TEXT 68		/* base64 of the blob */
#define MINISIGN_HEAD "untrusted comment: "
#define MINISIGN_TEXT 56	/* base64 of what follows */
#define MINISIGN_ID 8

/* RFC 8709, 4: two strings, each with its length before it. */
struct ssh_blob {
	unsigned char head[19], key[SIGN_PUBLIC];
};

struct minisign_blob {
	unsigned char alg[2], id[MINISIGN_ID], key[SIGN_PUBLIC];
};

static const struct ssh_blob ssh_empty = {
	{ 0, 0, 0, 11, 's', 's', 'h', '-', 'e', 'd', '2', '5', '5', '1', '9',
	    0, 0, 0, SIGN_PUBLIC }, { 0 }
};

static const char *const words[] = { "pem", "hex", "ssh", "minisign" };

const char *
form_word(enum form f)
{
	return words[f];
}

bool
form_named(const char *word, enum form *out)
{
	int i;

	for (i = 0; i < FORM__COUNT; i++)
		if (!strcmp(word, words[i])) {
			*out = (enum form)i;
			return true;
		}
	return false;
}

static struct ssh_blob
ssh_of(const struct sign_public *key)
{
	struct ssh_blob blob = ssh_empty;

	memcpy(blob.key, key->b, SIGN_PUBLIC);
	return blob;
}

static void
write_ssh(struct buf *out, const struct sign_public *key)
{
	struct ssh_blob blob = ssh_of(key);
	char id[HASH_HEX];

	ident_id(id, key);
	buf_adds(out, SSH_TYPE " ");
	enc_base64(out, &blob, sizeof(blob));
	buf_addf(out, " node:%.16s\n", id);
}

/* minisign shows the key's id as one number, the last byte first. */
static void
write_minisign(struct buf *out, const struct sign_public *key)
{
	struct minisign_blob blob = { { 'E', 'd' }, { 0 }, { 0 } };
	struct ident names;
	int i;

	ident_of(&names, key);
	memcpy(blob.id, names.digest.b, sizeof(blob.id));
	memcpy(blob.key, key->b, SIGN_PUBLIC);
	buf_adds(out, MINISIGN_HEAD "minisign public key ");
	for (i = MINISIGN_ID; i--;)
		buf_addf(out, "%02X", blob.id[i]);
	buf_addc(out, '\n');
	enc_base64(out, &blob, sizeof(blob));
	buf_addc(out, '\n');
}

void
form_write(struct buf *out, enum form f, const struct sign_public *key)
{
	char hex[ENC_HEX(SIGN_PUBLIC)], pem[SIGN_SPKI + 1];

	switch (f) {
	case FORM_PEM:
		sign_spki(pem, key);
		buf_adds(out, pem);
		break;
	case FORM_HEX:
		enc_hex(hex, key->b, SIGN_PUBLIC);
		buf_addf(out, "%s\n", hex);
		break;
	case FORM_SSH:
		write_ssh(out, key);
		break;
	case FORM_MINISIGN:
		write_minisign(out, key);
		break;
	case FORM__COUNT:
		break;
	}
}

void
form_print(char out[FORM_PRINT], const struct sign_public *key)
{
	struct ssh_blob blob = ssh_of(key);
	struct buf text = BUF_INIT(FORM_PRINT - 1);
	struct hash digest;

	hash_of(&digest, &blob, sizeof(blob));
	buf_adds(&text, "SHA256:");
	enc_base64(&text, digest.b, HASH_BYTES);
	buf_cut(&text, text.len - 1);
	memcpy(out, text.data, text.len + 1);
	buf_release(&text);
}

/* Base64 of exactly the bytes of a blob? */
static bool
unbase64(void *blob, size_t size, const char *text, size_t len)
{
	size_t n;

	return enc_unbase64(blob, size, &n, text, len) && n == size;
}

static bool
begins(const char *text, size_t n, const char *with)
{
	return n >= strlen(with) && !memcmp(text, with, strlen(with));
}

static bool
read_hex(struct sign_public *out, const char *text, size_t n)
{
	char digits[ENC_HEX(SIGN_PUBLIC)];

	if (n != sizeof(digits) - 1)
		return false;
	memcpy(digits, text, n);
	digits[n] = '\0';
	return enc_unhex(out->b, digits, SIGN_PUBLIC);
}

static bool
read_ssh(struct sign_public *out, const char *text, size_t n)
{
	size_t skip = strlen(SSH_TYPE " ");
	struct ssh_blob blob;

	if (!begins(text, n, SSH_TYPE " ") || n < skip + SSH_TEXT ||
	    (n > skip + SSH_TEXT && text[skip + SSH_TEXT] != ' ') ||
	    memchr(text, '\n', n) ||
	    !unbase64(&blob, sizeof(blob), text + skip, SSH_TEXT) ||
	    memcmp(blob.head, ssh_empty.head, sizeof(blob.head)))
		return false;
	memcpy(out->b, blob.key, SIGN_PUBLIC);
	return true;
}

static bool
read_minisign(struct sign_public *out, const char *text, size_t n)
{
	struct minisign_blob blob;
	const char *line = text, *end;

	if (begins(text, n, MINISIGN_HEAD)) {
		end = memchr(text, '\n', n);
		line = end ? end + 1 : text;
		n -= (size_t)(line - text);
	}
	if (n != MINISIGN_TEXT ||
	    !unbase64(&blob, sizeof(blob), line, MINISIGN_TEXT) ||
	    memcmp(blob.alg, "Ed", sizeof(blob.alg)))
		return false;
	memcpy(out->b, blob.key, SIGN_PUBLIC);
	return true;
}

/* There is room behind what key_read_secret() has read. */
int
form_read_seed(struct secret *out, struct secret *file)
{
	size_t n = 2 * SIGN_SEED;

	if (file->len < n || file->len > n + 1 ||
	    (file->len > n && file->data[n] != '\n'))
		return 0;
	file->data[n] = '\0';
	secret_init(out, SIGN_SEED);
	out->len = SIGN_SEED;
	if (enc_unhex(out->data, (char *)file->data, SIGN_SEED))
		return 1;
	secret_release(out);
	return 0;
}

int
form_read(struct sign_public *out, const char *text, size_t n, struct err *e)
{
	if (begins(text, n, "-----BEGIN"))
		return sign_spki_read(out, text, n) ? 0 : err_set(e,
		    E_bad_pem, "not the %d bytes of an Ed25519 key in PEM",
		    SIGN_SPKI);
	if (n && text[n - 1] == '\n')
		n--;
	return read_hex(out, text, n) || read_ssh(out, text, n) ||
	    read_minisign(out, text, n) ? 0 : err_set(e, E_bad_key,
	    "no Ed25519 key as PEM, hex, or a line of ssh-keygen or "
	    "minisign");
}

int
form_file(struct sign_public *out, const char *path, struct err *e)
{
	struct buf text = BUF_INIT(KEY_PEM_MAX);
	int rc = file_read(&text, path, e);

	if (!rc && form_read(out, text.data, text.len, e))
		rc = err_wrap(e, "%s", path);
	buf_release(&text);
	return rc;
}
