#include "base/buf.h"
#include "base/json.h"
#include "cri/cri.h"
#include "eigen/eigen.h"
#include "lab/lab.h"
#include "trust/trust.h"

static void
put_tck(struct buf *out, const char *key, int64_t minor)
{
	json_amount(out, key, (struct amount){ minor, unit_named("TCK") });
}

static void
put_cost(struct buf *out, const struct lab_money *m)
{
	json_open(out, "cost", '{');
	put_tck(out, "tax", m->tax);
	put_tck(out, "fees", m->fees);
	put_tck(out, "confiscated", m->confiscated);
	put_tck(out, "lost", m->lost);
	put_tck(out, "total", lab_cost(m));
	json_close(out, '}');
	json_open(out, "money", '{');
	put_tck(out, "credited", m->credited);
	put_tck(out, "bought", m->bought);
	put_tck(out, "paid", m->paid);
	put_tck(out, "earned", m->earned);
	put_tck(out, "left", m->left);
	put_tck(out, "harm", m->harm);
	put_tck(out, "bound", m->bound);
	json_close(out, '}');
}

static void
put_parts(struct buf *out, const struct cri *c)
{
	const struct cri_facts *f = &c->facts;

	json_open(out, "parts", '{');
	cri_part_write(out, "base", c->base);
	cri_part_write(out, "tx", c->tx);
	cri_part_write(out, "diversity", c->diversity);
	cri_part_write(out, "volume", c->volume);
	cri_part_write(out, "age", c->age);
	cri_part_write(out, "buyer", c->buyer);
	cri_part_write(out, "genesis", c->genesis);
	cri_part_write(out, "dispute", c->dispute);
	cri_part_write(out, "concentration", c->concentration);
	cri_part_write(out, "strike", c->strike);
	json_close(out, '}');
	json_open(out, "facts", '{');
	json_int(out, "S", f->sold);
	json_int(out, "B", f->bought);
	json_int(out, "U", f->partners);
	json_int(out, "m", f->most);
	put_tck(out, "V", f->volume_minor);
	json_int(out, "D", f->days);
	json_int(out, "N", f->delivered);
	json_int(out, "X", f->failed);
	json_int(out, "strikes", f->strikes);
	json_bool(out, "banned", f->banned);
	json_close(out, '}');
}

/* Advice of another kind, which is no part of the score. */
static void
put_advice(struct buf *out, const struct lab_advice *a, int64_t peers)
{
	char text[AMOUNT_TEXT];

	json_open(out, "eigentrust", '{');
	if (a->peer) {
		amount_print(a->trust, EIGEN_DECIMALS, text);
		json_str(out, "trust", text);
	}
	amount_print(a->names, EIGEN_DECIMALS, text);
	json_str(out, "names", text);
	json_int(out, "peers", peers);
	json_close(out, '}');
}

/* The node trust model: a scale of its own. */
static void
put_trust(struct buf *out, const struct lab_trust *t)
{
	json_open(out, "biznode", '{');
	json_int(out, "keys", t->keys);
	json_int(out, "endorsements", t->endorsements);
	trust_points_write(out, "before", t->before);
	if (t->stage == LAB_RATED) {
		trust_points_write(out, "after", t->after);
		trust_points_write(out, "moved", t->after - t->before);
		json_int(out, "ratings", t->ratings);
		trust_points_write(out, "rated", t->rated);
	}
	json_close(out, '}');
}

/* How far the honest node is above it at last. */
static void
put_gap(struct buf *out, const struct lab_result *r)
{
	const struct lab_side *s = &r->side[LAB_ATTACKER];
	int64_t honest = r->side[LAB_HONEST].cri.tenths;

	cri_score_write(out, "gap", honest - s->cri.tenths);
	if (s->done_day)
		cri_score_write(out, "done_gap", honest -
		    s->tenths[s->done_day]);
}

void
lab_write(struct buf *out, const struct lab_result *r, enum lab_role role,
    int target)
{
	const struct lab_side *s = &r->side[role];
	const struct lab_reach *reach = &s->reach[target];

	json_open(out, NULL, '{');
	json_str(out, "scenario", lab_scenario(r->scenario));
	json_int(out, "seed", (int64_t)r->plan.seed);
	json_str(out, "role", lab_role_word(role));
	json_str(out, "node_id", s->node_id);
	json_int(out, "members", s->members);
	json_int(out, "nodes", r->nodes);
	json_int(out, "days", r->plan.days);
	cri_score_write(out, "target", r->plan.target[target]);
	json_bool(out, "reached", reach->reached);
	if (reach->reached)
		json_int(out, "day", reach->day);
	put_tck(out, "cost_tck", reach->cost);
	put_tck(out, "bound_tck", reach->bound);
	cri_score_write(out, "score", s->cri.tenths);
	cri_score_write(out, "best", s->best);
	json_int(out, "best_day", s->best_day);
	if (s->done_day) {
		json_int(out, "done_day", s->done_day);
		cri_score_write(out, "done_score", s->tenths[s->done_day]);
	}
	if (role == LAB_ATTACKER)
		put_gap(out, r);
	put_parts(out, &s->cri);
	put_cost(out, &s->money);
	if (role == LAB_ATTACKER && r->trust.stage != LAB_QUIET)
		put_trust(out, &r->trust);
	put_advice(out, &s->advice, r->peers);
	json_int(out, "trades", r->trades);
	json_int(out, "refused", r->refused);
	json_int(out, "entries", r->entries);
	json_bool(out, "books", r->books);
	json_bool(out, "counters", r->counters);
}
