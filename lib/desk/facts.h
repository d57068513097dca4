/*
 * facts - where a report on scores has its facts from.
 *
 * The counters of the store; or its log as it was, --at; or a log that was
 * exported, --facts, for which no home is needed.  The same log gives the
 * same bytes, whichever it is.
 */
#ifndef DESK_FACTS_H
#define DESK_FACTS_H

#include "cri/tally.h"
#include "desk/cri.h"
#include "ledger/leaf.h"

struct facts {
	struct cli *cli;
	struct tally *tally;		/* owned; NULL: the store's counters */
	int64_t now_ms;			/* the moment that is asked about */
};

/* Told of each entry when it has been counted; whole logs only. */
typedef int facts_seen(void *arg, const struct tally *, const struct entry *,
    struct err *);

/*
 * Read them; with seen, the whole log in any case.  facts_close() also after
 * a failure.
 */
int facts_open(struct facts *, struct cli *, const struct desk_cri *,
    facts_seen *seen, void *arg, struct err *) CHECKED;
void facts_close(struct facts *);

/* One that is registered: E_node_missing.  All of those, by id. */
int facts_node(const struct facts *, const char *node_id,
    struct tally_node *out, struct err *) CHECKED;
int facts_each(const struct facts *, tally_told *, void *arg, struct err *)
    CHECKED;

/* Before all: nodes as operands, or --all, and not both.  E_usage. */
int facts_check(const struct cli *, const struct desk_cri *, struct err *)
    CHECKED;

/* The operands, or with --all each node. */
int facts_named(const struct facts *, const struct desk_cri *, tally_told *,
    void *arg, struct err *) CHECKED;

#endif
