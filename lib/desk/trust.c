/* Trust as it stands: scores, what is behind them, badges, a name's status. */
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "card/peer.h"
#include "desk/cri.h"
#include "desk/trust.h"
#include "key/ident.h"
#include "trust/badge.h"
#include "trust/trust.h"

#define RECORD_MAX (1 << 20)

int
desk_trust_badge(struct cli *c, struct desk_trust *d, struct err *e)
{
	struct buf out = BUF_INIT(RECORD_MAX);
	struct trust_score t;
	char **id;
	int rc;

	if (d->svg && c->argc > 1)
		return err_set(e, E_usage, "--svg is of one node");
	rc = cli_store(c, e);
	for (id = c->argv; *id && !rc; id++) {
		rc = trust_score(c->store, *id, cli_now(c), &c->params, &t,
		    e);
		if (rc)
			break;
		if (d->svg) {
			trust_badge_svg(&out, *id, t.tier, TRUST_SEEN);
			rc = cli_put(out.data, out.len, e);
		} else {
			trust_badge_write(&out, *id, t.tier, TRUST_SEEN);
			rc = cli_emit_object(c, &out, e);
		}
	}
	buf_release(&out);
	return rc;
}

/* An id, or the name of a peer; E_node_missing says that it is neither. */
static int
find(struct cli *c, const char *typed, char out[HASH_HEX], struct err *e)
{
	struct peer peer;

	if (!ident_is_id(typed)) {
		if (peer_find(c->store, typed, &peer, e))
			return -1;
		memcpy(out, peer.node_id, HASH_HEX);
		peer_release(&peer);
		return 0;
	}
	memcpy(out, typed, HASH_HEX);
	return trust_known(c->store, out, e);
}

/* What GET /verify?entity= answers: it only reads. */
int
desk_trust_status(struct cli *c, struct desk_trust *d, struct err *e)
{
	struct buf out = BUF_INIT(RECORD_MAX);
	struct trust_score t = { 0 };
	char id[HASH_HEX];
	int rc;

	(void)d;
	if (cli_store(c, e))
		return -1;
	rc = find(c, c->argv[0], id, e);
	if (rc && e->code != E_node_missing)
		return -1;
	if (!rc && trust_score(c->store, id, cli_now(c), &c->params, &t, e))
		return -1;
	json_open(&out, NULL, '{');
	json_str(&out, "entity", c->argv[0]);
	json_str(&out, "status", trust_tier_word(t.tier));
	if (!rc)
		trust_points_write(&out, "trust_score", t.hundredths);
	*e = (struct err){ 0 };
	return cli_emit_object(c, &out, e);
}
