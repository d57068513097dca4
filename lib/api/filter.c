/* What browsers, and some texts, are told: spec/vmp.md 1.11. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "api/impl.h"
#include "base/mem.h"

static bool
holds(const char *text, const char *word)
{
	size_t n = strlen(word);

	for (; *text; text++)
		if (!strncasecmp(text, word, n))
			return true;
	return false;
}

/* Does one of its product tokens begin so? */
static bool
has_product(const char *agent, const char *product)
{
	size_t n = strlen(product);
	const char *p;

	for (p = agent; *p; p++)
		if ((p == agent || strchr(" (;,\t", p[-1])) &&
		    !strncasecmp(p, product, n))
			return true;
	return false;
}

static bool
is_browser(const char *agent)
{
	static const char *const product[] = {
		"chrome/", "firefox/", "safari/", "edge/", "edg/",
	};
	size_t i;

	if (holds(agent, "mcp"))
		return false;
	for (i = 0; i < sizeof(product) / sizeof(*product); i++)
		if (has_product(agent, product[i]))
			return true;
	return false;
}

/* The embedded demo: with a key of the sandbox, or to get one. */
static bool
is_demo(const struct job *j)
{
	const char *key = net_field(net_request(j->x), "x-api-key");
	const char *field = net_field(net_request(j->x), "authorization");

	if (!j->conf->params.value[PARAM_allow_browser_sandbox] || !j->row ||
	    !(j->row->route->flags & ROUTE_DEMO))
		return false;
	if (field && !strncasecmp(field, "Bearer ", 7))
		key = field + 7;
	return key ? !strncmp(key, "bn_sandbox-", 11) :
	    !j->row->route->auth;
}

int
filter_human(struct job *j, struct err *e)
{
	const struct net_head *h = net_request(j->x);
	const char *agent = net_field(h, "user-agent");
	char url[API_URL + 16];

	/* A browser sends the password only once it was asked for it: 401. */
	if (j->row && (j->row->route->flags & ROUTE_BASIC))
		return 0;
	if (!j->conf->params.value[PARAM_human_filter] || !agent ||
	    strncmp(h->path, "/v1/", 4) || !is_browser(agent) ||
	    auth_is_admin(j))
		return 0;
	j->demo = is_demo(j);
	if (j->demo)
		return 0;
	snprintf(url, sizeof(url), "%s/mission.pdf", j->conf->base_url);
	json_str(&j->call.more, "mission_protocol", url);
	json_str(&j->call.more, "reason", API_FOR_MACHINES);
	return err_set(e, E_human_interface, "a browser");
}

static const char *const patterns[] = {
	"ignore previous", "ignore all", "ignore above",
	"disregard previous", "disregard all", "disregard above",
	"system prompt", "system message", "system instruction", "dan mode",
	"jailbreak", "bypass filter", "you are now", "act as if",
	"pretend you", "sudo", "override", "admin mode", "reveal your",
	"show your prompt", "repeat your instructions",
};

/* In text of small letters, as tidy() leaves it. */
static bool
is_bad(const char *text)
{
	size_t i, n;

	for (; *text; text++) {
		if (!strchr("idsjbyaporu", *text))
			continue;
		for (i = 0; i < sizeof(patterns) / sizeof(*patterns); i++) {
			n = strlen(patterns[i]);
			if (*text == *patterns[i] &&
			    !strncmp(text, patterns[i], n))
				return true;
		}
	}
	return false;
}

/* Small ASCII letters, and one blank for any white space. */
static void
tidy(struct buf *out, const char *text)
{
	bool blank = false;

	for (; *text; text++) {
		if (*text == ' ' || (*text >= '\t' && *text <= '\r')) {
			blank = true;
			continue;
		}
		if (blank)
			buf_addc(out, ' ');
		blank = false;
		buf_addc(out, *text >= 'A' && *text <= 'Z' ?
		    (char)(*text + 'a' - 'A') : *text);
	}
}

static bool
bad_text(struct buf *room, const char *text)
{
	buf_reset(room);
	tidy(room, text);
	return is_bad(room->data);
}

static bool
bad_value(struct buf *room, const struct json *v)
{
	struct json it = { 0 };

	if (json_kind(v) == JSON_STRING)
		return bad_text(room, json_string(v));
	if (json_kind(v) != JSON_ARRAY && json_kind(v) != JSON_OBJECT)
		return false;
	while (json_next(&it, v))
		if ((json_key(&it) && bad_text(room, json_key(&it))) ||
		    bad_value(room, &it))
			return true;
	return false;
}

int
filter_body(const struct json *body, struct err *e)
{
	struct buf room = BUF_INIT(JSON_MAX);
	bool bad = bad_value(&room, body);

	buf_release(&room);
	return bad ? err_set(e, E_guardian_rejected, "a text of the body") :
	    0;
}
