/* The server's own node: its key. */
#include <string.h>

#include "api/impl.h"
#include "key/identity.h"

static const struct conf *
conf_of(const struct call *c)
{
	return ((const struct job *)c)->conf;
}

int
call_node_key(const struct call *c, const struct sign_key **out,
    struct err *e)
{
	const struct conf *conf = conf_of(c);

	if (!conf->has_node)
		return err_set(e, E_key_unconfigured, "this node has no key "
		    "yet");
	if (!conf->node.pair.len)
		return err_set(e, E_key_unconfigured, "the key of this node is "
		    "locked: its server was given no passphrase");
	*out = &conf->node;
	return 0;
}

const struct sign_public *
call_node_public(const struct call *c)
{
	return conf_of(c)->has_node ? &conf_of(c)->node.pub : NULL;
}

static int
put(struct call *c, const struct sign_key *old,
    const struct identity_new *new, struct buf *statement, struct err *e)
{
	const char *home = c->api->how.home;

	return old ? identity_rotate(home, old, new, "asked for over HTTP",
	    statement, e) : identity_create(home, new, false, e);
}

int
call_node_make(struct call *c, bool replace, struct sign_key *out,
    struct buf *statement, struct err *e)
{
	const struct serve *how = &c->api->how;
	struct identity_new new = { .at_ms = c->now_ms };
	const struct sign_key *old = NULL;
	struct sign_key key = { 0 };
	struct secret pass = { 0 };
	int rc = -1;

	if (identity_settle(how->home, e) < 0)
		return -1;
	if (identity_look(how->home) != IDENTITY_NONE && !replace)
		return err_set(e, E_identity_exists, "this node has a key: "
		    "'overwrite' puts another in its place");
	if (identity_look(how->home) != IDENTITY_NONE &&
	    call_node_key(c, &old, e))
		return -1;
	if (how->passphrase(how->arg, &pass, e))
		return err_set(e, E_key_unconfigured, "the server was given no "
		    "passphrase to lock a key with");
	sign_key_new(&key);
	new.key = &key;
	new.passphrase = &pass;
	if (!put(c, old, &new, statement, e) &&
	    !conf_reload((struct api *)(uintptr_t)c->api, e)) {
		*out = key;
		rc = 0;
	} else {
		sign_key_release(&key);
	}
	secret_release(&pass);
	return rc;
}
