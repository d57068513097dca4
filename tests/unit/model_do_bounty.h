/* model_do_bounty.h - random requests of bzn-escrow bounty. */
#ifndef MODEL_DO_BOUNTY_H
#define MODEL_DO_BOUNTY_H

#include "bounty/bounty.h"
#include "model_bounty.h"
#include "model_do_once.h"

static bool
do_bounty(void)
{
	int n = a_member(), days = roll(4) ? 1 + (int)roll(5) : 0, rc = 0;
	int64_t reward = roll(12) ? 1000 + roll(roll(3) ? 600 : 6000) :
	    roll(2) ? roll(1000) : 10000001;
	char text[32], warning[BOUNTY_WARNING];
	const struct wish w = {
		.node_id = name_of(n), .title = "solve it",
		.description = "whatever it may be",
		.reward = money(text, reward), .deadline_days = days,
	};
	struct keyed k = { .node = 0 };
	struct bounty b = { 0 };
	struct err e = { 0 };
	const char *due;

	snprintf(k.text, sizeof(k.text), "{\"d\":%d,\"r\":%lld}", days,
	    (long long)reward);
	keyed_begin(&k, "bounty", n, &e);
	if (!k.got)
		rc = bounty_create_in(db.l, &w, &run->params, &run->ids, &b,
		    warning, &e);
	due = keyed_word(&k);
	compare("bounty", k.got > 0 ? "ok" : word(k.got < 0 || rc, &e), due ?
	    due : m_bounty_new(now, n, reward, days));
	if (!k.got && !rc)
		snprintf(now->bounty[now->n_bounty - 1].id, 40, "%s", b.id);
	keyed_end(&k, !k.got && !rc ? b.id : NULL);
	bounty_release(&b);
	return k.got >= 0 && !rc;
}

/* An open one, mostly. */
static int
a_bounty(void)
{
	int i, b = recent(now->n_bounty);

	for (i = 0; b >= 0 && now->bounty[b].state && i < 6; i++)
		b = recent(now->n_bounty);
	return b;
}

static bool
do_submit(void)
{
	int b = a_bounty(), n, i, rc;
	const struct m_bounty *m = b < 0 ? NULL : &now->bounty[b];
	char warning[BOUNTY_WARNING];
	struct solution s = {
		.bounty_id = m ? m->id : NO_ID, .content = "like this",
	};
	struct err e = { 0 };
	struct submission is;

	n = m ? a_partner(m->creator) : a_member();
	for (i = 0; m && n == m->creator && i < 3; i++)
		n = a_partner(m->creator);
	s.node_id = name_of(n);
	rc = bounty_submit_in(db.l, &s, &run->params, &run->ids, &is, warning,
	    &e);
	if (compare("submit", word(rc, &e), m_submit(now, n, b))) {
		snprintf(now->sub[now->n_sub - 1].id, 40, "%s", is.id);
		bounty_submission_release(&is);
	}
	return !rc;
}

/* One that was handed in for it, mostly. */
static int
a_submission(int bounty)
{
	int i, s = recent(now->n_sub);

	for (i = 0; s >= 0 && (now->sub[s].bounty != bounty ||
	    now->sub[s].state) && i < 40; i++)
		s = recent(now->n_sub);
	return s;
}

static bool
do_bounty_end(void)
{
	bool award = roll(3);
	int b = a_bounty(), sub = award ? a_submission(b) : -1, who, rc;
	struct bounty_end end = {
		.event = award ? BOUNTY_AWARD : BOUNTY_CANCEL,
		.bounty_id = b < 0 ? NO_ID : now->bounty[b].id,
		.submission_id = sub < 0 ? NO_ID : now->sub[sub].id,
		.params = &run->params,
	};
	struct bounty out;
	struct err e = { 0 };

	who = !roll(8) ? -1 : b < 0 || !roll(8) ? a_node() :
	    now->bounty[b].creator;
	end.node_id = who < 0 ? NULL : name_of(who);
	rc = bounty_end_in(db.l, &end, &out, &e);
	if (compare("end of a bounty", word(rc, &e), award ?
	    m_award(now, who, b, sub) : m_cancel(now, who, b)))
		bounty_release(&out);
	return !rc;
}

/* Each bounty is as the model has it, and the reverse. */
static void
same_bounties(void)
{
	static const char *const words[] = {
		"open", "awarded", "cancelled", "expired",
	};
	const struct m_bounty *m;
	struct err e = { 0 };
	struct bounty b;
	int64_t n;
	int i;

	if (bounty_told_count(db.s, &n, &e) || n != now->n_bounty)
		fail("bounties", "more or fewer", "the model's");
	for (i = 0; i < now->n_bounty; i++) {
		m = &now->bounty[i];
		if (bounty_get(db.s, m->id, &b, &e))
			home_die(m->id, &e);
		if (strcmp(bounty_state_word(b.state), words[m->state]))
			fail(m->id, bounty_state_word(b.state),
			    words[m->state]);
		if (b.reward.minor != m->reward || b.made_ms != m->made_ms ||
		    b.deadline_ms != m->deadline_ms ||
		    strcmp(b.winner_id, m->winner < 0 ? "" :
		    name_of(m->winner)))
			fail(m->id, "other facts", "the model's");
		bounty_release(&b);
	}
}

#endif
