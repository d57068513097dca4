/*
 * The books against themselves (spec/ledger.md 7.7, spec/vmp.md 4.3): every
 * account is the sum of its legs, all accounts of a unit sum to zero, every
 * open escrow and bounty holds its amount and every closed one nothing.
 */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "bounty/bounty.h"
#include "ledger/read.h"
#include "settle/impl.h"

#define RECORD_MAX (1 << 20)
#define MEMBER_MAX 2048

struct sums {
	const struct unit *unit;
	amount_wide wallets, vault, escrow, bounties, mint, all;
	int64_t accounts, nodes;
	bool negative, double_entry, timely, unique;
	struct buf mismatches;		/* members of a JSON array */
	struct buf purses, parked;	/* the same */
};

static void
put_sum(struct buf *out, const char *key, const struct sums *s, amount_wide n)
{
	json_amount(out, key, (struct amount){ (int64_t)n, s->unit });
}

/* A list ends where the next member might be cut short. */
static bool
has_room(const struct buf *list)
{
	return list->len < RECORD_MAX - MEMBER_MAX;
}

static void
mismatch(struct sums *s, const char *account, int64_t stored,
    int64_t computed)
{
	struct buf *out = &s->mismatches;

	if (!has_room(out))
		return;
	json_open(out, NULL, '{');
	json_str(out, "account", account);
	json_amount(out, "stored", (struct amount){ stored, s->unit });
	json_amount(out, "computed", (struct amount){ computed, s->unit });
	json_close(out, '}');
}

static void
sort_in(struct sums *s, const struct account *a)
{
	int64_t minor = a->balance.minor;

	s->accounts++;
	s->all += minor;
	if (!strcmp(a->name, "MINT")) {
		s->mint += minor;
		return;
	}
	/* In an operator's unit an account may have been allowed to. */
	s->negative |= unit_named(a->unit.code) ? minor < 0 :
	    a->has_lo && minor < a->lo;
	if (!strcmp(a->name, "VAULT")) {
		s->vault += minor;
	} else if (!strncmp(a->name, "ESCROW:BOUNTY:", 14)) {
		s->bounties += minor;
	} else if (!strncmp(a->name, "ESCROW:", 7)) {
		s->escrow += minor;
	} else {
		s->wallets += minor;
		s->nodes++;
	}
}

static int
sum_accounts(struct store *store, struct sums *s, struct err *e)
{
	struct account a;
	struct query q;
	int64_t legs;
	int got, rc = 0;

	ledger_accounts_open(&q, store, NULL);
	while (!rc && (got = ledger_accounts_next(&q, &a, e)) > 0) {
		if (strcmp(a.unit.code, s->unit->code))
			continue;
		sort_in(s, &a);
		rc = ledger_account_sum(store, &a, &legs, e);
		if (!rc && legs != a.balance.minor) {
			s->double_entry = false;
			mismatch(s, a.name, a.balance.minor, legs);
		}
	}
	query_close(&q);
	return rc || got < 0 ? -1 : 0;
}

static int
held(struct store *store, const char *prefix, const char *id,
    const struct unit *unit, int64_t *out, struct err *e)
{
	char name[LEAF_ACCOUNT];
	struct account a;
	int got;

	snprintf(name, sizeof(name), "%s%s", prefix, id);
	got = ledger_account_of(store, name, unit->code, &a, e);
	*out = got > 0 ? a.balance.minor : 0;
	return got < 0 ? -1 : 0;
}

/* Is this escrow or bounty left to a person?  Then it is told of apart. */
static int
is_parked(struct store *store, struct sums *s, const char *id, bool *out,
    struct err *e)
{
	struct settle_failure f = { .parked_ms = 0 };

	if (failure_get(store, id, &f, e) < 0)
		return -1;
	*out = f.parked_ms != 0;
	if (*out && has_room(&s->parked))
		json_str(&s->parked, NULL, id);
	return 0;
}

static int
check_escrows(struct store *store, struct sums *s, const struct params *p,
    struct err *e)
{
	int64_t swept_ms, is;
	struct escrow_hold h;
	bool some, parked = false;
	struct query q;
	int got, rc = 0;

	if (store_number(store, SETTLE_SWEPT, &swept_ms, e) ||
	    failure_any(store, &some, e))
		return -1;
	escrow_holds_open(&q, store, s->unit->code);
	while (!rc && (got = escrow_holds_next(&q, &h, e)) > 0) {
		rc = (some && is_parked(store, s, h.id, &parked, e)) ||
		    held(store, "ESCROW:", h.id, s->unit, &is, e);
		if (!rc && h.pending_ms && !parked && h.pending_ms +
		    p->value[PARAM_reconcile_grace] < swept_ms)
			s->timely = false;
		if (!rc && is != h.minor)
			mismatch(s, h.id, is, h.minor);
		s->escrow -= rc ? 0 : h.minor;
	}
	query_close(&q);
	return rc || got < 0 ? -1 : 0;
}

static int
check_bounties(struct store *store, struct sums *s, struct err *e)
{
	struct bounty_hold h;
	bool some, parked;
	struct query q;
	int64_t is;
	int got, rc = 0;

	if (failure_any(store, &some, e))
		return -1;
	bounty_holds_open(&q, store, s->unit->code);
	while (!rc && (got = bounty_holds_next(&q, &h, e)) > 0) {
		rc = (some && is_parked(store, s, h.id, &parked, e)) ||
		    held(store, "ESCROW:BOUNTY:", h.id, s->unit, &is, e);
		if (!rc && is != h.minor)
			mismatch(s, h.id, is, h.minor);
		s->bounties -= rc ? 0 : h.minor;
	}
	query_close(&q);
	return rc || got < 0 ? -1 : 0;
}

/* What each node has out, against what caps are judged by. */
static int
check_purses(struct store *store, struct sums *s, struct err *e)
{
	struct buf *out = &s->purses;
	struct query q;
	int got = 0;

	query_open(&q, store, SQL_SETTLE_PURSE_WRONG);
	query_text(&q, s->unit->code);
	while (has_room(out) && (got = query_row(&q, e)) > 0) {
		json_open(out, NULL, '{');
		json_str(out, "node_id", query_get_text(&q, 0));
		json_amount(out, "stored",
		    (struct amount){ query_get_int(&q, 1), s->unit });
		json_amount(out, "computed",
		    (struct amount){ query_get_int(&q, 2), s->unit });
		json_int(out, "stored_sales", query_get_int(&q, 3));
		json_int(out, "computed_sales", query_get_int(&q, 4));
		json_close(out, '}');
	}
	query_close(&q);
	return got < 0 ? -1 : 0;
}

static void
put_list(struct buf *out, const char *key, const struct buf *members)
{
	json_open(out, key, '[');
	buf_add(out, members->data, members->len);
	json_close(out, ']');
}

static bool
write_record(struct buf *out, const struct sums *s, amount_wide in_escrow,
    amount_wide in_bounties, int64_t now_ms, bool *sound)
{
	amount_wide found = s->wallets + s->vault + in_escrow + in_bounties;
	/* What is left of the sums belongs to nothing that we know. */
	bool orphans = s->escrow != 0 || s->bounties != 0;
	bool conserved = s->all == 0 && found == -s->mint;
	bool entries = s->double_entry && !orphans && !s->mismatches.len;
	bool valid = conserved && !s->negative && entries && s->timely &&
	    s->unique && !s->purses.len;

	*sound &= conserved && !s->negative && entries;

	json_open(out, NULL, '{');
	json_bool(out, "valid", valid);
	json_str(out, "unit", s->unit->code);
	put_sum(out, "total_minted", s, -s->mint);
	put_sum(out, "total_in_wallets", s, s->wallets);
	put_sum(out, "total_in_vault", s, s->vault);
	put_sum(out, "total_in_escrow", s, in_escrow);
	put_sum(out, "total_in_bounties", s, in_bounties);
	put_sum(out, "sum_accounted", s, found);
	put_sum(out, "discrepancy", s, found + s->mint);
	json_open(out, "conservation", '{');
	json_bool(out, "valid", conserved);
	put_sum(out, "node_balances", s, s->wallets);
	put_sum(out, "active_escrows", s, in_escrow);
	put_sum(out, "active_bounties", s, in_bounties);
	put_sum(out, "vault_balance", s, s->vault);
	put_sum(out, "observed_total", s, found);
	put_sum(out, "mint_issued", s, -s->mint);
	put_sum(out, "discrepancy", s, found + s->mint);
	if (conserved)
		json_null(out, "flag");
	else
		json_str(out, "flag", "CONSERVATION_VIOLATION");
	json_close(out, '}');
	json_int(out, "nodes_checked", s->nodes);
	put_list(out, "mismatches", &s->mismatches);
	put_list(out, "purses", &s->purses);
	put_list(out, "parked", &s->parked);
	json_open(out, "checks", '{');
	json_bool(out, "conservation", conserved);
	json_bool(out, "non_negative", !s->negative);
	json_bool(out, "double_entry", entries);
	json_bool(out, "idempotency", s->unique);
	json_bool(out, "refund_timeliness", s->timely);
	json_bool(out, "purses", !s->purses.len);
	json_close(out, '}');
	json_time(out, "checked_at", now_ms);
	json_close(out, '}');
	return valid;
}

/* One unit: 1 if it holds, 0 if not, -1. */
static int
check_unit(struct store *store, const struct unit *unit, bool unique,
    const struct reconcile *how, bool *sound, struct err *e)
{
	struct sums s = {
		.unit = unit, .double_entry = true, .timely = true,
		.unique = unique,
		.mismatches = BUF_INIT(RECORD_MAX),
		.purses = BUF_INIT(RECORD_MAX),
		.parked = BUF_INIT(RECORD_MAX),
	};
	struct buf record = BUF_INIT(4 * RECORD_MAX);
	amount_wide in_escrow, in_bounties;
	bool valid = true;
	int rc = -1;

	if (sum_accounts(store, &s, e))
		goto out;
	in_escrow = s.escrow;
	in_bounties = s.bounties;
	if (check_escrows(store, &s, how->params, e) ||
	    check_bounties(store, &s, e) || check_purses(store, &s, e))
		goto out;
	if (s.accounts) {
		valid = write_record(&record, &s, in_escrow, in_bounties,
		    how->now_ms, sound);
		if (how->told(how->arg, &record, e))
			goto out;
	}
	rc = valid;
out:
	buf_release(&record);
	buf_release(&s.mismatches);
	buf_release(&s.purses);
	buf_release(&s.parked);
	return rc;
}

int
settle_reconcile_here(struct store *store, const struct reconcile *how,
    bool *sound, struct err *e)
{
	struct units units = { 0 };
	int got = -1, all = 1;
	bool unique;
	size_t i;

	*sound = true;
	if (!ledger_units_read(store, &units, e) &&
	    !ledger_ids_unique(store, &unique, e))
		got = 0;
	for (i = 0; i < units.n && got >= 0; i++) {
		got = check_unit(store, units.unit[i], unique, how, sound, e);
		all &= got;
	}
	ledger_units_free(&units);
	return got < 0 ? -1 : all;
}

int
settle_reconcile(struct store *store, const struct reconcile *how,
    bool *sound, struct err *e)
{
	int all;

	*sound = true;
	if (store_snapshot(store, e))
		return -1;
	all = settle_reconcile_here(store, how, sound, e);
	store_rollback(store);
	return all;
}
