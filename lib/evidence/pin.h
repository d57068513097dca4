/*
 * pin - the newest checkpoint that this party has signed or accepted, of each
 * log, outside the database (spec/ledger.md 5.7).
 *
 * pins/ holds a note for each origin, in a file named after its SHA-256.  A
 * pin only moves forward.  It survives the database: one that was put back
 * from an older copy is found out by it, and nothing is signed that would
 * contradict what is signed already.
 */
#ifndef PIN_H
#define PIN_H

#include <limits.h>

#include "base/buf.h"
#include "base/err.h"
#include "tlog/checkpoint.h"
#include "tlog/note.h"

struct pin {
	struct checkpoint at;
	struct buf note;		/* owned */
};

#define PIN_INIT { .note = BUF_INIT(NOTE_MAX) }

/* The directory: below the home unless it begins with a slash. */
int pin_dir(char out[PATH_MAX], const char *home, const char *dir,
    struct err *) CHECKED;

/* The file of an origin. */
int pin_path(char out[PATH_MAX], const char *dir, const char *origin,
    struct err *) CHECKED;

/*
 * 1; 0 if there is none.  Who signed it is not looked at.  E_bad_note if it
 * is damaged, and what file_read() may say.
 */
int pin_read(struct pin *out, const char *dir, const char *origin,
    struct err *) CHECKED;

/*
 * Keep others from moving pins, so that one can be read, judged and moved;
 * the directory is made at need.  fd is the caller's to close, which lets
 * them.  E_pin_unwritable.
 */
int pin_lock(int *fd, const char *dir, struct err *) CHECKED;

/*
 * Put the pin of the origin there, durably, under the lock.
 * E_pin_unwritable; the old one survives that.
 */
int pin_put(const char *dir, const char *origin, const char *note, size_t n,
    struct err *) CHECKED;

/*
 * All in one: move it to this checkpoint, unless it is further.  E_forked if
 * it is of this size with another root.
 */
int pin_move(const char *dir, const struct checkpoint *, const char *note,
    size_t n, struct err *) CHECKED;

void pin_release(struct pin *);

#endif
