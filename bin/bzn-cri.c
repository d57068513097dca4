/*
 * bzn-cri - what trades say of nodes: scores, levels, badges, and trust.
 *
 * Over 200 lines because each verb has a row, and each option another.
 */
#include "desk/cri.h"
#include "desk/eigen.h"
#include "desk/lab.h"
#include "desk/trust.h"

static struct desk_cri board = { .limit = 20 }, say;
static struct desk_eigen eigen = { .jobs = 2 };
static struct desk_lab lab = DESK_LAB;
static struct desk_trust trust = DESK_TRUST;

/* What each verb runs: its function in lib/desk, told what was said. */
#define VERB(name, said) \
	static int \
	verb_##name(struct cli *c, struct err *e) \
	{ \
		return desk_cri_##name(c, &said, e); \
	}

VERB(history, say)
VERB(level, say)
VERB(levels, say)
VERB(leaderboard, board)
VERB(genesis, say)
VERB(pioneers, say)
VERB(snapshots, say)
VERB(snapshot, say)
VERB(refresh, say)
VERB(certificate, say)
VERB(verify, say)
VERB(eigentrust, eigen)
VERB(simulate, lab)

/* Whose facts, and as of when. */
#define FACTS(said) \
	OPT_STR(0, "at", "AT", &said.at, \
	    "as of a seq, a time or a checkpoint file"), \
	OPT_STR(0, "facts", "FILE", &said.facts, \
	    "by an export of leaves or ndjson; - is stdin")
#define ALL	OPT_FLAG(0, "all", &say.all, "all nodes, by id")

#define MODEL	OPT_STR(0, "model", "MODEL", &say.model, \
		    "cri, unless given, or biznode")

static const struct opt score_opts[] = { ALL, FACTS(say), MODEL, OPT_END };
static const struct opt audit_opts[] = { MODEL, OPT_END };
static const struct opt level_opts[] = { ALL, FACTS(say), OPT_END };
static const struct opt explain_opts[] = {
	ALL, FACTS(say), MODEL,
	OPT_FLAG(0, "entries", &say.entries, "name the entries behind it"),
	OPT_END
};
static const struct opt facts_opts[] = { FACTS(say), OPT_END };

/* By one model or the other, never by both. */
static int
verb_score(struct cli *c, struct err *e)
{
	if (!desk_trust_model(&say))
		return desk_cri_score(c, &say, e);
	cli_columns(c, "node_id >trust_score tier badge");
	return desk_trust_score(c, &say, e);
}

static int
verb_explain(struct cli *c, struct err *e)
{
	return desk_trust_model(&say) ? desk_trust_explain(c, &say, e) :
	    desk_cri_explain(c, &say, e);
}

static int
verb_audit(struct cli *c, struct err *e)
{
	return desk_trust_model(&say) ? desk_trust_audit(c, &say, e) :
	    desk_cri_audit(c, &say, e);
}

#define TRUST_VERB(name) \
	static int \
	verb_##name(struct cli *c, struct err *e) \
	{ \
		return desk_trust_##name(c, &trust, e); \
	}

TRUST_VERB(event)
TRUST_VERB(endorse)
TRUST_VERB(complain)
TRUST_VERB(quality)
TRUST_VERB(update)
TRUST_VERB(rescore)
TRUST_VERB(badge)
TRUST_VERB(tier)
TRUST_VERB(status)

static const struct opt board_opts[] = {
	FACTS(board),
	OPT_NUM('l', "limit", "N", &board.limit, "so many, 1 to 100: 20"),
	OPT_NUM(0, "offset", "N", &board.offset, "after the first N"),
	OPT_END
};
static const struct opt snapshots_opts[] = {
	OPT_NUM('l', "limit", "N", &say.limit, "only the newest N"),
	OPT_END
};
static const struct opt certificate_opts[] = {
	OPT_FLAG(0, "facts", &say.with_facts,
	    "with all that the score follows from"),
	OPT_END
};
static const struct opt verify_opts[] = {
	OPT_STR(0, "pubkey", "FILE", &say.pubkey,
	    "signed by this RSA key, in PEM"),
	OPT_STR(0, "jwks", "FILE", &say.jwks, "signed by one of these keys"),
	OPT_STR(0, "issuer", "NAME", &say.issuer, "issued by this one"),
	OPT_STR(0, "facts", "FILE", &say.facts,
	    "and true by this log, as exported; - is stdin"),
	OPT_END
};
static const struct opt lab_opts[] = {
	OPT_NUM(0, "seed", "N", &lab.seed, "of all chance: 1"),
	OPT_NUM(0, "days", "N", &lab.days, "so many pass, 1 to 366: 90"),
	OPT_NUM(0, "nodes", "N", &lab.nodes, "honest ones, 21 to 500: 40"),
	OPT_NUM(0, "keys", "N", &lab.keys, "of the flood, 2 to 2000: 1000"),
	OPT_STR(0, "target", "SCORE", &lab.target,
	    "how long until this: 50,60,70"),
	OPT_STR(0, "plot", "FILE", &lab.plot, "scores over days, as SVG"),
	OPT_END
};
static const struct opt eigen_opts[] = {
	FACTS(eigen.log),
	OPT_STR(0, "alpha", "N/D", &eigen.alpha,
	    "part of the pre-trust: eigentrust_alpha"),
	OPT_STR(0, "pre-trust", "FILE", &eigen.pre_trust,
	    "whom to trust from the start"),
	OPT_NUM('J', "jobs", "N", &eigen.jobs, "so many threads: 2"),
	OPT_END
};
#define ORDER \
	OPT_STR(0, "order", "ID", &trust.order, \
	    "the task or escrow that it is about")
#define EVIDENCE \
	OPT_STR(0, "evidence", "FILE", &trust.evidence, \
	    "what proves it: only its hash is told"), \
	OPT_STR(0, "evidence-sha256", "HEX", &trust.evidence_sha256, \
	    "the hash itself")
#define WEIGHT \
	OPT_STR(0, "weight", "N", &trust.weight, "1: it was good; 0: not")

static const struct opt endorse_opts[] = {
	ORDER, OPT_PASS(&trust.pass), OPT_END
};
static const struct opt complain_opts[] = {
	ORDER, EVIDENCE, OPT_PASS(&trust.pass), OPT_END
};
static const struct opt quality_opts[] = {
	ORDER, WEIGHT, EVIDENCE, OPT_PASS(&trust.pass), OPT_END
};
static const struct opt event_opts[] = {
	ORDER, WEIGHT, EVIDENCE,
	OPT_STR(0, "since", "TIME", &trust.since, "uptime: probes from then"),
	OPT_STR(0, "until", "TIME", &trust.until, "uptime: and before then"),
	OPT_NUM(0, "ok", "N", &trust.ok, "uptime: so many were answered"),
	OPT_NUM(0, "fail", "N", &trust.fail, "uptime: and so many were not"),
	OPT_STR(0, "stake-wei", "WEI", &trust.stake,
	    "stake: all that is staked now"),
	OPT_STR(0, "verified", "WORD", &trust.verified,
	    "verify: yes, or no if it was rolled back"),
	OPT_PASS(&trust.pass),
	OPT_END
};
static const struct opt badge_opts[] = {
	OPT_FLAG(0, "svg", &trust.svg, "as a picture"),
	OPT_END
};
static const struct opt tier_opts[] = {
	OPT_FLAG(0, "verify", &trust.verify,
	    "look at certificates in files, or on stdin"),
	OPT_STR(0, "registry", "FILE", &trust.registry,
	    "--verify: the public key of who issued them"),
	OPT_PASS(&trust.pass),
	OPT_END
};
static const struct verb verbs[] = {
	{ "score", "[node ...]", "the scores of nodes", 0, 1000, CLI_LOOK,
	    score_opts, "node_id >cri_score", verb_score },
	{ "explain", "[node ...]", "scores with every part of them", 0, 1000,
	    CLI_LOOK, explain_opts, NULL, verb_explain },
	{ "history", "node ...", "each entry of the log that changed a score",
	    1, 100, CLI_LOOK, facts_opts,
	    ">seq at node_id type >cri_before >cri_after", verb_history },
	{ "level", "[node ...]", "levels, and what the next one needs", 0,
	    1000, CLI_LOOK, level_opts,
	    "node_id >level_id level_name >tck_spent >cri", verb_level },
	{ "levels", "", "all levels", 0, 0, CLI_LOOK, NULL,
	    ">id name >tck_spent_required >cri_min_required", verb_levels },
	{ "leaderboard", "", "nodes, the best score first", 0, 0, CLI_LOOK,
	    board_opts, "node_id >cri level_name >tck_spent "
	    "has_genesis_badge", verb_leaderboard },
	{ "genesis", "", "who has a Genesis badge", 0, 0, CLI_LOOK, facts_opts,
	    ">rank node_id >cri_score >trades_completed awarded_at",
	    verb_genesis },
	{ "pioneers", "", "who is a verifier pioneer", 0, 0, CLI_READ, NULL,
	    ">rank node_id >verifications awarded_at", verb_pioneers },
	{ "snapshots", "node", "stored scores of a node, the newest first",
	    1, 1, CLI_READ, snapshots_opts,
	    "at >S >B >U >m >V >D >N >X >cri_before >cri_after",
	    verb_snapshots },
	{ "certificate", "node ...", "scores that are signed, for strangers",
	    1, 1000, CLI_READ, certificate_opts,
	    "node_id >cri_score valid_until_at",
	    verb_certificate },
	{ "verify", "[certificate ...]", "are these certificates true?", 0,
	    1000, CLI_LOOK, verify_opts,
	    "valid node_id >cri_score issuer error", verb_verify },
	{ "eigentrust", "[file]", "whom those trust who are trusted", 0, 1,
	    CLI_LOOK, eigen_opts, "peer >trust",
	    verb_eigentrust },
	{ "event", "type node", "sign what happened to a node", 2, 2,
	    CLI_READ, event_opts, NULL, verb_event },
	{ "endorse", "node", "sign an endorsement of a node", 1, 1, CLI_READ,
	    endorse_opts, NULL, verb_endorse },
	{ "complain", "node", "sign a complaint about a node", 1, 1, CLI_READ,
	    complain_opts, NULL, verb_complain },
	{ "quality", "node", "sign how good an order was", 1, 1, CLI_READ,
	    quality_opts, NULL, verb_quality },
	{ "update", "[file]", "take in signed events, a line each", 0, 1,
	    CLI_WRITE, NULL, "node_id type from >trust_score tier",
	    verb_update },
	{ "rescore", "", "all trust scores anew, once a day", 0, 0, CLI_WRITE,
	    NULL, "node_id >trust_before >trust_after tier", verb_rescore },
	{ "badge", "node ...", "what is shown of nodes", 1, 1000, CLI_READ,
	    badge_opts, "node_id badge colour because", verb_badge },
	{ "tier", "[node ... | file ...]", "tiers that are signed, for "
	    "strangers", 0, 1000, CLI_LOOK, tier_opts, NULL, verb_tier },
	{ "status", "name", "the tier of a node or a peer", 1, 1, CLI_READ,
	    NULL, "entity status >trust_score", verb_status },
	{ "audit", "", "is all that is counted what the log says?", 0, 0,
	    CLI_READ, audit_opts, NULL, verb_audit },
	{ "snapshot", "[node ...]", "store scores as they are now", 0, 1000,
	    CLI_WRITE, NULL, NULL, verb_snapshot },
	{ "refresh", "", "store scores anew, once a day", 0, 0, CLI_WRITE,
	    NULL, NULL, verb_refresh },
	{ "simulate", "[scenario ...]", "what attacks on scores cost, played",
	    0, 100, CLI_LOOK, lab_opts, "scenario role >members >target "
	    "reached >day >cost_tck >bound_tck >score >best",
	    verb_simulate },
	{ 0 }
};

int
main(int argc, char *argv[])
{
	static const struct prog prog = {
		.name = "bzn-cri",
		.brief = "what trades say of nodes",
		.examples =
		    "  bzn-cri score alice bob\n"
		    "  bzn-cri explain alice | jq .penalties\n"
		    "  bzn-ledger export leaves | bzn-cri score --facts - "
		    "--all\n"
		    "  bzn-cri leaderboard --limit 10\n"
		    "  bzn-cri certificate bob | bzn-cri verify\n"
		    "  bzn-cri refresh                     # from cron\n",
		.statuses = "0 1 2 3 4 5 6 7 8 9",
		.verbs = verbs,
	};

	return cli_main(&prog, argc, argv);
}
