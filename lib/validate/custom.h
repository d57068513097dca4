/*
 * custom - validators that a buyer attaches to a task (spec/vmp.md 6.5).
 *
 * One is of type schema (config.schema), regex (config.pattern and
 * config.field), or webhook (config.url, config.timeout_ms).  The first two
 * are evaluated when the task is delivered, the third by whoever can call it.
 * As a contract, one keeps nothing of what it was read from, and is shared.
 */
#ifndef CUSTOM_H
#define CUSTOM_H

#include <stdint.h>

#include "base/err.h"

#define CUSTOM_NAME 100		/* characters, at most */
#define CUSTOM_TIMEOUT_MS 10000	/* of a webhook, at most and by default */

struct buf;
struct custom;
struct json;

/*
 * Read one: custom_free().  E_bad_contract for a name, type or config that
 * is not one; E_validator_schema, E_validator_pattern or E_validator_https
 * if what the type requires is absent; E_bad_schema, E_bad_pattern,
 * E_too_long as contract_read(), with a path such as ["config","pattern"].
 * Where a webhook may point to is not looked at here, but for its https.
 */
int custom_read(struct custom **out, const char *id, const char *name,
    const char *type, const struct json *config, struct buf *path,
    struct err *) CHECKED;
void custom_free(struct custom *);

const char *custom_id(const struct custom *);
const char *custom_name(const struct custom *);
const char *custom_type(const struct custom *);
const char *custom_url(const struct custom *);	/* NULL: not a webhook */
int64_t custom_timeout_ms(const struct custom *);

#endif
