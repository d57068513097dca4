/*
 * Judging before the transaction that delivers, and inside it: the same rows,
 * because nothing that decides can change in between (spec/vmp.md 6.4).
 */
#include "tap.h"

#include "actors.h"
#include "escrow/judged.h"
#include "escrow/said.h"

#define CONTRACT "{\"output_schema\":{\"required\":[\"x\"]}," \
	"\"validators\":[{\"type\":\"non_empty\",\"fields\":[\"x\"]}," \
	"{\"type\":\"contains\",\"field\":\"x\",\"patterns\":[\"good\"]}]}"

struct trial {
	struct store *store;
	struct ledger *l;
	struct params params;
	struct chance chance;
	char skill[ID_TEXT];
};

static void
prepare(struct trial *t)
{
	struct json metadata = { 0 };
	struct offer o = {
		.node_id = "seller-1", .type = "SKILL_OFFER", .label = "work",
		.price = "1", .metadata = &metadata,
	};
	struct skill k = { 0 };
	struct err e = { 0 };

	param_defaults(&t->params);
	chance_seed(&t->chance, 3);
	t->store = home_new("home-judged");
	home_begin(t->store, &t->l, HOME_MS);
	actor_join(t->l, "buyer-1", &t->params, &t->chance);
	actor_join(t->l, "seller-1", &t->params, &t->chance);
	if (json_parse(&metadata, CONTRACT, strlen(CONTRACT), &e) ||
	    market_publish_in(t->l, &o, &t->params, &t->chance, &k, &e))
		home_die("market_publish_in", &e);
	snprintf(t->skill, sizeof(t->skill), "%s", k.id);
	market_skill_release(&k);
	json_release(&metadata);
	home_commit(t->l);
}

/* What each validator said, in one line. */
static void
rows(struct trial *t, const char *task_id, struct buf *out)
{
	struct escrow_check c;
	struct err e = { 0 };
	struct query q;
	int got;

	buf_reset(out);
	escrow_checks_open(&q, t->store, task_id);
	while ((got = escrow_checks_next(&q, &c, &e)) > 0)
		buf_addf(out, "%d %s %s %s;", (int)c.index, c.validator_id,
		    c.result, c.details ? c.details : "-");
	query_close(&q);
	if (got < 0)
		home_die("escrow_checks_next", &e);
}

/* Deliver one task, judged before if so: its rows, verdict and state. */
static void
deliver(struct trial *t, const char *output, bool before, struct buf *said,
    struct task *out)
{
	struct act a = { .event = ESCROW_COMPLETE, .proof_hash = "none" };
	struct json doc = { 0 };
	struct judged judged = { 0 };
	struct err e = { 0 };
	struct task task;

	home_begin(t->store, &t->l, HOME_MS);
	actor_lock(t->l, "buyer-1", t->skill, &t->params, &t->chance, &task);
	home_commit(t->l);
	if (json_parse(&doc, output, strlen(output), &e))
		home_die("json", &e);
	a.task_id = task.id;
	a.output = &doc;
	if (before) {
		if (escrow_judge(t->store, &a, &t->params, &judged, &e))
			home_die("escrow_judge", &e);
		OK(!store_writing(t->store));
		a.judged = &judged;
	}
	home_begin(t->store, &t->l, HOME_MS);
	OK(!escrow_act_in(t->l, &a, &t->params, out, &e));
	home_commit(t->l);
	rows(t, task.id, said);
	escrow_judged_release(&judged);
	escrow_task_release(&task);
	json_release(&doc);
}

static bool
same_text(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

int
main(void)
{
	static const struct { const char *output, *verdict; size_t rows; }
	    cases[] = {
		{ "{\"x\":\"good\"}", NULL, 2 },
		{ "{\"x\":\"bad\"}", "VALIDATOR_FAILED", 2 },
		{ "{\"x\":\"\"}", "VALIDATOR_FAILED", 1 },
		{ "{\"y\":1}", "SCHEMA_MISMATCH", 0 },
		{ "{}", "PROOF_MISSING", 0 },
	};
	struct buf said[2] = { BUF_INIT(65536), BUF_INIT(65536) };
	struct trial t = { 0 };
	struct task out[2];
	struct judged judged;
	struct act none = { .event = ESCROW_COMPLETE, .task_id = "x" };
	struct err e = { 0 };
	size_t i, n;
	const char *p;
	int k;

	prepare(&t);
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		for (k = 0; k < 2; k++)
			deliver(&t, cases[i].output, k, &said[k], &out[k]);
		for (n = 0, p = said[0].data; *p; p++)
			n += *p == ';';
		OK(n == cases[i].rows);
		OK(!strcmp(said[0].data, said[1].data));
		OK(same_text(out[0].verdict, cases[i].verdict));
		OK(same_text(out[1].verdict, cases[i].verdict));
		OK(same_text(out[0].output, out[1].output));
		OK(same_text(out[0].output_sha256, out[1].output_sha256));
		OK(same_text(out[0].proof_match, "none") &&
		    same_text(out[1].proof_match, "none"));
		for (k = 0; k < 2; k++)
			escrow_task_release(&out[k]);
	}
	OK(escrow_judge(t.store, &none, &t.params, &judged, &e) &&
	    e.code == E_task_missing);
	OK(home_verify(t.store) == 0);
	OK(home_reconciles(t.store, &t.params, HOME_MS));
	buf_release(&said[0]);
	buf_release(&said[1]);
	ledger_free(t.l);
	store_close(t.store);
	return DONE();
}
