#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "crypto/hash.h"
#include "cri/certificate.h"
#include "cri/impl.h"
#include "ledger/ledger.h"

/* What adds to a score, and behind that what is taken off. */
const char *const cri_part_names[CRI_PARTS] = {
	"base", "transaction_score", "diversity_score", "volume_score",
	"age_score", "buyer_activity", "genesis_bonus",
	"dispute_penalty", "concentration_penalty", "strike_penalty",
};

void
certificate_issuer(char out[CERTIFICATE_ISSUER], const struct params *p,
    const char *origin)
{
	const char *said = param_string(p, PARAM_cri_issuer);
	const char *url = param_string(p, PARAM_base_url), *host;

	if (*said) {
		snprintf(out, CERTIFICATE_ISSUER, "%s", said);
		return;
	}
	host = strstr(url, "://");
	host = host ? host + 3 : url;
	if (*host)
		snprintf(out, CERTIFICATE_ISSUER, "%.*s",
		    (int)strcspn(host, ":/?#"), host);
	else
		snprintf(out, CERTIFICATE_ISSUER, "%s", origin);
}

int
certificate_of(struct store *s, const char *node_id, int64_t now_ms,
    const struct params *p, struct certified *out, struct err *e)
{
	return node_get(s, node_id, &out->node, e) ||
	    cri_score(s, node_id, now_ms, p, &out->cri, e) ||
	    cri_level(s, node_id, now_ms, p, &out->level, e) ? -1 : 0;
}

static void
put(struct buf *out, const struct cri *c, int from, int to)
{
	const double part[CRI_PARTS] = {
		c->base, c->tx, c->diversity, c->volume, c->age, c->buyer,
		c->genesis, c->dispute, c->concentration, c->strike,
	};

	for (; from < to; from++)
		cri_part_write(out, cri_part_names[from], part[from]);
}

void
certificate_components(struct buf *out, const char *key, const struct cri *c)
{
	json_open(out, key, '{');
	put(out, c, 0, CRI_PARTS);
	json_close(out, '}');
}

void
certificate_history(struct buf *out, const char *key,
    const struct certified *c)
{
	const struct cri_facts *f = &c->cri.facts;

	json_open(out, key, '{');
	json_int(out, "trades_completed", f->sold + f->bought);
	json_int(out, "unique_counterparties", f->partners);
	json_int(out, "disputes", f->failed);
	json_int(out, "disputes_total", f->failed);
	json_int(out, "strikes", f->strikes);
	json_time(out, "member_since", c->node.made_ms);
	json_bool(out, "is_genesis", f->badge);
	json_str(out, "level", cri_rung(c->level.id)->name);
	json_close(out, '}');
}

void
certificate_claims(struct buf *out, const struct certificate *a,
    const struct certified *c)
{
	char hex[HASH_HEX];

	json_open(out, NULL, '{');
	json_str(out, "iss", a->issuer);
	json_str(out, "sub", c->node.id);
	json_str(out, "jti", a->id);
	json_int(out, "iat", a->now_ms / 1000);
	json_int(out, "exp", a->exp_ms / 1000);
	json_open(out, "cri", '{');
	cri_score_write(out, "score", c->cri.tenths);
	json_open(out, "factors", '{');
	put(out, &c->cri, 0, CRI_ADDED);
	json_close(out, '}');
	json_open(out, "penalties", '{');
	put(out, &c->cri, CRI_ADDED, CRI_PARTS);
	json_close(out, '}');
	json_close(out, '}');
	certificate_history(out, "history", c);
	json_open(out, "evidence", '{');
	json_str(out, "origin", a->origin);
	json_int(out, "size", a->head->size);
	hash_hex(hex, &a->head->root);
	json_str(out, "root", hex);
	json_close(out, '}');
	json_close(out, '}');
}
