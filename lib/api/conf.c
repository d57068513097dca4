/* What is read at the start, and again at a HUP. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/impl.h"
#include "base/mem.h"
#include "crypto/thumb.h"
#include "key/apikey.h"
#include "key/fresh.h"
#include "key/key.h"
#include "key/token.h"

#define JWKS_MAX (1 << 20)

/* The next of some words parted by blanks or commas; its length into *n. */
static const char *
next_word(const char *p, size_t *n)
{
	p += strspn(p, " ,\t");
	*n = strcspn(p, " ,\t");
	return *n ? p : NULL;
}

static int
add_base(struct conf *c, const char *url, size_t n, struct err *e)
{
	char text[API_URL];
	const char *target;

	if (c->bases == API_BASES || n >= sizeof(text))
		return err_set(e, E_bad_conf, "base_url and "
		    "base_url_alias: at most %d, each of at most %d bytes",
		    API_BASES, API_URL - 1);
	memcpy(text, url, n);
	text[n] = '\0';
	if (http_url(c->base + c->bases, &target, text, e) ||
	    strcmp(target, "/"))
		return err_set(e, E_bad_conf, "base_url: '%.80s' is not the "
		    "URL of a grid: scheme and host, no path", text);
	c->bases++;
	return 0;
}

/* base_url, else where the server listens. */
static int
set_bases(struct conf *c, const char *url, struct err *e)
{
	const char *p = param_string(&c->params, PARAM_base_url);
	size_t n;

	if (*p)
		url = p;
	else if (!strncmp(url, "unix:", 5))
		url = "http://localhost";
	n = strlen(url);
	n -= n && url[n - 1] == '/';
	snprintf(c->base_url, sizeof(c->base_url), "%.*s", (int)n, url);
	if (add_base(c, c->base_url, n, e))
		return -1;
	for (p = param_string(&c->params, PARAM_base_url_alias);
	    (p = next_word(p, &n)); p += n)
		if (add_base(c, p, n, e))
			return -1;
	return 0;
}

static int
read_jwks(struct conf *c, const char *home, int64_t now_ms, struct err *e)
{
	struct buf text = BUF_INIT(JWKS_MAX);
	struct json root = { 0 };
	int rc = token_jwks(&text, home, now_ms, e) ||
	    json_parse(&root, text.data, text.len, e) ||
	    jwks_read(&c->jwks, &root, e) ? -1 : 0;

	json_release(&root);
	buf_release(&text);
	return rc;
}

/* The token key is made at first need, as the other secrets are. */
static int
open_token(struct conf *c, const char *home, int64_t now_ms, struct err *e)
{
	if (token_open(home, &c->token, e)) {
		if (e->code != E_no_key)
			return -1;
		*e = (struct err){ 0 };
		if ((token_make(home, false, now_ms, e) &&
		    e->code != E_id_conflict) ||
		    token_open(home, &c->token, e))
			return -1;
	}
	thumb_of_rsa(c->kid, &c->token.pub);
	return read_jwks(c, home, now_ms, e);
}

static bool
is_locked(const struct err *e)
{
	return e->code == E_no_passphrase;
}

/*
 * A home need not have an identity, and one without its passphrase is served
 * all the same: what it would sign is refused.
 */
static int
open_node(struct conf *c, const struct serve *how, struct err *e)
{
	struct err why = { 0 };

	c->has_node = key_has_node(how->home);
	if (!c->has_node || !key_node(how->home, how->passphrase, how->arg,
	    &c->node, &why))
		return 0;
	if (is_locked(&why))
		return key_node_public(how->home, &c->node.pub, e);
	*e = why;
	return -1;
}

static void
release(struct conf *c)
{
	sign_key_release(&c->node);
	secret_release(&c->pepper);
	secret_release(&c->admin);
	secret_release(&c->sync);
	secret_release(&c->internal);
	rsa_key_release(&c->token);
	jwks_release(&c->jwks);
	runtime_release(&c->runtime);
	free(c);
}

int
conf_make(struct conf **out, const struct serve *how, const char *url,
    struct err *e)
{
	struct conf *c = mem_zero(1, sizeof(*c));

	if (how->configure(how->arg, &c->params, e) ||
	    set_bases(c, url, e) ||
	    runtime_read(&c->runtime, how->home,
	    param_string(&c->params, PARAM_skill_registry), e) ||
	    apikey_pepper(how->home, &c->pepper, e) ||
	    fresh_secret(how->home, "admin_key", &c->admin, e) ||
	    fresh_secret(how->home, "sync_token", &c->sync, e) ||
	    fresh_secret(how->home, "internal_key", &c->internal, e) ||
	    open_token(c, how->home, how->now_ms(how->arg), e) ||
	    open_node(c, how, e)) {
		release(c);
		return -1;
	}
	*out = c;
	return 0;
}

int
conf_reload(struct api *a, struct err *e)
{
	struct conf *c, *old;
	int rc;

	pthread_mutex_lock(&a->conf_lock);
	old = atomic_load(&a->conf);
	rc = conf_make(&c, &a->how, old->base_url, e);
	if (!rc) {
		c->older = old;
		atomic_store(&a->conf, c);
	}
	pthread_mutex_unlock(&a->conf_lock);
	return rc;
}

void
conf_free_all(struct conf *c)
{
	struct conf *older;

	for (; c; c = older) {
		older = c->older;
		release(c);
	}
}
