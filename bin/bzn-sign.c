/*
 * bzn-sign - sign, and find out who has signed what.
 *
 * Over 200 lines because it is the tables of ten verbs; what they do is in
 * lib/signer.
 */
#include "cli/box.h"
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

static int
http(struct cli *c, struct err *e)
{
	return signer_http(c, &o, e);
}

static int
webhook(struct cli *c, struct err *e)
{
	return signer_webhook(c, &o, e);
}

static int
request(struct cli *c, struct err *e)
{
	return signer_request(c, &o, e);
}

static int
jwt(struct cli *c, struct err *e)
{
	return signer_jwt(c, &o, e);
}

static int
eth(struct cli *c, struct err *e)
{
	return signer_eth(c, &o, e);
}

static int
bind(struct cli *c, struct err *e)
{
	return signer_bind(c, &o, e);
}

static int
inspect(struct cli *c, struct err *e)
{
	return signer_inspect(c, &o, e);
}

#define BOX OPT_SANDBOX(&o.require_sandbox)
#define SPACE OPT_STR('n', "namespace", "NAME", &o.space, \
    "what is signed: bzn-file-v1 unless given")
#define TRUST \
	OPT_STR('t', "trust", "FILE", &o.trust, "only these keys count"), \
	OPT_STR('k', "key", "FILE", &o.key, "a public key that counts"), \
	OPT_STR(0, "chain", "FILE", &o.chain, \
	    "rotations, by which newer keys count"), \
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
		OPT_FLAG(0, "ssh", &o.ssh, "as ssh-keygen -Y sign does"),
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
		BOX, OPT_END
	};
	static const struct opt verify_opts[] = {
		SPACE, TRUST,
		OPT_STR('s', "signature", "FILE", &o.signature,
		    "of the file, instead of FILE.sig"),
		OPT_FLAG('a', "attached", &o.attached,
		    "the files begin with their signature"),
		OPT_FLAG(0, "html", &o.html,
		    "the files are pages that hold their signature"),
		OPT_STR('o', "output", "FILE", &o.output,
		    "write the content there, if it is good"),
		OPT_FLAG('f', "force", &o.force, "replace what is there"),
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
		BOX, OPT_END
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
		BOX, OPT_END
	};
	static const struct opt http_opts[] = {
		OPT_STR('X', "method", "NAME", &o.method, "GET unless given"),
		OPT_STR('d', "body", "FILE", &o.body,
		    "the content; - is stdin, as for POST, PUT, PATCH"),
		OPT_STR(0, "type", "TYPE", &o.type,
		    "Content-Type, which is signed too"),
		OPT_STR(0, "idempotency-key", "KEY", &o.idempotency,
		    "Idempotency-Key, which is signed too"),
		OPT_STR(0, "nonce", "TEXT", &o.nonce, "instead of a fresh one"),
		OPT_FLAG(0, "curl", &o.curl, "print a configuration of curl"),
		OPT_FLAG(0, "raw", &o.raw, "the request is on stdin"),
		OPT_STR(0, "base-url", "URL", &o.base,
		    "where such a request is sent, and aliases"),
		OPT_FLAG(0, "verify", &o.verify,
		    "the request on stdin, instead of signing"),
		TRUST, OPT_PASS(&o.pass),
		BOX, OPT_END
	};
	static const struct opt webhook_opts[] = {
		OPT_STR(0, "secret-file", "FILE", &o.secret_file,
		    "the secret is in it"),
		OPT_STR(0, "secret-fd", "N", &o.secret_fd,
		    "read it from this descriptor"),
		OPT_STR(0, "timestamp", "SEC", &o.timestamp,
		    "since 1970; now unless given"),
		OPT_FLAG(0, "verify", &o.verify, "instead of signing"),
		OPT_STR('s', "signature", "HEX", &o.signature,
		    "that is to be verified"),
		OPT_STR(0, "window", "SEC", &o.window,
		    "the timestamp may be so far from now: 300"),
		BOX, OPT_END
	};
	static const struct opt request_opts[] = {
		OPT_FLAG(0, "verify", &o.verify,
		    "the requests on stdin, instead of signing"),
		TRUST, OPT_PASS(&o.pass),
		BOX, OPT_END
	};
	static const struct opt jwt_opts[] = {
		OPT_FLAG(0, "token", &o.token, "by the token key: RS256"),
		OPT_STR(0, "ttl", "SPAN", &o.ttl, "add iat and exp: 15m"),
		OPT_FLAG(0, "verify", &o.verify,
		    "the tokens on stdin, instead of signing"),
		OPT_STR(0, "jwks", "FILE", &o.jwks,
		    "keys that count; else those of this node"),
		OPT_STR(0, "aud", "NAME", &o.aud, "the audience it must name"),
		OPT_STR(0, "iss", "NAME", &o.iss, "the issuer it must name"),
		OPT_STR(0, "at", "TIME", &o.at, "ask as of then"),
		OPT_FLAG(0, "fail-fast", &o.fail_fast,
		    "stop at the first that is not good"),
		OPT_PASS(&o.pass),
		BOX, OPT_END
	};
	static const struct opt eth_opts[] = {
		OPT_FLAG(0, "verify", &o.verify, "recover who has signed"),
		OPT_STR('s', "signature", "HEX", &o.signature,
		    "that is to be verified"),
		OPT_STR('a', "address", "0x...", &o.address,
		    "who it must be"),
		OPT_STR('w', "wallet", "FILE", &o.wallet,
		    "instead of the wallet of the home"),
		OPT_PASS(&o.pass),
		BOX, OPT_END
	};
	static const struct opt bind_opts[] = {
		OPT_FLAG(0, "verify", &o.verify,
		    "the binding on stdin, instead of making one"),
		OPT_STR('w', "wallet", "FILE", &o.wallet,
		    "instead of the wallet of the home"),
		OPT_STR(0, "wallet-passphrase-file", "FILE",
		    &o.wallet_pass.file, "if the wallet has another"),
		OPT_STR(0, "wallet-passphrase-fd", "N", &o.wallet_pass.fd,
		    "if the wallet has another"),
		OPT_STR(0, "wallet-passphrase-cmd", "CMD",
		    &o.wallet_pass.cmd, "if the wallet has another"),
		TRUST, OPT_PASS(&o.pass),
		BOX, OPT_END
	};
	static const struct opt inspect_opts[] = {
		BOX, OPT_END
	};
	static const struct verb verbs[] = {
		{ "sign", "[file ...]", "sign files", 0, 100000, CLI_READ,
		    sign_opts, NULL, sign },
		{ "verify", "[file ...]", "are files what somebody signed?",
		    0, 100000, CLI_READ, verify_opts, NULL, verify },
		{ "json", "", "sign or verify objects on stdin", 0, 0,
		    CLI_READ, json_opts, NULL, json },
		{ "http", "[URL]", "sign or verify a request of HTTP", 0, 1,
		    CLI_MAKE, http_opts, NULL, http },
		{ "webhook", "", "sign or verify a webhook on stdin", 0, 0,
		    CLI_READ, webhook_opts, NULL, webhook },
		{ "jwt", "", "sign claims, or verify tokens, on stdin", 0, 0,
		    CLI_READ, jwt_opts, NULL, jwt },
		{ "eth", "", "sign text on stdin as a wallet does", 0, 0,
		    CLI_READ, eth_opts, NULL, eth },
		{ "bind", "", "let node and wallet vouch for each other", 0,
		    0, CLI_READ, bind_opts, NULL, bind },
		{ "inspect", "[file ...]", "what a signature says of itself",
		    0, 100000, CLI_READ, inspect_opts, NULL, inspect },
		{ "verify-request", "", "ask a registry to verify this node",
		    0, 0, CLI_MAKE, request_opts, NULL, request },
		{ 0 }
	};
	static const struct prog prog = {
		.name = "bzn-sign",
		.brief = "sign, and find out who has signed what",
		.examples =
		    "  bzn-sign sign -n bzn-release-v1 app.tar\n"
		    "  bzn-sign verify -n bzn-release-v1 app.tar | "
		    "jq -r .code\n",
		.statuses = "0 1 2 3 4 5 6 7 8 9 10",
		.verbs = verbs,
	};

	return cli_main(&prog, argc, argv);
}
