#include "customer/customer.h"

#include <stdio.h>
#include <string.h>

#include "ledger/make.h"
#include "ledger/post.h"
#include "ledger/read.h"
#include "store/store.h"

#define UNIT "DZIT"

/* 1, 0, -1 */
static int
find(struct store *s, enum sql which, const char *name, struct customer *out,
    struct err *e)
{
	struct query q;
	int got;

	query_open(&q, s, which);
	query_text(&q, name);
	got = query_row(&q, e);
	if (got > 0) {
		query_put_text(&q, 0, out->account, sizeof(out->account));
		query_put_text(&q, 1, out->email, sizeof(out->email));
		out->made_ms = query_get_int(&q, 2);
	}
	query_close(&q);
	return got;
}

int
customer_get(struct store *s, const char *email, const char *account,
    struct customer *out, struct err *e)
{
	char small[SIGNUP_EMAIL];
	int got;

	if (email && signup_email(email, small, e))
		return -1;
	got = email ? find(s, SQL_CUSTOMER_BY_EMAIL, small, out, e) :
	    find(s, SQL_CUSTOMER_BY_ACCOUNT, account, out, e);
	return got ? got < 0 ? -1 : 0 : err_set(e, E_no_account,
	    "there is no such customer");
}

int
customer_account(struct store *s, const struct customer *c,
    struct account *out, struct err *e)
{
	int got = ledger_account_of(s, c->account, UNIT, out, e);

	if (!got)
		*out = (struct account){ .unit = *unit_named(UNIT) };
	return got < 0 ? -1 : 0;
}

static int
make_in(struct ledger *l, const char *email, struct chance *chance,
    struct customer *out, struct err *e)
{
	char id[ID_TEXT];
	struct query q;

	if (signup_email(email, out->email, e))
		return -1;
	out->made_ms = ledger_now(l);
	id_new(id, out->made_ms, chance);
	snprintf(out->account, sizeof(out->account), "c_%s", id);
	query_open(&q, ledger_store(l), SQL_CUSTOMER_ADD);
	query_text(&q, out->account);
	query_text(&q, out->email);
	query_int(&q, out->made_ms);
	return query_change(&q, e) < 0 ? -1 : 0;
}

static int
get_in(struct ledger *l, const struct customer_move *m,
    struct chance *chance, struct customer *out, struct err *e)
{
	if (!customer_get(ledger_store(l), m->email, m->account, out, e))
		return 0;
	if (e->code != E_no_account || !m->email || m->deduct)
		return -1;
	*e = (struct err){ 0 };
	return make_in(l, m->email, chance, out, e);
}

int
customer_move_in(struct ledger *l, const struct customer_move *m,
    struct chance *chance, struct customer *out, char id[LEAF_ID],
    struct err *e)
{
	const struct unit *unit = unit_named(UNIT);
	struct terms terms = { .memo = m->reason };
	struct leg legs[2];
	struct entry x = {
		.kind = ENTRY_TRANSFER, .id = id, .legs = legs, .n_legs = 2,
		.type = type_word(m->deduct ? TYPE_CREDIT_DEDUCT :
		    TYPE_CREDIT_ISSUE),
	};
	struct posted posted;

	if (get_in(l, m, chance, out, e) ||
	    (m->reason && post_check_memo(m->reason, e)))
		return -1;
	ledger_name_id("dzit:", m->key, id);
	/* In the order of their names, MINT and VAULT before "c_". */
	legs[0] = (struct leg){ m->deduct ? "VAULT" : "MINT", unit,
	    m->deduct ? m->minor : -m->minor };
	legs[1] = (struct leg){ out->account, unit,
	    m->deduct ? -m->minor : m->minor };
	post_salt(&terms, chance);
	return ledger_post_with_in(l, &x, &terms, 1, &posted, NULL, e);
}
