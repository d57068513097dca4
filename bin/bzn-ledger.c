/*
 * bzn-ledger - accounts, transfers, history, and whether the books are true.
 *
 * Over 200 lines because its verbs have many options; they do nothing here.
 */
#include "clerk/clerk.h"

static struct clerk say = {
	.pass = { .of = "the node key" },
	.max_findings = 100, .days = 3,
	.jobs = CLERK_JOBS,
	.print = -1, .size = -1,
	.scale = -1,
};

/* What each verb runs: its function in lib/clerk, told what was said. */
#define VERB(name) \
	static int \
	verb_##name(struct cli *c, struct err *e) \
	{ \
		return clerk_##name(c, &say, e); \
	}

VERB(init)
VERB(balance)
VERB(history)
VERB(show)
VERB(tail)
VERB(transfer)
VERB(post)
VERB(import)
VERB(account)
VERB(unit)
VERB(memo)
VERB(reverse)
VERB(assert)
VERB(reconcile)
VERB(verify)
VERB(export)
VERB(checkpoint)
VERB(receipt)
VERB(backup)
VERB(restore)
VERB(doctor)
VERB(migrate)

static const struct opt init_opts[] = {
	OPT_FLAG(0, "no-node", &say.no_node,
	    "a log that no node identity certifies"),
	OPT_STR(0, "origin", "NAME", &say.origin,
	    "of the log, for ever: ledger.example.com/main"),
	OPT_STR(0, "successor-of", "FILE", &say.successor,
	    "go on from this checkpoint of a log that is lost"),
	OPT_STR(0, "vkey", "VKEY", &say.vkey, "that has signed it"),
	OPT_PASS(&say.pass), OPT_END
};
static const struct opt balance_opts[] = {
	OPT_STR(0, "at", "AT", &say.at,
	    "then: a seq, a time, or a checkpoint's file"),
	OPT_FLAG(0, "effective", &say.effective, "by business time"),
	OPT_FLAG(0, "subtree", &say.subtree, "with all below, as NAME:..."),
	OPT_STR('u', "unit", "UNIT", &say.unit, "only in this unit"),
	OPT_END
};
static const struct opt history_opts[] = {
	OPT_STR(0, "from", "AT", &say.from, "from this entry or time on"),
	OPT_NUM('l', "limit", "N", &say.limit, "only the last N entries"),
	OPT_FLAG(0, "reverse", &say.reverse, "the newest first"),
	OPT_STR(0, "to", "AT", &say.to, "up to this entry or time"),
	OPT_STR('u', "unit", "UNIT", &say.unit, "only in this unit"),
	OPT_END
};
static const struct opt show_opts[] = {
	OPT_FLAG(0, "explain", &say.explain,
	    "with its hash, group, reversal and checkpoint"),
	OPT_END
};
static const struct opt export_opts[] = {
	OPT_STR(0, "from", "AT", &say.from, "from this entry or time on"),
	OPT_FLAG(0, "memos", &say.memos, "with the memos that are kept"),
	OPT_STR(0, "out", "FILE", &say.out, "write it there, all or nothing"),
	OPT_STR(0, "to", "AT", &say.to, "up to this entry or time"),
	OPT_END
};
static const struct opt reconcile_opts[] = {
	OPT_STR('a', "account", "NAME", &say.account,
	    "the account that the statement is of"),
	OPT_NUM(0, "days", "N", &say.days,
	    "an entry may be N days away: 3"),
	OPT_STR('u', "unit", "UNIT", &say.unit, "and in which unit"),
	OPT_END
};
static const struct opt tail_opts[] = {
	OPT_NUM(0, "from", "SEQ", &say.seq, "from this entry on"),
	OPT_NUM('l', "limit", "N", &say.limit, "at most N entries"),
	OPT_END
};
static const struct opt transfer_opts[] = {
	OPT_STR('t', "type", "TYPE", &say.type, "TRANSFER unless given"),
	OPT_STR('r', "ref", "REF", &say.ref, "what it is about"),
	OPT_STR(0, "memo", "TEXT", &say.memo, "kept beside the log"),
	OPT_STR(0, "if", "COND", &say.condition,
	    "only if: \"NAME ge 5.00 TCK\""),
	OPT_END
};
static const struct opt import_opts[] = {
	OPT_STR(0, "account-prefix", "TEXT", &say.account_prefix,
	    "before each account of hledger's"),
	OPT_FLAG(0, "all-or-nothing", &say.all_or_nothing,
	    "in one transaction"),
	OPT_STR(0, "from", "FORMAT", &say.from,
	    "hledger: what its print -O json prints"),
	OPT_STR(0, "id-prefix", "TEXT", &say.id_prefix,
	    "of ids: TEXT:1, TEXT:2"),
	OPT_STR(0, "min", "AMOUNT", &say.min,
	    "the least that new accounts may hold: none"),
	OPT_FLAG(0, "problems", &say.problems, "print what was not taken"),
	OPT_STR(0, "receipts", "DIR", &say.receipts,
	    "write the receipt of each entry there"),
	OPT_STR(0, "replay", "FILE", &say.replay,
	    "leaves as exported, byte for byte"),
	OPT_STR(0, "unit-map", "MAP", &say.unit_map,
	    "which of our units one is: EUR=EUR,$=USD"),
	OPT_END
};
static const struct opt account_opts[] = {
	OPT_STR(0, "max", "AMOUNT", &say.max, "the most it may hold, or none"),
	OPT_STR(0, "min", "AMOUNT", &say.min, "the least, or none"),
	OPT_FLAG(0, "nonzero", &say.nonzero, "only those that hold something"),
	OPT_STR('u', "unit", "UNIT", &say.unit, "in this unit"),
	OPT_END
};
static const struct opt unit_opts[] = {
	OPT_NUM(0, "scale", "N", &say.scale, "decimals, 0 to 18"),
	OPT_END
};
static const struct opt reverse_opts[] = {
	OPT_STR(0, "memo", "TEXT", &say.memo, "kept beside the log"),
	OPT_END
};
static const struct opt assert_opts[] = {
	OPT_STR(0, "at", "AT", &say.at,
	    "then: a seq, a time, or a checkpoint's file"),
	OPT_FLAG(0, "check", &say.check, "only say whether it is so"),
	OPT_FLAG(0, "subtree", &say.subtree, "with all below, as NAME:..."),
	OPT_END
};
static const struct opt backup_opts[] = {
	OPT_FLAG('f', "force", &say.force, "replace a file that is there"),
	OPT_END
};
static const struct opt verify_opts[] = {
	OPT_FLAG(0, "fast", &say.fast,
	    "signatures and the newest checkpoint only"),
	OPT_STR(0, "layers", "LIST", &say.layers, "only these: 1-8,12"),
	OPT_STR(0, "since", "FILE", &say.since,
	    "the log has only grown since this checkpoint"),
	OPT_STR(0, "proof-out", "FILE", &say.proof_out,
	    "write the proof of that"),
	OPT_STR(0, "file", "FILE", &say.file, "this database, not the home's"),
	OPT_STR(0, "leaves", "FILE", &say.leaves,
	    "no database: exported leaves"),
	OPT_STR(0, "checkpoint", "FILE", &say.checkpoint, "of these leaves"),
	OPT_STR(0, "vkey", "VKEY", &say.vkey, "trust this key of a log"),
	OPT_STR(0, "policy", "FILE", &say.policy,
	    "trust the logs and witnesses of this policy"),
	OPT_STR(0, "card", "FILE", &say.card,
	    "trust the node of this identity card"),
	OPT_FLAG(0, "allow-self", &say.allow_self,
	    "trust the key that the log says"),
	OPT_STR(0, "anchors", "FILE", &say.anchors,
	    "roots that were noted elsewhere"),
	OPT_STR(0, "assertions", "FILE", &say.assertions,
	    "balances that have to be"),
	OPT_STR(0, "max-age", "SPAN", &say.max_age,
	    "of an open escrow past its deadline: 7d"),
	OPT_NUM(0, "min-size", "N", &say.min_size, "entries at least"),
	OPT_STR(0, "max-checkpoint-age", "SPAN", &say.max_checkpoint_age,
	    "of the newest checkpoint"),
	OPT_NUM(0, "max-findings", "N", &say.max_findings,
	    "print at most so many: 100"),
	OPT_NUM(0, "jobs", "N", &say.jobs, "threads that hash: 2"),
	OPT_END
};
/* Checkpoints and receipts. */
static const struct opt checkpoint_opts[] = {
	OPT_NUM(0, "print", "N", &say.print,
	    "the one of N entries, as it was issued"),
	OPT_STR(0, "key", "FILE", &say.key, "rotate: the new key; "
	    "cosign: the witness's"),
	OPT_STR(0, "reason", "WHY", &say.reason,
	    "rotate: scheduled, compromised or lost"),
	OPT_STR(0, "name", "NAME", &say.name, "cosign: of the witness"),
	OPT_STR(0, "proof", "FILE", &say.proof,
	    "cosign: that the log has grown since the last time"),
	OPT_STR(0, "at", "TIME", &say.at, "cosign: as of then, not now"),
	OPT_STR(0, "vkey", "VKEY", &say.vkey,
	    "add: of the witness; cosign: of the log"),
	OPT_STR(0, "policy", "FILE", &say.policy,
	    "add, cosign: a file that names them"),
	OPT_PASS(&say.pass), OPT_END
};
static const struct opt receipt_opts[] = {
	OPT_STR(0, "prefix", "ID", &say.prefix,
	    "of all entries whose id begins with it and a colon"),
	OPT_NUM(0, "size", "N", &say.size,
	    "against the checkpoint of N entries"),
	OPT_STR('o', "out", "DIR", &say.out, "write files there"),
	OPT_FLAG(0, "check", &say.check, "are these files true?"),
	OPT_STR(0, "vkey", "VKEY", &say.vkey, "trust this key of a log"),
	OPT_STR(0, "policy", "FILE", &say.policy,
	    "trust the logs and witnesses named there"),
	OPT_STR(0, "card", "FILE", &say.card,
	    "trust the node, and the log it certifies"),
	OPT_STR(0, "cert", "FILE", &say.cert,
	    "its certificate, if no receipt holds it"),
	OPT_END
};
static const struct opt restore_opts[] = {
	OPT_STR(0, "verify-root", "CKPT", &say.verify_root,
	    "a checkpoint that has to be of its past"),
	OPT_STR(0, "leaves", "FILE", &say.leaves,
	    "exported leaves, for those that the backup lacks"),
	OPT_END
};
static const struct opt doctor_opts[] = {
	OPT_FLAG(0, "rebuild", &say.rebuild,
	    "make anew what is computed from the entries"),
	OPT_END
};
static const struct verb verbs[] = {
	{ "init", "", "make a home and its log", 0, 0, CLI_MAKE,
	    init_opts, NULL, verb_init },
	{ "balance", "[account ...]", "what accounts hold", 0, 1000,
	    CLI_READ, balance_opts,
	    "account unit >balance >available >legs", verb_balance },
	{ "history", "account", "entries of an account", 1, 1,
	    CLI_READ, history_opts,
	    ">seq at type ref >amount >balance unit", verb_history },
	{ "show", "entry ...", "entries as they are stored", 1, 1000,
	    CLI_READ, show_opts, NULL, verb_show },
	{ "tail", "", "entries from one on, and what changed", 0, 0,
	    CLI_READ, tail_opts, NULL, verb_tail },
	{ "transfer", "from to amount unit", "move value", 4, 4,
	    CLI_WRITE, transfer_opts, NULL, verb_transfer },
	{ "post", "[file]", "one entry or group, from JSON", 0, 1,
	    CLI_WRITE, NULL, NULL, verb_post },
	{ "import", "[file]", "entries, one a line", 0, 1,
	    CLI_WRITE, import_opts, NULL, verb_import },
	{ "reverse", "id", "undo a transfer, or its whole group", 1, 1,
	    CLI_WRITE, reverse_opts, NULL, verb_reverse },
	{ "memo", "show|erase id", "the text beside an entry", 2, 2,
	    CLI_WRITE, NULL, NULL, verb_memo },
	{ "assert", "account op amount unit", "is a balance so?", 4, 4,
	    CLI_WRITE, assert_opts, NULL, verb_assert },
	{ "account", "list|show|open|limit|close [account]",
	    "accounts and their limits", 1, 2, CLI_WRITE, account_opts,
	    NULL, verb_account },
	{ "unit", "list|add [code]", "units, and new ones", 1, 2,
	    CLI_WRITE, unit_opts, NULL, verb_unit },
	{ "reconcile", "[statement]", "do the books balance?", 0, 1,
	    CLI_READ, reconcile_opts, "unit valid >total_minted "
	    ">total_in_wallets "
	    ">total_in_vault >total_in_escrow >discrepancy",
	    verb_reconcile },
	{ "backup", "file", "copy the store while others write", 1, 1,
	    CLI_READ, backup_opts, NULL, verb_backup },
	{ "restore", "file", "put a backup into a home without a store", 1, 1,
	    CLI_WRITE, restore_opts, NULL, verb_restore },
	{ "doctor", "", "is the home as it should be?", 0, 0, CLI_WRITE,
	    doctor_opts, "check result detail", verb_doctor },
	{ "migrate", "", "bring the store to this program's schema", 0, 0,
	    CLI_WRITE, NULL, NULL, verb_migrate },
	{ "verify", "", "is every entry still what it was?", 0, 0,
	    CLI_LOOK, verify_opts, NULL, verb_verify },
	{ "checkpoint", "[list | add file | cosign file | rotate]",
	    "sign what the log is now", 0, 2, CLI_WRITE, checkpoint_opts,
	    "size root at >cosignatures", verb_checkpoint },
	{ "receipt", "[id | seq | file ...]", "prove entries to a stranger",
	    0, 10000, CLI_STRAY, receipt_opts,
	    "file result >index >size origin code", verb_receipt },
	{ "export", "format", "the books, for other programs", 1, 1,
	    CLI_READ, export_opts, NULL, verb_export },
	{ 0 }
};

int
main(int argc, char *argv[])
{
	static const struct prog prog = {
		.name = "bzn-ledger",
		.brief = "accounts, transfers, and the proof of them",
		.examples =
		    "  bzn-ledger init\n"
		    "  bzn-ledger transfer MINT alice 25 TCK "
		    "--type CREDIT_ISSUE\n"
		    "  bzn-ledger balance alice | jq -r .balance\n"
		    "  bzn-ledger verify -q || page-someone\n",
		.statuses = "0 1 2 3 4 5 6 7 8 9 10",
		.verbs = verbs,
	};

	return cli_main(&prog, argc, argv);
}
