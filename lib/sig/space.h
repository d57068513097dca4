/*
 * space - the namespaces of signatures: what each may stand for.
 *
 * The list is fixed.  A signature for one is not accepted as another, and a
 * trusted key may be trusted for some of them only.
 */
#ifndef SPACE_H
#define SPACE_H

#include <stdbool.h>

#define SPACE_FILE "bzn-file-v1"
#define SPACE_MANIFEST "bzn-manifest-v1"
#define SPACE_STATUS "bzn-status-v1"
#define SPACE_HTTP "http"		/* RFC 9421 */
#define SPACE_JWT "jwt"			/* RFC 7515 */

/* The one of files that has this name, or NULL. */
const char *space_of_file(const char *name);

/*
 * The one that a signature of ssh-keygen may have: of files, or what others
 * use with it, "file" and "git".  Those we only verify; or NULL.
 */
const char *space_of_ssh(const char *name);

/* One that a key can be trusted for: of files, objects, requests, tokens. */
bool space_known(const char *name);

/* The i-th of files, or NULL past the last. */
const char *space_at(int i);

#endif
