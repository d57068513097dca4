/*
 * suite - benchmarks: inputs with known outputs, for skills to be tried on.
 *
 * A suite is a list of cases.  Three are built in; further ones are files of
 * JSON in a directory (spec/vmp.md 8.5).  A run of a suite on a skill makes
 * a shadow task of each case, and two of one that compares a skill with
 * itself; the seller delivers them like any other.  What came of it follows
 * from the tasks, whose outputs cannot change, so it is computed when it is
 * asked for; a run that is over is noted as such, and if all cases pass the
 * skill is verified from then on.  No money moves.  Units: _ms since 1970 UTC.
 */
#ifndef SUITE_H
#define SUITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/id.h"
#include "base/param.h"
#include "node/node.h"

struct buf;
struct json;
struct ledger;
struct store;

#define SUITE_ID 51		/* 1 to 50 of [a-z0-9_] and NUL */
#define SUITE_CASES 100		/* of one suite, at most */
#define SUITE_RUN NODE_ID	/* "bench_", a suite, "_", and a UUID */

enum suite_check {
	SUITE_FIELD_MATCH,	/* a member of the output is as expected */
	SUITE_SCHEMA_VALID,	/* the output fits the contract's schema */
	SUITE_CONSISTENT_KEYS,	/* two outputs have the same members */
	SUITE__CHECKS
};

const char *suite_check_word(enum suite_check);		/* "field_match" */

struct suite_case {
	char *id, *input;		/* owned; input is a JSON object */
	enum suite_check check;
	char *field, *expected;		/* owned, of FIELD_MATCH, or NULL */
};

struct suite {
	char id[SUITE_ID];
	char *name, *description;	/* owned */
	char *pattern;			/* owned: labels it is for, or NULL */
	struct suite_case *cases;	/* owned */
	size_t n;
};

struct suites {
	struct suite *suite;		/* owned */
	size_t n;
};

/*
 * Those that are built in, and those of a directory, in the order of its
 * names; files that do not end in .json are passed over.  dir may be NULL.
 * suite_free().  E_bad_suite, with the name of the file that is none;
 * E_no_file.
 */
int suite_load(struct suites *, const char *dir, struct err *) CHECKED;
void suite_free(struct suites *);	/* accepts a zeroed one */

/* The same, of the directory that a home's configuration names. */
int suite_load_home(struct suites *, const char *home, const struct params *,
    struct err *) CHECKED;

/* E_suite_missing. */
int suite_find(const struct suites *, const char *id,
    const struct suite **out, struct err *) CHECKED;

/* What is to be tried; all borrowed. */
struct suite_ask {
	const char *node_id;		/* who wants to know: not the seller */
	const char *skill_id;
	const struct suite *suite;
};

enum suite_state { SUITE_RUNNING, SUITE_COMPLETED, SUITE_EXPIRED };
enum suite_result { SUITE_PENDING, SUITE_PASS, SUITE_FAIL };

/* A case of a run. */
struct suite_trial {
	char *case_id;			/* owned, as are all texts */
	enum suite_check check;
	char *field, *expected, *input;
	char task_id[ID_TEXT];
	char repeat_id[ID_TEXT];	/* of the second task, or "" */
	enum suite_result result;
	bool late;			/* not delivered in time */
	char *actual;			/* JSON: what was there; or NULL */
	char *detail;			/* why; or NULL */
};

struct suite_run {
	char id[SUITE_RUN], suite[SUITE_ID], skill_id[ID_TEXT];
	char node_id[NODE_ID];
	char *label;			/* owned: of the skill */
	enum suite_state state;
	int64_t made_ms, due_ms;
	int64_t closed_ms;		/* when the last of it was known */
	struct suite_trial *trial;	/* owned */
	size_t n, passed, failed;
};

void suite_run_release(struct suite_run *);	/* accepts a zeroed one */

/*
 * Order the tasks.  E_skill_missing, what the first half of the lock gate
 * says, E_rate_limited over bench_rate runs of the node within an hour.
 */
int suite_start_in(struct ledger *, const struct suite_ask *,
    const struct params *, struct chance *, struct suite_run *out,
    struct err *) CHECKED;

/* A run as it is at now_ms: suite_run_release().  E_run_missing. */
int suite_run(struct store *, const char *id, int64_t now_ms,
    struct suite_run *out, struct err *) CHECKED;

/* It ended with all cases passed. */
bool suite_verified(const struct suite_run *);

/*
 * If a run is over, note that, and that the skill is verified if it is: 1;
 * 0 if it still runs, or was noted before.  E_run_missing.
 */
int suite_close_in(struct ledger *, const char *id, struct err *) CHECKED;

/*
 * For the sweep: runs that are over at now_ms and not noted yet, from where
 * *after_ms and after_id stopped, at most limit ids into out: their number,
 * or -1.
 */
int suite_due(struct store *, int64_t now_ms, int64_t *after_ms,
    char after_id[SUITE_RUN], int limit, char (*out)[SUITE_RUN],
    struct err *) CHECKED;

/* What a sweep did: the record of a run that was just closed. */
int suite_closed_write(struct buf *, struct store *, const char *id,
    int64_t now_ms, struct err *) CHECKED;

/* Records; the object stays open for what the caller has to add. */
void suite_write(struct buf *, const struct suite *, bool with_cases);
void suite_cases_write(struct buf *, const struct suite *);
void suite_start_write(struct buf *, const struct suite_run *);
void suite_run_write(struct buf *, const struct suite_run *);

#endif
