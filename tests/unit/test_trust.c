/* Trust files: what a line may be, and what follows from it, when. */
#include <stdlib.h>

#include "tap.h"

#include "base/clock.h"
#include "seed.h"
#include "sig/trust.h"

#define NODE_A " node:" A_ID

static int64_t
ms(const char *text)
{
	struct err e = { 0 };
	int64_t at = -1;

	OK(!clock_parse(text, &at, &e));
	return at;
}

static void
lines(void)
{
	static const char *const good[] = {
		"acme" NODE_A, "acme,*.acme.example\t \tnode:" A_ID,
		"a namespaces=\"bzn-card-v1,bzn-receipt-v1\"" NODE_A,
		"a namespaces=\"http,jwt,bzn-release-v1\"" NODE_A,
		"a valid-after=\"2026-01-01\",valid-before=\"2027-01-01\""
		NODE_A,
		"a revoked=\"2026-03-01,key lost\"" NODE_A,
		"a revoked=\"2026-03-01T10:00:00Z\"" NODE_A,
		"a" NODE_A " # until spring", "", "   ", "# a", "\t# \"",
		"a ed25519:11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
	};
	static const char *const bad[] = {
		"a", "a namespaces=\"http\"", "a node:7f2d", "a node:" A_ID "0",
		"a, node:" A_ID, ",a" NODE_A, "a\"b\"" NODE_A,
		"a namespaces=http" NODE_A, "a namespaces=\"\"" NODE_A,
		"a namespaces=\"bzn-card-v2\"" NODE_A,
		"a namespaces=\"http\",namespaces=\"jwt\"" NODE_A,
		"a namespaces=\"http\"jwt=\"x\"" NODE_A,
		"a cert-authority" NODE_A, "a until=\"2026-01-01\"" NODE_A,
		"a valid-after=\"soon\"" NODE_A, "a revoked=\"\"" NODE_A,
		"a valid-after=\"2027-01-01\",valid-before=\"2026-01-01\""
		NODE_A,
		"a namespaces=\"http" NODE_A, "a" NODE_A " more",
		"a node:7F2D9ED0B71B8E5A6C5CF30E647D6E20"
		"b5bca6dac8071f11abe3fef8014db610",
		"a ed25519:11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURp=",
		"a ed25519:11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo",
		"a ed25519:", "a rsa:AAAA", "a" NODE_A "\r", "a ,node:" A_ID,
	};
	struct trust t = { 0 };
	struct err e;
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(*good); i++) {
		e = (struct err){ 0 };
		OK(!trust_add(&t, "f", i + 1, good[i], &e));
		if (e.kind)
			printf("# %s: %s\n", good[i], e.msg);
	}
	OK(t.n == 9);
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		OK(trust_add(&t, "f", i + 1, bad[i], &e) &&
		    e.code == E_bad_trust_line);
		OK(!strncmp(e.msg, "f:", 2));
	}
	OK(t.n == 9);
	trust_release(&t);
}

/* The answer to one question about one text. */
static enum err_code
asked(const char *text, const char *space, const char *principal,
    const char *at, const char *who)
{
	struct trust t = { 0 };
	struct err e = { 0 };
	const struct trust_ask ask = {
		.key_id = A_ID, .space = space, .principal = principal,
		.at_ms = ms(at),
	};
	struct buf why = BUF_INIT(4096);
	const char *got = "", *line;
	char one[512];
	unsigned long n = 0;
	size_t len;

	for (line = text; *line; line += len + (line[len] == '\n')) {
		len = strcspn(line, "\n");
		snprintf(one, sizeof(one), "%.*s", (int)len, line);
		OK(!trust_add(&t, "f", ++n, one, &e));
	}
	trust_sort(&t);
	if (!trust_check(&t, &ask, &got, &why, &e))
		e.code = E_ok;
	IS(got, who);
	trust_release(&t);
	buf_release(&why);
	return e.code;
}

static void
answers(void)
{
	static const char dated[] = "a valid-after=\"2026-01-01\","
	    "valid-before=\"2027-01-01\"" NODE_A "\n";
	static const char lost[] = "a" NODE_A "\n"
	    "b revoked=\"2026-03-01,key lost\"" NODE_A "\n";
	static const char moved[] =
	    "a revoked=\"2026-03-01,superseded by another\"" NODE_A "\n";
	static const char two[] =
	    "a,*.a.example namespaces=\"http\"" NODE_A "\n"
	    "b namespaces=\"bzn-file-v1\"" NODE_A "\n"
	    "c node:" B_ID "\n";

	OK(asked("", "http", NULL, "2026-06-01", "") == E_unknown_signer);
	OK(asked("c node:" B_ID, "http", NULL, "2026-06-01", "") ==
	    E_unknown_signer);
	OK(asked(dated, "http", NULL, "2026-06-01", "a") == E_ok);
	OK(asked(dated, "http", NULL, "2026-01-01", "a") == E_ok);
	OK(asked(dated, "http", NULL, "2025-12-31", "a") == E_not_yet_valid);
	OK(asked(dated, "http", NULL, "2027-01-01", "a") == E_expired);
	OK(asked(lost, "http", NULL, "2026-06-01", "b") == E_revoked);
	OK(asked(lost, "http", "a", "2026-06-01", "a") == E_revoked);
	OK(asked(lost, "http", "a", "2026-02-01", "a") == E_revoked);
	OK(asked(moved, "http", NULL, "2026-06-01", "a") == E_revoked);
	OK(asked(moved, "http", NULL, "2026-02-01", "a") == E_ok);
	OK(asked(two, "http", NULL, "2026-02-01", "a") == E_ok);
	OK(asked(two, "bzn-file-v1", NULL, "2026-02-01", "b") == E_ok);
	OK(asked(two, "jwt", NULL, "2026-02-01", "b") == E_wrong_namespace);
	OK(asked(two, "http", "x.a.example", "2026-02-01", "x.a.example") ==
	    E_ok);
	OK(asked(two, "http", "a.example", "2026-02-01", "") ==
	    E_unknown_signer);
	OK(asked(two, "http", "b", "2026-02-01", "b") == E_wrong_namespace);
	OK(asked(two, "http", "*", "2026-02-01", "") == E_unknown_signer);
}

static void
keys(void)
{
	struct sign_public got;
	struct trust t = { 0 };
	struct err e = { 0 };
	struct sign_key key;

	seed_key(&key, SEED_B);
	OK(!trust_add(&t, "f", 1, "a node:" A_ID, &e));
	trust_give(&t, TRUST_SELF, "here", &key.pub);
	OK(!trust_add(&t, "f", 2, "a ed25519:"
	    "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", &e));
	trust_sort(&t);
	OK(trust_key(&t, B_ID, &got) && !memcmp(&got, &key.pub, sizeof(got)));
	OK(trust_key(&t, A_ID, &got) && got.b[0] == 0xd7);
	OK(!trust_key(&t, K_ID, &got));
	OK(trust_file(&t, "/nonexistent/trust", false, &e) == 0);
	OK(trust_file(&t, "/nonexistent/trust", true, &e) &&
	    e.code == E_no_file);
	OK(trust_dir(&t, "/nonexistent/trust.d", &e) == 0);
	trust_release(&t);
	sign_key_release(&key);
}

int
main(void)
{
	lines();
	answers();
	keys();
	return DONE();
}
