/* Whom to trust, as the options say; and who issues. */
#include <stdio.h>

#include "base/buf.h"
#include "base/file.h"
#include "card/card.h"
#include "clerk/impl.h"
#include "evidence/issue.h"
#include "tlog/policy.h"

int
clerk_issuer(struct cli *c, struct issuer *i, struct err *e)
{
	if (issue_begin(i, c->store, c->home, &c->params, cli_now(c), e))
		return -1;
	i->sane = !c->accept_clock;
	return 0;
}

int
clerk_policy(const struct clerk *say, struct policy *out, struct err *e)
{
	struct buf text = BUF_INIT(POLICY_MAX);
	int rc;

	if (say->vkey && say->policy)
		return err_set(e, E_usage, "--vkey or --policy, not both");
	policy_init(out);
	if (say->vkey) {
		out->keys = 1;
		return note_key_read(&out->key[0], say->vkey, e) ? -1 : 1;
	}
	if (!say->policy)
		return 0;
	rc = file_read(&text, say->policy, e) ||
	    policy_read(out, text.data, text.len, say->policy, e) ? -1 : 1;
	buf_release(&text);
	return rc;
}

int
clerk_card(struct cli *c, const struct clerk *say, struct sign_public *out,
    struct err *e)
{
	struct buf text = BUF_INIT(CARD_MAX);
	struct card card = { 0 };
	int rc = 0;

	if (!say->card)
		return 0;
	if (file_read(&text, say->card, e)) {
		rc = -1;
	} else if (card_read(&card, text.data, text.len, e) ||
	    card_check(&card, cli_now(c), e)) {
		rc = err_wrap(e, "%s", say->card);
	} else {
		*out = card.key;
		rc = 1;
	}
	card_release(&card);
	buf_release(&text);
	return rc;
}
