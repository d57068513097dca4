/*
 * result - what became of a record, as a line of JSON (spec/ledger.md 7.4).
 */
#ifndef RESULT_H
#define RESULT_H

#include "base/buf.h"
#include "base/clock.h"
#include "ledger/post.h"

struct result {
	struct buf out;			/* lines, each with its line feed */
	bool streamed;			/* they tell the line of the input */
	bool dry;
	char root[HASH_HEX];		/* told of what was tried, if set */
	int64_t at_ms;			/* whose text is at */
	char at[CLOCK_TEXT];
};

void result_init(struct result *, bool streamed, bool dry, size_t most);
void result_posted(struct result *, unsigned long line, const char *id,
    const struct posted *);

/* The same as an object that stays open for what its caller has to add. */
void result_open(struct buf *, const char *id, const struct posted *);

/* "refused", "conflict" or "invalid"; id and why may be NULL. */
const char *result_word(const struct err *);
void result_failed(struct result *, unsigned long line, const char *id,
    const struct err *, const struct refused *why);

#endif
