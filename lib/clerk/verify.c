#include <inttypes.h>

#include "base/buf.h"
#include "base/json.h"
#include "clerk/impl.h"
#include "verify/verify.h"

static int
found(void *cli, const struct finding *f, struct err *e)
{
	struct buf out = BUF_INIT(4096);
	int rc;

	verify_finding_write(&out, f);
	json_close(&out, '}');
	rc = cli_emit_buf(cli, &out, e);
	buf_release(&out);
	return rc;
}

int
clerk_verify(struct cli *c, const struct clerk *say, struct err *e)
{
	struct buf out = BUF_INIT(4096);
	struct verified v;
	int rc = 0;

	if (cli_store(c, e) ||
	    verify_run(c->store, say->max_findings, found, c, &v, e))
		return -1;
	if (!c->quiet || v.findings) {
		verify_write(&out, &v);
		json_close(&out, '}');
		rc = cli_emit_buf(c, &out, e);
		buf_release(&out);
	}
	if (rc || !v.findings)
		return rc;
	return err_set(e, v.first, "the ledger is not true: %" PRId64
	    " finding%s", v.findings, v.findings > 1 ? "s" : "");
}
