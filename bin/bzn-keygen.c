/*
 * bzn-keygen - make, inspect and replace keys.
 */
#include "cli/box.h"
#include "cli/cli.h"
#include "cli/pass.h"
#include "keygen/keygen.h"

static struct keygen say = {
	.old = { .of = "the key" }, .fresh = { .of = "the new key" },
	.reason = "",
};

static int
identity(struct cli *c, struct err *e)
{
	return keygen_identity(c, &say, e);
}

static int
wallet(struct cli *c, struct err *e)
{
	return keygen_wallet(c, &say, e);
}

static int
token(struct cli *c, struct err *e)
{
	return keygen_token(c, &say, e);
}

static int
log_key(struct cli *c, struct err *e)
{
	return keygen_log(c, &say, e);
}

static int
api_key(struct cli *c, struct err *e)
{
	return keygen_api_key(c, &say, e);
}

static int
inspect(struct cli *c, struct err *e)
{
	return keygen_inspect(c, &say, e);
}

static int
check(struct cli *c, struct err *e)
{
	return keygen_check(c, &say, e);
}

static int
rotate(struct cli *c, struct err *e)
{
	return keygen_rotate(c, &say, e);
}

static int
revoke(struct cli *c, struct err *e)
{
	return keygen_revoke(c, &say, e);
}

static int
passwd(struct cli *c, struct err *e)
{
	return keygen_passwd(c, &say, e);
}

static int
export(struct cli *c, struct err *e)
{
	return keygen_export(c, &say, e);
}

static int
import(struct cli *c, struct err *e)
{
	return keygen_import(c, &say, e);
}

#define BOX OPT_SANDBOX(&say.require_sandbox)
#define FORCE OPT_FLAG('f', "force", &say.force, "put aside what is there")
#define DRY_RUN OPT_FLAG('n', "dry-run", &say.dry_run, \
	    "make all checks, change nothing")
#define REASON OPT_STR('r', "reason", "TEXT", &say.reason, \
	    "at most 200 bytes, for everybody to read")

static const struct opt identity_opts[] = {
	FORCE, DRY_RUN, OPT_PASS(&say.old), BOX, OPT_END
};
static const struct opt import_opts[] = {
	FORCE, DRY_RUN, OPT_PASS(&say.old), OPT_NEW_PASS(&say.fresh), BOX,
	OPT_END
};
static const struct opt wallet_opts[] = {
	OPT_STR(0, "from", "FILE", &say.from,
	    "take this one: V3, wallet_key.enc or hex"),
	FORCE, DRY_RUN, OPT_PASS(&say.old), OPT_NEW_PASS(&say.fresh), BOX,
	OPT_END
};
static const struct opt box_opts[] = {
	BOX, OPT_END
};
static const struct opt token_opts[] = {
	FORCE, BOX, OPT_END
};
static const struct opt log_opts[] = {
	OPT_STR(0, "origin", "NAME", &say.origin,
	    "of the log: ledger.example.com/main"),
	OPT_PASS(&say.old), BOX, OPT_END
};
static const struct opt check_opts[] = {
	OPT_FLAG(0, "open", &say.open, "open the private key, too"),
	OPT_STR(0, "chain", "FILE", &say.chain,
	    "follow the rotations in it instead"),
	OPT_STR(0, "key", "FILE", &say.key, "the public key to begin at"),
	OPT_PASS(&say.old), BOX, OPT_END
};
static const struct opt rotate_opts[] = {
	REASON, DRY_RUN, OPT_PASS(&say.old), OPT_NEW_PASS(&say.fresh), BOX,
	OPT_END
};
static const struct opt revoke_opts[] = {
	OPT_FLAG(0, "premade", &say.premade,
	    "print the one made with the key"),
	REASON, OPT_PASS(&say.old), BOX, OPT_END
};
static const struct opt passwd_opts[] = {
	OPT_PASS(&say.old), OPT_NEW_PASS(&say.fresh), BOX, OPT_END
};

int
main(int argc, char *argv[])
{
	static const struct verb verbs[] = {
		{ "identity", "", "make the node's key", 0, 0, CLI_READ,
		    identity_opts, NULL, identity },
		{ "wallet", "", "make a wallet", 0, 0, CLI_READ, wallet_opts,
		    NULL, wallet },
		{ "token", "", "make the key that signs tokens", 0, 0,
		    CLI_READ, token_opts, NULL, token },
		{ "log", "", "certify the key of the log", 0, 0, CLI_READ,
		    log_opts, NULL, log_key },
		{ "api-key", "[node]", "make an API key", 0, 1, CLI_READ,
		    box_opts, NULL, api_key },
		{ "inspect", "[file]", "all names of a key", 0, 1, CLI_READ,
		    box_opts, NULL, inspect },
		{ "check", "", "is everything as it should be?", 0, 0,
		    CLI_READ, check_opts, "file ok mode code text", check },
		{ "rotate", "[identity|token]", "put a new key in its place",
		    0, 1, CLI_READ, rotate_opts, NULL, rotate },
		{ "revoke", "", "say that the key is revoked", 0, 0, CLI_READ,
		    revoke_opts, NULL, revoke },
		{ "passwd", "[identity|wallet]", "change a passphrase", 0, 1,
		    CLI_READ, passwd_opts, NULL, passwd },
		{ "export", "format [file]", "a public key as others write it",
		    1, 2, CLI_READ, box_opts, NULL, export },
		{ "import", "file", "make an identity of a key", 1, 1,
		    CLI_READ, import_opts, NULL, import },
		{ 0 }
	};
	static const struct prog prog = {
		.name = "bzn-keygen",
		.brief = "make, inspect and replace keys",
		.examples =
		    "  bzn-keygen identity --passphrase-file pw\n"
		    "  bzn-keygen inspect | jq -r .node_id\n"
		    "  bzn-keygen export ssh >node.pub\n"
		    "  bzn-keygen check --table\n",
		.statuses = "0 1 2 3 4 5 6 7 9 10",
		.verbs = verbs,
	};

	return cli_main(&prog, argc, argv);
}
