/*
 * target - where calls to others may go (spec/vmp.md 7.4, protocols.md 1).
 *
 * An https URL to port 443, or one of webhook_ports, of a host all of whose
 * addresses are global ones.  Two steps, because in between its name has to
 * be resolved: once, by whoever may wait for that.  Who connects does the
 * same again, and connects to an address that was judged.
 */
#ifndef HOOK_TARGET_H
#define HOOK_TARGET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/addr.h"
#include "base/err.h"
#include "base/param.h"
#include "base/url.h"

#define HOOK_URL 501

struct hook_rules {
	const struct params *params;
	bool allow_private;		/* for tests */
};

struct hook_target {
	char text[HOOK_URL];
	struct url url;			/* url.host is what is resolved */
	bool good;			/* hook_target_judge() was content */
};

/*
 * Read one.  E_webhook_https for what is no https URL of 500 characters at
 * most, without user and fragment, or for another port; E_webhook_private for
 * a host that is a private address, or a number in any other spelling than
 * the usual one, or of this machine by its name.
 */
int hook_target_read(struct hook_target *out, const char *text,
    const struct hook_rules *, struct err *) CHECKED;

/*
 * Judge its addresses; those of a literal one are known, and n is 0.
 * E_webhook_dns if there are none, E_webhook_resolves_private if any of them
 * is not a global one.
 */
int hook_target_judge(struct hook_target *, const struct addr *, size_t n,
    const struct hook_rules *, struct err *) CHECKED;

/*
 * What resolves a host for one that can wait: how many addresses it has, at
 * most of them in out, or 0 if none were found.
 */
struct hook_resolver {
	size_t (*resolve)(void *arg, const char *host, struct addr *out,
	    size_t most);
	void *arg;
};

/* Both steps. */
int hook_target(struct hook_target *out, const char *text,
    const struct hook_resolver *, const struct hook_rules *, struct err *)
    CHECKED;

#endif
