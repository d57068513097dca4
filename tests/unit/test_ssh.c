/*
 * Signatures of ssh-keygen: its bytes and no other blob, any lines that the
 * format allows, and none that stands for a signature of another form.
 */
#include <stdlib.h>

#include "tap.h"

#include "key/domain.h"
#include "seed.h"
#include "sig/file.h"
#include "sig/space.h"
#include "sig/ssh.h"

#define BEGIN "-----BEGIN SSH SIGNATURE-----\n"
#define END "-----END SSH SIGNATURE-----\n"

/* By ssh-keygen -Y sign -n bzn-file-v1, with the key of SEED_A: "hello". */
static const char theirs[] = BEGIN
    "U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAg11qYAYKxCrfVS/7TyWQHOg7hcv\n"
    "PapiMlrwIaaPcHURoAAAALYnpuLWZpbGUtdjEAAAAAAAAABnNoYTUxMgAAAFMAAAALc3No\n"
    "LWVkMjU1MTkAAABAfHPKvOnjEZ3v/VbTAnjolGRcvC3V9ut16Xkfd37GyNIr9svm45eXQx\n"
    "dS6oWVp97sAZkbcyUvXJA5PVvtZ42kCw==\n"
    END;

static struct sign_key key;
static struct content hello;

static void
make(struct ssh *s, const char *space)
{
	*s = (struct ssh){ .sha256 = true };
	snprintf(s->space, sizeof(s->space), "%s", space);
	ssh_make(s, &key, &hello);
}

static void
pieces(void)
{
	struct hash_512_run run;
	struct hash_512 whole, sum;
	char text[300];
	size_t i, n;

	memset(text, 'x', sizeof(text));
	hash_512_of(&whole, text, sizeof(text));
	for (n = 1; n < sizeof(text); n += 57) {
		hash_512_start(&run);
		for (i = 0; i < sizeof(text); i += n)
			hash_512_add(&run, text + i, i + n < sizeof(text) ?
			    n : sizeof(text) - i);
		hash_512_end(&sum, &run);
		OK(!memcmp(&sum, &whole, sizeof(sum)));
	}
}

static void
exact(void)
{
	struct buf text = BUF_INIT(SSH_MAX);
	struct err e = { 0 };
	struct ssh s, again;

	make(&s, SPACE_FILE);
	ssh_write(&text, &s);
	IS(text.data, theirs);
	OK(!ssh_read(&again, theirs, strlen(theirs), &e));
	IS(again.space, SPACE_FILE);
	IS(again.key_id, A_ID);
	IS(ssh_hash_word(&again), "sha512");
	OK(ssh_hash(&again) == CONTENT_512 && ssh_holds(&again, &hello));
	again.sha256 = true;
	OK(!ssh_holds(&again, &hello));
	buf_release(&text);
}

/* Only the line feed at the end may be missing. */
static void
damaged(void)
{
	char text[sizeof(theirs)];
	struct err e = { 0 };
	struct ssh s;
	size_t i, n = strlen(theirs);
	int bit, held = 0, cut = 0, odd = 0;

	memcpy(text, theirs, sizeof(text));
	for (i = 0; i < n; i++) {
		cut += !ssh_read(&s, text, i, &e);
		odd += e.code != E_bad_sig;
	}
	OK(cut == 1 && !ssh_read(&s, text, n - 1, &e) && !odd);
	for (i = 0; i < n; i++)
		for (bit = 0; bit < 8; bit++) {
			text[i] = (char)(theirs[i] ^ 1 << bit);
			held += !ssh_read(&s, text, n, &e) &&
			    ssh_holds(&s, &hello);
			text[i] = theirs[i];
		}
	OK(held == 0);
	OK(!ssh_read(&s, text, n, &e) && ssh_holds(&s, &hello));
}

/* The blob again, in lines of so many bytes, each ended by that. */
static bool
reads(const void *blob, size_t n, size_t width, const char *feed)
{
	struct buf base64 = BUF_INIT(SSH_MAX), text = BUF_INIT(2 * SSH_MAX);
	struct err e = { 0 };
	struct ssh s;
	size_t i;
	bool good;

	enc_base64(&base64, blob, n);
	buf_adds(&text, BEGIN);
	for (i = 0; i < base64.len; i += width)
		buf_addf(&text, "%.*s%s", (int)width, base64.data + i, feed);
	buf_adds(&text, END);
	good = !ssh_read(&s, text.data, text.len, &e);
	OK(good || e.code == E_bad_sig);
	buf_release(&base64);
	buf_release(&text);
	return good;
}

static size_t
blob_of(unsigned char out[512], const char *text)
{
	char line[512];
	size_t n = 0, got = 0;

	for (text += strlen(BEGIN); *text != '-'; text++)
		if (*text != '\n')
			line[n++] = *text;
	OK(enc_unbase64(out, 512, &got, line, n));
	return got;
}

static void
lines(void)
{
	unsigned char blob[512];
	size_t n = blob_of(blob, theirs);

	OK(reads(blob, n, 70, "\n") && reads(blob, n, 64, "\n"));
	OK(reads(blob, n, 76, "\n") && reads(blob, n, 1, "\n"));
	OK(!reads(blob, n, 77, "\n") && !reads(blob, n, 70, "\r\n"));
	OK(!reads(blob, n, 70, " \n") && !reads(blob, n, 70, "\n\n"));
	OK(!reads(blob, n, 1000, "") && !reads("", 0, 70, "\n"));
}

/* A blob by its parts; NULL is what is right. */
struct parts {
	const char *magic, *key, *space, *reserved, *hash, *mark, *behind;
	unsigned char version;
	size_t grow;			/* the inner string of the key, by it */
};

static void
string(struct buf *out, const void *data, size_t n)
{
	unsigned char head[4] = { 0, 0, (unsigned char)(n >> 8),
	    (unsigned char)n };

	buf_add(out, head, sizeof(head));
	buf_add(out, data, n);
}

static void
typed(struct buf *out, const char *type, size_t n)
{
	struct buf in = BUF_INIT(1024);
	char bytes[128] = "";

	string(&in, type ? type : "ssh-ed25519", strlen(type ? type :
	    "ssh-ed25519"));
	string(&in, bytes, n);
	string(out, in.data, in.len);
	buf_release(&in);
}

static bool
built(struct parts p)
{
	struct buf blob = BUF_INIT(2048);
	bool good;

	buf_adds(&blob, p.magic ? p.magic : "SSHSIG");
	buf_add(&blob, (unsigned char[]){ 0, 0, 0, p.version }, 4);
	typed(&blob, p.key, 32 + p.grow);
	string(&blob, p.space ? p.space : "git", strlen(p.space ? p.space :
	    "git"));
	string(&blob, p.reserved, p.reserved ? strlen(p.reserved) : 0);
	string(&blob, p.hash ? p.hash : "sha512", strlen(p.hash ? p.hash :
	    "sha512"));
	typed(&blob, p.mark, 64);
	buf_adds(&blob, p.behind ? p.behind : "");
	good = reads(blob.data, blob.len, 70, "\n");
	buf_release(&blob);
	return good;
}

static void
blobs(void)
{
	char space[SSH_SPACE + 2];

	memset(space, 'n', sizeof(space));
	space[SSH_SPACE + 1] = '\0';
	OK(built((struct parts){ .version = 1 }));
	OK(built((struct parts){ .version = 1, .hash = "sha256" }));
	OK(built((struct parts){ .version = 1, .space = space + 1 }));
	OK(!built((struct parts){ .version = 1, .space = space }));
	OK(!built((struct parts){ .version = 1, .space = "" }));
	OK(!built((struct parts){ .version = 1, .space = "a\nb" }));
	OK(!built((struct parts){ .version = 1, .space = "\xc3\xbc" }));
	OK(!built((struct parts){ .version = 0 }));
	OK(!built((struct parts){ .version = 2 }));
	OK(!built((struct parts){ .version = 1, .magic = "SSHSIH" }));
	OK(!built((struct parts){ .version = 1, .key = "ssh-ed25518" }));
	OK(!built((struct parts){ .version = 1, .key = "ssh-rsa" }));
	OK(!built((struct parts){ .version = 1, .grow = 1 }));
	OK(!built((struct parts){ .version = 1, .reserved = "x" }));
	OK(!built((struct parts){ .version = 1, .hash = "sha384" }));
	OK(!built((struct parts){ .version = 1, .hash = "sha1" }));
	OK(!built((struct parts){ .version = 1, .mark = "ssh-ed448" }));
	OK(!built((struct parts){ .version = 1, .behind = "x" }));
}

/*
 * The 64 bytes that a key has made as one kind, in the place of another, for
 * every two namespaces.
 */
static void
kinds(void)
{
	struct sig file = { .at_ms = 1, .seq = -1, .size = hello.size,
	    .content = hello.sha256 }, other;
	struct err e = { 0 };
	struct ssh ssh, as;
	struct json root;
	char text[DOMAIN_SIG];
	int i, j, wrong = 0, d;
	size_t n;

	OK(!json_parse(&root, "{\"a\":1}", 7, &e));
	for (i = 0; space_at(i); i++)
		for (j = 0; space_at(j); j++) {
			make(&ssh, space_at(i));
			as = ssh;
			snprintf(as.space, sizeof(as.space), "%s",
			    space_at(j));
			wrong += ssh_holds(&as, &hello) != (i == j);
			file.space = space_at(j);
			OK(!sig_make(&file, &key, &e));
			as.mark = file.mark;
			wrong += ssh_holds(&as, &hello);
			other = file;
			other.mark = ssh.mark;
			wrong += sig_holds(&other);
		}
	for (d = 0; d < DOMAIN__COUNT; d++)
		for (j = 0; space_at(j); j++) {
			OK(!domain_sign(text, (enum domain)d, &root, &key,
			    &e));
			make(&ssh, space_at(j));
			OK(enc_unbase64(ssh.mark.b, sizeof(ssh.mark.b), &n,
			    text, strlen(text)));
			wrong += ssh_holds(&ssh, &hello);
		}
	OK(wrong == 0);
	json_release(&root);
}

int
main(void)
{
	seed_key(&key, SEED_A);
	content_of(&hello, CONTENT_BOTH, "hello", 5);
	pieces();
	exact();
	damaged();
	lines();
	blobs();
	kinds();
	sign_key_release(&key);
	return DONE();
}
