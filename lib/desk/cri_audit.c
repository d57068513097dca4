/* audit: is what is counted what the log says? */
#include <inttypes.h>

#include "base/buf.h"
#include "base/json.h"
#include "cri/audit.h"
#include "desk/cri.h"

#define RECORD_MAX 65536

static int
told(void *cli, const struct cri_fault *f, struct err *e)
{
	struct buf out = BUF_INIT(RECORD_MAX);
	int rc;

	json_open(&out, NULL, '{');
	json_str(&out, "node_id", f->node_id);
	json_str_if(&out, "other_id", f->other_id);
	json_str(&out, "counter", f->counter);
	json_int(&out, "stored", f->stored);
	json_int(&out, "computed", f->computed);
	json_close(&out, '}');
	rc = cli_emit_buf(cli, &out, e);
	buf_release(&out);
	return rc;
}

int
desk_cri_audit(struct cli *c, const struct desk_cri *d, struct err *e)
{
	struct buf out = BUF_INIT(RECORD_MAX);
	struct cri_audit a;
	int rc;

	(void)d;
	if (cli_store(c, e) || store_snapshot(c->store, e))
		return -1;
	rc = cri_audit(c->store, told, c, &a, e);
	store_rollback(c->store);
	if (rc)
		return -1;
	json_open(&out, NULL, '{');
	json_bool(&out, "valid", !a.faults);
	json_int(&out, "size", a.size);
	json_int(&out, "settled", a.settled);
	json_int(&out, "nodes", a.nodes);
	json_int(&out, "pairs", a.pairs);
	json_int(&out, "faults", a.faults);
	json_close(&out, '}');
	rc = cli_emit_buf(c, &out, e);
	buf_release(&out);
	if (rc || !a.faults)
		return rc;
	return err_set(e, E_counters_unequal, "%" PRId64 " %s of what is "
	    "counted are not what the log says", a.faults,
	    a.faults == 1 ? "number" : "numbers");
}
