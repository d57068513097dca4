/*
 * Signatures of the pages and of summary.json, so that whoever has them can
 * tell, without asking anybody, that this node has said so.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/note.h"
#include "key/ident.h"
#include "key/key.h"
#include "ping/face.h"
#include "sig/content.h"
#include "sig/html.h"
#include "sig/space.h"

#define NAME 64

/* Is it only that nobody said a passphrase, or that there is no identity? */
static bool
is_unsigned(const struct ping_status *say, const struct err *e)
{
	return e->code == E_no_key || (e->code == E_no_passphrase &&
	    !say->pass.file && !say->pass.fd && !say->pass.cmd);
}

int
face_sign_open(struct face *f, struct err *e)
{
	struct pass_asker asker = { f->c, &f->say->pass };

	if (!key_node(f->c->home, pass_ask, &asker, &f->key, e)) {
		f->is_signed = true;
		ident_id(f->signer, &f->key.pub);
		return 0;
	}
	if (f->say->require_signed || !is_unsigned(f->say, e))
		return -1;
	cli_note(f->c, "the page is not signed: %s", e->msg);
	*e = (struct err){ 0 };
	return 0;
}

static struct sig
begin(const struct face *f, const char *name)
{
	struct sig s = { .space = SPACE_STATUS, .at_ms = f->now_ms,
	    .seq = -1 };

	snprintf(s.comment, sizeof(s.comment), "%s", name);
	return s;
}

int
face_sign_page(const struct face *f, const char *name, struct buf *page,
    struct err *e)
{
	struct sig s = begin(f, name);

	return f->is_signed ? html_sign(page, &s, &f->key, e) : 0;
}

/* One that is there yet would be of another content. */
static int
drop(const struct face *f, const char *name, struct err *e)
{
	char path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s/%s", f->say->out, name) >=
	    (int)sizeof(path) || !unlink(path) || errno == ENOENT)
		return 0;
	return err_sys(e, "cannot remove '%s'", path);
}

int
face_sign_file(struct face *f, const char *name, const struct buf *text,
    struct err *e)
{
	struct buf out = BUF_INIT(SIG_MAX);
	struct sig s = begin(f, name);
	struct content content;
	char beside[NAME];
	int rc;

	snprintf(beside, sizeof(beside), "%s.sig", name);
	if (!f->is_signed)
		return drop(f, beside, e);
	content_of(&content, CONTENT_256, text->data, text->len);
	s.size = content.size;
	s.content = content.sha256;
	rc = sig_make(&s, &f->key, e);
	if (!rc) {
		sig_write(&out, &s);
		rc = face_put(f, beside, &out, e);
	}
	buf_release(&out);
	return rc;
}
