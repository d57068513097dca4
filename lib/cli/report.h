/*
 * report - records as a table for people.
 *
 * A table is a projection of the NDJSON records: its columns are keys of
 * them.  So a report is written once, and what goes down a pipe is the same
 * with and without a terminal.  Rows are kept until the end, because columns
 * are as wide as their widest cell; nothing is cut short.
 */
#ifndef REPORT_H
#define REPORT_H

#include <stddef.h>

#include "base/err.h"

struct buf;
struct report;

/* columns: keys parted by blanks; ">" before one aligns it to the right. */
struct report *report_new(const char *columns);
void report_free(struct report *);
int report_add(struct report *, const char *record, size_t n, struct err *)
    CHECKED;

/* Append the whole table, heading and all; nothing if it has no rows. */
void report_print(const struct report *, struct buf *out);

#endif
