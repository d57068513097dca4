#include "base/buf.h"
#include "base/json.h"
#include "batch/batch.h"
#include "clerk/impl.h"
#include "ledger/transfer.h"

static int
post(struct cli *c, struct ledger *l, const struct json *in, struct buf *out,
    struct err *but, struct err *e)
{
	struct transfer t;
	struct posted posted;
	char id[LEAF_ID];

	(void)but;
	if (transfer_read(&t, in, e) ||
	    transfer_in(l, &t, &c->chance, id, &posted, e))
		return -1;
	transfer_write(out, id, &posted);
	json_close(out, '}');
	return 0;
}

int
clerk_transfer(struct cli *c, const struct clerk *say, struct err *e)
{
	static const struct batch batch = { post, BATCH_OWN, false };
	struct buf in = BUF_INIT(4096);
	int rc;

	json_open(&in, NULL, '{');
	json_str(&in, "from", c->argv[0]);
	json_str(&in, "to", c->argv[1]);
	json_str(&in, "amount", c->argv[2]);
	json_str(&in, "unit", c->argv[3]);
	json_str_if(&in, "type", say->type);
	json_str_if(&in, "ref", say->ref);
	rc = batch_one(c, &batch, &in, e);
	buf_release(&in);
	return rc;
}
