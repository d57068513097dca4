#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"
#include "ledger/make.h"
#include "node/impl.h"
#include "node/sync.h"

/* What the operator says of it: whether it may act. */
static int
log_act(struct ledger *l, const struct node *n, struct err *e)
{
	struct buf data = BUF_INIT(1024);
	char id[LEAF_ID];
	int rc;

	ledger_next_id(l, "admin:", n->id, id);
	json_open(&data, NULL, '{');
	json_str(&data, "act", n->active ? "node.activate" :
	    "node.deactivate");
	json_str(&data, "node", n->id);
	json_close(&data, '}');
	rc = ledger_event_in(l, "admin.act", id, n->id, data.data, e);
	buf_release(&data);
	return rc;
}

static int
make(struct ledger *l, const struct sync *s, struct node *out, struct err *e)
{
	*out = (struct node){
		.active = !s->has_active || s->active,
		.made_ms = ledger_now(l), .exposure_pct = -1,
	};
	if (s->created_at && clock_parse(s->created_at, &out->made_ms, e))
		return err_wrap(e, "created_at");
	if (out->made_ms < 0 || out->made_ms > ledger_now(l))
		return err_set(e, E_bad_time, "created_at: '%.40s' is to come",
		    s->created_at);
	memcpy(out->id, s->node_id, strlen(s->node_id) + 1);
	snprintf(out->realm, sizeof(out->realm), "%s",
	    s->realm ? s->realm : "production");
	/* One that registers may act, unless the log says otherwise. */
	return node_enter_in(l, out, e) ||
	    (!out->active && log_act(l, out, e)) ? -1 : 0;
}

static int
change(struct ledger *l, const struct sync *s, struct node *n, struct err *e)
{
	struct query q;

	if (s->realm && strcmp(s->realm, n->realm))
		return err_set(e, E_node_exists, "'%s' is registered: its "
		    "realm is %s for good", n->id, n->realm);
	if (!s->has_active || s->active == n->active)
		return 0;
	if (n->banned_ms)
		return err_set(e, E_already_banned, "'%s' is banned for good",
		    n->id);
	if (n->expired_ms)
		return err_set(e, E_wrong_state, "'%s' has expired", n->id);
	n->active = s->active;
	query_open(&q, ledger_store(l), SQL_NODE_ACTIVE);
	query_text(&q, n->id);
	query_int(&q, n->active);
	return node_change(&q, e) || log_act(l, n, e) ? -1 : 0;
}

int
sync_in(struct ledger *l, const struct sync *s, struct node *out, bool *made,
    struct err *e)
{
	assert(ledger_writing(l));
	*made = false;
	if (node_check_given(s->node_id, e))
		return -1;
	if (s->realm && strcmp(s->realm, "production") &&
	    strcmp(s->realm, "sandbox"))
		return err_set(e, E_bad_json, "'%.40s' is neither production "
		    "nor sandbox", s->realm);
	if (!node_get(ledger_store(l), s->node_id, out, e))
		return change(l, s, out, e);
	if (e->code != E_node_missing)
		return -1;
	*e = (struct err){ 0 };
	*made = true;
	return make(l, s, out, e);
}

int
sync_read(struct sync *out, const struct json *in, struct err *e)
{
	static const char *const keys[] = {
		"id", "node_id", "realm", "active", "created_at",
		"api_key_hash", "balance", "ip_address", "reputation_score",
		NULL,
	};
	const char *const *key;
	size_t n = 0;

	*out = (struct sync){ 0 };
	if (json_only(in, keys, e) ||
	    json_get_str(in, "node_id", &out->node_id, e) ||
	    json_opt_str(in, "realm", &out->realm, e) ||
	    json_opt_bool(in, "active", &out->active, e) ||
	    json_opt_str(in, "created_at", &out->created_at, e))
		return -1;
	out->has_active = json_has(in, "active");
	for (key = keys + 5; *key; key++)
		if (json_has(in, *key))
			out->ignored[n++] = *key;
	return 0;
}
