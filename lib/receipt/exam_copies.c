/*
 * What stands beside the core must be the same as in it: people and scripts
 * read the members that are nearest, and only the core is signed.
 */
#include <stdio.h>
#include <string.h>

#include "base/same.h"
#include "receipt/core.h"
#include "receipt/exam_impl.h"

#define WORK (1 << 20)

static void
differs(struct exam *x, const char *where, const char *key)
{
	char why[JSON_WHERE + 64];

	snprintf(why, sizeof(why), "'%s%s' is not what the core says", where,
	    key);
	exam_answer(x, EXAM_CORE, EXAM_FALSE, why);
}

/* Are these members of both the same?  What only one has is not compared. */
static void
compare(struct exam *x, const struct json *beside, const struct json *core,
    const char *const *keys, const char *where)
{
	int64_t work = WORK;
	struct json a, b;

	for (; *keys; keys++)
		if (json_find(&a, core, *keys) &&
		    (!json_find(&b, beside, *keys) || !same(&a, &b, &work)))
			differs(x, where, *keys);
}

/* Rows: as many, and each as in the core; they may have further members. */
static void
compare_rows(struct exam *x, const char *name, const struct json *core,
    const char *of_core, const char *const *keys)
{
	struct json rows, want, row = { 0 }, is;
	char where[64];
	size_t i = 0;

	if (!json_find(&want, core, of_core))
		return;
	if (!json_find(&rows, &x->doc, name) ||
	    json_kind(&rows) != JSON_ARRAY ||
	    json_kind(&want) != JSON_ARRAY ||
	    json_count(&rows) != json_count(&want)) {
		differs(x, "/", name);
		return;
	}
	while (json_next(&row, &want)) {
		snprintf(where, sizeof(where), "/%.32s/%zu/", name, i);
		if (json_at(&is, &rows, i++) ||
		    json_kind(&is) != JSON_OBJECT ||
		    json_kind(&row) != JSON_OBJECT)
			differs(x, where, "");
		else
			compare(x, &is, &row, keys, where);
	}
}

/* An object, or null where the core has none of it. */
static void
compare_part(struct exam *x, const char *name, const struct json *core,
    const char *id, const char *const *keys)
{
	char where[64];
	struct json in;

	if (!json_find(&in, &x->doc, name) || json_kind(&in) !=
	    (json_has(core, id) ? JSON_OBJECT : JSON_NULL)) {
		differs(x, "/", name);
		return;
	}
	snprintf(where, sizeof(where), "/%.32s/", name);
	if (json_kind(&in) == JSON_OBJECT)
		compare(x, &in, core, keys, where);
}

/* It is made of the id of the task, or of an escrow without one. */
static void
check_id(struct exam *x, const struct json *core)
{
	const char *id = NULL, *of = NULL;
	struct err e;

	if (json_get_str(core, "receipt_id", &id, &e) ||
	    json_opt_str(core, "task_id", &of, &e) ||
	    (!of && json_get_str(core, "escrow_id", &of, &e)) ||
	    strncmp(id, ESCROW_PAPER, strlen(ESCROW_PAPER)) ||
	    strcmp(id + strlen(ESCROW_PAPER), of))
		exam_answer(x, EXAM_CORE, EXAM_FALSE, "'/core/receipt_id' is "
		    "of another trade");
}

void
exam_copies(struct exam *x, const struct json *core)
{
	static const char *const top[] = {
		"receipt_id", "task_id", "buyer_id", "seller_id", "amount",
		"tax", "payout", "status", "proof_hash", "created_at",
		"settled_at", "ledger_entries", "escrow_lifecycle",
		"output_hash", NULL
	};
	static const char *const task[] = {
		"task_id", "skill_id", "buyer_id", "seller_id", "created_at",
		NULL
	};
	static const char *const escrow[] = {
		"escrow_id", "status", "amount", "created_at", NULL
	};
	static const char *const movement[] = {
		"type", "account", "counterparty", "amount", "entry_id",
		"reference_type", "timestamp", NULL
	};
	static const char *const rule[] = {
		"rule", "action", "timestamp", NULL
	};
	static const char *const result[] = {
		"index", "result", "source", "type", "validator_id", NULL
	};
	struct err e;
	bool final;

	exam_answer(x, EXAM_CORE, EXAM_TRUE, NULL);
	check_id(x, core);
	compare(x, &x->doc, core, top, "/");
	if (json_get_bool(&x->doc, "final", &final, &e) ||
	    final != core_is_final(core))
		differs(x, "/", "final");
	compare_part(x, "task", core, "task_id", task);
	compare_part(x, "escrow", core, "escrow_id", escrow);
	compare_rows(x, "ledger_movements", core, "ledger_entries", movement);
	compare_rows(x, "dispute_engine", core, "dispute_engine", rule);
	compare_rows(x, "validator_results", core, "validator_results",
	    result);
}
