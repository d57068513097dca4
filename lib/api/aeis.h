/*
 * aeis - what the files of the operations of AEIS share; for them only.
 */
#ifndef API_AEIS_H
#define API_AEIS_H

#include "api/api.h"

/*
 * Who acts, by a member of the body: the caller itself, or whoever the
 * operator names.  E_not_agent.
 */
int aeis_agent(struct call *, const char *member, const char **out,
    struct err *) CHECKED;

/* Operations that move nothing. */
route_act aeis_receipt, aeis_receipt_look, aeis_attest, aeis_verify,
    aeis_policy;

#endif
