/* The policy gate: the same judgement, asked for and not acted on. */
#include <stdio.h>

#include "gate/gate.h"
#include "ledger/ledger.h"

/* May the node change this itself? */
static bool
is_own(enum err_code code)
{
	return code == E_cap_exceeded || code == E_cap_exposure;
}

int
gate_ask_in(struct ledger *l, const struct gate *g, const int64_t *minor,
    struct gate_answer *out, struct err *e)
{
	struct gate asked = *g;
	struct gated in;
	int rc;

	asked.asking = true;
	*out = (struct gate_answer){ 0 };
	rc = gate_parties_in(l, &asked, &in, e);
	if (!rc && minor)
		rc = gate_money_in(l, g->node_id,
		    (struct amount){ *minor, in.unit }, g->params, e);
	if (!rc) {
		out->allowed = true;
		out->override_available = *in.warning;
		snprintf(out->reason, sizeof(out->reason), "%s", in.warning);
		return 0;
	}
	if (e->kind != ERR_REFUSED && e->kind != ERR_DENIED)
		return -1;
	out->code = e->code;
	out->override_available = is_own(e->code);
	snprintf(out->reason, sizeof(out->reason), "%s", e->msg);
	*e = (struct err){ 0 };
	return 0;
}
