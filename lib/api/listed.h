/* listed - what the routes of the registry share. */
#ifndef API_LISTED_H
#define API_LISTED_H

#include "api/api.h"

struct registry_node;

/* The node that the path names.  E_node_missing, whatever is not one. */
int listed_find(struct call *, struct registry_node *out, struct err *)
    CHECKED;

#endif
