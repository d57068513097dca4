/* The log: is every entry in it, and does the core say what they say? */
#include <stdio.h>
#include <string.h>

#include "base/same.h"
#include "evidence/judge.h"
#include "receipt/core.h"
#include "receipt/exam_impl.h"
#include "receipt/story.h"

#define WORK (1 << 20)

/* The proofs are those of the trade first, then those of the keys. */
struct log {
	struct judge judge;
	struct json evidence;
	size_t of_trade;
	bool named;			/* is it said whom to trust? */
};

static void
fail(struct exam *x, enum exam_part part, size_t i, const char *why)
{
	struct err e;

	err_set_(&e, E_receipt_proofs, "proof %zu: %s", i, why);
	exam_answer(x, part, EXAM_FALSE, e.msg);
}

/* One proof; what it says of itself must be what its leaf says. */
static void
add(struct exam *x, struct log *l, const struct json *in)
{
	struct buf text = BUF_INIT(RECEIPT_MAX);
	const char *proof, *id;
	struct err e = { 0 };
	int64_t seq;

	if (json_want(in, JSON_OBJECT, &e) ||
	    json_get_str(in, "id", &id, &e) ||
	    json_get_int(in, "seq", &seq, &e) ||
	    json_get_str(in, "tlog_proof", &proof, &e)) {
		fail(x, EXAM_PROOFS, l->judge.n, e.msg);
		judge_fail(&l->judge, "", &e);
		return;
	}
	buf_adds(&text, proof);
	judge_add(&l->judge, "", &text);
	buf_release(&text);
}

static int
add_all(struct exam *x, struct log *l, const char *name, struct err *e)
{
	struct json list, in = { 0 };

	if (!json_has(&l->evidence, name))
		return 0;
	if (json_get(&list, &l->evidence, name, JSON_ARRAY, e))
		return -1;
	while (json_next(&in, &list))
		add(x, l, &in);
	return 0;
}

/* Is the id and the seq beside a proof that of its leaf? */
static bool
is_labelled(const struct log *l, const char *name, size_t i,
    const struct judged *d)
{
	struct json list, in, leaf = { 0 };
	const char *id, *is_id;
	struct err e;
	int64_t seq;
	bool good;

	good = json_find(&list, &l->evidence, name) &&
	    !json_at(&in, &list, i) &&
	    !json_parse(&leaf, d->receipt.leaf.data, d->receipt.leaf.len,
	    &e) && !json_get_str(&in, "id", &id, &e) &&
	    !json_get_int(&in, "seq", &seq, &e) &&
	    !json_get_str(&leaf, "id", &is_id, &e) &&
	    (uint64_t)seq == d->receipt.index && !strcmp(id, is_id);
	json_release(&leaf);
	return good;
}

static bool
is_of_note(enum err_code code)
{
	return code == E_bad_note || code == E_bad_signature ||
	    code == E_unknown_signer || code == E_witness_missing;
}

static void
judge_all(struct exam *x, struct log *l, const char *checkpoint)
{
	struct buf record = BUF_INIT(8 * RECEIPT_MAX);
	const struct judged *d;
	struct err why;
	size_t i;
	bool keys;

	for (i = 0; i < l->judge.n; i++) {
		d = &l->judge.one[i];
		keys = i >= l->of_trade;
		buf_reset(&record);
		judge_write(&l->judge, i, &record, &why);
		if (why.kind != ERR_OK)
			fail(x, is_of_note(why.code) ? EXAM_CHECKPOINT :
			    EXAM_PROOFS, i, why.msg);
		else if (d->receipt.note_n != strlen(checkpoint) ||
		    memcmp(d->receipt.note, checkpoint, d->receipt.note_n))
			fail(x, EXAM_CHECKPOINT, i, "it is by another "
			    "checkpoint");
		else if (!is_labelled(l, keys ? "keys" : "proofs",
		    keys ? i - l->of_trade : i, d))
			fail(x, EXAM_PROOFS, i, "it is of another entry");
	}
	buf_release(&record);
}

/* What the receipt says of its log itself must fit, trusted or not. */
static int
check_own(const struct log *l, const char *checkpoint, struct note_key *key,
    struct err *e)
{
	const char *origin, *vkey;
	struct checkpoint at;
	struct note note;

	if (json_get_str(&l->evidence, "origin", &origin, e) ||
	    json_get_str(&l->evidence, "vkey", &vkey, e) ||
	    note_key_read(key, vkey, e) ||
	    note_parse(&note, checkpoint, strlen(checkpoint), e) ||
	    note_check(&note, key, 1, e) ||
	    checkpoint_read(&at, note.text, note.text_n, e))
		return -1;
	return !strcmp(at.origin, origin) && !strcmp(key->name, origin) ? 0 :
	    err_set(e, E_other_log, "the checkpoint is of another log");
}

static int
prepare(struct exam *x, struct log *l, const struct exam_trust *trust,
    const char *checkpoint, struct err *e)
{
	struct note_key own;
	struct err why = { 0 };

	judge_init(&l->judge);
	l->named = trust->policy || trust->node;
	if (trust->policy)
		l->judge.policy = *trust->policy;
	if (trust->node)
		judge_node(&l->judge, trust->node);
	if (check_own(l, checkpoint, &own, &why))
		exam_answer(x, EXAM_CHECKPOINT, EXAM_FALSE, why.msg);
	else if (!l->named && policy_add_log(&l->judge.policy, &own, e))
		return -1;
	if (add_all(x, l, "proofs", &why))
		exam_answer(x, EXAM_PROOFS, EXAM_FALSE, why.msg);
	l->of_trade = l->judge.n;
	if (add_all(x, l, "keys", &why))
		exam_answer(x, EXAM_PROOFS, EXAM_FALSE, why.msg);
	if (judge_learn(&l->judge, e))
		return -1;
	/* The node that is trusted has never heard of this log. */
	if (!trust->policy && trust->node && !l->judge.policy.keys &&
	    x->part[EXAM_CHECKPOINT] != EXAM_FALSE) {
		l->named = false;
		return policy_add_log(&l->judge.policy, &own, e);
	}
	return 0;
}

/* The members that the story tells, against those of the core. */
static int
compare(const struct story *s, const struct json *core, struct err *e)
{
	struct buf text = BUF_INIT(CORE_MAX);
	struct json told = { 0 }, want = { 0 }, is;
	int64_t work = WORK;
	int rc;

	json_open(&text, NULL, '{');
	story_write(&text, s);
	json_close(&text, '}');
	rc = text.full ? err_set(e, E_too_long, "it is too long") :
	    json_parse(&told, text.data, text.len, e);
	while (!rc && json_next(&want, &told))
		if (!json_find(&is, core, json_key(&want)) ||
		    !same(&want, &is, &work))
			rc = json_fail(&is, NULL, E_receipt_entries, "is not "
			    "what the log says", e);
	json_release(&told);
	buf_release(&text);
	return rc;
}

/* The row of the core that an event task.validated is about. */
static bool
is_told(const struct json *rows, const struct json *data)
{
	const char *result, *type, *id, *is[4];
	struct json row = { 0 };
	int64_t index, at;
	struct err e;

	if (json_get_int(data, "index", &index, &e) ||
	    json_get_str(data, "result", &result, &e) ||
	    json_get_str(data, "type", &type, &e) ||
	    json_get_str(data, "validator", &id, &e))
		return false;
	while (json_next(&row, rows))
		if (json_kind(&row) == JSON_OBJECT &&
		    !json_get_int(&row, "index", &at, &e) && at == index)
			return !json_get_str(&row, "result", &is[0], &e) &&
			    !json_get_str(&row, "type", &is[1], &e) &&
			    !json_get_str(&row, "validator_id", &is[2], &e) &&
			    !json_get_str(&row, "source", &is[3], &e) &&
			    !strcmp(is[0], result) && !strcmp(is[1], type) &&
			    !strcmp(is[2], id) && !strcmp(is[3], "custom");
	return false;
}

/* What the buyer's own validators found is in the log, each by itself. */
static int
check_results(const struct story *s, const struct json *core, struct err *e)
{
	struct json rows, row = { 0 }, data;
	const struct story_leaf *l;
	const char *source;
	struct err ignored;
	int count = 0;

	if (json_get(&rows, core, "validator_results", JSON_ARRAY, e))
		return -1;
	while (json_next(&row, &rows))
		count += json_kind(&row) == JSON_OBJECT &&
		    !json_get_str(&row, "source", &source, &ignored) &&
		    !strcmp(source, "custom");
	for (l = s->leaf; l < s->leaf + s->n; l++) {
		if (strcmp(l->type, "task.validated"))
			continue;
		if (!json_find(&data, &l->root, "data") ||
		    json_kind(&data) != JSON_OBJECT || !is_told(&rows, &data))
			return json_fail(&rows, NULL, E_receipt_entries,
			    "is not what the log says", e);
		count--;
	}
	return !count ? 0 : json_fail(&rows, NULL, E_receipt_entries,
	    "has what the log does not say", e);
}

static int
check_entries(const struct log *l, const struct json *core, struct err *e)
{
	const struct judged *d;
	struct story s = { 0 };
	size_t i;
	int rc = 0;

	for (i = 0; i < l->of_trade && !rc; i++) {
		d = &l->judge.one[i];
		if (!d->receipt.leaf.len)
			rc = err_set(e, E_receipt_entries, "a proof has no "
			    "entry");
		else
			rc = story_add(&s, d->receipt.leaf.data,
			    d->receipt.leaf.len, e);
	}
	if (!rc)
		rc = story_end(&s, e) || compare(&s, core, e) ||
		    check_results(&s, core, e) ? -1 : 0;
	story_release(&s);
	return rc;
}

int
exam_evidence(struct exam *x, const struct json *core,
    const struct exam_trust *trust, struct err *e)
{
	const char *checkpoint = "";
	enum exam_answer good;
	struct log l = { 0 };
	struct err why = { 0 };
	int rc = -1;

	if (!json_has(&x->doc, "evidence")) {
		if (trust->policy && json_has(core, "escrow_id"))
			exam_answer(x, EXAM_CHECKPOINT, EXAM_FALSE, "there "
			    "are no proofs");
		return 0;
	}
	if (json_get(&l.evidence, &x->doc, "evidence", JSON_OBJECT, &why) ||
	    json_get_str(&l.evidence, "checkpoint", &checkpoint, &why)) {
		exam_answer(x, EXAM_CHECKPOINT, EXAM_FALSE, why.msg);
		return 0;
	}
	if (prepare(x, &l, trust, checkpoint, e))
		goto out;
	judge_all(x, &l, checkpoint);
	if (check_entries(&l, core, &why))
		exam_answer(x, EXAM_ENTRIES, EXAM_FALSE, why.msg);
	good = l.named ? EXAM_TRUE : EXAM_UNKNOWN;
	exam_answer(x, EXAM_CHECKPOINT, good, NULL);
	exam_answer(x, EXAM_PROOFS, good, NULL);
	exam_answer(x, EXAM_ENTRIES, good, NULL);
	rc = 0;
out:
	judge_release(&l.judge);
	return rc;
}
