/*
 * seal - sign what no program would: any JSON object on standard input, with
 * the key of a seed in hex, for a domain; as the member that is named, or
 * "signature".  %ID and %PEM in it stand for the id and the key.
 */
#include <string.h>

#include "base/buf.h"
#include "base/enc.h"
#include "base/file.h"
#include "base/json.h"
#include "cli/cli.h"
#include "key/domain.h"
#include "key/ident.h"

static void
fill(struct buf *out, const char *p, const struct sign_public *key)
{
	char id[HASH_HEX], pem[SIGN_SPKI + 1];

	ident_id(id, key);
	sign_spki(pem, key);
	for (; *p; p++) {
		if (!strncmp(p, "%ID", 3)) {
			buf_adds(out, id);
			p += 2;
		} else if (!strncmp(p, "\"%PEM\"", 6)) {
			json_quote(out, pem, SIGN_SPKI);
			p += 5;
		} else {
			buf_addc(out, *p);
		}
	}
}

static int
run(struct cli *c, struct err *e)
{
	struct buf text = BUF_INIT(JSON_MAX), full = BUF_INIT(JSON_MAX);
	const char *member = c->argc > 2 ? c->argv[2] : "signature";
	struct sign_key key = { 0 };
	struct secret seed = { 0 };
	struct json root = { 0 };
	char signature[DOMAIN_SIG];
	enum domain d;
	int rc = -1;

	secret_init(&seed, SIGN_SEED);
	seed.len = SIGN_SEED;
	if (!domain_named(c->argv[0], &d) ||
	    !enc_unhex(seed.data, c->argv[1], SIGN_SEED)) {
		err_set(e, E_usage, "no such domain, or no seed");
		goto out;
	}
	sign_key_of(&key, &seed);
	if (file_read(&text, "-", e))
		goto out;
	fill(&full, text.data, &key.pub);
	if (json_parse(&root, full.data, full.len, e) ||
	    domain_sign(signature, d, &root, &key, e))
		goto out;
	buf_reset(&text);
	json_copy(&text, NULL, &root);
	buf_cut(&text, text.len - 1);
	json_str(&text, member, signature);
	json_close(&text, '}');
	rc = cli_emit_buf(c, &text, e);
out:
	sign_key_release(&key);
	secret_release(&seed);
	json_release(&root);
	buf_release(&text);
	buf_release(&full);
	return rc;
}

int
main(int argc, char *argv[])
{
	static const struct verb verbs[] = {
		{ NULL, "domain seed [member]", "", 2, 3, CLI_READ, NULL,
		    NULL, run },
		{ 0 }
	};
	static const struct prog prog = {
		.name = "seal", .brief = "sign anything", .examples = "",
		.statuses = "0 2 3", .verbs = verbs,
	};

	return cli_main(&prog, argc, argv);
}
