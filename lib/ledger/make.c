#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "ledger/clearing.h"
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

int
ledger_payout_in(struct ledger *l, const struct move *m, int64_t tax_bp,
    struct err *e)
{
	const struct unit *unit = m->amount.unit;
	int64_t tax = clearing_tax(m->amount.minor, tax_bp);
	char close_id[LEAF_ID], tax_id[LEAF_ID];
	const struct leg payout[] = {
		{ m->from, unit, tax - m->amount.minor },
		{ m->to, unit, m->amount.minor - tax },
	};
	const struct leg taxed[] = {
		{ m->from, unit, -tax }, { "VAULT", unit, tax },
	};
	const struct entry group[] = {
		{ .kind = ENTRY_TRANSFER, .type = type_word(m->type),
		  .id = close_id, .ref = m->ref,
		  .legs = payout, .n_legs = 2 },
		{ .kind = ENTRY_TRANSFER, .type = "PROTOCOL_TAX",
		  .id = tax_id, .ref = m->ref,
		  .legs = taxed, .n_legs = 2 },
	};
	struct posted posted[2];

	assert(!m->data);
	type_id(m->type, m->ref, "", close_id);
	type_id(TYPE_PROTOCOL_TAX, m->ref, "", tax_id);
	return ledger_post_in(l, group, tax ? 2 : 1, posted, e);
}

void
ledger_name_id(const char *prefix, const char *name, char out[LEAF_ID])
{
	char hex[HASH_HEX];
	struct hash h;

	hash_of(&h, name, strlen(name));
	hash_hex(hex, &h);
	snprintf(out, LEAF_ID, "%.30s%.32s", prefix, hex);
}

void
ledger_next_id(struct ledger *l, const char *prefix, const char *name,
    char out[LEAF_ID])
{
	struct buf text = BUF_INIT(LEAF_ACCOUNT + 32);

	buf_addf(&text, "%s\n%" PRIu64, name, ledger_size_in(l));
	ledger_name_id(prefix, text.data, out);
	buf_release(&text);
}
