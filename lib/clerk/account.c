/* Accounts and units: what there is, and the limits of it. */
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "clerk/impl.h"
#include "ledger/own.h"
#include "ledger/read.h"
#include "node/purse.h"

static void
put_limit(struct buf *out, const char *key, const struct account *a, bool has,
    int64_t minor)
{
	if (has)
		json_amount(out, key, (struct amount){ minor, &a->unit });
	else
		json_str(out, key, "none");
}

static int
print(struct cli *c, const struct account *a, struct err *e)
{
	struct buf out = BUF_INIT(CLERK_RECORD);
	int rc;

	json_open(&out, NULL, '{');
	json_str(&out, "account", a->name);
	json_str(&out, "unit", a->unit.code);
	json_amount(&out, "balance",
	    (struct amount){ a->balance.minor, &a->unit });
	json_amount(&out, "available",
	    (struct amount){ a->balance.available, &a->unit });
	put_limit(&out, "lo", a, a->has_lo, a->lo);
	put_limit(&out, "hi", a, a->has_hi, a->hi);
	json_bool(&out, "closed", a->closed);
	json_int(&out, "legs", a->balance.legs);
	json_close(&out, '}');
	rc = cli_emit_buf(c, &out, e);
	buf_release(&out);
	return rc;
}

/* Those under a prefix, or of a name: how many, or -1. */
static int
print_all(struct cli *c, const struct clerk *say, const char *prefix,
    const char *name, struct err *e)
{
	struct under under;
	struct account a;
	struct query q;
	int got, n = 0;

	if (prefix && strlen(prefix) >= LEAF_ACCOUNT)
		return 0;
	if (prefix)
		ledger_accounts_under(&q, c->store, &under, prefix);
	else
		ledger_accounts_open(&q, c->store, name);
	while ((got = ledger_accounts_next(&q, &a, e)) > 0) {
		if ((say->unit && strcmp(say->unit, a.unit.code)) ||
		    (say->nonzero && !a.balance.minor))
			continue;
		n++;
		if (print(c, &a, e)) {
			got = -1;
			break;
		}
	}
	query_close(&q);
	return got < 0 ? -1 : n;
}

static int
list(struct cli *c, const struct clerk *say, struct err *e)
{
	const char *prefix = c->argc > 1 ? c->argv[1] : NULL;

	return cli_store_read(c, e) || clerk_check_unit(c, say, e) ||
	    print_all(c, say, prefix, NULL, e) < 0 ? -1 : 0;
}

static int
show(struct cli *c, const struct clerk *say, struct err *e)
{
	int n;

	if (cli_store_read(c, e) || clerk_check_unit(c, say, e))
		return -1;
	n = print_all(c, say, NULL, c->argv[1], e);
	return n ? n < 0 ? -1 : 0 : err_set(e, E_no_account,
	    "no account '%.100s'", c->argv[1]);
}

struct want {
	struct limit limit;
	bool fresh;			/* it must not be there yet */
};

/* 1, or 2 if it is closed. */
static int
is_there(struct store *s, const struct limit *want, struct err *e)
{
	struct account a;
	int got = ledger_account_of(s, want->account, want->unit, &a, e);

	return got > 0 && a.closed ? 2 : got;
}

static int
act_limit(struct cli *c, struct ledger *l, const char *id, void *arg,
    struct buf *out, struct err *e)
{
	const struct want *w = arg;
	struct ledger_known known;
	struct posted posted;
	int there, again;

	again = ledger_find_in(l, id, &known, e);
	there = again < 0 ? -1 : is_there(c->store, &w->limit, e);
	if (there < 0)
		return -1;
	if (!again && there && w->fresh)
		return there > 1 ? err_set(e, E_account_closed,
		    "'%.100s' is closed in %.12s, for ever", w->limit.account,
		    w->limit.unit) : err_set(e, E_wrong_state,
		    "'%.100s' is open in %.12s already", w->limit.account,
		    w->limit.unit);
	if (!again && !there && !w->fresh)
		return err_set(e, E_no_account, "no account '%.100s' in %.12s",
		    w->limit.account, w->limit.unit);
	if ((!again && w->limit.closed && purse_idle(c->store,
	    w->limit.account, w->limit.unit, cli_now(c), e)) ||
	    ledger_limit_in(l, id, &w->limit, &posted, e))
		return -1;
	clerk_result(out, id, &posted);
	return 0;
}

static int
limit(struct cli *c, const struct clerk *say, struct err *e)
{
	const char *word = c->argv[0];
	struct want w = {
		{ c->argv[1], say->unit, say->min, say->max,
		    !strcmp(word, "close") }, !strcmp(word, "open"),
	};

	if (!say->unit)
		return err_set(e, E_usage, "say the --unit");
	if (w.limit.closed && (say->min || say->max))
		return err_set(e, E_usage, "a closed account has no limits");
	if (!strcmp(word, "limit") && !say->min && !say->max)
		return err_set(e, E_usage, "say --min, --max or both");
	return clerk_act(c, act_limit, &w, e);
}

/* What would do nothing is a misunderstanding. */
static int
check_options(const struct clerk *say, bool action, struct err *e)
{
	if (!action && (say->min || say->max))
		return err_set(e, E_usage, "--min and --max are for open and "
		    "limit");
	return action && say->nonzero ?
	    err_set(e, E_usage, "--nonzero is for list") : 0;
}

int
clerk_account(struct cli *c, const struct clerk *say, struct err *e)
{
	static const struct {
		const char *word;
		int least, most;
		clerk_verb *run;
	} words[] = {
		{ "list", 1, 2, list }, { "show", 2, 2, show },
		{ "open", 2, 2, limit }, { "limit", 2, 2, limit },
		{ "close", 2, 2, limit },
	};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (!strcmp(c->argv[0], words[i].word) &&
		    c->argc >= words[i].least && c->argc <= words[i].most)
			return check_options(say, words[i].run == limit, e) ?
			    -1 : words[i].run(c, say, e);
	return err_set(e, E_usage, "say list [prefix], show account, open "
	    "account, limit account or close account");
}

static int
list_units(struct cli *c, struct err *e)
{
	struct buf out = BUF_INIT(4096);
	struct units units = { 0 };
	size_t i;
	int rc;

	if (cli_store_read(c, e) || ledger_units_read(c->store, &units, e))
		return -1;
	rc = 0;
	for (i = 0; i < units.n && !rc; i++) {
		json_open(&out, NULL, '{');
		json_str(&out, "code", units.unit[i]->code);
		json_int(&out, "scale", units.unit[i]->scale);
		json_close(&out, '}');
		rc = cli_emit_buf(c, &out, e);
	}
	ledger_units_free(&units);
	buf_release(&out);
	return rc;
}

static int
act_unit(struct cli *c, struct ledger *l, const char *id, void *arg,
    struct buf *out, struct err *e)
{
	const struct clerk *say = arg;
	struct posted posted;

	if (ledger_unit_in(l, id, c->argv[1], say->scale, &posted, e))
		return -1;
	clerk_result(out, id, &posted);
	return 0;
}

int
clerk_unit(struct cli *c, const struct clerk *say, struct err *e)
{
	struct clerk mine = *say;

	if (c->argc == 1 && !strcmp(c->argv[0], "list"))
		return list_units(c, e);
	if (c->argc == 2 && !strcmp(c->argv[0], "add"))
		return say->scale < 0 ? err_set(e, E_usage,
		    "say the --scale: how many decimals it has") :
		    clerk_act(c, act_unit, &mine, e);
	return err_set(e, E_usage, "say list, or add code --scale n");
}
