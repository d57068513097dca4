#include <string.h>

#include "base/utf8.h"
#include "crypto/hash.h"
#include "key/domain.h"
#include "key/ident.h"
#include "key/member.h"
#include "key/statement.h"

#define VERSION_1 1

/* What peers would refuse is not signed. */
static int
check_reason(const char *reason, struct err *e)
{
	if (strlen(reason) > STATEMENT_REASON)
		return err_set(e, E_too_long, "the reason is over %d bytes",
		    STATEMENT_REASON);
	return utf8_plain(reason) ? 0 : err_set(e, E_usage, "the reason is "
	    "not text without control characters");
}

int
statement_revoke(struct buf *out, const struct sign_key *key, int64_t at_ms,
    const char *reason, struct err *e)
{
	char id[HASH_HEX];

	if (check_reason(reason, e))
		return -1;
	ident_id(id, &key->pub);
	json_open(out, NULL, '{');
	json_int(out, "v", VERSION_1);
	json_str(out, "node_id", id);
	json_time(out, "at", at_ms);
	json_str(out, "reason", reason);
	if (domain_seal(out, DOMAIN_revoke, key, "signature", e))
		return -1;
	json_close(out, '}');
	return 0;
}

int
statement_rotate(struct buf *out, const struct sign_key *old,
    const struct sign_key *new, int64_t at_ms, const char *reason,
    struct err *e)
{
	char id[HASH_HEX], pem[SIGN_SPKI + 1];

	if (check_reason(reason, e))
		return -1;
	if (!memcmp(&old->pub, &new->pub, sizeof(old->pub)))
		return err_set(e, E_usage, "a key cannot replace itself");
	json_open(out, NULL, '{');
	json_int(out, "v", VERSION_1);
	ident_id(id, &old->pub);
	json_str(out, "old_node_id", id);
	ident_id(id, &new->pub);
	json_str(out, "new_node_id", id);
	sign_spki(pem, &new->pub);
	json_str(out, "new_public_key_pem", pem);
	json_time(out, "at", at_ms);
	json_str(out, "reason", reason);
	if (domain_seal(out, DOMAIN_rotate, old, "signature_old", e) ||
	    domain_seal(out, DOMAIN_rotate, new, "signature_new", e))
		return -1;
	json_close(out, '}');
	return 0;
}

/* What every statement has. */
static int
check_head(const struct json *s, struct err *e)
{
	const char *reason;
	int64_t ms;

	return member_v1(s, e) || member_time(s, "at", &ms, e) ||
	    json_get_str(s, "reason", &reason, e) ? -1 : 0;
}

int
statement_revoke_check(const struct json *s, const struct sign_public *key,
    struct err *e)
{
	return check_head(s, e) || member_id_of(s, "node_id", key, e) ||
	    domain_check(DOMAIN_revoke, s, "signature", key, e) ? -1 : 0;
}

int
statement_rotate_check(const struct json *s, const struct sign_public *old,
    struct sign_public *new, struct err *e)
{
	struct sign_public next;

	if (check_head(s, e) || member_id_of(s, "old_node_id", old, e) ||
	    member_pem(s, "new_public_key_pem", &next, e))
		return -1;
	if (!memcmp(&next, old, sizeof(next)))
		return json_fail(s, "new_node_id", E_bad_json,
		    "is the old one: a key cannot replace itself", e);
	if (member_id_of(s, "new_node_id", &next, e) ||
	    domain_check(DOMAIN_rotate, s, "signature_old", old, e) ||
	    domain_check(DOMAIN_rotate, s, "signature_new", &next, e))
		return -1;
	*new = next;
	return 0;
}

/* Follow one line, unless it comes before the chain: 0, or -1. */
static int
follow(struct sign_public *key, int *links, const char *line, size_t n,
    struct err *e)
{
	struct json s = { 0 };
	char id[HASH_HEX], old[HASH_HEX];
	int rc = -1;

	if (json_parse(&s, line, n, e) ||
	    member_id(&s, "old_node_id", old, e))
		goto out;
	ident_id(id, key);
	if (!*links && strcmp(old, id)) {
		rc = 0;
		goto out;
	}
	if (*links == STATEMENT_LINKS) {
		err_set(e, E_too_long, "a chain of over %d rotations",
		    STATEMENT_LINKS);
		goto out;
	}
	rc = statement_rotate_check(&s, key, key, e);
	*links += !rc;
out:
	json_release(&s);
	return rc;
}

int
statement_follow(struct sign_public *key, int *links, const char *lines,
    size_t n, struct err *e)
{
	struct sign_public at = *key;
	const char *end;
	size_t len;
	int line;

	*links = 0;
	for (line = 1; n; line++) {
		end = memchr(lines, '\n', n);
		len = end ? (size_t)(end - lines) : n;
		if (len && follow(&at, links, lines, len, e))
			return err_wrap(e, "rotation %d", line);
		lines += len + (end != NULL);
		n -= len + (end != NULL);
	}
	*key = at;
	return 0;
}
