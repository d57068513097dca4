/* How often one may call: spec/vmp.md 1.7. */
#include <stdio.h>

#include "api/impl.h"
#include "base/mem.h"
#include "cri/cri.h"

enum whose { ADDRESS, NODE };

static const struct limit {
	const char *name, *words;
	enum param param;
	enum whose whose;
	int64_t seconds;
} limits[] = {
	[RATE_NONE] = { "address", "1 minute", PARAM_ip_global_rate, ADDRESS,
	    60 },
#define RATE(name, param, whose, seconds, words) \
	[RATE_##name] = { #name, words, PARAM_##param, whose, seconds },
#include "api/rate.def"
};

static bool
count(struct job *j, const struct limit *l, const char *who, int64_t q)
{
	const struct rate_limit limit = { l->name, q, l->seconds };

	return !q || rates_take(j->api->rates, &limit, who,
	    serve_rate_us(j->api), &j->told[j->told_n++]);
}

int
limit_address(struct job *j, enum rate rate, struct err *e)
{
	const struct limit *l = limits + rate;
	int64_t q = j->conf->params.value[l->param];
	char who[RATE_KEY];

	if (l->whose != ADDRESS || !q)
		return 0;
	rate_address(who, j->ip);
	if (count(j, l, who, q))
		return 0;
	j->address = true;
	atomic_fetch_add(&j->loop->metric->limited[rate], 1);
	return err_set(e, E_rate_limited, "Rate limit exceeded: %lld per %s",
	    (long long)q, l->words);
}

/* Those who have grown may do more: beside the first limit there is another. */
static bool
count_more(struct job *j, const struct limit *l, int64_t q)
{
	int64_t factor = j->conf->params.value[PARAM_rate_level3_factor];
	struct limit more = *l;
	struct cri_level level;
	struct err ignored;
	char name[64];

	if (factor < 2 || cri_level(j->loop->store, j->call.node.id,
	    j->call.now_ms, &j->conf->params, &level, &ignored) ||
	    level.id < 3)
		return false;
	snprintf(name, sizeof(name), "%s_level3", l->name);
	more.name = j->more_name = mem_text(name);
	return count(j, &more, j->call.node.id, q * (factor - 1));
}

static int
refuse(struct job *j, enum rate rate, const char *who, struct err *e)
{
	atomic_fetch_add(&j->loop->metric->limited[rate], 1);
	return err_set(e, E_rate_limited, "Rate limit exceeded for node %s",
	    who);
}

int
limit_node(struct job *j, struct err *e)
{
	enum rate rate = j->row->route->rate;
	const struct limit *l = limits + rate;
	int64_t q = j->conf->params.value[l->param];

	return l->whose != NODE || j->call.who != CALLER_NODE || !q ||
	    count(j, l, j->call.node.id, q) || count_more(j, l, q) ? 0 :
	    refuse(j, rate, j->call.node.id, e);
}

int
limit_signer(struct job *j, const char *key_id, struct err *e)
{
	const struct limit *l = limits + RATE_signed;
	int64_t q = j->conf->params.value[l->param];

	return count(j, l, key_id, q) ? 0 : refuse(j, RATE_signed, key_id, e);
}

static const struct rate_limit *
failures(const struct job *j, struct rate_limit *room, char who[RATE_KEY])
{
	const struct limit *l = limits + RATE_failed_auth;

	*room = (struct rate_limit){
		l->name, j->conf->params.value[l->param], l->seconds,
	};
	rate_address(who, j->ip);
	return room;
}

bool
limit_may_fail(const struct job *j)
{
	char who[RATE_KEY];
	struct rate_limit l;

	return !failures(j, &l, who)->q || rates_would(j->api->rates, &l, who,
	    serve_rate_us(j->api));
}

void
limit_failed(struct job *j)
{
	struct rate_told ignored;
	char who[RATE_KEY];
	struct rate_limit l;

	if (failures(j, &l, who)->q)
		(void)rates_take(j->api->rates, &l, who,
		    serve_rate_us(j->api), &ignored);
}
