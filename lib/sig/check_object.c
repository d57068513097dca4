#include <string.h>

#include "base/clock.h"
#include "key/ident.h"
#include "sig/check.h"
#include "sig/check_impl.h"

/*
 * Members that say who signed.  What a node says of itself names only the
 * node; what a registry says of a node names both; of what else there is,
 * node_id may be the subject, and is last.
 */
static const char *const itself[] = { "node_id", NULL };
static const char *const registry[] = { "registry", NULL };
static const char *const others[] = {
	"signer", "issuer", "observer", "registry", "node_id", NULL
};
static const char *const times[] = { "issued_at", "signed_at", "at", NULL };

static const char *const *
signers(enum domain d)
{
	if (d == DOMAIN_card || d == DOMAIN_announce || d == DOMAIN_meta ||
	    d == DOMAIN_revoke)
		return itself;
	return d == DOMAIN_answer || d == DOMAIN_tier ? registry : others;
}

/* The first of these members that is text, or NULL. */
static const char *
first_of(const struct json *object, const char *const *names)
{
	struct json value;

	for (; *names; names++)
		if (json_find(&value, object, *names) && json_string(&value))
			return json_string(&value);
	return NULL;
}

static bool
own_key(const struct json *object, const char *id, struct sign_public *key)
{
	struct json pem;
	const char *text;
	char got[HASH_HEX];

	if (!json_find(&pem, object, "public_key_pem"))
		return false;
	text = json_string(&pem);
	if (!text || !sign_spki_read(key, text, strlen(text)))
		return false;
	ident_id(got, key);
	return !strcmp(got, id);
}

static int
find_key(struct check *c, const struct check_ask *a, enum domain d,
    const struct json *object, struct sign_public *key)
{
	const char *id = first_of(object, signers(d));

	if (!id || !ident_is_id(id))
		return err_set(&c->why, E_unknown_signer, "the object does "
		    "not say by a node_id who signed it");
	c->named = true;
	c->space = a->space;
	memcpy(c->key_id, id, HASH_HEX);
	if (own_key(object, id, key) || trust_key(a->trust, id, key))
		return 0;
	return err_set(&c->why, E_unknown_signer, "the public key of %.16s is "
	    "not known: a trust file can give it as ed25519:", id);
}

static int
read_times(struct check *c, const struct json *object, int64_t *expires_ms)
{
	const char *at = first_of(object, times), *until = NULL;

	*expires_ms = INT64_MAX;
	if (at && clock_parse(at, &c->signed_ms, &c->why))
		return -1;
	if (json_opt_str(object, "expires_at", &until, &c->why))
		return -1;
	return until ? clock_parse(until, expires_ms, &c->why) : 0;
}

void
check_object(struct check *c, const struct check_ask *a,
    const struct json *object)
{
	struct sign_public key;
	int64_t expires_ms;
	enum domain d;

	if (!domain_named(a->space, &d) || !domain_of_json(d)) {
		err_set_(&c->why, E_wrong_namespace, "no object is signed for "
		    "%s", a->space);
		return;
	}
	if (json_want(object, JSON_OBJECT, &c->why) ||
	    read_times(c, object, &expires_ms) ||
	    find_key(c, a, d, object, &key))
		return;
	check_say(c, a, "key %s is said to have signed as %s", c->key_id,
	    a->space);
	if (domain_check(d, object, "signature", &key, &c->why)) {
		check_say(c, a, "the key has not signed this object");
		return;
	}
	check_say(c, a, "the key has signed this object");
	if (check_key(c, a))
		return;
	if (a->at_ms >= expires_ms)
		err_set_(&c->why, E_expired, "its expires_at has passed");
}
