#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "crypto/hash.h"
#include "cri/attest.h"
#include "cri/certificate.h"
#include "cri/impl.h"
#include "ledger/ledger.h"

/* What adds to a score, and behind that what is taken off. */
const char *const cri_part_names[CRI_PARTS] = {
	"base", "transaction_score", "diversity_score", "volume_score",
	"age_score", "buyer_activity", "genesis_bonus",
	"dispute_penalty", "concentration_penalty", "strike_penalty",
};

/* Of "scheme://user@host:port/path", any of it but the host left out. */
static const char *
host_of(const char *url, int *n)
{
	const char *host = strstr(url, "://"), *at;
	size_t all;

	host = host ? host + 3 : url;
	all = strcspn(host, "/?#");
	at = memchr(host, '@', all);
	if (at) {
		all -= (size_t)(at + 1 - host);
		host = at + 1;
	}
	*n = (int)(*host == '[' ? strcspn(host, "]/?#") + 1 :
	    strcspn(host, ":/?#"));
	if ((size_t)*n > all)
		*n = (int)all;
	return host;
}

void
certificate_issuer(char out[CERTIFICATE_ISSUER], const struct params *p,
    const char *origin)
{
	const char *said = param_string(p, PARAM_cri_issuer), *host;
	int n;

	host = host_of(param_string(p, PARAM_base_url), &n);
	if (*said)
		snprintf(out, CERTIFICATE_ISSUER, "%s", said);
	else if (n)
		snprintf(out, CERTIFICATE_ISSUER, "%.*s", n, host);
	else
		snprintf(out, CERTIFICATE_ISSUER, "%s", origin);
}

void
certificate_make(struct certified *c, int64_t now_ms, const struct params *p)
{
	tally_score(&c->node, now_ms, p, &c->cri);
	c->level = (struct cri_level){
		.spent_minor = c->node.spent_minor, .tenths = c->cri.tenths,
	};
	cri_level_of(&c->level);
}

int
certificate_of(struct store *s, const char *node_id, int64_t now_ms,
    const struct params *p, struct certified *out, struct err *e)
{
	if (tally_stored(s, node_id, &out->node, e))
		return -1;
	certificate_make(out, now_ms, p);
	return 0;
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
certificate_score(struct buf *out, const char *key, const struct cri *c)
{
	json_open(out, key, '{');
	cri_score_write(out, "score", c->tenths);
	json_open(out, "factors", '{');
	put(out, c, 0, CRI_ADDED);
	json_close(out, '}');
	json_open(out, "penalties", '{');
	put(out, c, CRI_ADDED, CRI_PARTS);
	json_close(out, '}');
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
	certificate_score(out, "cri", &c->cri);
	certificate_history(out, "history", c);
	if (a->params) {
		attest_facts(out, "facts", c);
		attest_params(out, a->params);
	}
	json_open(out, "evidence", '{');
	json_str(out, "origin", a->origin);
	json_int(out, "size", a->head->size);
	hash_hex(hex, &a->head->root);
	json_str(out, "root", hex);
	if (a->note)
		json_strn(out, "note", a->note, a->note_n);
	json_close(out, '}');
	json_close(out, '}');
}
