#include <stdio.h>

#include "base/buf.h"
#include "base/json.h"
#include "ledger/record.h"
#include "ledger/transfer.h"

int
transfer_in(struct ledger *l, const struct transfer *t, struct chance *chance,
    char id[LEAF_ID], struct posted *out, struct err *e)
{
	struct terms terms = { 0 };
	struct record r = { 0 };
	struct entry x;
	int rc;

	record_pair(&r, t);
	rc = record_entry(&r, l, chance, &x, &terms, e);
	if (!rc)
		rc = leaf_check_id(x.id, e);
	if (!rc) {
		snprintf(id, LEAF_ID, "%s", x.id);
		rc = ledger_post_in(l, &x, 1, out, e);
	}
	record_release(&r);
	return rc;
}

void
transfer_write(struct buf *out, const char *id, const struct posted *p)
{
	json_open(out, NULL, '{');
	json_str(out, "id", id);
	json_str(out, "result", p->existed ? "exists" : "posted");
	json_int(out, "seq", p->seq);
	json_time(out, "at", p->at_ms);
}
