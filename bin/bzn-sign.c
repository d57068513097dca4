/* bzn-sign - sign, and find out who has signed what. */
#include "signer/signer.h"

static struct signer o;

static int
sign(struct cli *c, struct err *e)
{
	return signer_sign(c, &o, e);
}

static int
verify(struct cli *c, struct err *e)
{
	return signer_verify(c, &o, e);
}

static int
json(struct cli *c, struct err *e)
{
	return signer_json(c, &o, e);
}

#define SPACE OPT_STR('n', "namespace", "NAME", &o.space, \
    "what is signed: bzn-file-v1 unless given")
#define TRUST \
	OPT_STR('t', "trust", "FILE", &o.trust, "only these keys count"), \
	OPT_STR('k', "key", "FILE", &o.key, "a public key that counts"), \
	OPT_STR('I', "principal", "NAME", &o.principal, "who it must be"), \
	OPT_STR(0, "at", "TIME", &o.at, "ask as of then"), \
	OPT_FLAG('e', "explain", &o.explain, "say what the verdict rests on")

int
main(int argc, char *argv[])
{
	static const struct opt sign_opts[] = {
		SPACE,
		OPT_FLAG('a', "attached", &o.attached,
		    "write FILE.signed, which has the content too"),
		OPT_FLAG('m', "manifest", &o.manifest,
		    "the file is a list as of sha256sum"),
		OPT_STR('o', "output", "FILE", &o.output, "write it there"),
		OPT_STR('c', "comment", "TEXT", &o.comment,
		    "a line that is signed too"),
		OPT_STR(0, "seq", "N", &o.seq, "a number that is signed too"),
		OPT_FLAG('l', "list", &o.list,
		    "names of files come on standard input"),
		OPT_FLAG('0', "null", &o.zero, "which end in NUL"),
		OPT_FLAG('f', "force", &o.force, "replace what is there"),
		OPT_FLAG(0, "fail-fast", &o.fail_fast,
		    "stop at the first that cannot be signed"),
		OPT_PASS(&o.pass),
		OPT_END
	};
	static const struct opt verify_opts[] = {
		SPACE, TRUST,
		OPT_STR('s', "signature", "FILE", &o.signature,
		    "of the file, instead of FILE.sig"),
		OPT_FLAG('a', "attached", &o.attached,
		    "the files begin with their signature"),
		OPT_STR('o', "output", "FILE", &o.output,
		    "write the content there, if it is good"),
		OPT_FLAG('m', "manifest", &o.manifest,
		    "then check every file that the list names"),
		OPT_FLAG('l', "list", &o.list,
		    "names of files come on standard input"),
		OPT_FLAG('0', "null", &o.zero, "which end in NUL"),
		OPT_STR(0, "quorum", "K/N", &o.quorum,
		    "FILE SIG ...: K principals have to have signed"),
		OPT_STR('J', "jobs", "N", &o.jobs, "so many threads: 1"),
		OPT_FLAG(0, "fail-fast", &o.fail_fast,
		    "stop at the first that is not good"),
		OPT_END
	};
	static const struct opt json_opts[] = {
		OPT_STR('n', "namespace", "NAME", &o.space,
		    "what the objects are"),
		OPT_FLAG(0, "verify", &o.verify, "instead of signing"),
		TRUST,
		OPT_STR('J', "jobs", "N", &o.jobs, "so many threads: 1"),
		OPT_FLAG(0, "fail-fast", &o.fail_fast,
		    "stop at the first that is not good"),
		OPT_PASS(&o.pass),
		OPT_END
	};
	static const struct verb verbs[] = {
		{ "sign", "[file ...]", "sign files", 0, 100000, CLI_READ,
		    sign_opts, NULL, sign },
		{ "verify", "[file ...]", "are files what somebody signed?",
		    0, 100000, CLI_READ, verify_opts, NULL, verify },
		{ "json", "", "sign or verify objects on stdin", 0, 0,
		    CLI_READ, json_opts, NULL, json },
		{ 0 }
	};
	static const struct prog prog = {
		.name = "bzn-sign",
		.brief = "sign, and find out who has signed what",
		.examples =
		    "  bzn-sign sign -n bzn-release-v1 app.tar\n"
		    "  bzn-sign verify -n bzn-release-v1 app.tar | "
		    "jq -r .code\n",
		.statuses = "0 1 2 3 4 5 6 7 8",
		.verbs = verbs,
	};

	return cli_main(&prog, argc, argv);
}
