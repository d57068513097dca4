/* The books of hledger, into units of the operator's own. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/line.h"
#include "clerk/impl.h"
#include "crypto/hash.h"
#include "journal/hledger_in.h"
#include "ledger/own.h"
#include "ledger/read.h"

/* Records go into a file without a name: there may be more than memory. */
static int
convert(struct cli *c, struct hledger_in *in, FILE *records, struct err *e)
{
	struct buf out = BUF_INIT(CLERK_RECORD);
	int got;

	while ((got = hledger_in_next(in, &out, e)) > 0) {
		if (!records) {
			got = cli_emit_buf(c, &out, e);
		} else {
			buf_addc(&out, '\n');
			got = fwrite(out.data, 1, out.len, records) ==
			    out.len ? 0 : err_sys(e, "cannot keep records");
			buf_reset(&out);
		}
		if (got)
			break;
	}
	buf_release(&out);
	if (!got && records && (fflush(records) || fseek(records, 0,
	    SEEK_SET)))
		got = err_sys(e, "cannot keep records");
	return got;
}

/* Is there such an account already?  1, 0, -1. */
static int
exists(struct store *s, const struct alias_used *used, struct err *e)
{
	struct account a;
	struct query q;
	int got;

	ledger_accounts_open(&q, s, used->account);
	while ((got = ledger_accounts_next(&q, &a, e)) > 0)
		if (!strcmp(a.unit.code, used->unit->code))
			break;
	query_close(&q);
	return got;
}

/* The same account gets the same entry, in whichever import it comes. */
static void
limit_id(char id[LEAF_ID], const struct alias_used *used)
{
	char text[LEAF_ACCOUNT + UNIT_CODE + 1], hex[HASH_HEX];
	struct hash h;

	snprintf(text, sizeof(text), "%s\n%s", used->account,
	    used->unit->code);
	hash_of(&h, text, strlen(text));
	hash_hex(hex, &h);
	snprintf(id, LEAF_ID, "limit:%.32s", hex);
}

/* Foreign books go below zero: accounts that are new may, too. */
static int
open_accounts(struct cli *c, const struct hledger_in *in, const char *lo,
    struct err *e)
{
	const struct alias_used *used;
	size_t i, n = hledger_in_used(in, &used);
	struct ledger *l = NULL;
	struct posted posted;
	struct limit limit;
	char id[LEAF_ID];
	int got = 0;

	if (ledger_begin(c->store, &l, cli_now(c), !c->accept_clock, e))
		goto out;
	for (i = 0; i < n; i++) {
		got = exists(c->store, &used[i], e);
		if (got < 0)
			goto out;
		if (got)
			continue;
		limit = (struct limit){
			.account = used[i].account,
			.unit = used[i].unit->code, .lo = lo,
		};
		limit_id(id, &used[i]);
		got = ledger_limit_in(l, id, &limit, &posted, e);
		if (got)
			goto out;
	}
	got = ledger_commit(l, e) ? -1 : 1;
out:
	ledger_free(l);
	return got == 1 ? 0 : -1;
}

static int
import_all(struct cli *c, const struct clerk *say, struct hledger_in *in,
    FILE *records, struct err *e)
{
	const char *lo = say->min ? say->min : "none";
	struct line line;
	int rc;

	if (convert(c, in, records, e))
		return -1;
	if (c->dry_run)
		return 0;
	if (strcmp(lo, "0") && open_accounts(c, in, lo, e))
		return -1;
	line_init(&line, fileno(records), "hledger");
	rc = clerk_import_lines(c, say, &line, e);
	line_release(&line);
	return rc;
}

int
clerk_import_hledger(struct cli *c, const struct clerk *say, struct err *e)
{
	const char *path = c->argc ? c->argv[0] : "-";
	struct hledger_how how = {
		.id_prefix = say->id_prefix, .fd = STDIN_FILENO,
		.alias = {
			.unit_map = say->unit_map,
			.account_prefix = say->account_prefix,
		},
	};
	struct units units = { 0 };
	struct hledger_in *in = NULL;
	FILE *records = NULL;
	int rc = -1;

	if (strcmp(say->from, "hledger"))
		return err_set(e, E_usage, "--from: no format '%.40s': say "
		    "hledger", say->from);
	if (strcmp(path, "-")) {
		how.fd = open(path, O_RDONLY | O_CLOEXEC);
		if (how.fd < 0)
			return err_sys(e, "cannot open '%.200s'", path);
	} else {
		cli_expect_stdin(c);
	}
	if (cli_store(c, e) || ledger_units_read(c->store, &units, e))
		goto out;
	how.alias.units = &units;
	records = c->dry_run ? NULL : tmpfile();
	if (!c->dry_run && !records) {
		err_sys(e, "cannot keep records");
		goto out;
	}
	if (hledger_in_open(&in, &how, e))
		goto out;
	rc = import_all(c, say, in, records, e);
out:
	hledger_in_close(in);
	ledger_units_free(&units);
	if (records)
		fclose(records);
	if (how.fd != STDIN_FILENO)
		close(how.fd);
	return rc;
}
