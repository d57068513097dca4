/*
 * vectors.h - third-party test vectors, which stay outside the project: in
 * $BZN_VECTORS, or in ../shared/vectors.  Without them a test says so.
 */
#ifndef VECTORS_H
#define VECTORS_H

#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"

/* Where a file of the folder is. */
static void
vector_path(char path[1024], const char *name)
{
	const char *folder = getenv("BZN_VECTORS");

	snprintf(path, 1024, "%s/%s",
	    folder && *folder ? folder : "../shared/vectors", name);
}

/* Read a file of the folder; 0, or -1 if it cannot be read. */
static int
vector_read(struct buf *out, const char *name)
{
	char path[1024], part[4096];
	size_t n;
	FILE *f;

	buf_reset(out);
	vector_path(path, name);
	f = fopen(path, "rb");
	if (!f)
		return -1;
	while ((n = fread(part, 1, sizeof part, f)) > 0)
		buf_add(out, part, n);
	fclose(f);
	return out->full ? -1 : 0;
}

#define SKIP(count, what)						\
	printf("ok %d # SKIP %d %s: no vectors, set BZN_VECTORS\n",	\
	    ++tap_n, (count), (what))

#endif
