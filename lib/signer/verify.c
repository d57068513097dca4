#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/enc.h"
#include "base/file.h"
#include "base/mem.h"
#include "sig/space.h"
#include "signer/impl.h"

#define ATTACHED_MAX (64 << 20)
#define SUMS_MAX (64 << 20)
#define MODE 0644

static int
next_operand(struct signer_round *r, struct signer_item *i, struct err *e)
{
	(void)e;
	if (!*r->argv)
		return 0;
	i->path = mem_text(*r->argv++);
	return 1;
}

/* A name that is too long, or has a NUL in it, is an item that is wrong. */
static int
next_name(struct signer_round *r, struct signer_item *i, struct err *e)
{
	int got = line_next(&r->in, e);

	if (got < 0 && e->code != E_too_long)
		return -1;
	if (!got)
		return 0;
	if (got < 0 || r->in.text.len >= PATH_MAX ||
	    memchr(r->in.text.data, '\0', r->in.text.len)) {
		*e = (struct err){ 0 };
		err_set_(&i->check.why, E_too_long, "not the name of a file");
		i->path = mem_zero(32, 1);
		snprintf(i->path, 32, "stdin:%lu", r->in.number);
		return 1;
	}
	i->path = mem_text(signer_listed(r->in.text.data));
	return 1;
}

static int
next_object(struct signer_round *r, struct signer_item *i, struct err *e)
{
	int got = line_next(&r->in, e);

	if (!got || (got < 0 && e->code != E_too_long))
		return got;
	i->path = mem_zero(32, 1);
	snprintf(i->path, 32, "stdin:%lu", r->in.number);
	if (got < 0) {
		i->check.why = *e;
		*e = (struct err){ 0 };
	}
	buf_add(&i->text, r->in.text.data, r->in.text.len);
	return 1;
}

/* Each item is judged at its own moment: a stream may take hours. */
static struct check_ask
ask_at(const struct signer_round *r, const struct signer_item *i)
{
	struct check_ask ask = r->ask;

	ask.at_ms = i->at_ms;
	return ask;
}

static void
work_detached(const struct signer_round *r, struct signer_item *i)
{
	const struct check_ask ask = ask_at(r, i);
	char name[PATH_MAX];
	const char *signature = r->opts->signature;

	if (!signature) {
		if (snprintf(name, sizeof(name), "%s.sig", i->path) >=
		    (int)sizeof(name)) {
			err_set_(&i->check.why, E_no_file, "the name is too "
			    "long");
			return;
		}
		signature = name;
	}
	check_files(&i->check, &ask, i->path, signature);
}

/* Nothing comes out before all of it is checked. */
static void
work_attached(const struct signer_round *r, struct signer_item *i)
{
	const struct check_ask ask = ask_at(r, i);
	struct buf text = BUF_INIT(ATTACHED_MAX);
	const char *path = r->opts->output;
	size_t n;

	if (!file_read(&text, i->path, &i->check.why)) {
		check_attached(&i->check, &ask, &text);
		n = sig_length(text.data, text.len) + 1;
		if (!i->check.why.kind && path && (r->opts->force ?
		    file_write(path, text.data + n, text.len - n, MODE,
		    &i->check.why) : file_create(path, text.data + n,
		    text.len - n, MODE, &i->check.why)))
			i->check.named = false;
	}
	buf_release(&text);
}

static void
work_html(const struct signer_round *r, struct signer_item *i)
{
	const struct check_ask ask = ask_at(r, i);
	struct buf page = BUF_INIT(ATTACHED_MAX);

	if (!file_read(&page, i->path, &i->check.why))
		check_html(&i->check, &ask, &page);
	buf_release(&page);
}

static void
work_object(const struct signer_round *r, struct signer_item *i)
{
	const struct check_ask ask = ask_at(r, i);
	struct json root;

	if (json_parse(&root, i->text.data, i->text.len, &i->check.why))
		return;
	check_object(&i->check, &ask, &root);
	json_release(&root);
}

/* The file of a quorum is hashed once; each operand is a signature of it. */
static void
work_vote(const struct signer_round *r, struct signer_item *i)
{
	const struct check_ask ask = ask_at(r, i);
	struct buf text = BUF_INIT(CHECK_TEXT);

	if (!file_read(&text, i->path, &i->check.why))
		check_text(&i->check, &ask, text.data, text.len,
		    &r->content);
	buf_release(&text);
}

/* " principal key_id ": neither may count twice. */
static void
count_vote(struct signer_round *r, const struct signer_item *i)
{
	char name[CHECK_NAME + 2], key[HASH_HEX + 2];

	if (i->check.why.kind)
		return;
	snprintf(name, sizeof(name), "\n%s\n", i->check.principal);
	snprintf(key, sizeof(key), "\n%s\n", i->check.key_id);
	if (strstr(r->voters.data, name) || strstr(r->voters.data, key))
		return;
	buf_addf(&r->voters, "%s%s", name, key);
	r->votes++;
}

static int
open_quorum(struct signer_round *r, struct err *e)
{
	char *slash = NULL;
	long k, n;

	k = strtol(r->opts->quorum, &slash, 10);
	n = *slash == '/' ? strtol(slash + 1, &slash, 10) : 0;
	if (k < 1 || n < k || *slash)
		return err_set(e, E_usage, "--quorum: '%.40s' is not K/N, such "
		    "as 2/3", r->opts->quorum);
	if (r->cli->argc != n + 1)
		return err_set(e, E_usage, "--quorum %s: name the file, and "
		    "then %ld signatures", r->opts->quorum, n);
	r->needed = k;
	return content_file(&r->content, CONTENT_BOTH, *r->argv++, e);
}

/* sha256sum writes "\" before a line in which "\\" and "\n" are escapes. */
static int
unescape(char *name)
{
	char *out = name;

	for (; *name; name++) {
		if (*name != '\\') {
			*out++ = *name;
			continue;
		}
		name++;
		if (*name != '\\' && *name != 'n' && *name != 'r')
			return -1;
		*out++ = *name == 'n' ? '\n' : *name == 'r' ? '\r' : '\\';
	}
	*out = '\0';
	return 0;
}

/* "HEX  name" or "HEX *name": 0, or -1. */
static int
read_sum(const char *line, size_t n, struct signer_item *i)
{
	bool escaped = n && *line == '\\';
	const size_t hex = HASH_HEX - 1;
	char digits[HASH_HEX];

	line += escaped;
	n -= escaped;
	if (n < hex + 3 || n - hex - 2 >= PATH_MAX || memchr(line, '\0', n) ||
	    line[hex] != ' ' || (line[hex + 1] != ' ' && line[hex + 1] != '*'))
		return -1;
	memcpy(digits, line, hex);
	digits[hex] = '\0';
	if (!enc_unhex(i->want.b, digits, HASH_BYTES))
		return -1;
	i->path = mem_zero(n - hex - 1, 1);
	memcpy(i->path, line + hex + 2, n - hex - 2);
	return escaped ? unescape(i->path) : 0;
}

static int
next_sum(struct signer_round *r, struct signer_item *i, struct err *e)
{
	const char *line = r->sums.data + r->used, *feed;
	size_t left = r->sums.len - r->used, n;

	(void)e;
	if (!left)
		return 0;
	feed = memchr(line, '\n', left);
	n = feed ? (size_t)(feed - line) : left;
	r->used += n + (feed != NULL);
	r->number++;
	if (!feed || read_sum(line, n, i)) {
		free(i->path);
		i->path = mem_text(r->argv[0]);
		err_set_(&i->check.why, E_bad_manifest, "line %lu is not a "
		    "SHA-256 and a name", r->number);
	}
	return 1;
}

/* Listed files are signed by whoever has signed the list. */
static void
work_sum(const struct signer_round *r, struct signer_item *i)
{
	struct check *c = &i->check;
	struct content is;

	c->named = true;
	c->space = r->signer.space;
	c->signed_ms = r->signer.signed_ms;
	memcpy(c->key_id, r->signer.key_id, sizeof(c->key_id));
	memcpy(c->principal, r->signer.principal, sizeof(c->principal));
	if (!content_file(&is, CONTENT_256, signer_listed(i->path),
	    &c->why) && memcmp(&is.sha256, &i->want, sizeof(is.sha256)))
		err_set_(&c->why, E_hash_mismatch, "it has another SHA-256 "
		    "than the list says");
}

/* The list is read once, so that what is followed is what was checked. */
static int
verify_manifest(struct signer_round *r, struct err *e)
{
	struct signer_item list = { .path = r->argv[0] };
	struct buf text = BUF_INIT(CHECK_TEXT);
	char name[PATH_MAX];
	const char *sig = r->opts->signature ? r->opts->signature : name;
	struct content is;
	int rc;

	r->sums = (struct buf)BUF_INIT(SUMS_MAX);
	snprintf(name, sizeof(name), "%s.sig", r->argv[0]);
	check_init(&list.check);
	if (!file_read(&r->sums, r->argv[0], &list.check.why) &&
	    !file_read(&text, sig, &list.check.why)) {
		content_of(&is, CONTENT_BOTH, r->sums.data, r->sums.len);
		check_text(&list.check, &r->ask, text.data, text.len, &is);
	}
	buf_release(&text);
	rc = signer_round_give(r, &list, e);
	if (rc >= 0 && list.check.why.kind)
		rc = signer_round_sum(r, e);
	else if (rc >= 0) {
		check_release(&r->signer);
		r->signer = list.check;
		r->next = next_sum;
		r->work = work_sum;
		return signer_round_run(r, e);
	}
	check_release(&list.check);
	return rc;
}

static int
choose(struct signer_round *r, const struct signer *o, struct err *e)
{
	int argc = r->cli->argc, i;

	if (o->quorum && (o->attached || o->list || o->manifest ||
	    o->signature || o->output))
		return err_set(e, E_usage, "--quorum is for one file and its "
		    "signatures: no -a, -l, -m, -o or -s");
	if (o->attached ? o->signature || o->manifest : o->output != NULL)
		return err_set(e, E_usage, o->attached ? "--attached has the "
		    "signature in the file: no -s, and no -m" :
		    "--output is for --attached");
	if (o->output && !strcmp(o->output, "-"))
		return err_set(e, E_usage, "--output: standard output is for "
		    "the verdict");
	if (o->html && (o->attached || o->signature || o->manifest ||
	    o->quorum))
		return err_set(e, E_usage, "--html has the signature in the "
		    "page: no -a, -m or -s, and no --quorum");
	r->next = o->list ? next_name : next_operand;
	r->work = o->attached ? work_attached : o->html ? work_html :
	    work_detached;
	if (o->quorum) {
		r->work = work_vote;
		r->seen = count_vote;
		return open_quorum(r, e);
	}
	if (o->list ? argc != 0 : argc == 0)
		return err_set(e, E_usage, "%s", o->list ?
		    "--list reads names from standard input: name no files" :
		    "which files? --list reads their names from standard "
		    "input");
	for (i = 0; i < argc; i++)
		if (!o->attached && !o->html && !o->signature &&
		    !strcmp(r->argv[i], "-"))
			return err_set(e, E_usage, "standard input needs "
			    "--signature");
	if ((o->signature || o->output || o->manifest) && argc != 1)
		return err_set(e, E_usage, "--signature, --output and "
		    "--manifest are for one file");
	return 0;
}

static int
verify_objects(struct signer_round *r, struct err *e)
{
	r->next = next_object;
	r->work = work_object;
	cli_expect_stdin(r->cli);
	return signer_round_run(r, e);
}

int
signer_verify(struct cli *c, struct signer *o, struct err *e)
{
	const char *space = o->space ? o->space : o->manifest ?
	    SPACE_MANIFEST : o->html ? SPACE_STATUS : SPACE_FILE;
	struct signer_round r;
	enum domain d;
	int rc = -1;

	if (signer_round_open(&r, c, o, space, e) ||
	    signer_shut(c, o, o->output ? SIGNER_BESIDE : SIGNER_NOTHING, e))
		goto out;
	if (!c->argc && !o->list && !o->html && !space_of_file(space) &&
	    domain_named(space, &d))
		rc = verify_objects(&r, e);
	else if (!choose(&r, o, e))
		rc = o->manifest ? verify_manifest(&r, e) :
		    signer_round_run(&r, e);
out:
	signer_round_close(&r);
	return rc;
}
