#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "key/key.h"
#include "sig/hook.h"
#include "signer/impl.h"

#define SECRET_MAX 1024
#define BODY_MAX (1 << 20)
#define FD_MOST 1023
#define LATEST INT64_C(253402300799)	/* the end of the year 9999 */

static int
read_fd(int fd, struct secret *out, struct err *e)
{
	ssize_t n;

	secret_init(out, SECRET_MAX + 2);
	do {
		n = read(fd, out->data + out->len, out->cap - out->len);
		out->len += n > 0 ? (size_t)n : 0;
	} while (n > 0 || (n < 0 && errno == EINTR));
	return n < 0 ? err_sys(e, "--secret-fd: cannot read %d", fd) : 0;
}

static int
read_secret(const struct signer *o, struct secret *out, struct err *e)
{
	int64_t fd;

	if (!o->secret_file == !o->secret_fd)
		return err_set(e, E_usage, "give the secret by --secret-file "
		    "or --secret-fd");
	if (o->secret_file) {
		if (key_read_secret(o->secret_file, out, SECRET_MAX + 1, e))
			return -1;
	} else if (signer_number(o->secret_fd, "--secret-fd", 3, FD_MOST, -1,
	    &fd, e) || read_fd((int)fd, out, e)) {
		return -1;
	}
	if (out->len && out->data[out->len - 1] == '\n')
		out->len--;
	if (!out->len || out->len > SECRET_MAX ||
	    memchr(out->data, '\0', out->len))
		return err_set(e, E_unfit_secret, "the secret has not 1 to %d "
		    "bytes, or a NUL", SECRET_MAX);
	return 0;
}

static int
verify(struct cli *c, const struct signer *o, const struct secret *key,
    int64_t at_s, const struct buf *body, struct err *e)
{
	int64_t window, now_s = cli_now(c) / 1000;
	struct check v;
	int rc;

	if (!o->signature || !o->timestamp)
		return err_set(e, E_usage, "--verify needs --signature and "
		    "--timestamp: the values of the two headers");
	if (signer_number(o->window, "--window", 0, LATEST, HOOK_WINDOW_S,
	    &window, e))
		return -1;
	check_init(&v);
	if (!hook_check(o->signature, key, at_s, body->data, body->len,
	    &v.why) && (at_s < now_s - window || at_s > now_s + window))
		err_set_(&v.why, E_stale, "the timestamp is more than %" PRId64
		    " s from now", window);
	rc = signer_answer(c, &v, e);
	check_release(&v);
	return rc;
}

static int
sign(struct cli *c, const struct secret *key, int64_t at_s,
    const struct buf *body, struct err *e)
{
	struct buf out = BUF_INIT(256);
	char hex[HOOK_HEX];
	int rc;

	hook_make(hex, key, at_s, body->data, body->len);
	buf_addf(&out, "X-BotNode-Signature: %s\nX-BotNode-Timestamp: %"
	    PRId64, hex, at_s);
	rc = cli_emit_buf(c, &out, e);
	buf_release(&out);
	return rc;
}

int
signer_webhook(struct cli *c, struct signer *o, struct err *e)
{
	struct buf body = BUF_INIT(BODY_MAX);
	struct secret key = { 0 };
	int64_t at_s;
	int rc = -1;

	if (signer_signs(o, NULL, e) ||
	    signer_number(o->timestamp, "--timestamp", 0, LATEST,
	    cli_now(c) / 1000, &at_s, e) ||
	    read_secret(o, &key, e) || signer_shut(c, o, SIGNER_NOTHING, e))
		goto out;
	cli_expect_stdin(c);
	if (!file_read(&body, "-", e))
		rc = o->verify ? verify(c, o, &key, at_s, &body, e) :
		    sign(c, &key, at_s, &body, e);
out:
	secret_release(&key);
	buf_release(&body);
	return rc;
}
