/*
 * Trust in a store: who may say what of whom, what it counts, epochs, the
 * flood of fresh keys of spec/node.md 21, and that a fold over the log knows
 * the same.
 */
#include "tap.h"

#include "actors.h"
#include "base/clock.h"
#include "card/card.h"
#include "card/peer.h"
#include "crypto/wallet.h"
#include "key/bind.h"
#include "key/domain.h"
#include "key/ident.h"
#include "ledger/read.h"
#include "node/sandbox.h"
#include "trust/audit.h"
#include "trust/event.h"
#include "trust/fold.h"
#include "trust/trust.h"

enum { REG, TARGET, TWIN, ANN, BOB, CAT, FRESH };
#define SYBILS 1000
#define A_ID "7f2d9ed0b71b8e5a6c5cf30e647d6e20" \
	"b5bca6dac8071f11abe3fef8014db610"
#define ACTORS (FRESH + SYBILS)
#define WEI18 "000000000000000000"

static struct params params;
static struct chance chance;
static struct store *store;
static struct ledger *ledger;
static int64_t now = HOME_MS;
static struct sign_key key[ACTORS];
static char id[ACTORS][HASH_HEX];

static void
make_keys(void)
{
	struct secret seed;
	struct hash h;
	char text[32];
	int i;

	for (i = 0; i < ACTORS; i++) {
		snprintf(text, sizeof(text), "key %d", i);
		hash_of(&h, text, strlen(text));
		secret_init(&seed, SIGN_SEED);
		seed.len = SIGN_SEED;
		memcpy(seed.data, h.b, SIGN_SEED);
		sign_key_of(&key[i], &seed);
		secret_release(&seed);
		ident_id(id[i], &key[i].pub);
	}
}

static void
begin(void)
{
	home_begin(store, &ledger, now);
}

static void
commit(void)
{
	home_commit(ledger);
}

static void
act(enum escrow_event event, const char *order, const char *resolved)
{
	const struct act a = {
		.event = event, .task_id = order, .chance = &chance,
		.reason = event == ESCROW_COMPLETE ? NULL : "so",
		.resolved_by = resolved,
		.proof_hash = event == ESCROW_COMPLETE ? "done" : NULL,
	};
	struct err e = { 0 };
	struct task t = { 0 };

	if (escrow_act_in(ledger, &a, &params, &t, &e))
		home_die("escrow_act_in", &e);
	escrow_task_release(&t);
}

/* Delivered, and not yet settled. */
static void
order(int seller, int buyer, char out[ID_TEXT])
{
	const struct direct d = { id[buyer], id[seller], "0.10" };
	struct err e = { 0 };
	struct task t = { 0 };

	if (escrow_direct_in(ledger, &d, &params, &chance, &t, &e))
		home_die("escrow_direct_in", &e);
	memcpy(out, t.escrow_id, ID_TEXT);
	escrow_task_release(&t);
	act(ESCROW_COMPLETE, out, NULL);
}

/* An event of which the members are given, signed: its code, or "ok". */
static const char *
take(const struct buf *text, struct trust_taken *taken)
{
	struct trust_taken ignored;
	static struct err e;
	struct json o = { 0 };
	int rc;

	e = (struct err){ 0 };
	if (json_parse(&o, text->data, text->len, &e))
		home_die("json_parse", &e);
	rc = trust_is_binding(&o) ? trust_bind_in(ledger, &o, &key[REG].pub,
	    &params, taken ? taken : &ignored, &e) :
	    trust_event_in(ledger, &o, &key[REG].pub, &params,
	    taken ? taken : &ignored, &e);
	json_release(&o);
	return rc ? err_word(e.code) :
	    (taken ? taken : &ignored)->existed ? "existed" : "ok";
}

static const char *
say(const struct trust_event *x, int by, struct trust_taken *taken)
{
	struct buf text = BUF_INIT(TRUST_EVENT_MAX);
	struct err e = { 0 };
	const char *word;

	if (trust_event_make(&text, x, &key[by], &e))
		home_die("trust_event_make", &e);
	word = take(&text, taken);
	buf_release(&text);
	return word;
}

static struct trust_event
event(enum trust_kind kind, int of, const char *order_id)
{
	struct trust_event x = {
		.kind = kind, .order_id = order_id, .at_ms = now,
	};

	memcpy(x.node_id, id[of], HASH_HEX);
	if (kind == TRUST_COMPLAIN)
		memset(x.evidence, 'a', HASH_HEX - 1);
	return x;
}

static const char *
endorse(int by, int of, const char *order_id)
{
	struct trust_event x = event(TRUST_ENDORSE, of, order_id);

	return say(&x, by, NULL);
}

static const char *
stake(int of, const char *wei)
{
	struct trust_event x = event(TRUST_STAKE, of, NULL);

	snprintf(x.stake_wei, sizeof(x.stake_wei), "%s", wei);
	return say(&x, REG, NULL);
}

static const char *
verify(int of, bool verified)
{
	struct trust_event x = event(TRUST_VERIFY, of, NULL);

	x.good = verified;
	return say(&x, REG, NULL);
}

static const char *
probes(int of, int64_t from_ms, int64_t to_ms, int64_t ok, int64_t fail)
{
	struct trust_event x = event(TRUST_UPTIME, of, NULL);

	x.since_ms = from_ms;
	x.until_ms = to_ms;
	x.ok = ok;
	x.fail = fail;
	return say(&x, REG, NULL);
}

static const char *
rate(int by, int of, const char *order_id, bool good)
{
	struct trust_event x = event(TRUST_QUALITY, of, order_id);

	x.good = good;
	return say(&x, by, NULL);
}

static struct trust_score
score(int of)
{
	struct trust_score t;
	struct err e = { 0 };

	if (trust_score(store, id[of], now, &params, &t, &e))
		home_die("trust_score", &e);
	return t;
}

static int
ignore(void *arg, const struct trust_change *change, struct err *e)
{
	(void)change;
	(void)e;
	++*(int *)arg;
	return 0;
}

/* How many have changed. */
static int
epoch(void)
{
	struct err e = { 0 };
	int64_t scored;
	int n = 0;

	if (trust_epoch_in(ledger, &params, ignore, &n, &scored, &e))
		home_die("trust_epoch_in", &e);
	return n;
}

/* --- guards --------------------------------------------------------------- */

/* A text of an event, with the signature of one key in another domain. */
static const char *
forged(const char *from, enum domain domain, int by, bool key_along)
{
	struct buf text = BUF_INIT(TRUST_EVENT_MAX);
	char pem[SIGN_SPKI + 1];
	struct err e = { 0 };
	const char *word;

	sign_spki(pem, &key[by].pub);
	json_open(&text, NULL, '{');
	json_str(&text, "node_id", id[TARGET]);
	json_open(&text, "event", '{');
	json_str(&text, "type", "endorse");
	json_str(&text, "order_id", "none");
	json_close(&text, '}');
	json_str(&text, "from", from);
	if (key_along)
		json_str(&text, "public_key_pem", pem);
	if (domain_seal(&text, domain, &key[by], "signature", &e))
		home_die("domain_seal", &e);
	json_close(&text, '}');
	word = take(&text, NULL);
	buf_release(&text);
	return word;
}

static void
guards(const char *settled, const char *open, const char *sand)
{
	int64_t size = (int64_t)ledger_size_in(ledger);
	struct trust_event x = event(TRUST_COMPLAIN, TARGET, settled);
	struct trust_taken taken;
	struct trust_score was;

	/* Whose signature it is, and over what. */
	IS(forged(id[ANN], DOMAIN_trust, BOB, true), "id_mismatch");
	IS(forged(id[ANN], DOMAIN_trust, BOB, false), "unknown_peer");
	IS(forged(id[REG], DOMAIN_trust, BOB, false), "bad_signature");
	IS(forged(id[ANN], DOMAIN_receipt, ANN, true), "bad_signature");
	IS(forged(id[ANN], DOMAIN_trust, ANN, true), "task_missing");
	/* Whose order. */
	IS(endorse(BOB, TARGET, settled), "not_escrow_party");
	IS(endorse(ANN, BOB, settled), "not_escrow_party");
	IS(endorse(ANN, ANN, settled), "self_report");
	IS(endorse(ANN, TARGET, open), "wrong_state");
	IS(endorse(ANN, TARGET, sand), "not_escrow_party");
	IS(rate(TARGET, ANN, settled, true), "not_escrow_party");
	/* What is the registry's. */
	x = event(TRUST_STAKE, TARGET, NULL);
	snprintf(x.stake_wei, sizeof(x.stake_wei), "1");
	IS(say(&x, ANN, NULL), "not_registry");
	x = event(TRUST_VERIFY, ANN, NULL);
	x.good = true;
	IS(say(&x, ANN, NULL), "not_registry");
	IS(probes(REG, now - HOUR_MS, now, 30, 0), "self_report");
	IS(probes(TARGET, now, now - HOUR_MS, 30, 0), "bad_json");
	IS(probes(TARGET, now, now + HOUR_MS, 30, 0), "not_yet_valid");
	x = event(TRUST_ENDORSE, TARGET, settled);
	x.at_ms = now + TRUST_SKEW_MS + 1;
	IS(say(&x, ANN, NULL), "not_yet_valid");
	IS(stake(TARGET, "1.5"), "bad_json");
	IS(stake(TARGET, "01"), "bad_json");
	OK((int64_t)ledger_size_in(ledger) == size);
	OK(home_number(store, "SELECT count(*) FROM trust_event") == 0);
	/* Once, and then again in the same words, and in others. */
	was = score(TARGET);
	x = event(TRUST_COMPLAIN, TARGET, settled);
	IS(say(&x, ANN, &taken), "ok");
	OK(taken.score.hundredths < was.hundredths);
	OK(score(TARGET).hundredths == taken.score.hundredths);
	IS(say(&x, ANN, &taken), "existed");
	x.at_ms--;
	IS(say(&x, ANN, NULL), "id_conflict");
	/* The other party may speak of the same order. */
	x = event(TRUST_COMPLAIN, ANN, settled);
	IS(say(&x, TARGET, NULL), "ok");
	IS(rate(ANN, TARGET, settled, true), "ok");
	IS(rate(ANN, TARGET, settled, true), "existed");
	IS(rate(ANN, TARGET, settled, false), "id_conflict");
	OK((int64_t)ledger_size_in(ledger) == size + 3);
	OK(home_number(store, "SELECT count(*) FROM trust_event") == 3);
}

/* A hash is enough where the order says who the other is. */
static void
hashes(const char *settled)
{
	struct buf text = BUF_INIT(TRUST_EVENT_MAX);
	struct trust_taken taken;
	char hash[2 + HASH_HEX], pem[SIGN_SPKI + 1];
	struct err e = { 0 };

	sign_spki(pem, &key[ANN].pub);
	trust_node_hash(hash, A_ID);
	IS(hash, "0x389ec80b0ca61a9b17c160ec894cf7cb"
	    "f80b070a4cd49cc0337baaf4d37925fe");
	trust_node_hash(hash, id[TARGET]);
	json_open(&text, NULL, '{');
	json_str(&text, "node_hash", hash);
	json_open(&text, "event", '{');
	json_str(&text, "type", "endorse");
	json_str(&text, "order_id", settled);
	json_close(&text, '}');
	json_str(&text, "from", id[ANN]);
	json_str(&text, "public_key_pem", pem);
	OK(!domain_seal(&text, DOMAIN_trust, &key[ANN], "signature", &e));
	json_close(&text, '}');
	IS(take(&text, &taken), "ok");
	IS(taken.node_id, id[TARGET]);
	buf_release(&text);
	/* One endorsement of a pair, whichever their order. */
	IS(endorse(ANN, TARGET, settled), "id_conflict");
}

/* --- what counts ---------------------------------------------------------- */

/* Stake that comes and goes within a day never counts; slashing is at once. */
static void
stakes(void)
{
	begin();
	IS(stake(BOB, "100" WEI18), "ok");
	OK(score(BOB).in.stake == 0);
	commit();
	now += DAY_MS / 2;
	begin();
	IS(stake(BOB, "0"), "ok");
	IS(stake(BOB, "0"), "existed");
	now -= HOUR_MS;
	IS(stake(BOB, "5" WEI18), "stale");
	now += HOUR_MS;
	commit();
	now += 10 * DAY_MS;
	begin();
	OK(score(BOB).in.stake == 0);
	IS(stake(BOB, "1000" WEI18), "ok");
	commit();
	now += 7 * DAY_MS - 1;
	begin();
	OK(score(BOB).in.stake == 0);
	commit();
	now++;
	begin();
	OK(score(BOB).in.stake == 1000 && trust_round(score(BOB).s) == 3000);
	IS(stake(BOB, "10" WEI18), "ok");
	OK(score(BOB).in.stake == 10 && trust_round(score(BOB).s) == 1041);
	IS(score(BOB).in.stake_wei, "10" WEI18);
	commit();
}

/* One probe is not full uptime; a time that is counted is not again. */
static void
uptime(void)
{
	begin();
	IS(probes(BOB, now - HOUR_MS, now, 1, 0), "ok");
	OK(trust_round(score(BOB).u) == 516);
	IS(probes(BOB, now - 2 * HOUR_MS, now - HOUR_MS / 2, 9, 0),
	    "id_conflict");
	IS(probes(BOB, now - 2 * HOUR_MS, now - HOUR_MS, 9, 0), "ok");
	OK(trust_round(score(BOB).u) == 1806);
	commit();
	now += 30 * DAY_MS;
	begin();
	OK(score(BOB).in.ok == 0 && score(BOB).u == 0);
	commit();
}

/* Disputes decide what buyers cannot: lost is 0, won is 1. */
static void
disputes(void)
{
	char won[ID_TEXT], lost[ID_TEXT];
	struct trust_score t;
	double orders;

	begin();
	orders = score(CAT).in.orders;
	order(CAT, ANN, won);
	order(CAT, ANN, lost);
	act(ESCROW_DISPUTE, won, NULL);
	act(ESCROW_DISPUTE, lost, NULL);
	act(ESCROW_RELEASE, won, "MANUAL_REVIEW");
	act(ESCROW_RETURN, lost, "MANUAL_REVIEW");
	t = score(CAT);
	OK(t.in.rated == 2 && t.in.good == 1);
	OK(t.in.orders == orders + 1);
	IS(rate(ANN, CAT, lost, false), "wrong_state");
	IS(rate(ANN, CAT, won, false), "ok");
	t = score(CAT);
	OK(t.in.rated == 2 && t.in.good == 1);
	orders = t.in.orders;
	commit();
	now += 90 * DAY_MS;
	begin();
	OK(score(CAT).in.orders < 0.5 * orders + 1e-9);
	OK(score(CAT).in.orders > 0.5 * orders - 1e-9);
	commit();
}

/* A wallet of two endorsers, and what cards claim. */
static const char *
bind(int of, int wallet)
{
	struct buf text = BUF_INIT(TRUST_EVENT_MAX);
	struct wallet_key w;
	struct secret secret;
	struct key_bind b;
	struct err e = { 0 };
	struct hash h;
	const char *word;

	hash_of(&h, &wallet, sizeof(wallet));
	secret_init(&secret, WALLET_SECRET);
	secret.len = WALLET_SECRET;
	memcpy(secret.data, h.b, WALLET_SECRET);
	if (wallet_key_of(&w, &secret, &e))
		home_die("wallet_key_of", &e);
	key_bind_make(&b, &key[of], &w);
	key_bind_write(&text, &b);
	word = take(&text, NULL);
	wallet_key_release(&w);
	secret_release(&secret);
	buf_release(&text);
	return word;
}

static void
know(int of, const char *wallet)
{
	static const char *const none[1];
	char name[16];
	const struct card_draft d = {
		.name = name, .endpoint = "http://localhost:8080",
		.capability = none, .wallet = wallet, .issued_ms = now,
		.expires_ms = INT64_MAX,
	};
	struct card card;
	enum peer_news news;
	struct peer peer;
	struct err e = { 0 };

	snprintf(name, sizeof(name), "node %d", of);
	if (card_make(&card, &d, &key[of], &e) ||
	    peer_card_in(store, &card, now, &peer, &news, &e))
		home_die("peer_card_in", &e);
	peer_release(&peer);
	card_release(&card);
}

/* Enough to be above UNVERIFIED, without any endorsement. */
static void
raise_up(int of)
{
	IS(stake(of, "1000" WEI18), "ok");
	IS(verify(of, true), "ok");
}

static void
wallets(char orders[3][ID_TEXT])
{
	static const char both[] = "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf";
	int i;

	begin();
	for (i = 0; i < 3; i++) {
		raise_up(ANN + i);
		IS(endorse(ANN + i, TWIN, orders[i]), "ok");
	}
	OK(score(TWIN).in.weight == 0 && score(TWIN).in.endorsers == 3);
	commit();
	now += 8 * DAY_MS;
	begin();
	for (i = 0; i < 3; i++)
		IS(probes(ANN + i, now - DAY_MS, now, 8640, 0), "ok");
	OK(epoch() > 0);
	OK(epoch() == 0);		/* once a day */
	commit();
	begin();
	for (i = 0; i < 3; i++)
		OK(score(ANN + i).tier == TRUST_TRUSTED);
	OK(score(TWIN).in.weight == score(ANN).hundredths +
	    score(BOB).hundredths + score(CAT).hundredths);
	/* ANN and BOB have one wallet: both count once. */
	IS(bind(ANN, 1), "unknown_peer");
	know(ANN, NULL);
	know(BOB, NULL);
	know(CAT, both);
	IS(bind(ANN, 1), "ok");
	IS(bind(ANN, 1), "existed");
	OK(score(TWIN).in.weight == score(ANN).hundredths +
	    score(BOB).hundredths + score(CAT).hundredths);
	IS(bind(BOB, 1), "ok");
	OK(score(TWIN).in.weight == (score(ANN).hundredths >
	    score(BOB).hundredths ? score(ANN).hundredths :
	    score(BOB).hundredths) + score(CAT).hundredths);
	commit();
}

/* --- the flood ------------------------------------------------------------ */

static void
eleventh(char orders[][ID_TEXT])
{
	int i;

	for (i = 0; i < 10; i++)
		IS(endorse(CAT, FRESH + i, orders[i]), "ok");
	IS(endorse(CAT, FRESH + 10, orders[10]), "endorse_limit");
	IS(endorse(CAT, FRESH + 9, orders[9]), "existed");
	commit();
	now = (now / DAY_MS + 1) * DAY_MS;
	begin();
	IS(endorse(CAT, FRESH + 10, orders[10]), "ok");
}

/* What it would have without the keys: neither word nor order of theirs. */
static struct trust_score
without(int of, char with[][ID_TEXT])
{
	struct trust_facts f, rest = { 0 };
	struct trust_score t;
	struct err e = { 0 };
	size_t i;
	int k;

	if (trust_facts_read(store, id[of], &f, &e))
		home_die("trust_facts_read", &e);
	memcpy(rest.node_id, f.node_id, HASH_HEX);
	for (i = 0; i < f.n; i++) {
		for (k = 0; k < SYBILS && strcmp(f.fact[i].escrow_id,
		    with[k]); k++)
			;
		if (k == SYBILS)
			*trust_facts_add(&rest) = f.fact[i];
	}
	OK(f.n - rest.n == 2 * SYBILS);
	trust_facts_score(&rest, now, &params, &t);
	trust_facts_release(&f);
	trust_facts_release(&rest);
	return t;
}

static void
flood(char with[][ID_TEXT], char around[][ID_TEXT])
{
	struct trust_score was, is;
	int i, bad = 0;

	begin();
	was = score(TARGET);
	for (i = 0; i < SYBILS; i++) {
		bad += strcmp(endorse(FRESH + i, TARGET, with[i]), "ok") != 0;
		bad += strcmp(endorse(FRESH + i, FRESH + (i + 1) % SYBILS,
		    around[i]), "ok") != 0;
	}
	OK(!bad);
	OK(score(TARGET).hundredths == was.hundredths);
	commit();
	for (i = 0; i < 3; i++) {
		now += DAY_MS;
		begin();
		(void)epoch();
		commit();
	}
	is = score(TARGET);
	was = without(TARGET, with);
	printf("# 1,000 fresh keys, an order each: %lld with, %lld without\n",
	    (long long)is.hundredths, (long long)was.hundredths);
	OK(llabs(is.hundredths - was.hundredths) < 100);
	OK(is.in.endorsers == was.in.endorsers + SYBILS);
	OK(is.in.weight == was.in.weight && is.e == was.e);
	OK(is.in.rated == was.in.rated);
}

/* --- a fold over the log -------------------------------------------------- */

static int
fold_entry(void *fold, const struct entry *x, struct err *e)
{
	return trust_fold_take(fold, x, e);
}

static bool
same(const struct trust_score *a, const struct trust_score *b)
{
	const struct trust_inputs *x = &a->in, *y = &b->in;

	return a->hundredths == b->hundredths && a->tier == b->tier &&
	    a->s == b->s && a->u == b->u && a->q == b->q && a->e == b->e &&
	    a->c == b->c && a->v == b->v && x->stake == y->stake &&
	    !strcmp(x->stake_wei, y->stake_wei) && x->ok == y->ok &&
	    x->fail == y->fail && x->rated == y->rated &&
	    x->good == y->good && x->endorsers == y->endorsers &&
	    x->weight == y->weight && x->complaints == y->complaints &&
	    x->orders == y->orders && x->verified == y->verified;
}

static void
folds(void)
{
	struct trust_fold *f = trust_fold_new();
	struct units units = { 0 };
	struct trust_facts facts;
	struct trust_score a, b;
	struct ledger_head head;
	struct err e = { 0 };
	int i, bad = 0;

	if (ledger_head(store, &head, &e) ||
	    ledger_units_read(store, &units, &e) || ledger_entries(store,
	    head.size, &units, fold_entry, f, &e))
		home_die("ledger_entries", &e);
	for (i = 0; i < ACTORS; i++) {
		if (i != REG)
			bad += !trust_fold_facts(f, id[i], &facts);
		else
			(void)trust_fold_facts(f, id[i], &facts);
		trust_facts_score(&facts, now, &params, &a);
		b = score(i);
		if (!same(&a, &b))
			printf("# %d: %lld of the log, %lld of the store\n", i,
			    (long long)a.hundredths, (long long)b.hundredths);
		bad += !same(&a, &b);
		trust_facts_release(&facts);
	}
	OK(!bad);
	trust_fold_free(f);
	ledger_units_free(&units);
}

/* Who has revoked its key says nothing any more, but what it said stands. */
static void
revoked(char orders[3][ID_TEXT])
{
	int64_t weight;
	enum peer_news news;
	struct peer peer;
	struct err e = { 0 };

	begin();
	weight = score(TWIN).in.weight;
	if (peer_revoke_in(store, id[BOB], "lost", now, &peer, &news, &e))
		home_die("peer_revoke_in", &e);
	peer_release(&peer);
	IS(rate(BOB, TWIN, orders[1], true), "revoked");
	OK(score(TWIN).in.weight == weight);
	commit();
}

/* --- tiers ---------------------------------------------------------------- */

/* By what each is reached. */
static void
tiers(char orders[][ID_TEXT])
{
	int i;

	begin();
	for (i = 0; i < 30; i++)
		IS(rate(ANN + i % 3, TWIN, orders[i], true), "ok");
	OK(score(REG).tier == TRUST_UNVERIFIED);
	IS(verify(CAT, false), "ok");
	OK(!score(CAT).in.verified);
	now += 1;
	IS(verify(CAT, true), "ok");
	commit();
	now += DAY_MS;
	begin();
	params.value[PARAM_trust_endorse_full] = 1;
	IS(stake(TWIN, "1000" WEI18), "ok");
	IS(verify(TWIN, true), "ok");
	commit();
	now += 8 * DAY_MS;
	begin();
	OK(score(TWIN).tier == TRUST_TRUSTED);
	IS(probes(TWIN, now - DAY_MS, now, 8640, 0), "ok");
	OK(score(TWIN).tier == TRUST_ENTERPRISE);
	IS(probes(TWIN, now - 2 * DAY_MS, now - DAY_MS, 0, 8640), "ok");
	OK(score(TWIN).tier == TRUST_TRUSTED);
	IS(stake(TWIN, "1" WEI18), "ok");
	OK(score(TWIN).tier == TRUST_VERIFIED);
	now++;
	IS(verify(TWIN, false), "ok");
	OK(score(TWIN).tier == TRUST_UNVERIFIED);
	commit();
	params.value[PARAM_trust_endorse_full] = 100;
}

static int
faulty(void *arg, const struct trust_fault *f, struct err *e)
{
	(void)arg;
	(void)e;
	printf("# %s: %s %s is %s\n", f->node_id, f->what,
	    f->name ? f->name : "", f->fault);
	return 0;
}

/* How many faults the whole store has. */
static int64_t
audit(void)
{
	struct trust_audit a;
	struct err e = { 0 };

	if (trust_audit(store, &params, faulty, NULL, &a, &e))
		home_die("trust_audit", &e);
	OK(a.nodes == ACTORS && a.facts > 5 * SYBILS);
	return a.faults;
}

int
main(void)
{
	static char with[SYBILS][ID_TEXT], around[SYBILS][ID_TEXT];
	static char clean[2][30][ID_TEXT], cats[11][ID_TEXT];
	char settled[ID_TEXT], open[ID_TEXT], mixed[3][ID_TEXT];
	struct trust_score t;
	struct err e = { 0 };
	int i, k;

	param_defaults(&params);
	make_keys();
	store = home_new("trust.home");
	begin();
	for (i = 0; i < ACTORS; i++)
		actor_join(ledger, id[i], &params, &chance);
	order(TARGET, ANN, settled);
	for (i = 0; i < 3; i++)
		order(TWIN, ANN + i, mixed[i]);
	for (k = 0; k < 2; k++)
		for (i = 0; i < 30; i++)
			order(TARGET + k, ANN + i % 3, clean[k][i]);
	for (i = 0; i < SYBILS; i++) {
		order(TARGET, FRESH + i, with[i]);
		order(FRESH + i, FRESH + (i + 1) % SYBILS, around[i]);
	}
	for (i = 0; i < 11; i++)
		order(CAT, FRESH + i, cats[i]);
	commit();
	now += 25 * HOUR_MS;
	begin();
	act(ESCROW_SETTLE, settled, NULL);
	for (i = 0; i < 3; i++)
		act(ESCROW_SETTLE, mixed[i], NULL);
	for (k = 0; k < 2; k++)
		for (i = 0; i < 30; i++)
			act(ESCROW_SETTLE, clean[k][i], NULL);
	for (i = 0; i < SYBILS; i++) {
		act(ESCROW_SETTLE, with[i], NULL);
		act(ESCROW_SETTLE, around[i], NULL);
	}
	for (i = 0; i < 11; i++)
		act(ESCROW_SETTLE, cats[i], NULL);
	order(TARGET, ANN, open);
	OK(trust_score(store, "nobody", now, &params, &t, &e) &&
	    e.code == E_node_missing);
	OK(trust_score(store, A_ID, now, &params, &t, &e) &&
	    e.code == E_node_missing);
	guards(settled, open, clean[1][0]);
	hashes(settled);
	eleventh(cats);
	commit();
	flood(with, around);
	stakes();
	uptime();
	disputes();
	wallets(mixed);
	folds();
	tiers(clean[1]);
	revoked(mixed);
	folds();
	OK(!audit());
	OK(!home_verify(store));
	OK(!home_audit(store));
	ledger_free(ledger);
	store_close(store);
	for (i = 0; i < ACTORS; i++)
		sign_key_release(&key[i]);
	return DONE();
}
