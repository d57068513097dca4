#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "card/fit.h"
#include "key/domain.h"
#include "probe/judge.h"

struct asked {
	const struct probe_how *how;
	const struct probe_target *target;
	const char *nonce;
};

/* The text of a member; NULL if it is none. */
static const char *
text_of(const struct json *o, const char *key)
{
	struct json v;

	return json_find(&v, o, key) ? json_string(&v) : NULL;
}

/*
 * Is it signed, and how: -1 if wrongly.  What names another node is of that
 * node, signed or not.  Without a key nothing is proven, but a nonce that is
 * not ours shows that it was signed for somebody else.
 */
static int
check_signature(const struct asked *q, const struct json *o)
{
	const char *id = text_of(o, "node_id");
	const char *nonce = text_of(o, "nonce");
	const struct probe_target *t = q->target;
	struct err ignored = { 0 };
	struct json v;

	if (t->node_id && json_has(o, "node_id") &&
	    (!id || strcmp(id, t->node_id)))
		return -1;
	if (!json_find(&v, o, "signature"))
		return 0;
	if (!nonce || strcmp(nonce, q->nonce))
		return -1;
	if (!t->key)
		return 0;
	return domain_check(DOMAIN_health, o, "signature", t->key,
	    &ignored) ? -1 : 1;
}

static bool
is_other_version(const struct probe_target *t, const char *version)
{
	return t->version && *t->version && version &&
	    strcmp(t->version, version);
}

static void
judge_object(struct sample *s, const struct asked *q, const struct json *o)
{
	const char *status = text_of(o, "status");
	const char *version = text_of(o, "version");
	bool degraded = status && !strcmp(status, "degraded");
	int is_signed;

	if (!status || (!degraded && strcmp(status, "ok") &&
	    strcmp(status, "healthy"))) {
		s->class = CLASS_BODY;
		return;
	}
	is_signed = check_signature(q, o);
	s->is_signed = is_signed > 0;
	if (is_signed < 0 || (!s->is_signed && (q->how->require_signed ||
	    q->target->require_signed))) {
		s->class = CLASS_BADSIG;
		return;
	}
	if (version && fit_text(version, sizeof(s->version) - 1))
		snprintf(s->version, sizeof(s->version), "%s", version);
	s->ok = true;
	s->slow = degraded || !s->is_signed ||
	    is_other_version(q->target, version);
}

static void
judge_body(struct sample *s, const struct asked *q,
    const struct client_answer *a)
{
	struct err ignored = { 0 };
	struct json o = { 0 };

	if (a->end != CLIENT_ANSWERED ||
	    json_parse(&o, a->body, a->n, &ignored) ||
	    json_kind(&o) != JSON_OBJECT)
		s->class = CLASS_BODY;
	else
		judge_object(s, q, &o);
	json_release(&o);
}

enum sample_class
probe_class(enum client_end end)
{
	switch (end) {
	case CLIENT_FORBIDDEN:
		return CLASS_FORBIDDEN;
	case CLIENT_DNS:
		return CLASS_DNS;
	case CLIENT_CONNECT:
		return CLASS_CONNECT;
	case CLIENT_TLS:
		return CLASS_TLS;
	case CLIENT_TIMEOUT:
		return CLASS_TIMEOUT;
	case CLIENT_BROKEN:
		return CLASS_HTTP;
	case CLIENT_ANSWERED:
	case CLIENT_LARGE:
		break;
	}
	return CLASS_NONE;
}

static void
note(struct sample *s, const struct probe_how *how,
    const struct probe_target *t, const struct client_answer *a)
{
	const int64_t since_ms = a->began_us / 1000;

	*s = (struct sample){
		.family = t->family,
		.started_ms = how->now_ms + since_ms,
		.mono_ms = how->mono_ms + since_ms,
		.class = probe_class(a->end), .http = a->status,
		.us = { [PHASE_DNS] = a->dns_us,
		    [PHASE_CONNECT] = a->connect_us, [PHASE_TLS] = a->tls_us,
		    [PHASE_FIRST] = a->first_us,
		    [PHASE_TOTAL] = a->total_us },
		.cert_expires_ms = a->cert_ends_ms,
	};
	snprintf(s->node_id, sizeof(s->node_id), "%s",
	    t->node_id ? t->node_id : "");
	snprintf(s->url, sizeof(s->url), "%s", t->endpoint);
	snprintf(s->ip, sizeof(s->ip), "%s", a->ip);
	snprintf(s->sweep_id, sizeof(s->sweep_id), "%s",
	    how->sweep_id ? how->sweep_id : "");
}

void
probe_judge(struct sample *s, const struct probe_how *how,
    const struct probe_target *t, const char *nonce,
    const struct client_answer *a)
{
	const struct asked q = { how, t, nonce };

	note(s, how, t, a);
	if (s->class != CLASS_NONE)
		return;
	if (t->reference) {
		s->ok = true;
		return;
	}
	if (a->status < 200 || a->status > 299)
		s->class = CLASS_HTTP;
	else
		judge_body(s, &q, a);
	if (!s->ok)
		return;
	if (a->total_us > how->slow_ms * 1000 || (a->cert_ends_ms &&
	    a->cert_ends_ms - s->started_ms < how->cert_ms))
		s->slow = true;
}
