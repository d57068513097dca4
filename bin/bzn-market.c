/* bzn-market - skills that nodes offer for a price. */
#include "desk/market.h"
#include "desk/suite.h"

static struct desk_market say = { .limit = -1, .deadline = -1 };
static struct desk_suite suite;

/* What each verb runs: its function in lib/desk, told what was said. */
#define VERB(name) \
	static int \
	verb_##name(struct cli *c, struct err *e) \
	{ \
		return desk_market_##name(c, &say, e); \
	}

VERB(publish)
VERB(update)
VERB(retire)
VERB(list)
VERB(show)
VERB(stats)
VERB(quote)
VERB(capabilities)
VERB(validator)
VERB(verify)
VERB(languages)
VERB(seed)

static int
verb_bench(struct cli *c, struct err *e)
{
	return desk_suite(c, &suite, e);
}

#define AS	OPT_STR(0, "as", "NODE", &say.node, "who acts: the provider")
#define ATOMIC	OPT_FLAG(0, "all-or-nothing", &say.all_or_nothing, \
		    "of the requests on stdin")

static const struct opt publish_opts[] = {
	OPT_STR('p', "provider", "NODE", &say.provider, "who offers it"),
	OPT_STR('l', "label", "TEXT", &say.label, "what it is called"),
	OPT_STR(0, "price", "TCK", &say.price, "0.01 to 10000.00"),
	OPT_STR('c', "category", "WORD", &say.category, "to be found by"),
	OPT_STR('m', "metadata", "FILE", &say.metadata,
	    "a JSON object; - is stdin"),
	OPT_STR(0, "type", "TYPE", &say.type, "SKILL_OFFER, or TASK_BOUNTY"),
	ATOMIC, OPT_END
};
static const struct opt update_opts[] = {
	OPT_STR('l', "label", "TEXT", &say.label, "what it is called now"),
	OPT_STR(0, "price", "TCK", &say.price, "0.01 to 10000.00"),
	OPT_STR('c', "category", "WORD", &say.category, "to be found by"),
	OPT_STR('m', "metadata", "FILE", &say.metadata,
	    "in place of what there was; - is stdin"),
	AS, ATOMIC, OPT_END
};
static const struct opt retire_opts[] = { AS, ATOMIC, OPT_END };
static const struct opt list_opts[] = {
	OPT_STR('p', "provider", "NODE", &say.provider, "of this node"),
	OPT_STR('c', "category", "WORD", &say.category, "of this one"),
	OPT_STR(0, "text", "TEXT", &say.text, "somewhere in the label"),
	OPT_STR(0, "min-price", "TCK", &say.least, "that or more"),
	OPT_STR(0, "max-price", "TCK", &say.most, "that or less"),
	OPT_STR(0, "realm", "REALM", &say.realm,
	    "sandbox, or all: production unless given"),
	OPT_STR(0, "min-cri", "SCORE", &say.least_score,
	    "by sellers of that score or more"),
	OPT_STR(0, "sort", "KEY", &say.sort,
	    "price or score: newest unless given"),
	OPT_NUM(0, "limit", "N", &say.limit, "at most so many: 1 to 200"),
	OPT_NUM(0, "offset", "N", &say.offset, "after so many"),
	OPT_FLAG(0, "total", &say.total, "only say how many there are"),
	OPT_END
};
static const struct opt stats_opts[] = {
	OPT_STR(0, "realm", "REALM", &say.realm,
	    "sandbox: production unless given"),
	OPT_END
};
static const struct opt quote_opts[] = {
	OPT_STR('b', "buyer", "NODE", &say.buyer, "who asks"),
	OPT_STR(0, "max-price", "TCK", &say.most, "that or less"),
	OPT_NUM(0, "deadline", "SEC", &say.deadline,
	    "done within so many seconds, as far as one can tell"),
	OPT_STR(0, "quality", "LEVEL", &say.quality,
	    "verified, or the least score of the seller"),
	ATOMIC, OPT_END
};
static const struct opt seed_opts[] = {
	OPT_STR('p', "provider", "NODE", &say.provider, "who offers them"),
	OPT_END
};
static const struct opt validator_opts[] = {
	OPT_STR(0, "as", "NODE", &say.node, "whose it is"),
	OPT_STR(0, "name", "TEXT", &say.name, "1 to 100 characters"),
	OPT_STR(0, "type", "TYPE", &say.type, "schema, regex or webhook"),
	OPT_STR(0, "config", "FILE", &say.config,
	    "a JSON object; - is stdin"),
	ATOMIC, OPT_END
};
static const struct opt verify_opts[] = {
	OPT_STR('s', "skill", "ID", &say.skill, "by the contract of a skill"),
	OPT_STR(0, "contract", "FILE", &say.contract,
	    "by that of the metadata in a file"),
	OPT_STR(0, "validators", "FILE", &say.validators,
	    "by each validator of an array"),
	OPT_END
};

static const struct opt bench_opts[] = {
	OPT_STR(0, "as", "NODE", &suite.node, "run: who wants to know"),
	OPT_FLAG(0, "all-or-nothing", &suite.all_or_nothing,
	    "of the requests on stdin"),
	OPT_END
};

static const char columns[] = "skill_id provider_id >price unit label "
    "category >seller_cri created_at";

static const struct verb verbs[] = {
	{ "publish", "", "offer a skill, for a fee", 0, 0, CLI_WRITE,
	    publish_opts, NULL, verb_publish },
	{ "update", "[skill]", "change an offer, for later purchases", 0, 1,
	    CLI_WRITE, update_opts, NULL, verb_update },
	{ "retire", "[skill]", "offer a skill no longer", 0, 1, CLI_WRITE,
	    retire_opts, NULL, verb_retire },
	{ "list", "", "skills on offer, newest first", 0, 0, CLI_READ,
	    list_opts, columns, verb_list },
	{ "show", "skill ...", "skills by id", 1, 1000, CLI_READ,
	    NULL, columns, verb_show },
	{ "stats", "", "what skills cost", 0, 0, CLI_READ, stats_opts,
	    "unit >skills >min >max >average >median", verb_stats },
	{ "quote", "[capability]", "a price that binds for a while", 0, 1,
	    CLI_WRITE, quote_opts, NULL, verb_quote },
	{ "capabilities", "", "what agents ask for by name", 0, 0, CLI_LOOK,
	    NULL, "capability >typical_price >eta_seconds",
	    verb_capabilities },
	{ "bench", "list|show|run|result [id ...]",
	    "try skills on what is known", 1, 1001, CLI_WRITE, bench_opts,
	    NULL, verb_bench },
	{ "validator", "add|list|remove [id]", "what a buyer judges by", 1, 2,
	    CLI_WRITE, validator_opts, "validator_id name type created_at",
	    verb_validator },
	{ "verify", "[output ...]", "is an output what was promised?", 0,
	    1000, CLI_LOOK, verify_opts, "file line passed rule",
	    verb_verify },
	{ "languages", "", "those that can be told apart", 0, 0, CLI_LOOK,
	    NULL, "language alias version", verb_languages },
	{ "seed", "", "offer the skills that a grid begins with", 0, 0,
	    CLI_WRITE, seed_opts, NULL, verb_seed },
	{ 0 }
};

int
main(int argc, char *argv[])
{
	static const struct prog prog = {
		.name = "bzn-market",
		.brief = "skills that nodes offer for a price",
		.examples =
		    "  bzn-market publish --provider bob --label wordcount "
		    "--price 10\n"
		    "  bzn-market list --max-price 20 | jq -r .skill_id\n",
		.statuses = "0 1 2 3 4 5 6 7 8 9 10",
		.verbs = verbs,
	};

	return cli_main(&prog, argc, argv);
}
