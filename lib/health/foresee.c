/* What its machine will make of a series, before it is taken in. */
#include <stdio.h>

#include "health/impl.h"
#include "health/witness.h"

/* What it will be after these; *last is how it came to that, if it did. */
static enum state
foresee(const struct health_series *h, const struct state_rule *rule,
    const struct sample *s, size_t n, struct state_change *last)
{
	struct state_machine m = h->machine;
	struct state_change said[STATE_CHANGES];
	struct probed probed;
	size_t i;
	int k;

	for (i = 0; i < n; i++) {
		probed = (struct probed){ s[i].started_ms, s[i].mono_ms,
		    sample_finding(&s[i]) };
		k = state_step(&m, rule, &probed, said);
		if (k)
			*last = said[k - 1];
	}
	return m.state;
}

bool
health_confirms(const struct health_series *h, const struct params *p,
    const struct sample *s, size_t n)
{
	struct state_change ignored;
	struct state_rule rule;

	health_rule_of(&rule, p, h);
	return foresee(h, &rule, s, n, &ignored) != STATE_DOWN;
}

bool
health_falls(const struct health_series *h, const struct params *p,
    const struct sample *s, size_t n, struct witness_case *out)
{
	struct state_change last = { .to = STATE_UNKNOWN };
	struct state_rule rule;

	health_rule_of(&rule, p, h);
	if (foresee(h, &rule, s, n, &last) != STATE_DOWN ||
	    last.to != STATE_DOWN)
		return false;
	*out = (struct witness_case){
		.family = s->family, .since_ms = last.effective_ms,
		.decided_ms = last.decided_ms, .max_gap_ms = rule.max_gap_ms,
	};
	snprintf(out->node_id, sizeof(out->node_id), "%s", s->node_id);
	return true;
}
