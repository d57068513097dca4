/* impl - what the files of registry share; nobody else includes it. */
#ifndef REGISTRY_IMPL_H
#define REGISTRY_IMPL_H

#include "registry/registry.h"
#include "store/store.h"

int registry_put_in(struct store *, const struct registry_node *,
    struct err *) CHECKED;

#endif
