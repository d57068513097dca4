/* post.h - entries of two legs for the tests of the writer. */
#ifndef POST_H
#define POST_H

#include "home.h"
#include "ledger/record.h"

struct pay {
	const char *type, *id, *ref, *from, *to, *unit;
	int64_t minor;
	const char *data;
};

static inline void
pay_entry(const struct pay *p, struct leg legs[2], struct entry *out)
{
	legs[0] = (struct leg){ p->from, unit_named(p->unit), -p->minor };
	legs[1] = (struct leg){ p->to, unit_named(p->unit), p->minor };
	*out = (struct entry){
		.kind = ENTRY_TRANSFER, .id = p->id, .type = p->type,
		.ref = p->ref, .data = p->data, .legs = legs, .n_legs = 2,
	};
}

/* Post one, or a group: the code, and what became of each. */
static inline enum err_code
pay_all(struct ledger *l, const struct pay *p, size_t n, struct posted *out,
    struct err *e)
{
	struct entry *x = calloc(n + 1, sizeof(*x));
	struct leg (*legs)[2] = calloc(n + 1, sizeof(*legs));
	enum err_code code = E_ok;
	size_t i;

	*e = (struct err){ 0 };
	for (i = 0; i < n; i++)
		pay_entry(&p[i], legs[i], &x[i]);
	if (ledger_post_in(l, x, n, out, e))
		code = e->code;
	free(x);
	free(legs);
	return code;
}

/* As a person asks for it; id is then what the type dictates, or is given. */
static inline int
pay_by_hand(struct ledger *l, const struct transfer *t, struct chance *chance,
    char id[LEAF_ID], struct posted *out, struct err *e)
{
	struct terms terms = { 0 };
	struct record r = { 0 };
	struct entry x;
	int rc;

	record_pair(&r, t);
	rc = record_entry(&r, l, chance, &x, &terms, e);
	if (!rc)
		rc = leaf_check_id(x.id, e);
	if (!rc) {
		snprintf(id, LEAF_ID, "%s", x.id);
		rc = ledger_post_in(l, &x, 1, out, e);
	}
	record_release(&r);
	return rc;
}

static inline enum err_code
pay(struct ledger *l, const struct pay *p)
{
	struct posted posted;
	struct err e;

	return pay_all(l, p, 1, &posted, &e);
}

static inline enum err_code
move(struct ledger *l, const char *id, const char *from, const char *to,
    int64_t minor)
{
	return pay(l, &(struct pay){ .type = strcmp(from, "MINT") ?
	    "TRANSFER" : "CREDIT_ISSUE", .id = id, .from = from, .to = to,
	    .unit = "TCK", .minor = minor });
}

#endif
