#include <string.h>

#include "api/show.h"
#include "api/trade.h"
#include "cri/cri.h"
#include "market/market.h"

void
show_number(struct buf *out, const char *key, int64_t value, int scale)
{
	char text[AMOUNT_TEXT];
	size_t n = amount_print(value, scale, text);

	json_raw(out, key, text, n);
}

int
show_fault(struct call *c, const char *member, struct err *e)
{
	const struct err why = *e;

	return call_fault(c, member, why.msg, e);
}

int
show_refused(struct call *c, const struct err *e)
{
	if (e->code == E_realm)
		c->detail = node_in_sandbox(&c->node) ?
		    "Sandbox nodes cannot trade with production nodes" :
		    "Production nodes cannot trade with sandbox nodes";
	return -1;
}

void
show_level(struct buf *out, const char *key, const struct cri_level *l)
{
	const struct cri_rung *rung = cri_rung(l->id);

	json_open(out, key, '{');
	json_int(out, "id", l->id);
	json_str(out, "name", rung->name);
	json_str(out, "emoji", rung->emoji);
}

int
show_skills(struct call *c, const struct show_names *names,
    const struct node *n, int64_t *skills, struct err *e)
{
	struct skill k;
	struct query q;
	int got = 0;

	*skills = 0;
	json_open(&c->out, names->list, '[');
	market_of_open(&q, c->store, n->id);
	while (node_acts(n, c->now_ms) &&
	    (got = market_of_next(&q, &k, e)) > 0) {
		json_open(&c->out, NULL, '{');
		json_str(&c->out, names->id, k.id);
		json_str(&c->out, "label", k.label);
		json_amount(&c->out, names->price, k.price);
		json_close(&c->out, '}');
		market_skill_release(&k);
		(*skills)++;
	}
	query_close(&q);
	json_close(&c->out, ']');
	return got;
}
