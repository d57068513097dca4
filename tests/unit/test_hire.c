/* What the bridge says of refusals: the table of spec/vmp.md 2.5. */
#include "tap.h"

#include "escrow/hire.h"

static void
say(enum err_code code, bool sandbox, const char *type, const char *hint)
{
	struct hire_word w = escrow_hire_word(code, sandbox);

	IS(w.type, type);
	IS(w.hint, hint);
}

static void
test_words(void)
{
	say(E_capability_unknown, false, "INVALID_CAPABILITY",
	    "change_capability");
	say(E_over_price, false, "BAD_PAYLOAD", "lower_capability_cost");
	say(E_self_trade, false, "SELF_TRADE", "change_capability");
	say(E_insufficient_funds, false, "INSUFFICIENT_FUNDS",
	    "lower_max_price");
	say(E_cap_exceeded, false, "CAP_EXCEEDED", "raise_cap");
	say(E_cap_exposure, false, "CAP_EXCEEDED", "retry_later");
	say(E_id_conflict, false, "IDEMPOTENCY_CONFLICT", "new_key");
	say(E_task_missing, false, "TASK_NOT_FOUND", "contact_human");
}

/* To where the node is, not to where it wanted to buy. */
static void
test_realms(void)
{
	say(E_realm, true, "SANDBOX_ISOLATION", "use_sandbox_skills");
	say(E_realm, false, "SANDBOX_ISOLATION", "use_production_skills");
	say(E_self_trade, true, "SELF_TRADE", "change_capability");
}

static void
test_rest(void)
{
	say(E_skill_missing, false, "GRID_ERROR", "retry_later");
	say(E_seller_inactive, true, "GRID_ERROR", "retry_later");
	say(E_store_corrupt, false, "GRID_ERROR", "retry_later");
}

int
main(void)
{
	test_words();
	test_realms();
	test_rest();
	return DONE();
}
