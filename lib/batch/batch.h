/*
 * batch - requests into answers, each under a savepoint, many to a commit.
 *
 * A request is a JSON object: made from the options of one command, or a line
 * of NDJSON on stdin.  What arrives together is done in one transaction;
 * an answer is printed only after the commit that makes it true.  A request
 * that fails leaves no trace and is complained of with its position; what
 * came before it stands.
 */
#ifndef BATCH_H
#define BATCH_H

#include <stdbool.h>

#include "cli/cli.h"

struct buf;
struct json;
struct ledger;

/*
 * Do what a request asks, inside the transaction, and append the answer: one
 * JSON object, or nothing.  A fault that must be recorded although the answer
 * is no, such as a wrong guess that is counted, is put into *but; then
 * everything is kept.
 */
typedef int batch_act(struct cli *, struct ledger *, const struct json *in,
    struct buf *out, struct err *but, struct err *e);

enum batch_key {
	BATCH_KEYED,	/* "id" is an idempotency key: see once.h */
	BATCH_OWN,	/* "id" is a member that the verb itself reads */
};

/*
 * A key is remembered for who used it: the same key of two nodes is of two
 * requests, and no node meets another's answer (spec/vmp.md 1.9).
 */
struct batch {
	batch_act *act;
	enum batch_key key;
	bool all_or_nothing;
	const char *node;	/* the member that names who acts, or NULL if
				   that is always the operator */
};

/*
 * One request, made by the options: its object, not closed yet, so that --id
 * can become its member "id".
 */
int batch_one(struct cli *, const struct batch *, const struct buf *request,
    struct err *) CHECKED;

/* Every line of stdin. */
int batch_stream(struct cli *, const struct batch *, struct err *) CHECKED;

/* The same of a file; "-" and NULL are stdin.  E_no_file, E_denied. */
int batch_file(struct cli *, const struct batch *, const char *path,
    struct err *) CHECKED;

#endif
