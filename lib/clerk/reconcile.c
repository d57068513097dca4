#include "clerk/impl.h"
#include "settle/settle.h"

static int
told(void *cli, struct buf *record, struct err *e)
{
	return cli_emit_buf(cli, record, e);
}

int
clerk_reconcile(struct cli *c, const struct clerk *say, struct err *e)
{
	int all;

	(void)say;
	if (cli_store(c, e))
		return -1;
	all = settle_reconcile(c->store, &c->params, cli_now(c), told, c, e);
	return all < 0 ? -1 : all ? 0 :
	    err_set(e, E_books_unequal, "the books do not balance");
}
