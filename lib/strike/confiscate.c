#include "base/buf.h"
#include "base/json.h"
#include "ledger/make.h"
#include "store/store.h"
#include "strike/impl.h"

static int
post(struct ledger *l, const char *node_id, struct amount a, const char *data,
    struct err *e)
{
	const struct leg legs[] = {
		{ node_id, a.unit, -a.minor }, { "VAULT", a.unit, a.minor },
	};
	char id[LEAF_ID];
	const struct entry x = {
		.kind = ENTRY_TRANSFER, .type = type_word(TYPE_CONFISCATION),
		.id = id, .ref = node_id, .data = data, .legs = legs,
		.n_legs = 2,
	};
	struct posted posted;

	ledger_next_id(l, "confiscation:", node_id, id);
	return ledger_post_in(l, &x, 1, &posted, e);
}

int
strike_take_in(struct ledger *l, const char *node_id, const struct unit *unit,
    const char *reporter, int64_t *taken, struct err *e)
{
	struct buf data = BUF_INIT(1024);
	struct balance have;
	int rc;

	*taken = 0;
	if (ledger_balance_in(l, node_id, unit, &have, e))
		return -1;
	if (have.available <= 0)
		return 0;
	json_open(&data, NULL, '{');
	json_str(&data, "reason", reporter ? "STRIKES" : "BANNED");
	json_str_if(&data, "reporter", reporter);
	json_close(&data, '}');
	rc = post(l, node_id, (struct amount){ have.available, unit },
	    data.data, e);
	if (!rc)
		*taken = have.available;
	buf_release(&data);
	return rc;
}

/* After each credit: so no more of the node is read than this. */
int
strike_confiscate_in(struct ledger *l, const char *node_id,
    const struct unit *unit, struct err *e)
{
	int64_t banned = 0, taken;
	struct query q;
	int got;

	query_open(&q, ledger_store(l), SQL_STRIKE_BANNED);
	query_text(&q, node_id);
	got = query_run(&q, &banned, e);
	if (!got)
		return err_set(e, E_node_missing, "no node '%.80s'", node_id);
	return got < 0 ? -1 : banned ?
	    strike_take_in(l, node_id, unit, NULL, &taken, e) : 0;
}

int
strike_credited_in(struct ledger *l, const struct entry *x, struct err *e)
{
	struct err why = { 0 };
	size_t i;

	for (i = 0; i < x->n_legs; i++)
		if (x->legs[i].minor > 0 &&
		    !type_reserved(x->legs[i].account) &&
		    strike_confiscate_in(l, x->legs[i].account,
		    x->legs[i].unit, &why) && why.code != E_node_missing) {
			*e = why;
			return -1;
		}
	return 0;
}
