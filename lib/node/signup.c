#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/chance.h"
#include "base/enc.h"
#include "base/json.h"
#include "base/utf8.h"
#include "ledger/ledger.h"
#include "node/impl.h"
#include "node/signup.h"

#define EMAIL_MAX (SIGNUP_EMAIL - 1)
#define RANDOM 16		/* bytes of a token */

/* Never says what was given: an address is nobody's to read. */
int
signup_email(const char *text, char out[SIGNUP_EMAIL], struct err *e)
{
	size_t n = strlen(text), i;
	const char *at = strchr(text, '@'), *dot = strrchr(text, '.');

	if (!utf8_plain(text) || strchr(text, ' ') || n > EMAIL_MAX || !at ||
	    at == text || strchr(at + 1, '@') || !dot || dot < at + 2 ||
	    !dot[1])
		return err_set(e, E_bad_email, "not an address of the form "
		    "name@host.domain");
	for (i = 0; i <= n; i++)
		out[i] = text[i] >= 'A' && text[i] <= 'Z' ?
		    (char)(text[i] - 'A' + 'a') : text[i];
	return 0;
}

static void
make_token(struct chance *chance, char out[NODE_TOKEN])
{
	struct buf text = BUF_INIT(64);
	uint8_t random[RANDOM];

	chance_bytes(chance, random, sizeof(random));
	enc_base64url(&text, random, sizeof(random));
	snprintf(out, NODE_TOKEN, "ea_%s", text.data);
	buf_release(&text);
}

int
signup_in(struct ledger *l, const struct signup *s, struct chance *chance,
    char token[NODE_TOKEN], struct err *e)
{
	char email[EMAIL_MAX + 1];
	struct query q;

	assert(ledger_writing(l));
	if (signup_email(s->email, email, e) ||
	    node_check_text("node_name", s->node_name, 100, e) ||
	    node_check_text("agent_type", s->agent_type, 50, e) ||
	    node_check_text("primary_capability", s->capability, 100, e) ||
	    node_check_text("why_joining", s->why, 2000, e))
		return -1;
	make_token(chance, token);
	query_open(&q, ledger_store(l), SQL_NODE_SIGNUP_ADD);
	query_text(&q, token);
	query_text(&q, email);
	query_text(&q, s->node_name);
	query_text(&q, s->agent_type);
	query_text(&q, s->capability);
	query_text(&q, s->why);
	query_int(&q, ledger_now(l));
	return query_run(&q, NULL, e) < 0 ? -1 : 0;
}

int
signup_check(struct store *s, const char *token, struct err *e)
{
	struct query q;
	int64_t linked = 0;
	int got;

	query_open(&q, s, SQL_NODE_SIGNUP_LINKED);
	query_text(&q, token);
	got = query_run(&q, &linked, e);
	if (!got)
		return err_set(e, E_signup_unknown, "invalid signup_token: "
		    "no matching early access signup found");
	return got < 0 ? -1 : !linked ? 0 : err_set(e, E_signup_linked,
	    "signup token already linked to a node");
}

int
signup_link_in(struct ledger *l, const char *token, const char *node_id,
    struct err *e)
{
	struct query q;

	if (signup_check(ledger_store(l), token, e))
		return -1;
	query_open(&q, ledger_store(l), SQL_NODE_SIGNUP_LINK);
	query_text(&q, token);
	query_text(&q, node_id);
	query_int(&q, ledger_now(l));
	return node_change(&q, e);
}

int
signup_read(struct signup *out, const struct json *in, struct err *e)
{
	static const char *const keys[] = {
		"id", "email", "node_name", "agent_type",
		"primary_capability", "why_joining", NULL,
	};

	*out = (struct signup){ 0 };
	return json_only(in, keys, e) ||
	    json_get_str(in, "email", &out->email, e) ||
	    json_opt_str(in, "node_name", &out->node_name, e) ||
	    json_opt_str(in, "agent_type", &out->agent_type, e) ||
	    json_opt_str(in, "primary_capability", &out->capability, e) ||
	    json_opt_str(in, "why_joining", &out->why, e) ? -1 : 0;
}

int
node_funnel_in(struct ledger *l, const struct node *n, const char *type,
    struct err *e)
{
	struct query q;

	if (node_in_sandbox(n))
		return 0;		/* it is play */
	query_open(&q, ledger_store(l), SQL_NODE_FUNNEL);
	query_text(&q, n->id);
	query_text(&q, type);
	query_int(&q, ledger_now(l));
	return query_run(&q, NULL, e) < 0 ? -1 : 0;
}
