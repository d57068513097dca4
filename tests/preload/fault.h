/*
 * fault.h - a record of what was done to files: a head, the path below the
 * directory that is watched, data.
 */
#ifndef FAULT_H
#define FAULT_H

#include <stdint.h>

#define FAULT_CREATE 'C'
#define FAULT_WRITE 'W'			/* data, at a place */
#define FAULT_TRUNC 'T'			/* to a size */
#define FAULT_SYNC 'S'			/* of a file, or of a directory */
#define FAULT_UNSYNCED 'E'		/* a sync that failed */
#define FAULT_UNLINK 'U'
#define FAULT_RENAME 'R'		/* data is the new path */
#define FAULT_LINK 'L'
#define FAULT_MKDIR 'M'
#define FAULT_SAID 'O'			/* on standard output */
#define FAULT_DENIED 'N'		/* data is an id said not to be there */

struct fault_note {
	char op;
	int32_t pid;
	int64_t at;
	uint32_t path_n, data_n;
};

#endif
