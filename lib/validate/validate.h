/*
 * validate - whether an output is what was promised of it.
 *
 * A verdict is made once, when an output is delivered, from the output, the
 * skill's contract and the buyer's own validators, and enforced later
 * (spec/vmp.md 6.4).  It depends on these, on the parameters and on the
 * version of the language data, and on nothing else: not on a clock, a
 * locale, a random source, other tasks, or what was judged before.
 *
 * What a verdict may cost is counted in steps: task_rule_steps for a task,
 * of which the seller's rules have the first half, and the buyer's validators
 * the rest, so that neither can leave the other without.  A rule that would
 * need more cannot be evaluated, which counts against the party that wrote
 * it: the seller's fails, the buyer's is an error and blocks nothing.
 */
#ifndef VALIDATE_H
#define VALIDATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/param.h"

struct buf;
struct contract;
struct custom;
struct json;
struct language;

enum validate_result {
	VALIDATE_PASS, VALIDATE_FAIL, VALIDATE_INCONCLUSIVE, VALIDATE_ERROR
};

enum validate_rule {
	VALIDATE_NOTHING_WRONG,
	VALIDATE_PROOF_MISSING, VALIDATE_SCHEMA_MISMATCH,
	VALIDATE_VALIDATOR_FAILED,
};

/* What is to be judged; all borrowed. */
struct validate_case {
	const struct json *output;		/* NULL is null */
	const struct contract *contract;	/* NULL promises nothing */
	const struct custom *const *customs;
	size_t custom_count;
	const char *task_status;		/* to be recorded */
	const struct params *params;
	struct language *language;	/* needed if contract_speaks() */
};

/* What one validator said; protocol is of the contract, custom the buyer's. */
struct validate_row {
	bool custom;
	size_t index;			/* among its own kind */
	char *id;			/* owned; "protocol:0:length" */
	const char *type;		/* static */
	enum validate_result result;
	char *details;			/* owned JSON object, or NULL */
};

/*
 * The first rule that fails, and what the validators said.  The contract's
 * are evaluated in order up to the first that fails, and only if no rule
 * before them does; the buyer's all.
 */
struct verdict {
	enum validate_rule rule;
	char *details;			/* owned JSON object; NULL: all well */
	struct validate_row *rows;	/* owned */
	size_t count;
	int64_t steps;			/* what it took */
};

/*
 * Judge: validate_release().  E_io_error if languages are needed and cannot
 * be loaded: then nothing was judged.
 */
int validate_judge(struct verdict *out, const struct validate_case *,
    struct err *) CHECKED;
void validate_release(struct verdict *);	/* accepts a zeroed one */

const char *validate_result_word(enum validate_result);	/* "PASS" */
const char *validate_rule_word(enum validate_rule);	/* NULL: all well */

/* {"rule":…,"details":…,"results":[…]} as an object of its own. */
void validate_write(struct buf *, const struct verdict *);

#endif
