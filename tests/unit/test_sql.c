/*
 * Every statement against the fresh schema: it prepares, it names as many
 * parameters as it numbers, it goes by keys and not through whole tables; and
 * what each table's indexes cost (spec/ledger.md 3.2, STYLE 2.14).
 */
#include "tap.h"

#include "home.h"

/* Statements that read a whole table, and why they may. */
static const struct { enum sql which; const char *why; } scans[] = {
	{ SQL_LEDGER_UNIT_LIST, "a handful of rows, read once" },
	{ SQL_LEDGER_ACCOUNT_ALL, "the report of all accounts; verify" },
	{ SQL_LEDGER_ENTRY_TWICE, "reconcile counts every id" },
	{ SQL_LEDGER_POSTING_COUNT, "verify counts every posting" },
	{ SQL_LEDGER_POSTING_ADD_8, "of the eight rows that it brings" },
	{ SQL_LEDGER_MEMO_ALL, "verify judges every memo" },
	{ SQL_LEDGER_TILE_COUNT, "verify counts every tile" },
	{ SQL_VERIFY_IDS, "verify reads the index of ids in its order" },
	{ SQL_VERIFY_CHECKPOINTS, "verify judges every checkpoint" },
	{ SQL_VERIFY_LEAVES, "of the one row that is asked for" },
	{ SQL_LEDGER_REVERSAL_ALL, "verify compares every reversal" },
	{ SQL_ESCROW_COUNT, "verify counts every escrow" },
	{ SQL_STORE_OBJECTS, "verify compares the whole schema" },
	{ SQL_STORE_OBJECT, "a schema of a few dozen rows" },
	{ SQL_STORE_COLUMNS, "the columns of one table" },
	{ SQL_STORE_COLUMN, "the columns of one table" },
	{ SQL_EVIDENCE_LAST, "one row, the last by its key" },
	{ SQL_EVIDENCE_ALL, "the report of all checkpoints" },
	{ SQL_REBUILD_DROP_ACCOUNT, "doctor --rebuild drops all" },
	{ SQL_REBUILD_DROP_UNIT, "the same" },
	{ SQL_REBUILD_ALL_POSTING, "doctor --rebuild compares all" },
	{ SQL_REBUILD_ALL_ACCOUNT, "the same" },
	{ SQL_REBUILD_ALL_UNIT, "the same" },
	{ SQL_REBUILD_ALL_TILE, "the same" },
	{ SQL_REBUILD_ALL_HEAD, "the same, one row" },
	{ SQL_BOUNTY_ALL, "reconcile asks what every bounty holds" },
	{ SQL_BOUNTY_COUNT, "verify counts all" },
	{ SQL_BOUNTY_TOTAL, "a report whose filters are all optional" },
	{ SQL_BOUNTY_NEWEST, "the same, which ends with its page" },
	{ SQL_BOUNTY_BY_REWARD, "the same" },
	{ SQL_BOUNTY_BY_DEADLINE, "the same" },
	{ SQL_CARD_PEER_NAMED, "revoked peers too, typed by a person" },
	{ SQL_ESCROW_TO_DO_TOTAL, "of one row of sums" },
	{ SQL_ESCROW_SOLD_TOTAL, "the same" },
	{ SQL_ESCROW_BOUGHT_TOTAL, "the same" },
	{ SQL_ESCROW_MINE_TOTAL, "the same" },
	{ SQL_ESCROW_FIRST_CLOSE, "of the few that are due first" },
	{ SQL_REGISTRY_PAGE, "by its index; a page" },
	{ SQL_REGISTRY_PAGE_VERIFIED, "the same" },
	{ SQL_ESCROW_ALL, "reconcile asks what every escrow holds" },
	{ SQL_ESCROW_RULE_LIST, "a report whose filters are all optional" },
	{ SQL_ESCROW_DISPUTE_LIST, "the same" },
	{ SQL_ESCROW_TASK_LIST, "a report whose filters are all optional" },
	{ SQL_CRI_AUDIT_NODES, "audit compares the counters of all nodes" },
	{ SQL_CRI_AUDIT_PAIRS, "the same of all pairs" },
	{ SQL_CRI_BOARD, "the leaderboard ranks all nodes" },
	{ SQL_CRI_BOARD_TOTAL, "the same, and counts them" },
	{ SQL_API_IMBALANCE, "a scrape adds up all accounts, aside" },
	{ SQL_API_PENDING, "the same of what is open" },
	{ SQL_API_DELIVERED, "the same" },
	{ SQL_API_SIGNED, "one row, the last by its key" },
	{ SQL_HOOK_ANY, "one row is enough" },
	{ SQL_SETTLE_FAILED_ANY, "one row is enough" },
	{ SQL_SETTLE_PURSE_WRONG, "reconcile adds up what is open" },
	{ SQL_SETTLE_STALE, "reconcile asks how old what is open is" },
	{ SQL_SETTLE_UNTIDY, "the same, of what has failed" },
	{ SQL_SETTLE_DROP_FAILURES, "the same" },
	{ SQL_SETTLE_FAILURE_LIST, "what has failed: mostly nothing" },
	{ SQL_CENSUS_TRADES, "counted when asked for, beside the work" },
	{ SQL_CENSUS_OTHERS, "the same" },
	{ SQL_CENSUS_ACTIVE, "the same" },
	{ SQL_CENSUS_SPAN, "the same" },
	{ SQL_CENSUS_SPAN_OTHERS, "the same" },
	{ SQL_CENSUS_WORDS, "the same" },
	{ SQL_CENSUS_SCORES, "the same" },
	{ SQL_CENSUS_DAYS, "the same" },
	{ SQL_CENSUS_EXPORT_DAILY_ACTIVE, "an export" },
	{ SQL_CENSUS_EXPORT_TASKS, "the same" },
	{ SQL_CENSUS_EXPORT_ESCROWS, "the same" },
	{ SQL_CENSUS_EXPORT_NODES, "the same" },
	{ SQL_CENSUS_EXPORT_FUNNEL, "the same" },
	{ SQL_CENSUS_EXPORT_CRI, "the same" },
	{ SQL_ESCROW_RULE_TOTAL, "a report whose filters are all optional" },
	{ SQL_NODE_AUDIT, "audit compares every node" },
	{ SQL_STRIKE_LIST, "a report, of one node or of all" },
	{ SQL_MARKET_SKILL_LIST, "a search for a substring" },
	{ SQL_HEALTH_NODE_LIST, "a report of all nodes" },
	{ SQL_HEALTH_INCIDENT_ALL, "a report of all incidents" },
	{ SQL_HEALTH_MAINT_LIST, "all maintenance, which is little" },
	{ SQL_HEALTH_SWEEP_LAST, "one row, the last by its key" },
	{ SQL_HEALTH_SWEEP_NEWEST, "the same" },
	{ SQL_HEALTH_SAMPLE_ALL, "all samples, for who replays them" },
	{ SQL_HEALTH_CHANGE_ALL, "by its nodes: a report of all of them" },
	{ SQL_HEALTH_INCIDENT_COUNT, "the same" },
	{ SQL_HEALTH_SAMPLE_SUM_ALL, "the same" },
	{ SQL_HEALTH_ROLLUP_ALL, "the same" },
	{ SQL_HEALTH_STATS, "counted when asked for" },
	{ SQL_HEALTH_STATS_ROLLUP, "the same" },
	{ SQL_ALERT_ALL, "a report of all alerts" },
	{ SQL_ALERT_STATS, "counted when asked for, by an index" },
	{ SQL_MARKET_PRICE_ADD, "of the four rows of a view" },
};

static bool
may_scan(enum sql which)
{
	size_t i;

	for (i = 0; i < sizeof(scans) / sizeof(*scans); i++)
		if (scans[i].which == which)
			return true;
	return false;
}

/* Is a step of the plan a full scan?  Steps are printed as comments. */
static bool
plan_scans(struct store *s, enum sql which)
{
	struct buf sql = BUF_INIT(65536);
	sqlite3_stmt *q = NULL;
	bool scan = false;
	const char *step;

	buf_addf(&sql, "EXPLAIN QUERY PLAN %s", sql_text[which]);
	if (sqlite3_prepare_v2(s->db, sql.data, -1, &q, NULL)) {
		printf("# %s\n", sqlite3_errmsg(s->db));
		scan = true;
	}
	while (q && sqlite3_step(q) == SQLITE_ROW) {
		step = (const char *)sqlite3_column_text(q, 3);
		if (strncmp(step, "SCAN ", 5))
			continue;
		scan = true;
		if (!may_scan(which))
			printf("# %s\n# %s\n", step, sql_text[which]);
	}
	sqlite3_finalize(q);
	buf_release(&sql);
	return scan;
}

/* A parameter without a name would be "?": bound by accident. */
static bool
parameters_named(struct store *s, enum sql which)
{
	sqlite3_stmt *q = s->stmt[which];
	const char *name;
	char want[8];
	int i, n = sqlite3_bind_parameter_count(q);

	for (i = 1; i <= n; i++) {
		name = sqlite3_bind_parameter_name(q, i);
		snprintf(want, sizeof(want), "?%d", i);
		if (!name || strcmp(name, want))
			return false;
	}
	return true;
}

static void
statements(struct store *s)
{
	struct query q;
	int which;

	for (which = 0; which < SQL__COUNT; which++) {
		query_open(&q, s, (enum sql)which);
		OK(q.fail == 0 && q.stmt);
		OK(q.fail || parameters_named(s, (enum sql)which));
		query_close(&q);
		OK(plan_scans(s, (enum sql)which) ==
		    may_scan((enum sql)which));
	}
}

/* Indexes beside the table itself, whose keys come in random order. */
static void
indexes(struct store *s)
{
	sqlite3_stmt *q;
	bool few;

	sqlite3_prepare_v2(s->db, "SELECT tbl_name, count(*) "
	    "FROM sqlite_schema WHERE type = 'index' GROUP BY tbl_name", -1,
	    &q, NULL);
	while (sqlite3_step(q) == SQLITE_ROW) {
		/*
		 * escrow_escrow: its key; four that hold few rows, two that
		 * hold those of identities once they are closed; and for
		 * lists those of each party, which adds at one place.  Shadows
		 * have the same, and are few.
		 */
		few = sqlite3_column_int(q, 1) <= 3 ||
		    (!strcmp((const char *)sqlite3_column_text(q, 0),
		    "escrow_escrow") && sqlite3_column_int(q, 1) == 9) ||
		    (!strcmp((const char *)sqlite3_column_text(q, 0),
		    "escrow_shadow") && sqlite3_column_int(q, 1) == 4);
		if (!few)
			printf("# %s has %d indexes\n",
			    sqlite3_column_text(q, 0),
			    sqlite3_column_int(q, 1));
		OK(few);
	}
	sqlite3_finalize(q);
	/* Those that hold every row of a table: never more than three. */
	OK(home_number(s, "SELECT max(n) FROM (SELECT count(*) AS n "
	    "FROM sqlite_schema WHERE type = 'index' AND "
	    "coalesce(sql, '') NOT LIKE '%WHERE %' GROUP BY tbl_name)") <= 3);
	/* The hot path of the ledger: id, and (name, unit_id); no other. */
	OK(home_number(s, "SELECT count(*) FROM sqlite_schema "
	    "WHERE type = 'index' AND tbl_name = 'ledger_entry'") == 1);
	OK(home_number(s, "SELECT count(*) FROM sqlite_schema "
	    "WHERE type = 'index' AND tbl_name = 'ledger_account'") == 1);
	OK(home_number(s, "SELECT count(*) FROM sqlite_schema "
	    "WHERE type = 'index' AND tbl_name = 'ledger_posting'") == 0);
}

/* Truth is append-only, whoever writes. */
static void
guards(struct store *s)
{
	static const char *const bad[] = {
		"UPDATE ledger_entry SET id = 'other' WHERE seq = 0",
		"DELETE FROM ledger_entry",
		"UPDATE ledger_checkpoint SET at_ms = 0",
		"DELETE FROM ledger_checkpoint",
		"UPDATE ledger_cosig SET line = ''",
		"DELETE FROM ledger_cosig",
	};
	static const char *const rows[] = {
		"INSERT INTO ledger_checkpoint "
		    "VALUES (1, 1, zeroblob(32), 'note')",
		"INSERT INTO ledger_cosig VALUES (1, 'w', 'line')",
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		OK(!sqlite3_exec(s->db, rows[i], NULL, NULL, NULL));
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		OK(sqlite3_exec(s->db, bad[i], NULL, NULL, NULL) ==
		    SQLITE_CONSTRAINT);
	OK(!sqlite3_exec(s->db, "PRAGMA writable_schema = ON", NULL, NULL,
	    NULL));
	OK(sqlite3_exec(s->db, "DELETE FROM sqlite_schema", NULL, NULL,
	    NULL) != SQLITE_OK);
}

int
main(void)
{
	struct store *s = home_new("home-sql");

	statements(s);
	indexes(s);
	guards(s);
	store_close(s);
	return DONE();
}
