/* The refusals of a route, by their statuses, in an OpenAPI document. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "api/impl.h"

#define STATUSES 24

/* The words of refusals, by their statuses. */
struct words {
	int status[STATUSES];
	struct buf list[STATUSES];
	size_t n;
};

/* Is it one of a list that is parted by ", "? */
static bool
lists(const char *list, const char *word)
{
	size_t n = strlen(word), k;

	for (;; list += k + 2) {
		k = strcspn(list, ",");
		if (k == n && !memcmp(list, word, n))
			return true;
		if (!list[k])
			return false;
	}
}

static void
add_word(struct words *w, int status, const char *word)
{
	size_t i;

	for (i = 0; i < w->n && w->status[i] != status; i++)
		;
	assert(i < STATUSES);
	if (i == w->n) {
		w->status[w->n] = status;
		w->list[w->n++] = (struct buf)BUF_INIT(4096);
	}
	if (lists(w->list[i].data, word))
		return;
	buf_addf(&w->list[i], "%s%s", w->list[i].len ? ", " : "", word);
}

static void
add_code(struct words *w, enum err_code code)
{
	add_word(w, err_http(code), say_word(code));
}

/* What the steps before the handler may say (vmp 1.3). */
static void
add_steps(struct words *w, const struct route *r)
{
	if (!strncmp(r->pattern, "/v1/", 4))
		add_code(w, E_human_interface);
	if (r->rate || r->auth)
		add_code(w, E_rate_limited);
	if (r->body || r->query)
		add_code(w, E_validation);
	if (r->body || (r->flags & ROUTE_ANY_BODY))
		add_code(w, E_body_too_large);
	if (r->body && !(r->flags & ROUTE_EXEMPT))
		add_code(w, E_guardian_rejected);
	if (r->auth & AUTH_NODE) {
		add_code(w, E_api_key_format);
		add_code(w, E_api_key_structure);
		add_code(w, E_node_unknown_or_banned);
		add_code(w, E_auth_failed);
		add_code(w, E_auth_scheme);
		add_code(w, E_token_expired);
		add_code(w, E_token_invalid);
	}
	if (r->auth & (AUTH_NODE | AUTH_PEER)) {
		add_code(w, E_bad_signature);
		add_code(w, E_stale);
		add_code(w, E_unknown_peer);
		add_code(w, E_revoked);
		add_code(w, E_replayed);
	}
	if (r->auth & AUTH_ADMIN) {
		if (r->flags & ROUTE_FORBIDS)
			add_code(w, E_admin_required);
		add_code(w, E_admin_missing);
		add_code(w, E_admin_denied);
		add_code(w, E_admin_unconfigured);
	}
	if (r->auth & AUTH_SYNC) {
		add_code(w, E_sync_denied);
		add_code(w, E_sync_unconfigured);
	}
	if (r->auth & AUTH_INTERNAL) {
		add_code(w, E_internal_denied);
		add_code(w, E_internal_unconfigured);
	}
	if (openapi_takes_key(r)) {
		add_code(w, E_bad_idempotency_key);
		add_code(w, E_id_conflict);
	}
	if (r->class == ROUTE_WRITE) {
		add_code(w, E_overloaded);
		add_code(w, E_commit_unknown);
	}
	add_code(w, E_wrong_host);
	add_code(w, E_internal);
}

static void
add_own(struct words *w, const char *codes)
{
	char word[64];
	enum err_code code;
	size_t n;

	for (; codes && *codes; codes += n) {
		codes += strspn(codes, " ");
		n = strcspn(codes, " ");
		assert(n < sizeof(word));
		memcpy(word, codes, n);
		word[n] = '\0';
		if (n && err_code_named(word, &code))
			add_code(w, code);
	}
}

static const char *
refusal_of(const struct route *r, int status)
{
	return r->dialect == DIALECT_ERROR ? "NestedRefusal" :
	    r->dialect == DIALECT_MCP ? "BridgeRefusal" :
	    status == 422 ? "Faults" : "Refusal";
}

void
openapi_refusals(struct buf *out, const struct route *r)
{
	struct words w = { .n = 0 };
	char status[16], ref[64];
	size_t i;
	int s;

	add_steps(&w, r);
	add_own(&w, r->codes);
	for (s = 400; s < 600; s++)
		for (i = 0; i < w.n; i++) {
			if (w.status[i] != s)
				continue;
			snprintf(status, sizeof(status), "%d", s);
			snprintf(ref, sizeof(ref),
			    "#/components/schemas/%s", refusal_of(r, s));
			json_open(out, status, '{');
			json_str(out, "description", w.list[i].data);
			if (s == 429)
				openapi_headers(out, r, false);
			json_open(out, "content", '{');
			json_open(out, "application/json", '{');
			json_open(out, "schema", '{');
			json_str(out, "$ref", ref);
			json_close(out, '}');
			json_close(out, '}');
			json_close(out, '}');
			json_close(out, '}');
		}
	for (i = 0; i < w.n; i++)
		buf_release(&w.list[i]);
}
