#include "evidence/issue.h"

int
issue_after(struct issuer *i, bool changed, int64_t every_ms, struct err *e)
{
	struct issued made = ISSUED_INIT;
	int rc;

	if (!changed)
		return issue_due(i, every_ms, e);
	rc = issue_checkpoint(i, &made, e);
	issue_release(&made);
	return rc ? -1 : 1;
}
