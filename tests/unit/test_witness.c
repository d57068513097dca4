/*
 * What others have seen of a node: what of it counts, what is kept, and that
 * it changes nothing.
 */
#include "tap.h"

#include "base/buf.h"
#include "health/health.h"
#include "health/witness.h"
#include "home.h"
#include "key/domain.h"
#include "key/ident.h"
#include "ledger/ledger.h"

#define S INT64_C(1000)
#define NONCE "0123456789abcdef"
#define AT (HOME_MS + DAY_MS)

static struct params params;
static struct chance chance;
static struct sign_key key, other;
static char peer[HASH_HEX], node[HASH_HEX];

/* A sample that began so many seconds ago. */
static void
put_sample(struct buf *out, const char *of, int64_t ago_s, char what)
{
	struct sample s = {
		.url = "http://node.example", .started_ms = AT - ago_s * S,
		.ok = what != 'f', .slow = what == 's',
		.class = what == 'f' ? CLASS_TIMEOUT : CLASS_NONE,
		.us = { -1, -1, -1, -1, -1 }, .sweep_id = "s",
	};

	snprintf(s.node_id, sizeof(s.node_id), "%s", of);
	sample_write(out, &s);
}

/* What was said: "o60 f20" is a good one a minute ago, a failure since. */
struct word {
	const char *samples, *of, *nonce, *observer, *sample_of;
	const struct sign_key *by;
};

static void
say(struct buf *out, const struct word *w)
{
	const char *at = w->samples;
	char *end;
	struct err e = { 0 };

	json_open(out, NULL, '{');
	json_int(out, "v", 1);
	json_str(out, "observer", w->observer ? w->observer : peer);
	json_str(out, "node_id", w->of ? w->of : node);
	json_str(out, "nonce", w->nonce ? w->nonce : NONCE);
	json_time(out, "at", AT);
	json_open(out, "samples", '[');
	for (; *at; at = end + (*end == ' '))
		put_sample(out, w->sample_of ? w->sample_of : node,
		    strtol(at + 1, &end, 10), *at);
	json_close(out, ']');
	if (domain_seal(out, DOMAIN_witness, w->by ? w->by : &key,
	    "signature", &e))
		home_die("domain_seal", &e);
	json_close(out, '}');
}

/*
 * Asked at 09:59:00 by our clock, which is a minute behind, after failures
 * since 09:57:00.
 */
static void
judge(struct witness *out, const struct word *w)
{
	struct buf text = BUF_INIT(WITNESS_MAX);

	*out = (struct witness){ .asked_ms = AT - 60 * S,
	    .of = { .since_ms = AT - 180 * S, .max_gap_ms = 300 * S } };
	snprintf(out->of.node_id, HASH_HEX, "%s", node);
	snprintf(out->peer, HASH_HEX, "%s", peer);
	say(&text, w);
	witness_judge(out, &key.pub, NONCE, text.data, text.len);
	buf_release(&text);
}

static bool
saw(const char *samples, enum witness_saw saw, enum sample_class class)
{
	const struct word word = { .samples = samples };
	struct witness w;
	bool fits;

	judge(&w, &word);
	fits = w.saw == saw && w.class == class && w.said;
	witness_release(&w);
	return fits;
}

static void
test_counts(void)
{
	OK(saw("o10", WITNESS_UP, CLASS_NONE));
	OK(saw("s10", WITNESS_UP, CLASS_NONE));
	OK(saw("f10", WITNESS_DOWN, CLASS_TIMEOUT));
	/* One family is enough to be up. */
	OK(saw("f10 o20", WITNESS_UP, CLASS_NONE));
	OK(saw("o20 f10", WITNESS_UP, CLASS_NONE));
	OK(saw("f20 f10", WITNESS_DOWN, CLASS_TIMEOUT));
	/* From before our first failure, and from what is to come. */
	OK(saw("o120", WITNESS_UP, CLASS_NONE));
	OK(saw("o121", WITNESS_NOTHING, CLASS_NONE));
	OK(saw("f121", WITNESS_NOTHING, CLASS_NONE));
	OK(saw("o0", WITNESS_UP, CLASS_NONE));
	OK(saw("o-1", WITNESS_NOTHING, CLASS_NONE));
	OK(saw("o121 f10", WITNESS_DOWN, CLASS_TIMEOUT));
	OK(saw("", WITNESS_NOTHING, CLASS_NONE));
}

static void
test_stale(void)
{
	const struct word word = { .samples = "o301" };
	struct buf text = BUF_INIT(WITNESS_MAX);
	struct witness w = { .asked_ms = AT, .of = { .since_ms = AT -
	    3600 * S, .max_gap_ms = 300 * S } };

	snprintf(w.of.node_id, HASH_HEX, "%s", node);
	snprintf(w.peer, HASH_HEX, "%s", peer);
	say(&text, &word);
	witness_judge(&w, &key.pub, NONCE, text.data, text.len);
	OK(w.saw == WITNESS_NOTHING && w.class == CLASS_NONE && w.said);
	witness_release(&w);
	buf_release(&text);
}

static enum sample_class
refused(const struct word *word)
{
	struct witness w;

	judge(&w, word);
	if (w.saw != WITNESS_NOTHING || w.said)
		return CLASS_NONE;
	return w.class;
}

static void
test_refused(void)
{
	static const char *const no[] = { "", "[]", "{", "null", "{}",
	    "{\"v\":1}" };
	struct witness w = { .of = { .max_gap_ms = 1 } };
	size_t i;

	OK(refused(&(struct word){ "o10", .by = &other }) == CLASS_BADSIG);
	OK(refused(&(struct word){ "o10", .nonce = "0123456789abcdee" }) ==
	    CLASS_BADSIG);
	OK(refused(&(struct word){ "o10", .of = peer }) == CLASS_BADSIG);
	OK(refused(&(struct word){ "o10", .observer = node }) ==
	    CLASS_BADSIG);
	OK(refused(&(struct word){ "o10", .sample_of = peer }) == CLASS_BODY);
	for (i = 0; i < sizeof(no) / sizeof(*no); i++) {
		witness_judge(&w, &key.pub, NONCE, no[i], strlen(no[i]));
		OK(w.saw == WITNESS_NOTHING && !w.said &&
		    w.class == (i < 4 ? CLASS_BODY : CLASS_BADSIG));
	}
}

static void
test_contested(void)
{
	OK(!witness_contested(&(struct witness_count){ 0, 0, 0 }));
	OK(!witness_contested(&(struct witness_count){ 0, 0, 2 }));
	OK(!witness_contested(&(struct witness_count){ 0, 1, 1 }));
	OK(!witness_contested(&(struct witness_count){ 1, 1, 0 }));
	OK(witness_contested(&(struct witness_count){ 1, 0, 1 }));
	OK(witness_contested(&(struct witness_count){ 2, 0, 0 }));
}

/* --- with rows ------------------------------------------------------------ */

static struct store *store;
static struct ledger *ledger;

/* Probes every two minutes, the last at AT; those to come are not kept. */
static void
sweeps(const char *found, const struct witness *w, size_t n)
{
	struct health_sweep sweep = { .params = &params, .chance = &chance,
	    .witness = w, .witnesses = n };
	int64_t at_ms = AT - (int64_t)(strlen(found) - 1) * 120 * S;
	struct health_taken taken;
	struct err e = { 0 };
	struct sample s;

	for (; *found; found++, at_ms += 120 * S) {
		s = (struct sample){
			.url = "http://node.example", .started_ms = at_ms,
			.mono_ms = at_ms, .ok = *found == 'o',
			.class = *found == 'o' ? CLASS_NONE : CLASS_HTTP,
			.us = { 123, 4567, -1, 1999, 9999 },
		};
		snprintf(s.node_id, HASH_HEX, "%s", node);
		sweep.began_ms = at_ms;
		sweep.ended_ms = at_ms + S;
		sweep.offline = *found == 'x';
		id_new(sweep.id, at_ms, &chance);
		snprintf(s.sweep_id, ID_TEXT, "%s", sweep.id);
		home_begin(store, &ledger, at_ms);
		if (health_take_in(ledger, &sweep, &s, 1, &taken, &e))
			home_die("health_take_in", &e);
		home_commit(ledger);
	}
}

static void
begin(const char *home)
{
	store = home_new(home);
	ledger = NULL;
}

static void
end(void)
{
	ledger_free(ledger);
	store_close(store);
}

/* What is about to be decided is known before it is. */
static void
test_foreseen(void)
{
	struct sample s = { .ok = false, .class = CLASS_HTTP,
	    .started_ms = AT + 120 * S, .mono_ms = AT + 120 * S };
	struct health_series h;
	struct witness_case c;
	struct err e = { 0 };

	snprintf(s.node_id, HASH_HEX, "%s", node);
	begin("foreseen");
	sweeps("offf", NULL, 0);
	OK(health_get(store, node, FAMILY_ANY, &h, &e) == 1);
	OK(!health_falls(&h, &params, &s, 1, &c));	/* it has */
	end();
	begin("foreseen2");
	sweeps("off", NULL, 0);
	OK(health_get(store, node, FAMILY_ANY, &h, &e) == 1);
	OK(health_falls(&h, &params, &s, 1, &c));
	OK(c.since_ms == AT - 120 * S && c.decided_ms == AT + 120 * S &&
	    c.max_gap_ms == 300 * S && c.family == FAMILY_ANY &&
	    !strcmp(c.node_id, node));
	s.ok = true;
	OK(!health_falls(&h, &params, &s, 1, &c));
	OK(!health_falls(&h, &params, &s, 0, &c));
	end();
}

static int
listed(enum witness_saw want)
{
	struct health_incident i;
	struct health_series h;
	struct witness w = { .said = NULL };
	struct err e = { 0 };
	struct query q;
	int got, n = 0;

	if (health_get(store, node, FAMILY_ANY, &h, &e) != 1 ||
	    health_incident_open(store, h.id, &i, &e) != 1)
		return -1;
	witness_open(&q, store, &i);
	while ((got = witness_next(&q, &w, &e)) > 0)
		n += w.saw == want && w.of.decided_ms == AT &&
		    (want == WITNESS_NOTHING ? !w.said : w.said != NULL);
	query_close(&q);
	return got ? -1 : n;
}

/* They are kept with what was decided, and with nothing else. */
static void
test_kept(void)
{
	const struct word word = { .samples = "o10" };
	struct witness w[3];
	struct health_series h;
	struct err e = { 0 };
	int i;

	for (i = 0; i < 3; i++) {
		judge(&w[i], &word);
		snprintf(w[i].peer, HASH_HEX, "%064d", i);
		w[i].of.decided_ms = AT;
	}
	w[1].saw = WITNESS_NOTHING;
	witness_release(&w[1]);
	w[2].of.decided_ms = AT - 120 * S;	/* nothing was decided then */
	begin("kept");
	sweeps("offf", w, 3);
	OK(listed(WITNESS_UP) == 1);
	OK(listed(WITNESS_NOTHING) == 1);
	/* The node is down for all that. */
	OK(health_get(store, node, FAMILY_ANY, &h, &e) == 1);
	OK(h.machine.state == STATE_DOWN && h.machine.since_ms ==
	    AT - 240 * S);
	end();
	begin("cut");
	sweeps("offx", w, 3);
	OK(listed(WITNESS_UP) == -1);
	end();
	for (i = 0; i < 3; i++)
		witness_release(&w[i]);
}

/* What one says is what another judges. */
static void
test_both(void)
{
	struct buf out = BUF_INIT(WITNESS_MAX);
	struct witness w = { .asked_ms = AT + 60 * S, .of = {
	    .since_ms = AT - 180 * S, .max_gap_ms = 300 * S } };
	struct err e = { 0 };

	snprintf(w.of.node_id, HASH_HEX, "%s", node);
	snprintf(w.peer, HASH_HEX, "%s", peer);
	begin("both");
	sweeps("of", NULL, 0);
	OK(!witness_write(&out, store, &params, node, NONCE, &key,
	    AT + 60 * S, &e));
	witness_judge(&w, &key.pub, NONCE, out.data, out.len);
	OK(w.saw == WITNESS_DOWN && w.class == CLASS_HTTP);
	/* What is signed has no fractions. */
	OK(w.said && strstr(w.said, "\"connect_ms\":4,\"dns_ms\":0,"));
	witness_release(&w);
	buf_reset(&out);
	/* What it has not seen lately it does not tell. */
	OK(!witness_write(&out, store, &params, node, NONCE, &key,
	    AT + 301 * S, &e));
	OK(strstr(out.data, "\"samples\":[]") != NULL);
	buf_reset(&out);
	OK(witness_write(&out, store, &params, peer, NONCE, &key, AT, &e) &&
	    e.code == E_node_missing);
	end();
	buf_release(&out);
}

int
main(void)
{
	param_defaults(&params);
	chance_seed(&chance, 1);
	sign_key_new(&key);
	sign_key_new(&other);
	ident_id(peer, &key.pub);
	ident_id(node, &other.pub);
	test_counts();
	test_stale();
	test_refused();
	test_contested();
	test_foreseen();
	test_kept();
	test_both();
	sign_key_release(&key);
	sign_key_release(&other);
	return DONE();
}
