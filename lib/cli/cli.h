/*
 * cli - what every program shares: the frame around run().
 *
 * cli_main() finds the verb, parses options, answers --help, --version and
 * --options, reads bzn.conf, calls run(), prints the error (once, here,
 * nowhere else), flushes stdout and returns the status.  It alone reads the
 * environment and the clock, and asks what stdout is.
 */
#ifndef CLI_H
#define CLI_H

#include <stdbool.h>
#include <stdint.h>

#include "base/chance.h"
#include "base/err.h"
#include "base/opt.h"
#include "base/param.h"
#include "store/store.h"

struct buf;
struct report;

enum cli_mode {
	CLI_READ,	/* a report or a filter */
	CLI_WRITE,	/* an action: brings --dry-run, --id, --timeout, ... */
	CLI_MAKE,	/* may make the home: the same without the first two */
	CLI_ENTER,	/* CLI_WRITE that may make the home */
	CLI_STRAY,	/* CLI_WRITE that may do without: home is NULL then */
	CLI_LOOK,	/* CLI_READ that may do without */
};

struct verb;

struct cli {
	const struct prog *prog;
	const struct verb *verb;
	const char *word;		/* of a verb of two words, the second */
	const char *home;
	const char *id;			/* --id, or NULL */
	bool table;			/* a report for people, not NDJSON */
	bool json;			/* --json was given */
	bool quiet, verbose, dry_run, accept_clock;
	struct params params;
	struct chance chance;
	struct store *store;		/* after cli_store(); cli_main closes */
	char **argv;			/* operands, NULL-terminated */
	int argc;
	int64_t wait_ms;		/* --timeout */
	bool waits;			/* --timeout was given */
	int64_t fixed_ms;		/* --now, or -1 */
	enum err_kind worst;		/* of the complaints so far */
	struct report *report;
	void *own;			/* the verb's: for what it is called
					   back with; borrowed */
};

struct verb {
	const char *name;		/* NULL in a program without verbs */
	const char *operands, *brief;
	int min, max;			/* how many operands */
	enum cli_mode mode;
	const struct opt *opts;
	const char *columns;		/* of its table: report.h; or NULL */
	int (*run)(struct cli *, struct err *);
};

struct prog {
	const char *name, *brief;
	const char *examples;		/* lines for --help */
	const char *statuses;		/* that it can give: "0 3 4" */
	const struct verb *verbs;	/* ended by one without run */
	/*
	 * Or NULL: for protocols of others, which want other words and
	 * statuses.  Is called at the end, whatever happened, if a verb was
	 * named, with argv as it was given, the error (kind 0: none), and
	 * whether --help or --version was all.  -1, or the status; what it
	 * appends goes to standard output, in place of the complaint.
	 */
	int (*end)(struct cli *, char **argv, const struct err *, bool told,
	    struct buf *out);
	int unheard;			/* the status if that cannot be
					   written */
};

int cli_main(const struct prog *, int argc, char **argv);

/* Open the store of the home; more than once is harmless. */
int cli_store(struct cli *, struct err *) CHECKED;

/* The same for a report, whatever the mode of the verb; and for an action. */
int cli_store_read(struct cli *, struct err *) CHECKED;
int cli_store_write(struct cli *, struct err *) CHECKED;

/* The parameters as bzn.conf has them now, for programs that stay. */
int cli_params(const struct cli *, struct params *out, struct err *) CHECKED;

/* What --version says. */
const char *cli_version(void);

/* Where files may lie for a moment: $TMPDIR, or /tmp. */
const char *cli_tmp(void);

/* The moment: the clock's, or what --now said. */
int64_t cli_now(const struct cli *);

/* A clock that only goes forward, in ms; with --now it is the same as that. */
int64_t cli_mono(const struct cli *);

/*
 * Write one JSON object, given without a line feed, as a line of NDJSON or a
 * row of the table.
 */
int cli_emit(struct cli *, const char *record, size_t n, struct err *)
    CHECKED;

/* The same for the whole buffer, which is emptied. */
int cli_emit_buf(struct cli *, struct buf *, struct err *) CHECKED;

/* The same for an object that is still open; the buffer is released. */
int cli_emit_object(struct cli *, struct buf *, struct err *) CHECKED;

/* Other columns than those of the verb, before the first record. */
void cli_columns(struct cli *, const char *columns);

/* Write bytes as they are: what is no record, such as a picture. */
int cli_put(const void *, size_t n, struct err *) CHECKED;

/* Let what was emitted go out now.  E_output_failed. */
int cli_flush(struct err *) CHECKED;

/*
 * If the program has not ended within so many seconds, it does then, with
 * that status and those words on standard output.  For protocols of others.
 */
struct cli_alarm { const char *text; int status; };
void cli_alarm(int64_t seconds, struct cli_alarm *);	/* which stays */

/* Print an error of one record and go on; the status remembers the worst. */
void cli_complain(struct cli *, const struct err *);

/* If standard input is a terminal, tell the person there that it is read. */
void cli_expect_stdin(const struct cli *);

/* Append foreign text for people: control characters become \xNN. */
void cli_clean(struct buf *, const char *);

#endif
