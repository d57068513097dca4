/*
 * file - whole files: read with a ceiling, written all or nothing.
 */
#ifndef FILE_H
#define FILE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/err.h"

struct buf;

/*
 * Append the whole file to out; "-" is standard input.  E_no_file, E_denied,
 * E_too_long past out's ceiling, E_io_error.
 */
int file_read(struct buf *out, const char *path, struct err *) CHECKED;

/*
 * Put data in place of path: a temporary file beside it, fsync, rename, fsync
 * of the directory.  The old content survives any failure.  E_no_file for
 * what is no file: a device, a pipe.
 */
int file_write(const char *path, const void *data, size_t n, mode_t,
    struct err *) CHECKED;

/*
 * The same for what is made again and again, and of which there is much:
 * nobody sees half of it, but after a power failure it may be empty.
 */
int file_write_again(const char *path, const void *data, size_t n, mode_t,
    struct err *) CHECKED;

/* As file_write() a file that must not exist yet: E_id_conflict if it does. */
int file_create(const char *path, const void *data, size_t n, mode_t,
    struct err *) CHECKED;

/*
 * Remove what a writer of path has left beside it that was killed, as far as
 * that can be done; not what another program is writing.  For directories of
 * few files.
 */
void file_sweep(const char *path);

/* Is it, by its name, such a file beside the one of that name? */
bool file_is_temp(const char *name, const char *of);

/*
 * Put a file that is whole already in place of path, in the same way; temp,
 * which is beside it, is gone after a success.  Unless it may replace what is
 * there: E_id_conflict.
 */
int file_place(const char *temp, const char *path, bool replace,
    struct err *) CHECKED;

/* A name for temp: path and a suffix, an empty file that is there now. */
int file_temp(char temp[PATH_MAX], const char *path, struct err *) CHECKED;

/* Copy a file, as it is, to one that is not there yet, durably. */
int file_copy(const char *from, const char *to, mode_t, struct err *)
    CHECKED;

/* Make a directory and its parents, as far as they are missing. */
int file_mkdir(const char *path, mode_t, struct err *) CHECKED;

#endif
