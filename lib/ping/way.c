#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "cli/box.h"
#include "hook/target.h"
#include "key/key.h"
#include "net/mail.h"
#include "ping/way.h"

#define MAIL_MAX (4 << 20)
#define MAIL_MS 60000
#define HOOK_MS 10000
#define SECRET_MAX 1024
#define SENDMAIL "sendmail -t"

/* The file of the home that a parameter names; 0 if it names none. */
static int
read_secret(const struct cli *c, enum param p, struct secret *out,
    struct err *e)
{
	const char *name = param_string(&c->params, p);
	char path[PATH_MAX];

	if (!*name)
		return 0;
	if (snprintf(path, sizeof(path), "%s%s%s", *name == '/' ? "" :
	    c->home, *name == '/' ? "" : "/", name) >= (int)sizeof(path))
		return err_set(e, E_no_file, "'%.80s' is too long", name);
	if (key_read_secret(path, out, SECRET_MAX, e))
		return -1;
	while (out->len && strchr("\r\n", out->data[out->len - 1]))
		out->data[--out->len] = '\0';
	return 1;
}

/* --- mail ----------------------------------------------------------------- */

static int
open_login(struct way *w, struct err *e)
{
	struct secret *login = &w->login;
	int got = read_secret(w->cli, PARAM_alert_login, login, e);
	char *colon;

	if (got <= 0)
		return got ? err_wrap(e, "alert_login") : 0;
	colon = memchr(login->data, ':', login->len);
	if (!colon || login->len >= login->cap ||
	    memchr(login->data, '\0', login->len))
		return err_set(e, E_bad_conf, "alert_login: the file has no "
		    "name:password in it");
	login->data[login->len] = '\0';
	*colon = '\0';
	w->password = colon + 1;
	return 0;
}

/* What is wrong for all mail is found before any is tried. */
static int
open_mail(struct way *w, struct err *e)
{
	const struct params *p = &w->cli->params;
	const char *smtp = param_string(p, PARAM_alert_smtp);

	if (*smtp && mail_url(smtp, e))
		return err_wrap(e, "alert_smtp");
	if ((!*smtp || w->say->mail) && !w->cli->dry_run &&
	    feed_open(&w->command, w->say->mail ? w->say->mail : SENDMAIL,
	    MAIL_MS, e))
		return w->say->mail ? err_wrap(e, "--mail") : -1;
	if (alert_address(param_string(p, PARAM_alert_to), e))
		return err_wrap(e, "alert_to");
	if (alert_address(param_string(p, PARAM_alert_from), e))
		return err_wrap(e, "alert_from");
	return open_login(w, e);
}

static int
send_mail(const struct way *w, const struct alert_letter *l, struct err *e)
{
	struct mail_how how = {
		.url = param_string(&w->cli->params, PARAM_alert_smtp),
		.user = w->password ? (const char *)w->login.data : NULL,
		.password = w->password, .total_ms = MAIL_MS,
		.ca_file = w->say->ca_file,
	};
	struct buf text = BUF_INIT(MAIL_MAX);
	struct mail m = { .from = l->from, .to = l->to };
	int rc = alert_mail(&text, l, e);

	m.text = text.data;
	m.n = text.len;
	if (!rc)
		rc = w->command.pid ? feed_run(&w->command, m.text, m.n, e) :
		    mail_send(&how, &m, e);
	buf_release(&text);
	return rc;
}

/* --- a webhook ------------------------------------------------------------ */

/* Without anybody being asked: cron cannot answer. */
static int
open_key(struct way *w, struct err *e)
{
	struct pass *pass = &w->say->pass;
	struct pass_asker asker = { w->cli, pass };

	pass->unasked = true;
	return key_node(w->cli->home, pass_ask, &asker, &w->signer.key, e);
}

/* May one do without the key for that reason?  Not if it should be opened. */
static bool
is_shut(const struct way *w, const struct err *e)
{
	const struct pass *pass = &w->say->pass;

	return e->code == E_no_key || (e->code == E_no_passphrase &&
	    !pass->file && !pass->fd && !pass->cmd);
}

static int
need_key(struct way *w, struct err *e)
{
	enum err_code code;

	if (!open_key(w, e))
		return 0;
	code = e->code;
	if (!is_shut(w, e))
		return -1;
	return err_set(e, code, "--webhook: there is nothing to sign with: "
	    "alert_secret is not set, and %s", code == E_no_key ? "there is "
	    "no node key" : "nobody is asked for the passphrase of the node "
	    "key: give it by an option or a file");
}

static int
open_hook(struct way *w, struct err *e)
{
	const struct hook_rules rules = { .params = &w->cli->params,
	    .allow_private = w->say->allow_private };
	struct hook_target target;
	struct secret text = { 0 };
	int got;

	if (hook_target_read(&target, w->say->webhook, &rules, e))
		return err_wrap(e, "--webhook");
	w->hook = (struct alert_hook){ .url = w->say->webhook,
	    .signer = &w->signer, .allow_private = rules.allow_private,
	    .ca_file = w->say->ca_file, .wait_ms = HOOK_MS,
	    .chance = &w->cli->chance };
	got = read_secret(w->cli, PARAM_alert_secret, &text, e);
	if (!got)
		return need_key(w, e);
	return got < 0 || hook_signer_take(&w->signer, &text, e) ?
	    err_wrap(e, "alert_secret") : 0;
}

/* --- both ----------------------------------------------------------------- */

/* Mail unless there is only a webhook. */
int
way_open(struct way *w, struct cli *c, struct ping_alert *say, struct err *e)
{
	*w = (struct way){ .cli = c, .say = say };
	if (say->webhook)
		w->wanted |= ALERT_HOOK;
	if (!say->webhook || say->mail ||
	    *param_string(&c->params, PARAM_alert_smtp))
		w->wanted |= ALERT_MAIL;
	return (w->wanted & ALERT_MAIL && open_mail(w, e)) ||
	    (w->wanted & ALERT_HOOK && open_hook(w, e)) ? -1 : 0;
}

static int
open_last(struct way *w, struct err *e)
{
	if (!(w->wanted & ALERT_HOOK) || w->signer.key.pair.len ||
	    !open_key(w, e))
		return 0;
	if (!is_shut(w, e))
		return -1;
	*e = (struct err){ 0 };
	return 0;
}

int
way_ready(struct way *w, struct err *e)
{
	const char *const read[] = { w->say->ca_file, NULL };
	const char *const write[] = { w->cli->home, NULL };

	return open_last(w, e) || cli_sandbox_connect(w->cli,
	    w->say->require_sandbox, false, read, write, e) ? -1 : 0;
}

int
way_send(struct way *w, enum alert_way way, const struct alert_letter *l,
    struct err *e)
{
	return way == ALERT_MAIL ? send_mail(w, l, e) :
	    webhook_post(&w->hook, l, e) ? err_wrap(e, "--webhook") : 0;
}

void
way_close(struct way *w)
{
	feed_close(&w->command);
	secret_release(&w->login);
	hook_signer_release(&w->signer);
}
