/*
 * file - whole files: read with a ceiling, written all or nothing.
 */
#ifndef FILE_H
#define FILE_H

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
 * of the directory.  The old content survives any failure.
 */
int file_write(const char *path, const void *data, size_t n, mode_t,
    struct err *) CHECKED;

/* The same for a file that must not exist yet: E_id_conflict if it does. */
int file_create(const char *path, const void *data, size_t n, mode_t,
    struct err *) CHECKED;

/* Make a directory and its parents, as far as they are missing. */
int file_mkdir(const char *path, mode_t, struct err *) CHECKED;

#endif
