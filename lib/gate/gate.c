/* With whom: L2 to L6 of the lock gate. */
#include <assert.h>
#include <string.h>

#include "gate/impl.h"
#include "ledger/ledger.h"

/* Is a word one of a list that is parted by commas, with blanks around? */
static bool
listed(const char *list, const char *word)
{
	size_t n, len = strlen(word);
	const char *end;

	for (; *list; list += n + (list[n] == ',')) {
		n = strcspn(list, ",");
		end = list + n;
		while (end > list && end[-1] == ' ')
			end--;
		while (list < end && *list == ' ') {
			list++;
			n--;
		}
		if ((size_t)(end - list) == len && !memcmp(list, word, len))
			return len > 0;
	}
	return false;
}

/* Who acts, and with whom. */
static int
find(struct ledger *l, const struct gate *g, struct gated *out,
    struct err *e)
{
	struct store *s = ledger_store(l);
	int64_t now_ms = ledger_now(l);

	*out = (struct gated){ 0 };
	if (g->node)
		out->node = *g->node;
	else if (node_get(s, g->node_id, &out->node, e))
		return -1;
	out->unit = node_unit(&out->node);
	if (!node_acts(&out->node, now_ms))
		return err_set(e, E_node_unknown_or_banned, "'%s' is %s",
		    g->node_id, node_state(&out->node, now_ms));
	if (!g->other_id || !node_get(s, g->other_id, &out->other, e))
		return 0;
	return e->code == E_node_missing ? err_set(e, E_seller_missing,
	    "no seller '%.80s'", g->other_id) : -1;
}

/* No id is exempt. */
static int
check_realm(const struct gated *g, struct err *e)
{
	if (!strcmp(g->node.realm, g->other.realm))
		return 0;
	return err_set(e, E_realm, node_in_sandbox(&g->node) ?
	    "sandbox nodes cannot trade with production nodes" :
	    "production nodes cannot trade with sandbox nodes");
}

static int
check_other(const struct gate *g, const struct gated *out, int64_t now_ms,
    struct err *e)
{
	if (!strcmp(g->node_id, g->other_id))
		return err_set(e, E_self_trade,
		    "'%s' cannot trade with itself", g->node_id);
	if (check_realm(out, e))
		return -1;
	return node_acts(&out->other, now_ms) ? 0 : err_set(e,
	    E_seller_inactive, "'%s' is not active", g->other_id);
}

/* The operator's own list. */
static int
check_policy(const struct gate *g, struct err *e)
{
	const char *deny = param_string(g->params, PARAM_policy_deny);
	const char *who = listed(deny, g->node_id) ? g->node_id :
	    g->other_id && listed(deny, g->other_id) ? g->other_id : NULL;

	if (who)
		return err_set(e, E_policy_denied,
		    "the operator denies trades with '%s'", who);
	if (g->category && listed(deny, g->category))
		return err_set(e, E_policy_denied,
		    "the operator denies the category '%.50s'", g->category);
	return 0;
}

int
gate_parties_in(struct ledger *l, const struct gate *g, struct gated *out,
    struct err *e)
{
	assert(ledger_writing(l));
	if (find(l, g, out, e) ||
	    (g->other_id && check_other(g, out, ledger_now(l), e)))
		return -1;
	if (g->retired)
		return err_set(e, E_skill_retired,
		    "the skill is no longer offered");
	if (g->quote_expired)
		return err_set(e, E_quote_expired, "the quote has expired");
	return gate_level_in(l, g, out, e) || check_policy(g, e) ? -1 : 0;
}
