#include <stdio.h>
#include <string.h>

#include "sig/check.h"
#include "sig/check_impl.h"
#include "sig/space.h"
#include "sig/ssh.h"

/* All that can be said without the content, which is little. */
static int
check_claim(struct check *c, const struct check_ask *a, const char *text,
    size_t n, struct ssh *s)
{
	if (ssh_read(s, text, n, &c->why)) {
		check_say(c, a, "%s", c->why.msg);
		return -1;
	}
	c->named = true;
	memcpy(c->key_id, s->key_id, HASH_HEX);
	c->space = space_of_ssh(s->space);
	snprintf(c->foreign, sizeof(c->foreign), "%s", s->space);
	check_say(c, a, "key %s claims to have signed, and does not say "
	    "when", s->key_id);
	if (!strcmp(s->space, a->space))
		return 0;
	check_say(c, a, "signed for %s, asked for %s", s->space, a->space);
	return err_set(&c->why, E_wrong_namespace, "it is signed for %.80s, "
	    "not for %s", s->space, a->space);
}

/* The signature is over the content: what is wrong of the two is not seen. */
static int
check_content(struct check *c, const struct check_ask *a,
    const struct ssh *s, const struct content *content)
{
	if (!ssh_holds(s, content)) {
		check_say(c, a, "the key has not signed the %s of this "
		    "content", ssh_hash_word(s));
		return err_set(&c->why, E_bad_signature, "the key %.16s has "
		    "not signed this content", s->key_id);
	}
	check_say(c, a, "the key has signed the %s of this content",
	    ssh_hash_word(s));
	return check_key(c, a);
}

int
check_ssh_text(struct check *c, const struct check_ask *a, const char *text,
    size_t n, const struct content *content)
{
	struct ssh s;

	return check_claim(c, a, text, n, &s) ||
	    check_content(c, a, &s, content) ? -1 : 0;
}

int
check_ssh_file(struct check *c, const struct check_ask *a, const char *text,
    size_t n, const char *path)
{
	struct content content;
	struct ssh s;

	return check_claim(c, a, text, n, &s) ||
	    content_file(&content, ssh_hash(&s), path, &c->why) ||
	    check_content(c, a, &s, &content) ? -1 : 0;
}
