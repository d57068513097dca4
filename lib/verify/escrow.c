#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "ledger/clearing.h"
#include "verify/escrow.h"

/* Is the data an object of these members, '?' before those that may be? */
static bool
has_form(const struct json *data, const char *const *keys)
{
	struct json it = { 0 };
	size_t i;

	for (i = 0; keys[i]; i++)
		if (*keys[i] != '?' && !json_has(data, keys[i]))
			return false;
	while (json_next(&it, data)) {
		for (i = 0; keys[i]; i++)
			if (!strcmp(keys[i] + (*keys[i] == '?'),
			    json_key(&it)))
				break;
		if (!keys[i])
			return false;
	}
	return true;
}

/* An object that was canonical before: no more than a formality. */
static bool
parse(struct json *out, const struct entry *x)
{
	struct err why;

	*out = (struct json){ 0 };
	return x->data && !json_parse(out, x->data, strlen(x->data), &why);
}

static bool
take_text(const struct json *data, const char *key, char *out, size_t n)
{
	const char *text;
	struct err why;

	return !json_get_str(data, key, &text, &why) && strlen(text) < n &&
	    snprintf(out, n, "%s", text) > 0;
}

/* If it is there, and a text. */
static void
keep_text(const struct json *data, const char *key, char **out)
{
	const char *text = NULL;
	struct err why;

	if (!json_opt_str(data, key, &text, &why) && text)
		*out = mem_text(text);
}

static bool
take_number(const struct json *data, const char *key, int64_t *out)
{
	struct err why;

	return !json_get_int(data, key, out, &why) && *out >= 0;
}

static bool
is_payee(const struct open *o, const char *account)
{
	size_t i;

	for (i = 0; i < o->n_payee; i++)
		if (!strcmp(o->payee[i].account, account))
			return true;
	return false;
}

/* X12: shares of 10,000, each account once. */
static bool
take_split(const struct json *data, struct open *o)
{
	struct json split, it = { 0 };
	int64_t sum = 0;
	struct err why;
	size_t n;

	if (!json_find(&split, data, "split"))
		return true;
	n = json_count(&split);
	if (json_want(&split, JSON_ARRAY, &why) || !n ||
	    n > CLEARING_PAYEES || o->tax_bp)
		return false;
	o->payee = mem_zero(n, sizeof(*o->payee));
	while (json_next(&it, &split)) {
		if (json_count(&it) != 2 || !take_text(&it, "account",
		    o->payee[o->n_payee].account, LEAF_ACCOUNT) ||
		    leaf_check_account(o->payee[o->n_payee].account, &why) ||
		    is_payee(o, o->payee[o->n_payee].account) ||
		    !take_number(&it, "share", &o->payee[o->n_payee].share) ||
		    o->payee[o->n_payee].share > CLEARING_WHOLE)
			return false;
		sum += o->payee[o->n_payee++].share;
	}
	return sum == CLEARING_WHOLE;
}

/* Whatever can be read is, so that one mistake is one finding. */
const char *
verify_escrow_lock(struct open *o, const struct entry *x)
{
	static const char *const trade[] = {
		"auto_refund_ms", "seller", "tax_bp", "?task", "?order",
		"?skill", "?input_sha256", "?split", NULL,
	};
	static const char *const bounty[] = {
		"deadline_ms", "tax_bp", NULL
	};
	struct json data;
	bool good = parse(&data, x) && json_kind(&data) == JSON_OBJECT;

	if (good) {
		good = has_form(&data, o->bounty ? bounty : trade);
		good &= take_number(&data, o->bounty ? "deadline_ms" :
		    "auto_refund_ms", &o->refund_ms);
		good &= take_number(&data, "tax_bp", &o->tax_bp) &&
		    o->tax_bp <= CLEARING_TAX_MAX;
	}
	if (good && !o->bounty)
		good = json_has(&data, "task") != json_has(&data, "order");
	if (data.node && !o->bounty) {
		good &= take_text(&data, "seller", o->seller,
		    sizeof(o->seller));
		good &= take_split(&data, o);
		keep_text(&data, "task", &o->task);
		keep_text(&data, "skill", &o->skill);
	}
	json_release(&data);
	o->malformed = !good;
	if (!good)
		return "the data of the lock is not of its form";
	if (!strcmp(o->buyer, o->seller))
		return "buyer and seller are the same";
	return x->group_n ? "a lock is no member of a group" : NULL;
}

const char *
verify_escrow_claim(struct open *o, const struct entry *x)
{
	if (o->state != PENDING || x->at_ms >= o->refund_ms)
		return "its escrow cannot be claimed";
	o->claimed_ms = x->at_ms;
	return NULL;
}

const char *
verify_escrow_complete(struct open *o, const struct entry *x)
{
	static const char *const keys[] = {
		"auto_settle_ms", "output_sha256", "?verdict", NULL
	};
	struct json data;
	bool good = parse(&data, x) && has_form(&data, keys) &&
	    take_number(&data, "auto_settle_ms", &o->settle_ms);

	if (good && o->state == PENDING) {
		keep_text(&data, "verdict", &o->verdict);
		keep_text(&data, "output_sha256", &o->output);
		o->completed_ms = x->at_ms;
	}
	json_release(&data);
	if (!good)
		return "its data is not of its form";
	if (o->state != PENDING)
		return "its escrow is not pending";
	o->state = AWAITING;
	return x->at_ms < o->refund_ms ? NULL :
	    "it is delivered after its time";
}

const char *
verify_escrow_dispute(struct open *o, const struct entry *x)
{
	static const char *const keys[] = { "reason", "?text_sha256", NULL };
	char reason[40] = "";
	struct json data;
	bool good = parse(&data, x) && has_form(&data, keys) &&
	    take_text(&data, "reason", reason, sizeof(reason)) &&
	    !strcmp(reason, "BUYER_DISPUTE");

	json_release(&data);
	if (!good)
		return "its data is not of its form";
	if (o->state != AWAITING)
		return "its escrow awaits no settlement";
	o->state = DISPUTED;
	o->disputed_ms = x->at_ms;
	return x->at_ms < o->settle_ms ? NULL :
	    "it is disputed after its time";
}

int64_t
verify_escrow_moved(const struct entry *x, const char *account)
{
	size_t i;

	for (i = 0; i < x->n_legs; i++)
		if (!strcmp(x->legs[i].account, account))
			return x->legs[i].minor;
	return 0;
}

/* X12: to each its share, and no leg for nothing. */
static bool
split_fits(const struct open *o, const struct entry *x)
{
	int64_t share[CLEARING_PAYEES], want[CLEARING_PAYEES];
	size_t i, legs = 1;

	for (i = 0; i < o->n_payee; i++)
		share[i] = o->payee[i].share;
	clearing_split(o->minor, share, o->n_payee, want);
	for (i = 0; i < o->n_payee; i++) {
		legs += want[i] != 0;
		if (verify_escrow_moved(x, o->payee[i].account) != want[i])
			return false;
	}
	return legs == x->n_legs;
}

/* X12: a settlement only; who wins a dispute gets all. */
static bool
is_split(const struct open *o, bool disputed)
{
	return o->n_payee && !disputed;
}

const char *
verify_escrow_payment(const struct open *o, const struct entry *x,
    bool disputed)
{
	if (o->bounty ? o->state != PENDING :
	    o->state != (disputed ? DISPUTED : AWAITING))
		return "its escrow is not in a state to be paid";
	if (!o->bounty && !disputed && x->at_ms < o->settle_ms)
		return "it is paid before its time";
	if (!o->bounty && !disputed && o->verdict)
		return "it is paid although a rule failed";
	if (is_split(o, disputed))
		return split_fits(o, x) ? NULL :
		    "the shares are not those of the lock";
	if (o->bounty && verify_escrow_moved(x, o->buyer))
		return "it pays the bounty to who put it up";
	if (!o->bounty && !verify_escrow_moved(x, o->seller))
		return "it does not pay the seller of the lock";
	return x->n_legs != 2 ? "it pays others, too" : NULL;
}

const char *
verify_escrow_payout(const struct open *o, const struct entry *x,
    int64_t tax, bool disputed)
{
	const struct leg *from = &x->legs[x->legs[0].minor > 0];

	if (!is_split(o, disputed) && -from->minor != o->minor - tax)
		return "the payout is not what is locked without the tax";
	if (tax && (x->group_n != 2 || x->group_i))
		return "the tax is not in its group";
	return !tax && x->group_n ? "without a tax there is no group" : NULL;
}

/* X6: why it goes back. */
static bool
read_reason(const struct entry *x, char *out, size_t n)
{
	static const char *const keys[] = { "reason", NULL };
	static const char *const words[] = {
		"TIMEOUT", "PROOF_MISSING", "SCHEMA_MISMATCH",
		"VALIDATOR_FAILED", "DISPUTE_RESOLVED", "MANUAL",
	};
	struct json data;
	bool good = parse(&data, x) && has_form(&data, keys) &&
	    take_text(&data, "reason", out, n);
	size_t i;

	json_release(&data);
	for (i = 0; good && i < sizeof(words) / sizeof(*words); i++)
		if (!strcmp(words[i], out))
			return true;
	return false;
}

/* X7: is it so?  A failed rule refunds when the seller would be paid. */
static const char *
check_reason(const struct open *o, const struct entry *x, const char *reason)
{
	if (!strcmp(reason, "MANUAL"))
		return NULL;
	if (!strcmp(reason, "DISPUTE_RESOLVED"))
		return o->state == DISPUTED ? NULL : "nothing is disputed";
	if (!strcmp(reason, "TIMEOUT"))
		return o->state == PENDING && x->at_ms >= o->refund_ms ?
		    NULL : "no time is out";
	if (!o->verdict || strcmp(reason, o->verdict))
		return "its reason is not the verdict of the delivery";
	return x->at_ms < o->settle_ms ? "no time is out" : NULL;
}

const char *
verify_escrow_refund(const struct open *o, const struct entry *x,
    bool disputed)
{
	char reason[40] = "";

	if (o->state == TAXING || disputed != (o->state == DISPUTED))
		return "its escrow is not in a state to be refunded";
	if (x->n_legs != 2 || verify_escrow_moved(x, o->buyer) != o->minor)
		return "it does not give the buyer all that was locked";
	if (x->group_n)
		return "a refund is no member of a group";
	if (o->bounty)
		return NULL;
	return read_reason(x, reason, sizeof(reason)) ?
	    check_reason(o, x, reason) :
	    "the data of the refund is not of its form";
}
