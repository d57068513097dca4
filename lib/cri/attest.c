#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/enc.h"
#include "base/same.h"
#include "crypto/hash.h"
#include "cri/attest.h"
#include "cri/impl.h"
#include "tlog/checkpoint.h"
#include "tlog/note.h"

#define FACTS_MAX 65536
#define WORK 100000		/* far more than two claims are */

/* --- facts as members ----------------------------------------------------- */

struct place {
	const char *key;
	size_t at;			/* of an int64_t in struct tally_node */
};

#define PLACE(key, member) { key, offsetof(struct tally_node, member) }

static const struct place counts[] = {
	PLACE("S", sold), PLACE("B", bought), PLACE("U", partners),
	PLACE("m", most), PLACE("N", delivered), PLACE("X", failed),
	PLACE("strikes", strikes),
};
static const struct place amounts[] = {
	PLACE("V", volume_minor), PLACE("tck_spent", spent_minor),
};
/* The first is always there. */
static const struct place moments[] = {
	PLACE("made_at", made_ms), PLACE("first_sale_at", first_ms),
	PLACE("last_trade_at", last_ms), PLACE("banned_at", banned_ms),
};

#define COUNT(table) (sizeof(table) / sizeof(*(table)))

static int64_t
get(const struct tally_node *t, const struct place *p)
{
	int64_t value;

	memcpy(&value, (const char *)t + p->at, sizeof(value));
	return value;
}

static void
set(struct tally_node *t, const struct place *p, int64_t value)
{
	memcpy((char *)t + p->at, &value, sizeof(value));
}

void
attest_facts(struct buf *out, const char *key, const struct certified *c)
{
	const struct cri_facts *f = &c->cri.facts;
	char text[AMOUNT_TEXT];
	size_t i;

	json_open(out, key, '{');
	for (i = 0; i < COUNT(counts); i++)
		json_int(out, counts[i].key, get(&c->node, &counts[i]));
	for (i = 0; i < COUNT(amounts); i++) {
		amount_print(get(&c->node, &amounts[i]), 2, text);
		json_str(out, amounts[i].key, text);
	}
	json_int(out, "D", f->days);
	if (f->idle_days >= 0)
		json_int(out, "idle_days", f->idle_days);
	if (c->node.rank)
		json_int(out, "genesis_rank", c->node.rank);
	json_bool(out, "genesis_floor", f->sheltered);
	json_bool(out, "sandbox", f->sandbox);
	json_bool(out, "banned", f->banned);
	json_time(out, moments[0].key, c->node.made_ms);
	for (i = 1; i < COUNT(moments); i++)
		json_time_if(out, moments[i].key, get(&c->node, &moments[i]));
	json_close(out, '}');
}

static int
read_amount(const struct json *in, const char *key, int64_t *out,
    struct err *e)
{
	const char *text;

	if (json_get_str(in, key, &text, e))
		return -1;
	return amount_digits(text, 2, out, e) ? err_wrap(e, "/facts/%s", key) :
	    0;
}

static int
read_time(const struct json *in, const char *key, int64_t *out,
    struct err *e)
{
	const char *text = NULL;

	if (json_opt_str(in, key, &text, e))
		return -1;
	return text && clock_parse(text, out, e) ?
	    err_wrap(e, "/facts/%s", key) : 0;
}

static int
read_count(const struct json *in, const char *key, int64_t *out,
    struct err *e)
{
	if (json_opt_int(in, key, out, e))
		return -1;
	return *out >= 0 && *out <= LEAF_INT_MAX ? 0 :
	    json_fail(in, key, E_bad_json, "is out of range", e);
}

/* What the formula reads; what follows from that is made anew. */
static int
read_facts(struct tally_node *t, const struct json *facts, struct err *e)
{
	bool banned;
	int64_t n;
	size_t i;

	for (i = 0; i < COUNT(counts); i++) {
		if (json_get_int(facts, counts[i].key, &n, e) ||
		    read_count(facts, counts[i].key, &n, e))
			return -1;
		set(t, &counts[i], n);
	}
	for (i = 0; i < COUNT(amounts); i++) {
		if (read_amount(facts, amounts[i].key, &n, e))
			return -1;
		set(t, &amounts[i], n);
	}
	for (i = 0; i < COUNT(moments); i++) {
		n = 0;
		if (read_time(facts, moments[i].key, &n, e))
			return -1;
		set(t, &moments[i], n);
	}
	if (read_count(facts, "genesis_rank", &t->rank, e) ||
	    json_get_bool(facts, "sandbox", &t->sandbox, e) ||
	    json_get_bool(facts, "banned", &banned, e))
		return -1;
	return banned == (t->banned_ms != 0) ? 0 : err_set(e,
	    E_facts_mismatch, "banned or not, and since when, differ");
}

/* --- parameters ----------------------------------------------------------- */

static void
lines(struct buf *out, const struct params *p)
{
	char text[PARAM_TEXT];
	size_t i;

	for (i = 0; i < CRI_PARAMS; i++) {
		param_text(p, cri_params[i], text);
		buf_addf(out, "%s %s\n", param_word(cri_params[i]), text);
	}
}

void
attest_params(struct buf *out, const struct params *p)
{
	struct buf all = BUF_INIT(CRI_PARAMS * 2 * PARAM_LINE);
	char text[PARAM_TEXT], hex[HASH_HEX];
	struct params built_in;
	struct hash h;
	size_t i;

	param_defaults(&built_in);
	json_open(out, "parameters", '{');
	for (i = 0; i < CRI_PARAMS; i++) {
		if (p->value[cri_params[i]] == built_in.value[cri_params[i]])
			continue;
		param_text(p, cri_params[i], text);
		json_str(out, param_word(cri_params[i]), text);
	}
	json_close(out, '}');
	lines(&all, p);
	hash_of(&h, all.data, all.len);
	hash_hex(hex, &h);
	json_str(out, "parameters_sha256", hex);
	buf_release(&all);
}

static bool
is_ours(const char *word)
{
	size_t i;

	for (i = 0; i < CRI_PARAMS; i++)
		if (!strcmp(param_word(cri_params[i]), word))
			return true;
	return false;
}

/* As a bzn.conf of those that are named. */
int
attest_params_read(struct params *p, const struct json *claims, struct err *e)
{
	struct buf text = BUF_INIT(CRI_PARAMS * 2 * PARAM_LINE);
	struct json all, it = { 0 };
	const char *value;
	int rc = json_get(&all, claims, "parameters", JSON_OBJECT, e);

	while (!rc && json_next(&it, &all)) {
		value = json_string(&it);
		if (!is_ours(json_key(&it)))
			rc = json_fail(&it, NULL, E_bad_json,
			    "is nothing that a score depends on", e);
		else if (!value || strpbrk(value, "#\r\n"))
			rc = json_fail(&it, NULL, E_bad_json,
			    "is no value", e);
		else
			buf_addf(&text, "%s %s\n", json_key(&it), value);
	}
	param_defaults(p);
	if (!rc)
		rc = param_read(p, text.data, "/parameters", e);
	buf_release(&text);
	return rc;
}

/* --- what follows --------------------------------------------------------- */

/* Is each member of an object in the other, and equal? */
static int
compare(const struct json *made, const struct json *said, enum err_code code,
    const char *why, struct err *e)
{
	struct json it = { 0 }, other;
	char where[JSON_WHERE];
	int64_t work = WORK;

	while (json_next(&it, made)) {
		if (json_find(&other, said, json_key(&it)) &&
		    same(&it, &other, &work))
			continue;
		json_where(said, json_key(&it), where);
		return err_set(e, code, "'%s' is not what %s", where, why);
	}
	return 0;
}

/* The claims of that name, as they would be made. */
static int
compare_at(const struct json *made, const struct json *claims,
    const char *key, enum err_code code, const char *why, struct err *e)
{
	struct json a, b;

	return json_get(&a, made, key, JSON_OBJECT, e) ||
	    json_get(&b, claims, key, JSON_OBJECT, e) ||
	    compare(&a, &b, code, why, e) ? -1 : 0;
}

static int
check_hash(const struct json *claims, const struct params *p, struct err *e)
{
	struct buf text = BUF_INIT(FACTS_MAX);
	const char *said;
	struct json made;
	int rc;

	if (json_get_str(claims, "parameters_sha256", &said, e))
		return -1;
	json_open(&text, NULL, '{');
	attest_params(&text, p);
	json_close(&text, '}');
	rc = json_parse(&made, text.data, text.len, e);
	if (!rc) {
		rc = compare(&made, claims, E_parameters_mismatch,
		    "the parameters make", e);
		json_release(&made);
	}
	buf_release(&text);
	return rc;
}

int
attest_compare(const struct json *claims, const struct certified *c,
    const char *why, struct err *e)
{
	struct buf text = BUF_INIT(FACTS_MAX);
	struct json made;
	int rc;

	json_open(&text, NULL, '{');
	attest_facts(&text, "facts", c);
	certificate_history(&text, "history", c);
	certificate_score(&text, "cri", &c->cri);
	json_close(&text, '}');
	rc = json_parse(&made, text.data, text.len, e);
	if (!rc) {
		/* A fact that nothing else follows from is one, too. */
		rc = compare_at(&made, claims, "facts", E_facts_mismatch,
		    why, e) || compare_at(&made, claims, "cri",
		    E_score_mismatch, why, e) || compare_at(&made, claims,
		    "history", E_facts_mismatch, why, e) ||
		    compare_at(claims, &made, "facts", E_facts_mismatch,
		    why, e) ? -1 : 0;
		json_release(&made);
	}
	buf_release(&text);
	return rc;
}

/* A note is of what stands beside it. */
static int
check_note(const struct json *claims, struct err *e)
{
	const char *text = NULL, *origin, *root;
	struct json evidence;
	struct checkpoint at;
	char hex[HASH_HEX];
	struct note note;
	int64_t size;

	if (json_get(&evidence, claims, "evidence", JSON_OBJECT, e) ||
	    json_get_str(&evidence, "origin", &origin, e) ||
	    json_get_int(&evidence, "size", &size, e) ||
	    json_get_str(&evidence, "root", &root, e) ||
	    json_opt_str(&evidence, "note", &text, e))
		return -1;
	if (!text)
		return 0;
	if (note_parse(&note, text, strlen(text), e) ||
	    checkpoint_read(&at, note.text, note.text_n, e))
		return err_wrap(e, "/evidence/note");
	hash_hex(hex, &at.root);
	return strcmp(at.origin, origin) || at.size != (uint64_t)size ||
	    strcmp(hex, root) ? err_set(e, E_checkpoint_mismatch,
	    "'/evidence/note' is not of the log beside it") : 0;
}

int
attest_check(const struct json *claims, struct err *e)
{
	struct certified c = { .node = { .registered = true } };
	struct params params;
	struct json facts;
	const char *id;
	int64_t iat;

	if (!json_find(&facts, claims, "facts"))
		return 0;
	if (json_want(&facts, JSON_OBJECT, e) ||
	    json_get_str(claims, "sub", &id, e) ||
	    json_get_int(claims, "iat", &iat, e) ||
	    read_count(claims, "iat", &iat, e) ||
	    attest_params_read(&params, claims, e) ||
	    check_hash(claims, &params, e) || read_facts(&c.node, &facts, e))
		return -1;
	snprintf(c.node.id, sizeof(c.node.id), "%s", id);
	certificate_make(&c, 1000 * iat, &params);
	return attest_compare(claims, &c, "the facts make", e) ||
	    check_note(claims, e) ? -1 : 0;
}
