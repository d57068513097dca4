/* What handlers ask of a call: api.h. */
#include <string.h>

#include "api/impl.h"
#include "hook/hook.h"
#include "key/apikey.h"
#include "ledger/ledger.h"

static struct job *
job_of(struct call *c)
{
	return (struct job *)c;
}

const char *
call_str(const struct json *object, const char *key, const char *otherwise)
{
	struct json v;

	return object->node && json_find(&v, object, key) &&
	    json_string(&v) ? json_string(&v) : otherwise;
}

int64_t
call_int(const struct json *object, const char *key, int64_t otherwise)
{
	int64_t hundredths;
	struct json v;

	if (!object->node || !json_find(&v, object, key) ||
	    json_kind(&v) != JSON_NUMBER || !shape_money(&v, &hundredths))
		return otherwise;
	return hundredths / 100;
}

bool
call_bool(const struct json *object, const char *key, bool otherwise)
{
	struct json v;

	return object->node && json_find(&v, object, key) &&
	    json_kind(&v) == JSON_BOOL ? json_true(&v) : otherwise;
}

bool
call_money(const struct json *object, const char *key, int64_t *minor)
{
	struct json v;

	return object->node && json_find(&v, object, key) &&
	    shape_money(&v, minor);
}

bool
call_money_text(const struct json *object, const char *key,
    char out[AMOUNT_TEXT])
{
	int64_t minor;

	if (!call_money(object, key, &minor))
		return false;
	amount_print(minor, 2, out);
	return true;
}

int
call_fault(struct call *c, const char *member, const char *message,
    struct err *e)
{
	job_of(c)->faulty = true;
	shape_fault(&c->more, member, message);
	return err_set(e, E_validation, "%s: %s", member, message);
}

int
call_fault_at(struct call *c, const char *path, const char *message,
    struct err *e)
{
	struct buf text = BUF_INIT(sizeof(e->msg));

	buf_adds(&text, message);	/* it may be that of e */
	job_of(c)->faulty = true;
	shape_fault_at(&c->more, path, text.data);
	err_set_(e, E_validation, "%s: %s", path, text.data);
	buf_release(&text);
	return -1;
}

void
call_header(struct call *c, const char *name, const char *value)
{
	net_header(&c->headers, name, value, strlen(value));
}

const char *
call_field(const struct call *c, const char *name)
{
	return net_field(net_request(((const struct job *)c)->x), name);
}

/* RFC 9110, 13.1.2: a list, or "*"; weak ones compare as strong ones. */
static bool
lists_tag(const char *field, const char *tag)
{
	const char *p = field ? strstr(field, tag) : NULL;

	return field && (!strcmp(field, "*") || p);
}

void
call_document(struct call *c)
{
	char tag[HASH_HEX + 2];
	struct hash h;

	hash_of(&h, c->out.data, c->out.len);
	hash_hex(tag + 1, &h);
	tag[0] = tag[HASH_HEX] = '"';
	tag[HASH_HEX + 1] = '\0';
	call_header(c, "ETag", tag);
	call_header(c, "Cache-Control", "public, max-age=300");
	if (lists_tag(call_field(c, "if-none-match"), tag)) {
		c->status = 304;
		buf_reset(&c->out);
	}
}

struct ledger **
call_ledger(struct call *c)
{
	return job_of(c)->alone;
}

bool
call_clock_sane(const struct call *c)
{
	return !c->api->how.accept_clock;
}

bool
call_is(const struct call *c, const char *node_id)
{
	return c->who == CALLER_NODE && !strcmp(c->node.id, node_id);
}

const char *
call_realm(const struct call *c)
{
	return c->who == CALLER_NODE ? c->node.realm : "production";
}

void
call_new_key(struct call *c, struct buf *object, const char *member,
    const char *node_id, char hash[HASH_HEX])
{
	struct secret key;

	apikey_new(&key, node_id);
	apikey_hash(hash, &job_of(c)->conf->pepper, key.data, key.len);
	json_strn(object, member, (char *)key.data, key.len);
	secret_release(&key);
}

void
call_new_token(struct call *c, struct buf *object, const char *node_id)
{
	const struct conf *conf = job_of(c)->conf;
	int64_t ttl_s = c->params->value[PARAM_jwt_ttl] / 1000;
	struct buf claims = BUF_INIT(1024), token = BUF_INIT(4096);

	json_open(&claims, NULL, '{');
	json_str(&claims, "sub", node_id);
	json_str(&claims, "role", "node");
	json_str(&claims, "iss", API_ISSUER);
	json_str(&claims, "aud", API_AUDIENCE);
	json_int(&claims, "iat", c->now_ms / 1000);
	json_int(&claims, "exp", c->now_ms / 1000 + ttl_s);
	json_close(&claims, '}');
	jwt_make_rsa(&token, conf->kid, &conf->token, claims.data,
	    claims.len);
	json_str(object, "access_token", token.data);
	json_str(object, "session_token", token.data);
	json_str(object, "token_type", "bearer");
	json_int(object, "expires_in", ttl_s);
	buf_release(&claims);
	buf_release(&token);
}

const struct runtime *
call_runtime(const struct call *c)
{
	return &((const struct job *)c)->conf->runtime;
}

const struct token_key *
call_token_key(const struct call *c)
{
	return &((const struct job *)c)->conf->token;
}

void
call_hook_key(const struct call *c, struct secret *out)
{
	hook_key(out, &((const struct job *)c)->conf->pepper);
}

bool
call_reads(const struct call *c)
{
	struct ledger_head at;
	struct err ignored;

	return !ledger_head(c->store, &at, &ignored);
}
