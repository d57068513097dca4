/* Whom to trust, as the options say; and who issues. */
#include "clerk/impl.h"
#include "evidence/issue.h"
#include "evidence/whom.h"

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
	return whom_policy(out, say->vkey, say->policy, e);
}

int
clerk_card(struct cli *c, const struct clerk *say, struct sign_public *out,
    struct err *e)
{
	return whom_card(out, say->card, cli_now(c), e);
}
