#include <assert.h>

#include "ledger/make.h"

int
ledger_event_in(struct ledger *l, const char *type, const char *id,
    const char *ref, const char *data, struct err *e)
{
	const struct entry x = {
		.kind = ENTRY_EVENT, .type = type, .id = id, .ref = ref,
		.data = data,
	};
	struct posted posted;

	return ledger_post_in(l, &x, 1, &posted, e);
}

int
ledger_move_in(struct ledger *l, const struct move *m, struct err *e)
{
	const struct leg legs[] = {
		{ m->from, m->amount.unit, -m->amount.minor },
		{ m->to, m->amount.unit, m->amount.minor },
	};
	char id[LEAF_ID];
	const struct entry x = {
		.kind = ENTRY_TRANSFER, .type = type_word(m->type), .id = id,
		.ref = m->ref, .data = m->data, .legs = legs, .n_legs = 2,
	};
	bool given = type_id(m->type, m->ref,
	    type_reserved(m->from) ? m->to : m->from, id);
	struct posted posted;

	assert(given);
	return ledger_post_in(l, &x, 1, &posted, e);
}
