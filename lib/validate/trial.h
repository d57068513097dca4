/*
 * trial - outputs judged before anybody depends on it (spec/vmp.md 10.1, 7).
 *
 * They are judged by one contract, as when work is delivered: up to the first
 * of its rules that fails.  Or by a list of validators, each by itself, so
 * that none hides what the next has to say.  Nothing is kept of it.
 */
#ifndef TRIAL_H
#define TRIAL_H

#include <stddef.h>

#include "base/err.h"
#include "base/param.h"

struct buf;
struct contract;
struct json;
struct language;
struct verdict;

struct trial {
	struct contract **contract;	/* owned, as what it points to */
	size_t n;
};

/* What some metadata promises; as contract_read(). */
int trial_contract(struct trial *, const struct json *metadata,
    struct language *, struct err *) CHECKED;

/*
 * A list of 1 to CONTRACT_RULES validators of spec/vmp.md 6.3, as a contract
 * has them or as {"type","config":{...}}.  Path, unless it is NULL, gets where
 * a bad one stands: ["validators",2,"config","pattern"].  E_bad_contract, and
 * as contract_read().
 */
int trial_validators(struct trial *, const struct json *list,
    struct language *, struct buf *path, struct err *) CHECKED;

/*
 * Judge an output, NULL is null: the first rule that fails is in out, which is
 * to be released by validate_release(); its rows are left out.  Appended to
 * rows is a JSON array of what each validator said.
 */
int trial_judge(const struct trial *, const struct json *output,
    const struct params *, struct language *, struct buf *rows,
    struct verdict *out, struct err *) CHECKED;

/* "passed", and "rule" and "details" if it has not, as members. */
void trial_write(struct buf *, const struct verdict *);

void trial_release(struct trial *);	/* accepts a zeroed one */

#endif
