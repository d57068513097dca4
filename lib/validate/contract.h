/*
 * contract - what a seller promises of a skill's output.
 *
 * It stands in the skill's metadata (spec/vmp.md 6.2): output_schema,
 * input_schema, and validators, a list of at most CONTRACT_RULES objects
 * whose type is one of the eight of 6.3.  Everything in it is checked when
 * the skill is published: what can be read can be evaluated.  Unknown members
 * are passed over, and null is as absent.
 *
 * A contract keeps nothing of the metadata it was read from.  Once read it is
 * never written to, so that threads may share it.
 */
#ifndef CONTRACT_H
#define CONTRACT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

#define CONTRACT_RULES 20

struct buf;
struct contract;
struct json;
struct language;

/*
 * Read the contract in some metadata; NULL, like metadata without the three
 * members, is a contract that promises nothing.  contract_free().  A language
 * that is expected is looked up in the struct language, which is loaded for
 * that; without one (NULL) it is not looked up, as for a contract that was
 * checked before.
 *
 * E_bad_contract, E_bad_schema, E_bad_pattern, E_too_long: the message begins
 * with the place, and path, unless it is NULL, gets it as a JSON array:
 * ["metadata","validators",2,"pattern"].  E_io_error if languages cannot be
 * loaded.
 */
int contract_read(struct contract **out, const struct json *metadata,
    struct language *, struct buf *path, struct err *) CHECKED;
void contract_free(struct contract *);

size_t contract_rules(const struct contract *);

/* Does evaluating it need the data of languages? */
bool contract_speaks(const struct contract *);

#endif
