#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "key/form.h"
#include "key/key.h"
#include "sig/nonce.h"
#include "signer/impl.h"

#define RECORD_MAX 131072
#define CHAIN_MAX (1 << 20)
#define MACHINE "/etc/bzn/trust"

int
signer_key(struct cli *c, struct signer *o, struct sign_key *out,
    struct err *e)
{
	struct pass_asker a = { c, &o->pass };

	o->pass.of = "the node key";
	return key_node(c->home, pass_ask, &a, out, e);
}

static int
usual(struct cli *c, struct trust *t, struct err *e)
{
	struct sign_public key;
	char path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s/trust", c->home) >=
	    (int)sizeof(path))
		return err_set(e, E_no_file, "the name of the home is too "
		    "long");
	if (trust_file(t, MACHINE, false, e) ||
	    trust_dir(t, MACHINE ".d", e) || trust_file(t, path, false, e))
		return -1;
	if (!key_has_node(c->home))
		return 0;
	if (key_node_public(c->home, &key, e))
		return -1;
	trust_give(t, TRUST_SELF, "the identity of this node", &key);
	return 0;
}

static int
follow(const char *path, struct trust *t, struct err *e)
{
	struct buf text = BUF_INIT(CHAIN_MAX);
	int rc = file_read(&text, path, e);

	if (!rc)
		rc = trust_follow(t, path, text.data, text.len, e);
	buf_release(&text);
	return rc;
}

int
signer_trust(struct cli *c, const struct signer *o, struct trust *t,
    struct err *e)
{
	struct sign_public key;

	if (o->trust && trust_file(t, o->trust, true, e))
		return -1;
	if (o->key) {
		if (form_file(&key, o->key, e))
			return -1;
		trust_give(t, o->principal ? o->principal : "key", o->key,
		    &key);
	}
	if (!o->trust && !o->key && usual(c, t, e))
		return -1;
	if (o->chain)
		return follow(o->chain, t, e);
	trust_sort(t);
	return 0;
}

int
signer_at(struct cli *c, const struct signer *o, int64_t *ms, struct err *e)
{
	*ms = cli_now(c);
	return o->at ? clock_parse(o->at, ms, e) : 0;
}

int
signer_number(const char *text, const char *option, int64_t least,
    int64_t most, int64_t other, int64_t *out, struct err *e)
{
	char *end;
	long long n;

	*out = other;
	if (!text)
		return 0;
	errno = 0;
	n = strtoll(text, &end, 10);
	if (errno || *end || *text < '0' || *text > '9' || n < least ||
	    n > most)
		return err_set(e, E_usage, "%s: '%.40s' is not a number from "
		    "%lld to %lld", option, text, (long long)least,
		    (long long)most);
	*out = n;
	return 0;
}

const char *
signer_listed(const char *name)
{
	return strcmp(name, "-") ? name : "./-";
}

int
signer_signs(const struct signer *o, const char *at, struct err *e)
{
	if (!o->verify && (at || o->trust || o->key || o->chain ||
	    o->principal || o->explain || o->signature || o->window ||
	    o->address || o->jwks || o->aud || o->iss || o->jobs))
		return err_set(e, E_usage, "--verify is not given, but an "
		    "option that is only for it");
	return 0;
}

int
signer_answer(struct cli *c, const struct check *v, struct err *e)
{
	struct buf out = BUF_INIT(RECORD_MAX);
	int rc;

	json_open(&out, NULL, '{');
	check_write(&out, v);
	json_close(&out, '}');
	rc = cli_emit_buf(c, &out, e);
	buf_release(&out);
	if (rc || !v->why.kind)
		return rc;
	*e = v->why;
	return -1;
}

int
signer_once(struct cli *c, const char *key_id, const char *nonce,
    int64_t until_ms, struct err *e)
{
	int64_t now_ms;
	int rc = -1;

	if (cli_store(c, e) || store_begin(c->store, e))
		return -1;
	now_ms = cli_now(c);
	if (now_ms > until_ms)
		err_set_(e, E_stale, "it has become too old by now");
	else if (!nonce_take_in(c->store, key_id, nonce, until_ms, now_ms, e))
		rc = store_commit(c->store, e);
	store_rollback(c->store);
	return rc;
}
