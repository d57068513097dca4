/*
 * bzn-card - who this node is, and which other nodes it knows.
 */
#include "cards/cards.h"
#include "cli/box.h"

static struct cards say = { .pass = { .of = "the node key" } };

static int
show(struct cli *c, struct err *e)
{
	return cards_show(c, &say, e);
}

static int
verify(struct cli *c, struct err *e)
{
	return cards_verify(c, &say, e);
}

static int
import(struct cli *c, struct err *e)
{
	return cards_import(c, &say, e);
}

static int
list(struct cli *c, struct err *e)
{
	return cards_list(c, &say, e);
}

static int
diff(struct cli *c, struct err *e)
{
	return cards_diff(c, &say, e);
}

static int
pin(struct cli *c, struct err *e)
{
	return cards_pin(c, &say, e);
}

static int
revoke(struct cli *c, struct err *e)
{
	return cards_revoke(c, &say, e);
}

static int
export(struct cli *c, struct err *e)
{
	return cards_export(c, &say, e);
}

#define SANDBOX OPT_SANDBOX(&say.require_sandbox)

static const struct opt show_opts[] = {
	OPT_MAY("qr", "FORM", &say.qr,
	    "a QR code of the URI: text, png, svg"),
	OPT_FLAG(0, "uri", &say.uri, "the bzn: URI"),
	OPT_FLAG(0, "full", &say.full, "the whole card in the QR code"),
	OPT_FLAG(0, "state", &say.names, "names of the node and its key"),
	OPT_FLAG(0, "did", &say.did, "only the did:key"),
	OPT_STR(0, "name", "TEXT", &say.wish.name, "what it is called"),
	OPT_STR(0, "endpoint", "URL", &say.wish.endpoint,
	    "http(s)://host, and a port"),
	OPT_STR(0, "capabilities", "LIST", &say.wish.capabilities,
	    "what it does, parted by commas"),
	OPT_STR(0, "class", "CLASS", &say.wish.class,
	    "mobile, edge or cloud"),
	OPT_STR(0, "dns", "NAME", &say.wish.dns, "its name in .1bz"),
	OPT_STR(0, "binding", "FILE", &say.binding,
	    "its wallet, as both have signed"),
	OPT_STR(0, "expires", "SPAN", &say.expires,
	    "after so long: 365d; or never"),
	OPT_FLAG(0, "sign", &say.sign, "sign it anew"),
	OPT_FLAG('n', "dry-run", &say.keep_not,
	    "do not keep what is signed"),
	OPT_PASS(&say.pass), SANDBOX,
	OPT_END
};
static const struct opt verify_opts[] = {
	OPT_STR(0, "at", "TIME", &say.at, "as of that moment"),
	OPT_FLAG(0, "uri", &say.uri, "only bzn: URIs"),
	SANDBOX,
	OPT_END
};
static const struct opt import_opts[] = {
	OPT_FLAG(0, "uri", &say.uri, "only bzn: URIs"),
	OPT_FLAG(0, "pin", &say.pin,
	    "pin them: they came by a way that is trusted"),
	SANDBOX,
	OPT_END
};
static const struct opt list_opts[] = {
	OPT_STR(0, "state", "STATE", &say.state,
	    "only pending, pinned or revoked"),
	SANDBOX,
	OPT_END
};
static const struct opt box_opts[] = {
	SANDBOX,
	OPT_END
};
static const struct opt revoke_opts[] = {
	OPT_STR('r', "reason", "TEXT", &say.reason, "why"),
	SANDBOX,
	OPT_END
};
static const struct opt export_opts[] = {
	OPT_FLAG(0, "peers", &say.peers,
	    "pinned and revoked ones, for a trust file"),
	OPT_STR(0, "life", "SPAN", &say.life, "at most 24h, which it is"),
	OPT_PASS(&say.pass), SANDBOX,
	OPT_END
};

int
main(int argc, char *argv[])
{
	static const char columns[] =
	    "name state endpoint node_id words reason";
	static const struct verb verbs[] = {
		{ "show", "[peer ...]", "the card of this node; peers", 0,
		    1000, CLI_READ, show_opts, columns, show },
		{ "verify", "[file ...]", "are these cards true?", 0, 1000,
		    CLI_READ, verify_opts,
		    "path >line ok code kind name node_id state", verify },
		{ "import", "[file ...]", "get to know other nodes", 0, 1000,
		    CLI_ENTER, import_opts,
		    "result name state endpoint node_id words", import },
		{ "list", "", "nodes that are known", 0, 0, CLI_READ,
		    list_opts, columns, list },
		{ "diff", "old new", "what two cards say differently", 2, 2,
		    CLI_READ, box_opts, "member old new", diff },
		{ "pin", "peer ...", "trust their keys", 1, 1000, CLI_WRITE,
		    box_opts, columns, pin },
		{ "revoke", "peer ...", "never trust them again", 1, 1000,
		    CLI_WRITE, revoke_opts, columns, revoke },
		{ "export", "", "announce this node; or peers to trust", 0,
		    0, CLI_ENTER, export_opts, NULL, export },
		{ 0 }
	};
	static const struct prog prog = {
		.name = "bzn-card",
		.brief = "who this node is, and which others it knows",
		.examples =
		    "  bzn-card show --name Acme --endpoint "
		    "https://acme.example\n"
		    "  bzn-card show --qr\n"
		    "  bzn-card import card.json && bzn-card pin Acme\n"
		    "  bzn-card list | jq -r .endpoint\n",
		.statuses = "0 1 2 3 4 5 6 7 8 9 10",
		.verbs = verbs,
	};

	return cli_main(&prog, argc, argv);
}
