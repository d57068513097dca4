/*
 * Beancount sorts what it reads by date, and demands that an account be open
 * on the day it is used: which day that is is known once all entries have
 * been written, so what opens accounts stands at the end.
 */
#include <string.h>

#include "journal/impl.h"

static void
put_encoded(struct buf *out, const char *text)
{
	for (; *text; text++)
		if (strchr("abcdefghijklmnopqrstuvwxyz"
		    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", *text))
			buf_addc(out, *text);
		else
			buf_addf(out, "-%02X", (unsigned char)*text);
}

static void
put_name(struct buf *out, const char *name)
{
	if (!strcmp(name, "MINT")) {
		buf_adds(out, "Equity:Mint");
	} else if (!strcmp(name, "VAULT")) {
		buf_adds(out, "Assets:Vault");
	} else if (!strncmp(name, "ESCROW:", 7)) {
		buf_adds(out, "Assets:Escrow:X");
		put_encoded(out, name + 7);
	} else {
		buf_adds(out, "Assets:Node:X");
		put_encoded(out, name);
	}
}

/* Three codes are words of beancount's own; no code of ours has a point. */
static void
put_unit(struct buf *out, const char *code)
{
	buf_adds(out, code);
	if (!strcmp(code, "TRUE") || !strcmp(code, "FALSE") ||
	    !strcmp(code, "NULL"))
		buf_adds(out, ".U");
}

static void
put_leg(struct journal *j, const char *name, int64_t minor,
    const struct unit *unit)
{
	buf_adds(&j->out, "  ");
	put_name(&j->out, name);
	buf_adds(&j->out, "  ");
	journal_amount(&j->out, minor, unit);
	buf_addc(&j->out, ' ');
	put_unit(&j->out, unit->code);
	buf_addc(&j->out, '\n');
	j->legs++;
}

static void
put_text(struct buf *out, const char *key, const char *value)
{
	buf_adds(out, key);
	buf_adds(out, value);
	buf_adds(out, "\"\n");
}

/* Neither a ref nor an id can hold a quote. */
static void
put_entry(struct journal *j, const struct entry *x)
{
	size_t i;

	buf_adds(&j->out, journal_date(j, x));
	put_text(&j->out, " * \"", x->type);
	buf_adds(&j->out, "  bzn-seq: ");
	journal_int(&j->out, x->seq);
	put_text(&j->out, "\n  bzn-id: \"", x->id);
	if (x->ref)
		put_text(&j->out, "  bzn-ref: \"", x->ref);
	for (i = 0; i < x->n_legs; i++)
		put_leg(j, x->legs[i].account, x->legs[i].minor,
		    x->legs[i].unit);
	buf_addc(&j->out, '\n');
}

/* Which units it may hold, so that no other gets there unseen. */
static void
put_open(struct journal *j, const char *name)
{
	struct account a;
	struct err e = { 0 };
	struct query q;
	const char *before = "  ";

	buf_adds(&j->out, journal_day(j, j->first_day));
	buf_adds(&j->out, " open ");
	put_name(&j->out, name);
	ledger_accounts_open(&q, j->store, name);
	while (ledger_accounts_next(&q, &a, &e) > 0) {
		buf_adds(&j->out, before);
		put_unit(&j->out, a.unit.code);
		before = ",";
	}
	query_close(&q);
	put_text(&j->out, "\n  bzn-account: \"", name);
}

/* A balance is checked at the start of its day, so it is the day after. */
static void
closing(struct journal *j, const struct account *a, int64_t minor)
{
	if (strcmp(a->name, j->last))
		put_open(j, a->name);
	buf_adds(&j->out, journal_day(j, j->last_day + 1));
	buf_adds(&j->out, " balance ");
	put_name(&j->out, a->name);
	buf_adds(&j->out, "  ");
	journal_amount(&j->out, minor, &a->unit);
	buf_adds(&j->out, " ~ 0 ");
	put_unit(&j->out, a->unit.code);
	buf_addc(&j->out, '\n');
}

const struct journal_format journal_beancount = {
	.word = "beancount", .opening = " * \"opening\"\n",
	.leg = put_leg, .entry = put_entry, .closing = closing,
};
