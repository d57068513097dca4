#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "crypto/hash.h"
#include "ledger/type.h"

enum { NODE = 1, MINT = 2, VAULT = 4, ESCROW = 8, BOUNTY = 16 };
enum who { DOMAIN, OPERATOR };
enum ref { REF_NODE, REF_GIVEN, REF_FREE };

#define TYPE(word, who, from, to, legs, id, ref, unit) \
	{ #word, who, from, to, legs, id, REF_##ref, unit },
static const struct row {
	const char *word;
	enum who who;
	unsigned from, to;
	size_t legs;
	const char *id;
	enum ref ref;
	const char *unit;
} rows[] = {
#include "ledger/types.def"
};

static unsigned
class_of(const char *account)
{
	switch (*account) {		/* most are nodes, and say so here */
	case 'M':
		return strcmp(account, "MINT") ? NODE : MINT;
	case 'V':
		return strcmp(account, "VAULT") ? NODE : VAULT;
	case 'E':
		break;
	default:
		return NODE;
	}
	if (!strncmp(account, "ESCROW:BOUNTY:", 14))
		return BOUNTY;
	if (!strncmp(account, "ESCROW:", 7))
		return ESCROW;
	return strncmp(account, "ESCROW", 6) ? NODE : 0;
}

bool
type_reserved(const char *account)
{
	return class_of(account) != NODE;
}

int
type_named(const char *word, enum type *out)
{
	size_t i;

	for (i = 0; i < TYPE__COUNT; i++)
		if (*rows[i].word == *word && !strcmp(rows[i].word, word)) {
			*out = (enum type)i;
			return 1;
		}
	return 0;
}

const char *
type_word(enum type t)
{
	return rows[t].word;
}

bool
type_by_hand(enum type t)
{
	return rows[t].who == OPERATOR;
}

bool
type_is_step(const char *event)
{
	return !strcmp(event, "task.claimed") ||
	    !strcmp(event, "task.completed") ||
	    !strcmp(event, "escrow.disputed");
}

bool
type_is_fact(const char *event)
{
	return !strncmp(event, "trust.", 6);
}

/* The first 32 hex digits of the hash of a name, behind a prefix. */
static void
hashed(char out[LEAF_ID], const char *prefix, size_t n, const char *name)
{
	char hex[HASH_HEX];
	struct hash h;

	hash_of(&h, name, strlen(name));
	hash_hex(hex, &h);
	snprintf(out, LEAF_ID, "%.*s%.32s", (int)n, prefix, hex);
}

/* Of an account and its unit: "open:O". */
static void
hashed_leg(char out[LEAF_ID], const char *prefix, size_t n,
    const struct leg *leg)
{
	char name[LEAF_ACCOUNT + UNIT_CODE + 2];

	snprintf(name, sizeof(name), "%s\n%s", leg->account,
	    leg->unit->code);
	hashed(out, prefix, n, name);
}

/* The one credited, of two. */
static const struct leg *
credited(const struct entry *x)
{
	return &x->legs[x->legs[0].minor < 0];
}

/* Whose hash some ids hold: the one that is not the system's. */
static const char *
node_of(const struct entry *x)
{
	size_t i;

	for (i = 0; i < x->n_legs; i++)
		if (!type_reserved(x->legs[i].account))
			return x->legs[i].account;
	return x->legs[0].account;
}

bool
type_id_of(enum type t, const struct entry *x, char out[LEAF_ID])
{
	const char *form = rows[t].id;
	size_t n = strcspn(form, "O");

	if (!form[n])
		return type_id(t, x->ref, node_of(x), out);
	hashed_leg(out, form, n, credited(x));
	return true;
}

bool
type_id(enum type t, const char *ref, const char *node, char out[LEAF_ID])
{
	const char *form = rows[t].id;
	size_t n = strcspn(form, "N");

	if (*form == 'R' && ref) {
		snprintf(out, LEAF_ID, "%.40s%s", ref, form + 1);
		return strlen(ref) <= 40;
	}
	if (form[n] != 'N')
		return false;
	hashed(out, form, n, node);
	return true;
}

static bool
digits_only(const char *s, const char *set)
{
	return *s && !s[strspn(s, set)];
}

/* Forms that are neither free nor wholly given: "chain:X", "reward:R:#". */
static bool
id_fits(const char *form, const struct entry *x)
{
	char id[LEAF_ID];
	size_t n = strcspn(form, "RXO*");

	if (strncmp(x->id, form, n))
		return false;
	switch (form[n]) {
	case 'X':
		return strlen(x->id + n) == 32 &&
		    digits_only(x->id + n, "0123456789abcdef");
	case 'R':
		form += n + 1;
		n += strlen(x->ref);
		return !strncmp(x->id + n - strlen(x->ref), x->ref,
		    strlen(x->ref)) && x->id[n] == *form &&
		    digits_only(x->id + n + 1, "0123456789");
	case 'O':
		hashed_leg(id, form, n, credited(x));
		return !strcmp(id, x->id);
	default:
		return true;
	}
}

/* An escrow account bears the id that the entry is about. */
static bool
escrow_fits(const char *account, unsigned class, const char *ref)
{
	if (class == ESCROW)
		return !strcmp(account + 7, ref);
	return class != BOUNTY || !strcmp(account + 14, ref);
}

static int
check_flow(const struct row *r, const struct entry *x,
    const struct leg **node, struct err *e)
{
	const struct leg *leg;
	unsigned class, may;

	for (leg = x->legs; leg < x->legs + x->n_legs; leg++) {
		class = class_of(leg->account);
		may = leg->minor < 0 ? r->from : r->to;
		if (class & NODE)
			*node = leg;
		if (*r->unit && strcmp(r->unit, leg->unit->code))
			return err_set(e, E_flow_refused, "%s moves %s only",
			    r->word, r->unit);
		if (class & may && (class & NODE || !x->ref ||
		    escrow_fits(leg->account, class, x->ref)))
			continue;
		if (class & NODE)
			return err_set(e, E_flow_refused,
			    "%s does not %s a node's account", r->word,
			    leg->minor < 0 ? "debit" : "credit");
		return err_set(e, E_reserved_account,
		    "%s does not %s '%s'", r->word,
		    leg->minor < 0 ? "debit" : "credit", leg->account);
	}
	return 0;
}

/* Says what the id has to be, in words. */
static int
bad_id(const struct row *r, const struct entry *x, struct err *e)
{
	struct buf form = BUF_INIT(256);
	const char *p;

	for (p = r->id; *p; p++)
		if (*p == 'R')
			buf_adds(&form, "REF");
		else if (*p == 'X')
			buf_adds(&form, "32-HEX-DIGITS");
		else if (*p == 'N' || *p == 'O')
			buf_adds(&form, "HASH");
		else if (*p == '#')
			buf_adds(&form, "NUMBER");
		else
			buf_addc(&form, *p);
	err_set(e, E_bad_id, "'%s' is not the id of this %s, which is %s",
	    x->id, r->word, form.data);
	buf_release(&form);
	return -1;
}

int
type_check(const struct entry *x, struct err *e)
{
	const struct leg *node = NULL;
	char id[LEAF_ID];
	const struct row *r;
	enum type t;

	if (!type_named(x->type, &t))
		return err_set(e, E_bad_type, "no type '%.40s'", x->type);
	r = &rows[t];
	if (x->n_legs > r->legs)
		return err_set(e, E_leg_count, "%s has two legs", r->word);
	if (check_flow(r, x, &node, e))
		return -1;
	if (r->ref != REF_FREE && !x->ref)
		return err_set(e, E_flow_refused, "%s needs a ref", r->word);
	if (r->ref == REF_NODE && (!node || strcmp(x->ref, node->account)))
		return err_set(e, E_flow_refused,
		    "the ref of %s is the node's name", r->word);
	/* Where the ref is the id, one that is too long for it fits nothing. */
	if (type_id(t, x->ref, node ? node->account : "", id) ?
	    strcmp(id, x->id) : *r->id == 'R' || !id_fits(r->id, x))
		return bad_id(r, x, e);
	return 0;
}
