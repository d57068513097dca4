/* The books for others. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "clerk/impl.h"
#include "journal/journal.h"

static int
put(void *file, const void *data, size_t n, struct err *e)
{
	if (!file)
		return cli_put(data, n, e);
	return fwrite(data, 1, n, file) == n ? 0 :
	    err_sys(e, "cannot write the export");
}

static int
read_format(const struct clerk *say, const char *word,
    struct journal_want *want, struct err *e)
{
	if (!journal_named(word, &want->kind))
		return err_set(e, E_usage, "no format '%.40s': say leaves, "
		    "ndjson, csv, hledger, ledger or beancount", word);
	want->memos = say->memos;
	if (say->memos && want->kind != JOURNAL_NDJSON)
		return err_set(e, E_usage, "--memos is for ndjson");
	return 0;
}

/* Beside the file first, so that it is whole or what it was. */
static int
export_to(struct cli *c, const char *path, const struct journal_want *want,
    struct err *e)
{
	char temp[PATH_MAX];
	FILE *f;
	int rc;

	if (file_temp(temp, path, e))
		return -1;
	f = fopen(temp, "we");
	if (!f) {
		rc = err_sys(e, "cannot write '%s'", path);
	} else {
		rc = journal_export(c->store, want, put, f, e);
		if (fclose(f) && !rc)
			rc = err_sys(e, "cannot write '%s'", path);
	}
	if (!rc && !file_place(temp, path, true, e))
		return 0;
	unlink(temp);
	return -1;
}

int
clerk_export(struct cli *c, const struct clerk *say, struct err *e)
{
	struct journal_want want;

	if (read_format(say, c->argv[0], &want, e) || cli_store(c, e) ||
	    store_snapshot(c->store, e) ||
	    clerk_range(c, say, &want.from, &want.to, e))
		return -1;
	if (want.from > want.to)
		want.from = want.to;
	return say->out ? export_to(c, say->out, &want, e) :
	    journal_export(c->store, &want, put, NULL, e);
}
