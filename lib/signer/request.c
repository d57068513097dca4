#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sig/ask.h"
#include "signer/impl.h"

static int
sign(struct cli *c, struct signer *o, struct err *e)
{
	struct buf out = BUF_INIT(1024);
	struct sign_key key = { 0 };
	struct ask a;
	int64_t ms;
	int rc = -1;

	if (!signer_at(c, o, &ms, e) && !signer_key(c, o, &key, e) &&
	    !signer_shut(c, o, SIGNER_NOTHING, e)) {
		ask_make(&a, &key, ms / 1000);
		ask_write(&out, &a);
		rc = cli_emit_buf(c, &out, e);
	}
	sign_key_release(&key);
	buf_release(&out);
	return rc;
}

static int
judge(struct check *v, const struct check_ask *a, const struct ask *said)
{
	struct sign_public key;
	int rc;

	v->named = true;
	v->space = ASK_SPACE;
	memcpy(v->key_id, said->node_id, sizeof(v->key_id));
	rc = check_key(v, a);
	v->signed_ms = said->timestamp * 1000;	/* its window is ask's */
	if (!rc && !trust_key(a->trust, said->node_id, &key))
		rc = err_set(&v->why, E_unknown_signer, "the public key of "
		    "%.16s is not known", said->node_id);
	return rc ? rc : ask_check(said, &key, a->at_ms, &v->why);
}

/* Seconds of a node are as good as a nonce: none is accepted twice. */
static int
take_once(struct cli *c, const struct ask *said, struct check *v,
    struct err *e)
{
	char nonce[40];

	snprintf(nonce, sizeof(nonce), "verify:%" PRId64, said->timestamp);
	if (!signer_once(c, said->node_id, nonce, (said->timestamp +
	    ASK_WINDOW_S) * 1000, &v->why) ||
	    v->why.kind == ERR_NO)
		return 0;
	*e = v->why;
	return -1;
}

static int
verify_one(struct signer_round *r, bool whole, struct err *e)
{
	struct signer_item i = { .path = (char[32]){ "" } };
	struct json root;
	struct ask said;
	bool good = false;
	int rc = 0;

	snprintf(i.path, 32, "stdin:%lu", r->in.number);
	check_init(&i.check);
	if (!r->ask.as_of)
		r->ask.at_ms = cli_now(r->cli);
	if (!whole) {
		i.check.why = *e;
		*e = (struct err){ 0 };
	} else if (!json_parse(&root, r->in.text.data, r->in.text.len,
	    &i.check.why)) {
		good = !ask_read(&said, &root, &i.check.why) &&
		    !judge(&i.check, &r->ask, &said);
		json_release(&root);
	}
	if (good && !r->ask.as_of)
		rc = take_once(r->cli, &said, &i.check, e);
	if (!rc)
		rc = signer_round_give(r, &i, e);
	check_release(&i.check);
	return rc;
}

static int
verify(struct cli *c, struct signer *o, struct err *e)
{
	struct signer_round r;
	int got = -1;

	if (!signer_round_open(&r, c, o, ASK_SPACE, e) &&
	    (o->at || !cli_store(c, e)) &&
	    !signer_shut(c, o, SIGNER_HOME, e)) {
		cli_expect_stdin(c);
		while ((got = line_next(&r.in, e)) != 0) {
			if (got < 0 && e->code != E_too_long)
				break;
			got = verify_one(&r, got > 0, e);
			if (got)
				break;
		}
		if (got >= 0)
			got = signer_round_sum(&r, e);
	}
	signer_round_close(&r);
	return got;
}

int
signer_request(struct cli *c, struct signer *o, struct err *e)
{
	if (signer_signs(o, NULL, e))
		return -1;
	return o->verify ? verify(c, o, e) : sign(c, o, e);
}
