#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/table.h"
#include "key/ident.h"
#include "ledger/type.h"
#include "trust/entry.h"
#include "trust/fold.h"

/* An identity. */
struct one {
	struct table_item item;
	struct trust_facts facts;	/* bonds are its own only */
	struct trust_epoch epoch;
};

/* An order that is open, of an identity at least on one side. */
struct open {
	struct table_item item;
	char id[ID_TEXT];
	char buyer[HASH_HEX], seller[HASH_HEX];	/* "": no identity */
	bool disputed;
};

struct trust_fold {
	struct table ones, opens;
};

struct trust_fold *
trust_fold_new(void)
{
	return mem_zero(1, sizeof(struct trust_fold));
}

static void
end_one(struct table_item *item)
{
	trust_facts_release(&((struct one *)item)->facts);
	free(item);
}

static void
end_open(struct table_item *item)
{
	free(item);
}

void
trust_fold_free(struct trust_fold *f)
{
	if (!f)
		return;
	table_release(&f->ones, end_one);
	table_release(&f->opens, end_open);
	free(f);
}

static struct one *
one_of(struct trust_fold *f, const char *node_id)
{
	struct one *x = (struct one *)table_find(&f->ones, node_id);

	if (!x) {
		x = mem_zero(1, sizeof(*x));
		snprintf(x->facts.node_id, HASH_HEX, "%s", node_id);
		x->item.key = x->facts.node_id;
		table_add(&f->ones, &x->item);
	}
	return x;
}

static void
put_id(char out[HASH_HEX], const char *account)
{
	snprintf(out, HASH_HEX, "%s", ident_is_id(account) ? account : "");
}

/* --- orders --------------------------------------------------------------- */

static int
take_lock(struct trust_fold *f, const struct entry *x, struct err *e)
{
	const struct leg *from = &x->legs[x->legs[0].minor > 0];
	struct json data = { 0 };
	const char *seller;
	struct open *o;
	int rc = -1;

	if (!x->ref || !x->data || strlen(x->ref) >= ID_TEXT ||
	    strcmp(from->unit->code, "TCK") || table_find(&f->opens, x->ref))
		return 0;
	if (json_parse(&data, x->data, strlen(x->data), e) ||
	    json_get_str(&data, "seller", &seller, e))
		goto out;
	rc = 0;
	if (!ident_is_id(seller) && !ident_is_id(from->account))
		goto out;
	o = mem_zero(1, sizeof(*o));
	snprintf(o->id, sizeof(o->id), "%s", x->ref);
	put_id(o->buyer, from->account);
	put_id(o->seller, seller);
	o->item.key = o->id;
	table_add(&f->opens, &o->item);
out:
	json_release(&data);
	return rc;
}

static void
add_order(struct trust_fold *f, const struct entry *x, const struct open *o,
    bool sold, bool good)
{
	const char *node_id = sold ? o->seller : o->buyer;
	struct trust_fact *fact;

	if (!*node_id)
		return;
	fact = trust_facts_add(&one_of(f, node_id)->facts);
	fact->kind = TRUST_ORDER;
	snprintf(fact->id, sizeof(fact->id), "%s", x->id);
	memcpy(fact->escrow_id, o->id, sizeof(o->id));
	fact->at_ms = x->at_ms;
	fact->sold = sold;
	fact->good = good;
	fact->disputed = o->disputed;
}

static int
take_transfer(struct trust_fold *f, const struct entry *x, struct err *e)
{
	struct open *o;
	enum type type;
	bool good;

	if (!type_named(x->type, &type))
		return 0;
	if (type == TYPE_ESCROW_LOCK)
		return take_lock(f, x, e);
	good = type == TYPE_ESCROW_SETTLE || type == TYPE_DISPUTE_RELEASE;
	if (!good && type != TYPE_ESCROW_REFUND &&
	    type != TYPE_DISPUTE_REFUND)
		return 0;
	o = x->ref ? (struct open *)table_find(&f->opens, x->ref) : NULL;
	if (!o)
		return 0;
	add_order(f, x, o, true, good);
	add_order(f, x, o, false, good);
	table_drop(&f->opens, &o->item);
	free(o);
	return 0;
}

/* --- what is said --------------------------------------------------------- */

/* A claim takes the place of the one before. */
static void
take_bond(struct trust_facts *of, const struct trust_bond *b)
{
	size_t i;

	for (i = 0; i < of->bonds; i++)
		if (b->proven ? of->bond[i].proven && !strcmp(b->wallet,
		    of->bond[i].wallet) : !of->bond[i].proven)
			break;
	if (i == of->bonds)
		(void)trust_facts_bond(of);
	of->bond[i] = *b;
}

static void
take_said(struct trust_fold *f, const struct trust_entry *said)
{
	struct one *one = one_of(f, said->node_id);

	switch (said->said) {
	case TRUST_SAID_FACT:
		*trust_facts_add(&one->facts) = said->fact;
		(void)one_of(f, said->fact.from_id);
		break;
	case TRUST_SAID_BOUND:
		take_bond(&one->facts, &said->bond);
		break;
	case TRUST_SAID_SCORED:
		one->epoch = said->epoch;
		break;
	}
}

int
trust_fold_take(struct trust_fold *f, const struct entry *x, struct err *e)
{
	struct trust_entry said;
	struct open *o;
	int got;

	if (x->kind == ENTRY_TRANSFER)
		return take_transfer(f, x, e);
	if (x->kind != ENTRY_EVENT)
		return 0;
	if (x->ref && !strcmp(x->type, "escrow.disputed")) {
		o = (struct open *)table_find(&f->opens, x->ref);
		if (o)
			o->disputed = true;
		return 0;
	}
	got = trust_entry_read(&said, x, e);
	if (got > 0)
		take_said(f, &said);
	return got < 0 ? -1 : 0;
}

/* --- asked ---------------------------------------------------------------- */

static void
copy_bonds(struct trust_facts *out, const struct one *from)
{
	size_t i;

	for (i = 0; from && i < from->facts.bonds; i++)
		*trust_facts_bond(out) = from->facts.bond[i];
}

bool
trust_fold_facts(const struct trust_fold *f, const char *node_id,
    struct trust_facts *out)
{
	const struct one *one = (struct one *)table_find(&f->ones, node_id);
	const struct one *from;
	struct trust_fact *fact;
	size_t i;

	*out = (struct trust_facts){ 0 };
	snprintf(out->node_id, sizeof(out->node_id), "%s", node_id);
	if (!one)
		return false;
	copy_bonds(out, one);
	for (i = 0; i < one->facts.n; i++) {
		fact = trust_facts_add(out);
		*fact = one->facts.fact[i];
		if (fact->kind != TRUST_ENDORSE)
			continue;
		from = (struct one *)table_find(&f->ones, fact->from_id);
		fact->weight = trust_weight(&from->epoch);
		copy_bonds(out, from);
	}
	return true;
}

void
trust_fold_epoch(const struct trust_fold *f, const char *node_id,
    struct trust_epoch *out)
{
	const struct one *one = (struct one *)table_find(&f->ones, node_id);

	*out = (struct trust_epoch){ .day = -1 };
	if (one)
		*out = one->epoch;
}

int
trust_fold_each(const struct trust_fold *f,
    int (*told)(void *, const char *node_id, struct err *), void *arg,
    struct err *e)
{
	const struct table_item *i, *next;
	size_t k;

	for (k = 0; k < f->ones.buckets; k++)
		for (i = f->ones.bucket[k]; i; i = next) {
			next = i->next;
			if (told(arg, i->key, e))
				return -1;
		}
	return 0;
}
