/* impl - what the files of the hooks share; nobody else includes it. */
#ifndef HOOK_IMPL_H
#define HOOK_IMPL_H

#include "hook/hook.h"

/* Somebody listens from now on: tell.c. */
void hook_heard(struct store *);

#endif
