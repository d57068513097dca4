/* A node of the registry, by what a path says. */
#include "api/listed.h"
#include "registry/registry.h"

int
listed_find(struct call *c, struct registry_node *out, struct err *e)
{
	if (!registry_find(c->store, c->param[0], out, e))
		return 0;
	return e->code == E_bad_name ? err_set(e, E_node_missing,
	    "no node '%.80s' is registered", c->param[0]) : -1;
}
