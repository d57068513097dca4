/* audit of the trust model: is what is stored what the log says? */
#include <inttypes.h>

#include "base/buf.h"
#include "base/json.h"
#include "desk/cri.h"
#include "desk/trust.h"
#include "trust/audit.h"

#define RECORD_MAX 65536

static int
told(void *cli, const struct trust_fault *f, struct err *e)
{
	struct buf out = BUF_INIT(RECORD_MAX);

	json_open(&out, NULL, '{');
	json_str(&out, "node_id", f->node_id);
	json_str(&out, "model", "biznode");
	json_str(&out, "what", f->what);
	json_str_if(&out, "name", f->name);
	json_str(&out, "fault", f->fault);
	return cli_emit_object(cli, &out, e);
}

int
desk_trust_audit(struct cli *c, const struct desk_cri *d, struct err *e)
{
	struct buf out = BUF_INIT(RECORD_MAX);
	struct trust_audit a;
	int rc;

	if (desk_trust_check(d, e) || cli_store(c, e) ||
	    store_snapshot(c->store, e))
		return -1;
	rc = trust_audit(c->store, &c->params, told, c, &a, e);
	store_rollback(c->store);
	if (rc)
		return -1;
	json_open(&out, NULL, '{');
	json_bool(&out, "valid", !a.faults);
	json_str(&out, "model", "biznode");
	json_int(&out, "size", a.size);
	json_int(&out, "nodes", a.nodes);
	json_int(&out, "facts", a.facts);
	json_int(&out, "faults", a.faults);
	if (cli_emit_object(c, &out, e))
		return -1;
	return a.faults ? err_set(e, E_counters_unequal, "%" PRId64 " %s of "
	    "what is stored of trust %s not what the log says", a.faults,
	    a.faults == 1 ? "part" : "parts", a.faults == 1 ? "is" : "are") :
	    0;
}
