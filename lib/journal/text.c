/*
 * hledger and ledger: one language, but for how units and tags are declared,
 * and what an account may be called.
 */
#include <string.h>

#include "journal/impl.h"

#define ASSERTIONS 100		/* in one transaction, at most */

static bool
is_ledger(const struct journal *j)
{
	return j->want->kind == JOURNAL_LEDGER;
}

/* A unit with a digit in it must be quoted. */
static void
put_unit(struct buf *out, const char *code)
{
	bool quote = code[strcspn(code, "0123456789")] != '\0';

	if (quote)
		buf_addc(out, '"');
	buf_adds(out, code);
	if (quote)
		buf_addc(out, '"');
}

static void
put_name(struct journal *j, const char *name)
{
	const char *p;

	if (!is_ledger(j)) {
		buf_adds(&j->out, name);
		return;
	}
	for (p = name; *p; p++) {
		buf_addc(&j->out, *p);
		if (*p == ':' && (!p[1] || p[1] == ':'))
			buf_addc(&j->out, '~');
	}
}

static void
put_amount(struct journal *j, int64_t minor, const struct unit *unit)
{
	journal_amount(&j->out, minor, unit);
	buf_addc(&j->out, ' ');
	put_unit(&j->out, unit->code);
}

/* hledger wants a point even where no digits follow. */
static void
put_format(struct journal *j, const struct unit *unit)
{
	journal_amount(&j->out, 1000, &(struct unit){ .scale = 0 });
	if (unit->scale || !is_ledger(j))
		buf_addc(&j->out, '.');
	buf_addf(&j->out, "%.*s ", unit->scale, "000000000000000000");
	put_unit(&j->out, unit->code);
	buf_addc(&j->out, '\n');
}

static void
begin(struct journal *j)
{
	size_t i;

	for (i = 0; i < j->units.n; i++) {
		buf_adds(&j->out, "commodity ");
		if (is_ledger(j)) {
			put_unit(&j->out, j->units.unit[i]->code);
			buf_adds(&j->out, "\n  format ");
		}
		put_format(j, j->units.unit[i]);
	}
	buf_adds(&j->out, "tag bzn-id\ntag bzn-ref\n");
}

static void
declare(struct journal *j, const struct account *a)
{
	if (!strcmp(a->name, j->last))
		return;
	buf_adds(&j->out, "account ");
	put_name(j, a->name);
	buf_addc(&j->out, '\n');
}

/* What is not of an id's characters would end the tag, or begin another. */
static void
put_encoded(struct buf *out, const char *text)
{
	static const char kept[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:@/+=~-";

	for (; *text; text++)
		if (strchr(kept, *text))
			buf_addc(out, *text);
		else
			buf_addf(out, "%%%02X", (unsigned char)*text);
}

static void
put_tags(struct journal *j, const struct entry *x)
{
	const char *space = is_ledger(j) ? " " : "";

	buf_adds(&j->out, "    ; bzn-id:");
	buf_adds(&j->out, space);
	buf_adds(&j->out, x->id);
	if (x->ref) {
		buf_adds(&j->out, is_ledger(j) ? "\n    ; bzn-ref: " :
		    ", bzn-ref:");
		put_encoded(&j->out, x->ref);
	}
	buf_addc(&j->out, '\n');
}

static void
put_leg(struct journal *j, const char *name, int64_t minor,
    const struct unit *unit)
{
	buf_adds(&j->out, "    ");
	put_name(j, name);
	buf_adds(&j->out, "  ");
	put_amount(j, minor, unit);
	buf_addc(&j->out, '\n');
	j->legs++;
}

static void
put_entry(struct journal *j, const struct entry *x)
{
	size_t i;

	buf_adds(&j->out, journal_date(j, x));
	buf_adds(&j->out, " (");
	journal_int(&j->out, x->seq);
	buf_adds(&j->out, ") ");
	buf_adds(&j->out, x->type);
	buf_addc(&j->out, '\n');
	put_tags(j, x);
	for (i = 0; i < x->n_legs; i++)
		put_leg(j, x->legs[i].account, x->legs[i].minor,
		    x->legs[i].unit);
	buf_addc(&j->out, '\n');
}

/* Dated as the last entry is, and behind it in the file. */
static void
closing(struct journal *j, const struct account *a, int64_t minor)
{
	if (j->legs++ % ASSERTIONS == 0) {
		if (j->legs > 1)
			buf_addc(&j->out, '\n');
		buf_adds(&j->out, journal_day(j, j->last_day));
		buf_adds(&j->out, " balances\n");
	}
	buf_adds(&j->out, "    ");
	put_name(j, a->name);
	buf_adds(&j->out, "  ");
	put_amount(j, 0, &a->unit);
	buf_adds(&j->out, " = ");
	put_amount(j, minor, &a->unit);
	buf_addc(&j->out, '\n');
}

const struct journal_format journal_hledger = {
	.word = "hledger", .begin = begin, .declare = declare,
	.opening = " opening\n", .leg = put_leg, .entry = put_entry,
	.closing = closing,
};

const struct journal_format journal_ledger = {
	.word = "ledger", .begin = begin, .declare = declare,
	.opening = " opening\n", .leg = put_leg, .entry = put_entry,
	.closing = closing,
};
