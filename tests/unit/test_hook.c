/*
 * Webhooks: what is subscribed, and that each event is written down once for
 * each who asks for it, on every path that a trade can take, in the same
 * transaction or not at all (spec/vmp.md 7).
 */
#include "tap.h"

#include "actors.h"
#include "bounty/bounty.h"
#include "hook/hook.h"
#include "node/sandbox.h"
#include "strike/strike.h"

#define ALL (HOOK_OF(HOOK__EVENTS) - 1)
#define LOG_MAX 4096

static struct params params;
static struct chance chance;
static struct store *s;
static struct ledger *l;
static int64_t now_ms = HOME_MS;
static char skill[ID_TEXT];
static struct secret key;

static int
sql(const char *text)
{
	return sqlite3_exec(s->db, text, NULL, NULL, NULL);
}

/* Every row that a statement has, its columns parted by blanks. */
static int
add_row(void *arg, int n, char **text, char **name)
{
	struct buf *out = arg;
	int i;

	(void)name;
	for (i = 0; i < n; i++)
		buf_addf(out, "%s%s", i ? " " : "", text[i] ? text[i] : "-");
	buf_addc(out, ';');
	return 0;
}

static void
rows(struct buf *out, const char *statement)
{
	buf_reset(out);
	OK(!sqlite3_exec(s->db, statement, add_row, out, NULL));
}

static bool
rows_are(const char *statement, const char *want)
{
	struct buf b = BUF_INIT(65536);
	bool same;

	rows(&b, statement);
	same = !strcmp(b.data, want);
	if (!same)
		printf("# is   %s\n# want %s\n", b.data, want);
	buf_release(&b);
	return same;
}

static void
target(struct hook_target *out, const char *url)
{
	const struct hook_rules rules = { &params, false };
	struct addr a;
	struct err e;

	if (!addr_read(&a, "8.8.8.8") ||
	    hook_target_read(out, url, &rules, &e) ||
	    hook_target_judge(out, &a, 1, &rules, &e))
		home_die("target", &e);
}

static enum err_code
subscribe(const char *node, const char *url, unsigned events,
    struct hook_made *out)
{
	struct hook_target t;
	const struct hook_wanted w = { node, &t, events, &params };
	struct err e = { 0 };

	target(&t, url);
	return hook_add_in(l, &w, &key, &chance, out, &e) ? e.code : E_ok;
}

/* One that must be made, and whose secret nobody needs. */
static void
listen_to(const char *node, const char *name, unsigned events, char id[ID_TEXT])
{
	struct hook_made made;
	char url[128];

	snprintf(url, sizeof(url), "https://node.example/%s", name);
	OK(subscribe(node, url, events, &made) == E_ok);
	snprintf(id, ID_TEXT, "%s", made.hook.id);
	secret_release(&made.secret);
}

static void
step(int64_t ms)
{
	now_ms += ms;
	home_begin(s, &l, now_ms);
}

/* --- Subscriptions ------------------------------------------------------- */

static enum err_code
events(const char *text, unsigned *out)
{
	struct json doc = { 0 };
	struct err e = { 0 };
	int rc;

	if (json_parse(&doc, text, strlen(text), &e))
		home_die("json_parse", &e);
	rc = hook_events_read(out, &doc, &e);
	if (rc && e.code == E_webhook_events)
		OK(!strncmp(e.msg, "Invalid events: ", 16) &&
		    strstr(e.msg, "bounty.submission_won"));
	json_release(&doc);
	return rc ? e.code : E_ok;
}

static void
test_events(void)
{
	struct buf many = BUF_INIT(65536);
	unsigned got;
	int i;

	OK(events("[\"task.created\"]", &got) == E_ok && got == 1);
	OK(events("[\"task.created\",\"skill.purchased\",\"task.completed\","
	    "\"escrow.settled\",\"escrow.disputed\",\"escrow.refunded\","
	    "\"bounty.submission_won\",\"task.created\"]", &got) == E_ok &&
	    got == ALL);
	OK(events("[]", &got) == E_webhook_events);
	OK(events("[\"task.created\",\"\"]", &got) == E_webhook_events);
	OK(events("[\"Task.created\"]", &got) == E_webhook_events);
	OK(events("[\"task.created \"]", &got) == E_webhook_events);
	OK(events("[\"*\"]", &got) == E_webhook_events);
	OK(events("[7]", &got) == E_bad_json);
	OK(events("[null]", &got) == E_bad_json);
	buf_addc(&many, '[');
	for (i = 0; i < 500; i++)
		buf_addf(&many, "%s\"an event that there is not %d\"",
		    i ? "," : "", i);
	buf_addc(&many, ']');
	OK(events(many.data, &got) == E_webhook_events);
	buf_release(&many);
}

/* The secret is in the answer, and nowhere in the store but sealed. */
static void
test_secret(const struct hook_made *m)
{
	struct secret opened, record;
	struct json doc = { 0 }, null;
	const char *text;
	struct err e;

	OK(m->secret.len == 70 && !memcmp(m->secret.data, "whsec_", 6) &&
	    strspn((char *)m->secret.data + 6, "0123456789abcdef") == 64);
	OK(rows_are("SELECT count(*) FROM hook_hook WHERE "
	    "instr(sealed, CAST('whsec_' AS BLOB)) > 0", "0;"));
	OK(hook_secret(s, "no such", &key, &opened, &e) &&
	    e.code == E_webhook_missing);
	OK(!hook_secret(s, m->hook.id, &key, &opened, &e));
	OK(opened.len == 70 && !memcmp(opened.data, m->secret.data, 71));
	secret_release(&opened);

	hook_made_write(&record, m, false);
	OK(!json_parse(&doc, (char *)record.data, record.len, &e));
	OK(json_find(&null, &doc, "secret") && json_kind(&null) == JSON_NULL);
	OK(!strstr((char *)record.data, "whsec_"));
	json_release(&doc);
	secret_release(&record);

	hook_made_write(&record, m, true);
	OK(!json_parse(&doc, (char *)record.data, record.len, &e));
	OK(!json_get_str(&doc, "secret", &text, &e) &&
	    !strcmp(text, (char *)m->secret.data));
	OK(!json_get_str(&doc, "id", &text, &e) && !strcmp(text, m->hook.id));
	OK(!json_get_str(&doc, "url", &text, &e) &&
	    !strcmp(text, "https://node.example/a"));
	OK(!json_get_str(&doc, "verification_example", &text, &e));
	OK(json_has(&doc, "events") && json_has(&doc, "active") &&
	    json_has(&doc, "warnings"));
	json_release(&doc);
	secret_release(&record);
}

static int
list(const char *node, char out[ID_TEXT])
{
	struct hook h;
	struct query q;
	struct err e;
	int n = 0;

	hook_list_open(&q, s, node);
	while (hook_list_next(&q, &h, &e) > 0) {
		snprintf(out, ID_TEXT, "%s", h.id);
		OK(!strcmp(h.node_id, node));
		n++;
	}
	return n;
}

static void
test_subscriptions(void)
{
	char first[ID_TEXT], last[ID_TEXT], id[ID_TEXT];
	struct hook_made m;
	struct hook h;
	struct err e;
	int i;

	step(0);
	OK(subscribe("quiet", "https://node.example/a", 3, &m) == E_ok);
	OK(!strncmp(m.warning, "level gate", 10));	/* soft, and told */
	snprintf(first, sizeof(first), "%s", m.hook.id);
	test_secret(&m);
	secret_release(&m.secret);
	for (i = 1; i < 5; i++)
		listen_to("quiet", "b", ALL, id);
	OK(subscribe("quiet", "https://node.example/a", 3, &m) ==
	    E_webhook_limit);
	OK(list("quiet", last) == 5 && !strcmp(last, id));
	OK(!hook_get(s, first, "quiet", &h, &e) && h.events == 3);
	IS(h.url, "https://node.example/a");
	OK(hook_get(s, first, "buyer", &h, &e) && e.code ==
	    E_webhook_missing);
	OK(!hook_get(s, first, NULL, &h, &e));
	OK(hook_remove_in(l, first, "buyer", &e) && e.code ==
	    E_webhook_missing);
	OK(hook_remove_in(l, "no such", "quiet", &e) && e.code ==
	    E_webhook_missing);
	OK(!hook_remove_in(l, first, "quiet", &e));
	OK(hook_remove_in(l, first, "quiet", &e) && e.code ==
	    E_webhook_missing);
	OK(list("quiet", last) == 4);
	OK(!hook_get(s, first, "quiet", &h, &e));	/* it was one */
	listen_to("quiet", "c", ALL, id);		/* there is room */
	OK(subscribe("quiet", "https://node.example/a", 3, &m) ==
	    E_webhook_limit);
	OK(subscribe("nobody", "https://node.example/a", 3, &m) ==
	    E_node_missing);
	params.value[PARAM_enforce_level_gates] = 1;
	OK(subscribe("buyer", "https://node.example/a", 3, &m) ==
	    E_level_gate);
	params.value[PARAM_gate_webhooks] = 0;
	OK(subscribe("buyer", "https://node.example/a", 3, &m) == E_ok &&
	    !*m.warning);
	secret_release(&m.secret);
	params.value[PARAM_enforce_level_gates] = 0;
	ledger_rollback(l);
	OK(!list("quiet", last) && !list("buyer", last));
}

/* --- What is told -------------------------------------------------------- */

static struct json output;

static void
act(enum escrow_event event, struct task *t)
{
	char id[ID_TEXT];
	struct act a = {
		.event = event, .task_id = id, .chance = &chance,
	};
	struct err e = { 0 };

	snprintf(id, sizeof(id), "%s", escrow_name(t));
	if (event == ESCROW_COMPLETE) {
		a.output = t->kind == TRADE_DIRECT ? NULL : &output;
		a.proof_hash = "proof";
	}
	if (event == ESCROW_DISPUTE)
		a.reason = "not \"good\"";
	escrow_task_release(t);
	if (escrow_act_in(l, &a, &params, t, &e))
		home_die("escrow_act_in", &e);
}

static int
settled(void *arg, const struct settled *one, struct err *e)
{
	(void)arg;
	(void)e;
	OK(!one->why);
	return 0;
}

static void
sweep(void)
{
	const struct settle how = {
		.now_ms = now_ms, .sane = true, .params = &params,
		.told = settled,
	};
	struct err e = { 0 };

	home_commit(l);
	if (settle_sweep(s, &l, &how, &e))
		home_die("settle_sweep", &e);
	home_begin(s, &l, now_ms);
}

/* What was written down of a trade: who, and what, in order. */
static const char told_sql[] =
    "SELECT replace(h.url, 'https://node.example/', ''), d.event "
    "FROM hook_delivery d JOIN hook_hook h ON h.id = d.hook_id "
    "WHERE d.ref = '%s' ORDER BY d.made_ms, substr(d.id, 1, 18), h.url";

static void
told(const struct task *t, const char *want)
{
	char text[600];

	snprintf(text, sizeof(text), told_sql, *t->escrow_id ?
	    t->escrow_id : t->id);
	OK(rows_are(text, want));
}

/* Path by path: c claims, d delivers, and so on; T and S are the timers. */
static void
walk(struct task *t, const char *path)
{
	struct err e = { 0 };

	for (; *path; path++)
		switch (*path) {
		case 'c':
			act(ESCROW_CLAIM, t);
			break;
		case 'd':
			act(ESCROW_COMPLETE, t);
			break;
		case '!':
			act(ESCROW_DISPUTE, t);
			break;
		case 'r':
			act(ESCROW_REFUND, t);
			break;
		case '+':
			act(ESCROW_RELEASE, t);
			break;
		case '-':
			act(ESCROW_RETURN, t);
			break;
		case 'S':		/* by the sweep, after a day */
			home_commit(l);
			step(DAY_MS + 1);
			sweep();
			break;
		case 'T':
			home_commit(l);
			step(3 * DAY_MS + 1);
			sweep();
			break;
		case 's':		/* asked for by a party */
			home_commit(l);
			step(DAY_MS + 1);
			if (*t->id || *t->escrow_id) {
				const struct settle_claim claim = {
					.id = escrow_name(t),
					.node_id = "buyer",
				};
				struct task done;

				if (settle_one_in(l, &claim, &params, &done,
				    &e))
					home_die("settle_one_in", &e);
				escrow_task_release(&done);
			}
			break;
		}
}

#define MADE "seller task.created;seller skill.purchased;"
#define DONE_ "buyer task.completed;seller task.completed;"
#define BACK "buyer escrow.refunded;seller escrow.refunded;"
#define BAD "buyer escrow.disputed;seller escrow.disputed;"
#define PAID "seller escrow.settled;"

static const struct { const char *path, *want; } paths[] = {
	{ "", MADE }, { "c", MADE }, { "d", MADE DONE_ },
	{ "cd", MADE DONE_ }, { "dd", MADE DONE_ },	/* the same again */
	{ "r", MADE BACK }, { "cr", MADE BACK }, { "T", MADE BACK },
	{ "cT", MADE BACK }, { "dS", MADE DONE_ PAID },
	{ "ds", MADE DONE_ PAID }, { "cdSST", MADE DONE_ PAID },
	{ "dr", MADE DONE_ BACK }, { "d!", MADE DONE_ BAD },
	{ "d!+", MADE DONE_ BAD PAID }, { "d!-", MADE DONE_ BAD BACK },
	{ "d!r", MADE DONE_ BAD BACK }, { "d!S", MADE DONE_ BAD },
};

static void
test_paths(void)
{
	char id[ID_TEXT];
	struct task t;
	size_t i;

	step(0);
	listen_to("seller", "seller", ALL, id);
	listen_to("buyer", "buyer", ALL, id);
	home_commit(l);
	for (i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		step(1);
		actor_lock(l, "buyer", skill, &params, &chance, &t);
		walk(&t, paths[i].path);
		told(&t, paths[i].want);
		if (!t.closed_ms && strcmp(paths[i].path, "T"))
			walk(&t, *paths[i].path == 'd' ? "" : "T");
		escrow_task_release(&t);
		home_commit(l);
	}
	step(0);
	OK(rows_are("SELECT count(*) FROM hook_delivery d JOIN hook_hook h "
	    "ON h.id = d.hook_id WHERE h.node_id NOT IN ('buyer', 'seller')",
	    "0;"));
	home_commit(l);
}

static void
test_direct(void)
{
	const struct direct d = { "buyer", "seller", "1.00" };
	static const struct { const char *path, *want; } direct[] = {
		{ "", "" }, { "d", "" }, { "dS", PAID }, { "T", BACK },
		{ "d!", BAD }, { "d!-", BAD BACK }, { "r", BACK },
	};
	struct err e = { 0 };
	struct task t;
	size_t i;

	for (i = 0; i < sizeof(direct) / sizeof(*direct); i++) {
		step(1);
		if (escrow_direct_in(l, &d, &params, &chance, &t, &e))
			home_die("escrow_direct_in", &e);
		walk(&t, direct[i].path);
		told(&t, direct[i].want);
		escrow_task_release(&t);
		home_commit(l);
	}
}

static void
test_shadow(void)
{
	static const struct { const char *path, *want; } shadow[] = {
		{ "", "seller task.created;" },
		{ "c", "seller task.created;" },
		{ "d", "seller task.created;" DONE_ },
		{ "cdT", "seller task.created;" DONE_ },
		{ "T", "seller task.created;" },
	};
	const struct order o = {
		.buyer_id = "buyer", .skill_id = skill, .input = &output,
	};
	struct err e = { 0 };
	struct task t;
	size_t i;

	for (i = 0; i < sizeof(shadow) / sizeof(*shadow); i++) {
		step(1);
		if (escrow_shadow_in(l, &o, &params, &chance, &t, &e))
			home_die("escrow_shadow_in", &e);
		walk(&t, shadow[i].path);
		told(&t, shadow[i].want);
		escrow_task_release(&t);
		home_commit(l);
	}
}

/* A callback hears all of one task, whoever else is told; and no other. */
static void
test_callback(void)
{
	struct hook_target at;
	struct order o = {
		.buyer_id = "buyer", .skill_id = skill, .input = &output,
		.protocol = "a2a", .callback = &at,
	};
	struct err e = { 0 };
	char last[ID_TEXT];
	struct task t, other;
	int had;

	target(&at, "https://node.example/call");
	step(1);
	had = list("buyer", last);
	if (escrow_lock_in(l, &o, &params, &chance, &t, &e))
		home_die("escrow_lock_in", &e);
	actor_lock(l, "buyer", skill, &params, &chance, &other);
	walk(&t, "d!-");
	told(&t, "call task.created;seller task.created;"
	    "call skill.purchased;seller skill.purchased;"
	    "buyer task.completed;call task.completed;seller task.completed;"
	    "buyer escrow.disputed;call escrow.disputed;"
	    "seller escrow.disputed;buyer escrow.refunded;"
	    "call escrow.refunded;seller escrow.refunded;");
	told(&other, MADE);
	OK(list("buyer", last) == had);		/* it is no webhook */
	OK(rows_are("SELECT count(*) FROM hook_hook WHERE sealed IS NULL "
	    "AND ref IS NOT NULL", "1;"));
	escrow_task_release(&t);
	escrow_task_release(&other);
	home_commit(l);
}

/* The bytes, one event each: what is in them, and one id for all. */
static void
test_bodies(void)
{
	static const struct { enum hook_event event; const char *data; }
	    want[] = {
		{ HOOK_TASK_CREATED, "\"task_id\":\"%t\",\"skill_id\":\"%k\","
		    "\"escrow_id\":\"%e\",\"buyer_id\":\"buyer\","
		    "\"amount\":\"1.00\",\"protocol\":\"api\"" },
		{ HOOK_SKILL_PURCHASED, "\"purchase_id\":\"%e\","
		    "\"skill_id\":\"%k\",\"buyer_id\":\"buyer\","
		    "\"amount\":\"1.00\"" },
		{ HOOK_TASK_COMPLETED, "\"task_id\":\"%t\","
		    "\"skill_id\":\"%k\",\"escrow_id\":\"%e\","
		    "\"proof_hash\":\"proof\"" },
		{ HOOK_ESCROW_DISPUTED, "\"task_id\":\"%t\","
		    "\"escrow_id\":\"%e\",\"buyer_id\":\"buyer\","
		    "\"reason\":\"not \\\"good\\\"\"" },
		{ HOOK_ESCROW_SETTLED, "\"task_id\":\"%t\","
		    "\"escrow_id\":\"%e\",\"amount\":\"1.00\","
		    "\"seller_payout\":\"0.97\",\"protocol_tax\":\"0.03\"" },
	};
	struct buf is = BUF_INIT(LOG_MAX), data = BUF_INIT(LOG_MAX);
	struct json doc = { 0 };
	struct task t;
	const char *p, *text;
	struct err e;
	char query[400];
	size_t i;

	step(1);
	actor_lock(l, "buyer", skill, &params, &chance, &t);
	walk(&t, "d!+");
	for (i = 0; i < sizeof(want) / sizeof(*want); i++) {
		snprintf(query, sizeof(query), "SELECT DISTINCT body FROM "
		    "hook_delivery WHERE ref = '%s' AND event = '%s'",
		    t.escrow_id, hook_event_word(want[i].event));
		rows(&is, query);
		is.data[is.len - 1] = '\0';		/* the ";" */
		OK(!json_parse(&doc, is.data, is.len - 1, &e));
		OK(!json_get_str(&doc, "id", &text, &e) &&
		    strlen(text) == 28 && !strncmp(text, "evt_", 4) &&
		    strspn(text + 4, "0123456789abcdef") == 24);
		OK(!json_get_str(&doc, "type", &text, &e) &&
		    !strcmp(text, hook_event_word(want[i].event)));
		OK(!json_get_str(&doc, "created_at", &text, &e) &&
		    strlen(text) == 24);
		buf_reset(&data);
		buf_adds(&data, "\"data\":{");
		for (p = want[i].data; *p; p++)
			if (*p != '%')
				buf_addc(&data, *p);
			else
				buf_adds(&data, *++p == 't' ? t.id :
				    *p == 'k' ? t.skill_id : t.escrow_id);
		buf_adds(&data, "}}");
		p = strstr(is.data, "\"data\"");
		OK(p && !strcmp(p, data.data));
		json_release(&doc);
	}
	OK(rows_are("SELECT count(*) FROM (SELECT event_id FROM "
	    "hook_delivery GROUP BY event_id HAVING count(DISTINCT ref || "
	    "event) > 1 OR count(DISTINCT body) > 1)", "0;"));
	escrow_task_release(&t);
	home_commit(l);
	buf_release(&is);
	buf_release(&data);
}

static void
refunded_for(const char *path, const char *reason)
{
	char query[400], want[100];
	struct task t;

	step(1);
	actor_lock(l, "buyer", skill, &params, &chance, &t);
	walk(&t, path);
	snprintf(query, sizeof(query), "SELECT count(*) FROM hook_delivery "
	    "WHERE ref = '%s' AND instr(body, '\"refund_reason\":\"%s\"') > 0",
	    t.escrow_id, reason);
	snprintf(want, sizeof(want), "2;");
	OK(rows_are(query, want));
	escrow_task_release(&t);
	home_commit(l);
}

static void
test_events_apart(void)
{
	struct err e = { 0 };
	char id[ID_TEXT];
	struct task t;

	step(1);
	listen_to("seller", "only", HOOK_OF(HOOK_ESCROW_SETTLED), id);
	actor_lock(l, "buyer", skill, &params, &chance, &t);
	walk(&t, "dS");
	told(&t, MADE DONE_ "only escrow.settled;" PAID);
	escrow_task_release(&t);
	OK(!hook_remove_in(l, id, "seller", &e));
	home_commit(l);
}

/* --- What is not told ---------------------------------------------------- */

static void
test_rollback(void)
{
	struct buf before = BUF_INIT(65536), after = BUF_INIT(65536);
	static const char all[] = "SELECT hook_id, id, state FROM "
	    "hook_delivery ORDER BY 1, 2";
	struct task t;

	rows(&before, all);
	step(1);
	actor_lock(l, "buyer", skill, &params, &chance, &t);
	told(&t, MADE);
	escrow_task_release(&t);
	ledger_rollback(l);
	rows(&after, all);
	IS(after.data, before.data);

	/* Of two in one transaction, one is taken back. */
	step(1);
	home_mark(l);
	actor_lock(l, "buyer", skill, &params, &chance, &t);
	home_undo(l);
	told(&t, "");
	escrow_task_release(&t);
	home_mark(l);
	actor_lock(l, "buyer", skill, &params, &chance, &t);
	home_keep(l);
	told(&t, MADE);
	escrow_task_release(&t);
	home_commit(l);
	buf_release(&before);
	buf_release(&after);
}

/* Whether anybody listens is asked once; what comes and goes is heard. */
static void
test_heard(void)
{
	static const char one[] = "seller task.created;seller "
	    "skill.purchased;";
	char id[ID_TEXT];
	struct err e;
	struct task t;

	step(1);
	OK(!sql("UPDATE hook_hook SET closed_ms = 1"));
	actor_lock(l, "buyer", skill, &params, &chance, &t);
	told(&t, "");
	escrow_task_release(&t);
	listen_to("seller", "seller", ALL, id);
	actor_lock(l, "buyer", skill, &params, &chance, &t);
	told(&t, one);
	escrow_task_release(&t);
	OK(!hook_remove_in(l, id, NULL, &e));
	ledger_rollback(l);

	/* What is undone was not: neither a deaf one, nor one that hears. */
	step(1);
	home_mark(l);
	OK(!sql("UPDATE hook_hook SET closed_ms = 1"));
	actor_lock(l, "buyer", skill, &params, &chance, &t);
	told(&t, "");
	escrow_task_release(&t);
	home_undo(l);
	actor_lock(l, "buyer", skill, &params, &chance, &t);
	told(&t, one);
	escrow_task_release(&t);
	ledger_rollback(l);
}

/* If it cannot be written down, it does not happen either. */
static void
test_failure(void)
{
	struct json input = { 0 };
	struct order o = {
		.buyer_id = "buyer", .skill_id = skill, .input = &input,
	};
	struct err e = { 0 };
	struct task t;

	OK(!sql("CREATE TRIGGER broken BEFORE INSERT ON hook_delivery BEGIN "
	    "SELECT RAISE(ABORT, 'no'); END"));
	OK(!json_parse(&input, "{}", 2, &e));
	step(1);
	home_mark(l);
	OK(escrow_lock_in(l, &o, &params, &chance, &t, &e));
	home_undo(l);
	home_commit(l);
	OK(rows_are("SELECT count(*) FROM escrow_escrow e WHERE NOT EXISTS "
	    "(SELECT 1 FROM ledger_entry WHERE id = e.id || ':lock')", "0;"));
	OK(!sql("DROP TRIGGER broken"));
	json_release(&input);
}

static void
test_bounty(void)
{
	char warning[BOUNTY_WARNING], id[ID_TEXT];
	const struct wish w = {
		.node_id = "buyer", .title = "title",
		.description = "description", .reward = "10.00",
	};
	struct solution so = {
		.bounty_id = id, .node_id = "seller", .content = "content",
	};
	struct bounty_end end = {
		.event = BOUNTY_AWARD, .bounty_id = id, .node_id = "buyer",
		.params = &params,
	};
	char query[300], want[200], won[ID_TEXT];
	struct submission sub;
	struct bounty b;
	struct err e = { 0 };

	step(1);
	if (bounty_create_in(l, &w, &params, &chance, &b, warning, &e))
		home_die("bounty_create_in", &e);
	snprintf(id, sizeof(id), "%s", b.id);
	bounty_release(&b);
	if (bounty_submit_in(l, &so, &params, &chance, &sub, warning, &e))
		home_die("bounty_submit_in", &e);
	snprintf(won, sizeof(won), "%s", sub.id);
	bounty_submission_release(&sub);
	snprintf(query, sizeof(query), "SELECT h.node_id, d.event, "
	    "substr(d.body, instr(d.body, '\"data\"')) FROM hook_delivery d "
	    "JOIN hook_hook h ON h.id = d.hook_id WHERE d.ref = '%s'", id);
	OK(rows_are(query, ""));
	end.submission_id = won;
	if (bounty_end_in(l, &end, &b, &e))
		home_die("bounty_end_in", &e);
	bounty_release(&b);
	snprintf(want, sizeof(want), "seller bounty.submission_won "
	    "\"data\":{\"bounty_id\":\"%s\",\"submission_id\":\"%s\","
	    "\"reward_amount\":\"10.00\"}};", id, won);
	OK(rows_are(query, want));
	home_commit(l);
}

/* --- What is read of it -------------------------------------------------- */

static void
test_reading(void)
{
	char id[ID_TEXT], last[ID_TEXT] = "~";
	struct hook_filter f = { .hook_id = id, .limit = 3 };
	struct hook_delivery d;
	struct hook_stats stats;
	int64_t total, pending;
	struct task t;
	struct query q;
	struct err e;
	int i, n;

	step(1);
	OK(list("seller", id) == 1);
	actor_lock(l, "buyer", skill, &params, &chance, &t);
	OK(!hook_deliveries_count(s, &f, &total, &e) && total > 20);
	for (i = 0; f.offset < total; f.offset += 3) {
		hook_deliveries_open(&q, s, &f);
		for (n = 0; hook_delivery_next(&q, &d, &e) > 0; n++) {
			OK(strcmp(d.id, last) < 0);	/* newest first */
			OK(!d.attempts && !d.code && !d.error);
			snprintf(last, sizeof(last), "%s", d.id);
		}
		i += n;
	}
	OK(i == total);
	f.state = "pending";
	OK(!hook_deliveries_count(s, &f, &pending, &e) && pending == total);
	f.state = "delivered";
	OK(!hook_deliveries_count(s, &f, &pending, &e) && !pending);

	/* What a receipt says: the reader's own, and no more than 20. */
	hook_told_open(&q, s, t.escrow_id, "seller");
	for (n = 0; hook_delivery_next(&q, &d, &e) > 0; n++)
		OK(!strcmp(d.event, n ? "skill.purchased" : "task.created"));
	OK(n == 2);
	hook_told_open(&q, s, t.escrow_id, "buyer");
	OK(hook_delivery_next(&q, &d, &e) == 0);

	OK(!hook_stats(s, &stats, &e) && stats.pending >= total &&
	    !stats.exhausted);
	total = stats.pending;
	OK(!sql("UPDATE hook_delivery SET state = 'exhausted', next_ms = NULL "
	    "WHERE event = 'escrow.settled' AND state = 'pending'"));
	OK(!hook_stats(s, &stats, &e) && stats.exhausted > 0 &&
	    stats.pending + stats.exhausted == total);
	escrow_task_release(&t);
	ledger_rollback(l);
}

/* --- The end of it ------------------------------------------------------- */

static const char open_sql[] = "SELECT count(*) FROM hook_hook h WHERE "
    "node_id = 'seller' AND closed_ms IS NULL";
static const char waits_sql[] = "SELECT DISTINCT d.state, d.error FROM "
    "hook_delivery d JOIN hook_hook h ON h.id = d.hook_id "
    "WHERE h.node_id = 'seller' ORDER BY 1";

static void
test_removed(void)
{
	char id[ID_TEXT];
	struct task t;
	struct err e;

	step(1);
	OK(list("seller", id) == 1);
	OK(!sql("UPDATE hook_delivery SET state = 'delivered', next_ms = NULL "
	    "WHERE event = 'escrow.settled' AND state = 'pending'"));
	OK(!hook_remove_in(l, id, "seller", &e));
	OK(rows_are(waits_sql, "delivered -;failed subscription_inactive;"));
	actor_lock(l, "buyer", skill, &params, &chance, &t);
	told(&t, "");
	escrow_task_release(&t);
	ledger_rollback(l);
}

/* A ban closes what is listened with, and what is credited later is mute. */
static void
test_banned(void)
{
	const struct report r = { .target_id = "seller" };
	struct struck out;
	struct err e = { 0 };
	struct task t;
	int i;

	step(1);
	actor_lock(l, "buyer", skill, &params, &chance, &t);
	act(ESCROW_COMPLETE, &t);
	for (i = 1; i <= 3; i++) {
		OK(rows_are(open_sql, "1;"));
		if (strike_report_in(l, &r, &params, &chance, &out, &e))
			home_die("strike_report_in", &e);
	}
	OK(out.banned && rows_are(open_sql, "0;"));
	OK(rows_are(waits_sql, "failed subscription_inactive;"));
	walk(&t, "S");
	OK(t.escrow == ESCROW_AWAITING);	/* as it was read before */
	told(&t, MADE DONE_);
	escrow_task_release(&t);
	home_commit(l);
}

static void
test_expired(void)
{
	char id[ID_TEXT], query[300];
	struct node n;
	struct err e = { 0 };

	step(1);
	if (node_sandbox_in(l, NULL, &params, &chance, &n, &e))
		home_die("node_sandbox_in", &e);
	listen_to(n.id, "sand", ALL, id);
	home_commit(l);
	step(8 * DAY_MS);
	sweep();
	snprintf(query, sizeof(query), "SELECT closed_ms = %lld FROM "
	    "hook_hook WHERE id = '%s'", (long long)now_ms, id);
	OK(rows_are(query, "1;"));
	home_commit(l);
}

int
main(void)
{
	struct secret pepper;
	struct err e = { 0 };

	param_defaults(&params);
	params.value[PARAM_canary_exposure_pct] = 0;
	params.value[PARAM_genesis_max] = 0;
	chance_seed(&chance, 7);
	secret_random(&pepper, 32);
	hook_key(&key, &pepper);
	secret_release(&pepper);
	if (json_parse(&output, "{\"a\":1}", 7, &e))
		home_die("json_parse", &e);
	s = home_new("hook");
	home_begin(s, &l, now_ms);
	actor_join(l, "buyer", &params, &chance);
	actor_join(l, "seller", &params, &chance);
	actor_join(l, "quiet", &params, &chance);
	actor_offer(l, "seller", 100, &params, &chance, skill);
	home_commit(l);

	test_events();
	test_subscriptions();
	test_paths();
	test_direct();
	test_shadow();
	test_bodies();
	refunded_for("T", "TIMEOUT_NON_DELIVERY");
	refunded_for("r", "MANUAL");
	refunded_for("d!-", "DISPUTE_RESOLVED");
	test_events_apart();
	test_callback();
	test_rollback();
	test_heard();
	test_failure();
	test_bounty();
	test_reading();
	test_removed();
	test_expired();
	test_banned();
	OK(!home_verify(s));
	ledger_free(l);
	store_close(s);
	json_release(&output);
	secret_release(&key);
	return DONE();
}
