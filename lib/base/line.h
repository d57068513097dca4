/*
 * line - records from a stream, one a line, with their position.  Names of
 * files are parted by NUL instead, if end is changed to that at the start.
 *
 * Blank lines are skipped, unless every line counts; of names, only empty
 * ones: " " is a name.  A line has at most LINE_MAX_BYTES; the last may lack
 * its line feed.  Every complaint about a record begins with "name:number:",
 * which is what name and number are for.
 */
#ifndef LINE_H
#define LINE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"

#define LINE_MAX_BYTES (1 << 20)

struct line {
	const char *name;	/* of the stream, for people; borrowed */
	unsigned long number;	/* of the line in text, from 1 */
	struct buf text;	/* without its line feed */
	int fd;			/* borrowed */
	bool eof;
	bool cut;		/* the record lacks its line feed */
	bool every;		/* blank lines are records as well */
	char end;		/* of a record: a line feed, unless changed */
	struct buf ahead;	/* read, and not yet given out */
	size_t used;		/* bytes of it that were */
};

void line_init(struct line *, int fd, const char *name);
void line_release(struct line *);

/* Lines of a text, which is copied. */
void line_init_text(struct line *, const char *text, size_t n,
    const char *name);

/*
 * The next record into text: 1, or 0 at the end.  -1 with E_too_long leaves
 * the reader at the following line: go on; -1 with E_io_error is the end.
 */
int line_next(struct line *, struct err *) CHECKED;

/* Would line_next() have to wait for the writer? */
bool line_would_block(struct line *);

#endif
