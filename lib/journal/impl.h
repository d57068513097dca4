/* impl - what the formats share; for lib/journal only. */
#ifndef JOURNAL_IMPL_H
#define JOURNAL_IMPL_H

#include "base/buf.h"
#include "journal/journal.h"
#include "ledger/read.h"

#define JOURNAL_DAY 16		/* "2026-11-20" and NUL */

/* One export under way. */
struct journal {
	struct store *store;
	const struct journal_want *want;
	const struct journal_format *format;
	journal_put *put;
	void *arg;
	struct buf out;
	struct units units;
	char last[LEAF_ACCOUNT];	/* account named last */
	int64_t first_day, last_day;	/* since 1970, of what was written */
	int64_t day;			/* the one that day_text is of */
	char day_text[JOURNAL_DAY];
	int legs;			/* in the transaction being written */
};

/*
 * How a format is written; members may be NULL where it has nothing to say.
 * Functions append to j->out.
 */
struct journal_format {
	const char *word;
	void (*begin)(struct journal *);
	/* For every account, by name and unit, before all entries. */
	void (*declare)(struct journal *, const struct account *);
	/*
	 * Behind the day of the transaction of what a unit's accounts hold at
	 * the start, and its legs; NULL where books begin at their entries.
	 */
	const char *opening;
	void (*leg)(struct journal *, const char *account, int64_t minor,
	    const struct unit *);
	int (*raw)(struct journal *, const struct stored *, struct err *);
	void (*entry)(struct journal *, const struct entry *);
	/* For every account, by name and unit, after all; NULL at the end. */
	void (*closing)(struct journal *, const struct account *,
	    int64_t minor);
};

extern const struct journal_format journal_leaves, journal_ndjson,
    journal_csv, journal_hledger, journal_ledger, journal_beancount;

/* A whole number, an amount in its unit. */
void journal_int(struct buf *, int64_t);
void journal_amount(struct buf *, int64_t minor, const struct unit *);

/*
 * The day of an entry as text, good until the next; remembers the first and
 * the last.  journal_day() is any day's.
 */
const char *journal_date(struct journal *, const struct entry *);
const char *journal_day(struct journal *, int64_t day);

#endif
