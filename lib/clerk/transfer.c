#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "clerk/impl.h"
#include "ledger/clawback.h"
#include "ledger/record.h"
#include "ledger/result.h"
#include "ledger/type.h"
#include "node/node.h"
#include "strike/strike.h"

struct want {
	const struct clerk *say;
	struct transfer transfer;
	struct record record;
	char condition[512];
};

/* --if is one condition in words. */
static int
add_terms(struct cli *c, struct ledger *l, struct want *w, struct cond *cond,
    struct terms *t, struct err *e)
{
	const struct clerk *say = w->say;

	if (say->memo) {
		t->memo = say->memo;
		post_salt(t, &c->chance);
	}
	if (!say->condition)
		return 0;
	if (strlen(say->condition) >= sizeof(w->condition))
		return err_set(e, E_too_long, "'--if' is too long");
	memcpy(w->condition, say->condition, strlen(say->condition) + 1);
	if (cond_line(cond, w->condition, ledger_units(l), e))
		return err_wrap(e, "--if");
	t->before = cond;
	t->n_before = 1;
	return 0;
}

/* A node has money of one realm only, also when it has paid for it. */
static int
check_realm(struct ledger *l, const struct entry *x, struct err *e)
{
	const struct leg *to = &x->legs[x->legs[0].minor < 0];

	return strcmp(x->type, type_word(TYPE_FIAT_PURCHASE)) ? 0 :
	    node_takes(ledger_store(l), to->account, to->unit, e);
}

/* Take back what there is of a purchase, and say how much that is. */
static int
claw_back(struct ledger *l, const struct entry *x, const struct terms *terms,
    struct buf *out, struct err *e)
{
	struct clawback claw;
	struct entry taken;
	int got = clawback_in(l, x, &claw, e);

	if (got < 0)
		return -1;
	taken = *x;
	taken.legs = claw.legs;
	if (!got && ledger_post_with_in(l, &taken, terms, 1, &claw.known,
	    NULL, e))
		return -1;
	result_open(out, x->id, &claw.known);
	json_amount(out, "amount", claw.taken);
	if (claw.short_minor)
		json_amount(out, "short", (struct amount){ claw.short_minor,
		    claw.taken.unit });
	json_close(out, '}');
	buf_addc(out, '\n');
	return 0;
}

static int
act(struct cli *c, struct ledger *l, const char *id, void *arg,
    struct buf *out, struct err *e)
{
	struct terms terms = { 0 };
	struct want *w = arg;
	struct posted posted;
	struct cond cond;
	struct entry x;

	(void)id;		/* a type may dictate another */
	record_pair(&w->record, &w->transfer);
	if (record_entry(&w->record, l, &c->chance, &x, &terms, e) ||
	    add_terms(c, l, w, &cond, &terms, e) || check_realm(l, &x, e))
		return -1;
	if (clawback_is(&x))
		return claw_back(l, &x, &terms, out, e);
	if (ledger_post_with_in(l, &x, &terms, 1, &posted, NULL, e) ||
	    (!posted.existed && strike_credited_in(l, &x, e)))
		return -1;
	clerk_result(out, x.id, &posted);
	return 0;
}

int
clerk_transfer(struct cli *c, const struct clerk *say, struct err *e)
{
	struct want w = {
		.say = say,
		.transfer = {
			.id = c->id, .from = c->argv[0], .to = c->argv[1],
			.amount = c->argv[2], .unit = c->argv[3],
			.type = say->type, .ref = say->ref,
		},
	};
	int rc = clerk_act(c, act, &w, e);

	record_release(&w.record);
	return rc;
}
