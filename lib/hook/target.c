#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hook/target.h"

#define ADDRESSES 64		/* that a name may have */

/* Is a port one of a list of numbers that are parted by commas? */
static bool
is_port(const char *list, unsigned port)
{
	char *end;

	for (; *list; list = end + (*end == ',')) {
		if (strtoul(list, &end, 10) == port && end != list)
			return true;
		end += strcspn(end, ",");
	}
	return false;
}

/* RFC 6761: names that are never asked of the DNS. */
static bool
is_local(const char *host)
{
	static const char local[] = "localhost";
	size_t n = strlen(host), len = strlen(local);

	return n >= len && !strcmp(host + n - len, local) &&
	    (n == len || host[n - len - 1] == '.');
}

int
hook_target_read(struct hook_target *out, const char *text,
    const struct hook_rules *rules, struct err *e)
{
	const char *ports = param_string(rules->params, PARAM_webhook_ports);
	enum url_is is;

	*out = (struct hook_target){ 0 };
	if (strlen(text) >= sizeof(out->text))
		return err_set(e, E_webhook_https, "the URL is over %d "
		    "characters", HOOK_URL - 1);
	memcpy(out->text, text, strlen(text) + 1);
	is = url_read(&out->url, text);
	if (is == URL_NUMBER)
		return err_set(e, E_webhook_private, "the host is neither a "
		    "name nor an address as they are usually spelt");
	if (is == URL_BAD)
		return err_set(e, E_webhook_https, "it is not an https URL "
		    "as https://node.example/path");
	if (!is_port(ports, out->url.port))
		return err_set(e, E_webhook_https, "port %u is not one of "
		    "'%.40s'", out->url.port, ports);
	if (rules->allow_private)
		return 0;
	if (is_local(out->url.host) || (out->url.literal &&
	    !addr_global(&out->url.addr)))
		return err_set(e, E_webhook_private, "'%.80s' is not an "
		    "address that everybody can reach", out->url.host);
	return 0;
}

int
hook_target_judge(struct hook_target *t, const struct addr *a, size_t n,
    const struct hook_rules *rules, struct err *e)
{
	size_t i;

	if (!n && !t->url.literal)
		return err_set(e, E_webhook_dns, "'%.80s' has no address",
		    t->url.host);
	for (i = 0; i < n && !rules->allow_private; i++)
		if (!addr_global(&a[i]))
			return err_set(e, E_webhook_resolves_private,
			    "'%.80s' has an address that not everybody can "
			    "reach", t->url.host);
	t->good = true;
	return 0;
}

int
hook_target(struct hook_target *out, const char *text,
    const struct hook_resolver *r, const struct hook_rules *rules,
    struct err *e)
{
	struct addr a[ADDRESSES];
	size_t n = 0;

	if (hook_target_read(out, text, rules, e))
		return -1;
	if (!out->url.literal)
		n = r->resolve(r->arg, out->url.host, a, ADDRESSES);
	if (n > ADDRESSES)
		return err_set(e, E_webhook_resolves_private, "'%.80s' has "
		    "over %d addresses", out->url.host, ADDRESSES);
	return hook_target_judge(out, a, n, rules, e);
}
