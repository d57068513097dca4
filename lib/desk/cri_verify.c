/* Certificates of scores, shown by whoever has one: are they true? */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/line.h"
#include "base/mem.h"
#include "cri/attest.h"
#include "desk/cri.h"
#include "evidence/trail.h"
#include "key/token.h"
#include "ledger/exported.h"
#include "ledger/ledger.h"

#define RECORD_MAX (4 * JWT_MAX)
#define PEM_MAX 65536

struct checking {
	struct cli *cli;
	struct jwks keys;
	struct certificate_ask ask;
	char issuer[CERTIFICATE_ISSUER];
	bool own;			/* by this home's keys */
	const char *export;		/* the log itself, or NULL */
	struct given *given;		/* owned; what was given, in order */
	size_t n, cap;
	unsigned long number;		/* of the one that is looked at */
};

/* A certificate as it was given: its claims, or why it is none. */
struct given {
	struct json claims;		/* owned; empty if it is none */
	char kid[JWT_KID];
	unsigned long number;
	struct err why;
};

/* One key of a file, which a token may call as it likes. */
static int
read_pem(struct checking *k, const char *path, struct err *e)
{
	struct buf text = BUF_INIT(PEM_MAX);
	int rc = file_read(&text, path, e);

	if (!rc) {
		k->keys.key = mem_zero(1, sizeof(*k->keys.key));
		k->keys.n = 1;
		k->keys.key->rsa = true;
		k->ask.any_name = true;
		if (rsa_spki_read(&k->keys.key->token, text.data, text.len,
		    e))
			rc = err_wrap(e, "'%s'", path);
	}
	buf_release(&text);
	return rc;
}

static int
read_jwks(struct checking *k, const char *path, struct err *e)
{
	struct buf text = BUF_INIT(JSON_MAX);
	struct json root;
	int rc;

	rc = path ? json_read_file(&text, path, JSON_OBJECT, e) :
	    token_jwks(&text, k->cli->home, cli_now(k->cli), e);
	if (!rc)
		rc = json_parse(&root, text.data, text.len, e);
	if (!rc) {
		rc = jwks_read(&k->keys, &root, e);
		json_release(&root);
	}
	buf_release(&text);
	return rc;
}

/* The keys of this home: its own certificates, by its own name. */
static int
read_own(struct checking *k, struct err *e)
{
	struct cli *c = k->cli;
	struct trail trail = { 0 };
	struct ledger_head head;
	int rc;

	if (!c->home)
		return err_set(e, E_usage, "no home has keys to check with: "
		    "say --pubkey or --jwks");
	k->own = true;
	rc = cli_store_read(c, e) || ledger_head(c->store, &head, e) ||
	    trail_load(&trail, c->store, head.size, e) ||
	    read_jwks(k, NULL, e) ? -1 : 0;
	certificate_issuer(k->issuer, &c->params, trail.origin);
	if (!k->ask.iss)
		k->ask.iss = k->issuer;
	trail_release(&trail);
	return rc;
}

/* Those that follow are looked at all the same. */
static int
refuse(struct checking *k, struct given *g, struct err *e)
{
	struct buf out = BUF_INIT(RECORD_MAX);
	struct err *why = &g->why;

	certificate_refuse(&out, why);
	if (!k->cli->argc)
		err_wrap(why, "stdin:%lu", g->number);
	else if (k->cli->argc > 1)
		err_wrap(why, "certificate %lu", g->number);
	if (cli_emit_object(k->cli, &out, e))
		return -1;
	cli_complain(k->cli, why);
	return 0;
}

/* Say what has come of one, and be done with it. */
static int
answer(struct checking *k, struct given *g, struct err *e)
{
	struct buf out = BUF_INIT(RECORD_MAX);
	struct json facts;
	int rc;

	if (g->why.kind) {
		rc = refuse(k, g, e);
	} else {
		certificate_write(&out, &g->claims, g->kid);
		json_str(&out, "checked", k->export ? "log" :
		    json_find(&facts, &g->claims, "facts") ? "facts" :
		    "signature");
		rc = certificate_since(&out, &g->claims,
		    k->own ? k->cli->store : NULL, cli_now(k->cli),
		    &k->cli->params, e) ||
		    cli_emit_object(k->cli, &out, e) ? -1 : 0;
	}
	buf_release(&out);
	json_release(&g->claims);
	g->claims = (struct json){ 0 };
	return rc;
}

/* Answered at once, unless the log has to be read for it. */
static int
keep(struct checking *k, struct given *g, struct err *e)
{
	if (!k->export)
		return answer(k, g, e);
	if (k->n == k->cap) {
		k->cap = 2 * k->cap + 16;
		k->given = mem_grow(k->given, k->cap, sizeof(*k->given));
	}
	k->given[k->n++] = *g;
	return 0;
}

static void
judge(struct checking *k, struct given *g, const char *token, size_t n)
{
	k->ask.at_ms = cli_now(k->cli);
	if (certificate_check(&g->claims, g->kid, &k->ask, token, n, &g->why))
		g->claims = (struct json){ 0 };
}

/* A token, or a record that has it as its certificate. */
static int
take(struct checking *k, const char *text, size_t n, struct err *e)
{
	struct given g = { .number = k->number };
	struct json root = { 0 };
	const char *token;

	if (*text != '{')
		judge(k, &g, text, n);
	else if (!json_parse(&root, text, n, &g.why) &&
	    !json_get_str(&root, "certificate", &token, &g.why))
		judge(k, &g, token, strlen(token));
	json_release(&root);
	return keep(k, &g, e);
}

static int
take_lines(struct checking *k, struct err *e)
{
	struct given g = { 0 };
	struct line in;
	int got, rc = 0;

	line_init(&in, STDIN_FILENO, "stdin");
	cli_expect_stdin(k->cli);
	while (!rc && (got = line_next(&in, &g.why)) != 0) {
		k->number = g.number = in.number;
		if (got > 0) {
			rc = take(k, in.text.data, in.text.len, e);
		} else if (g.why.code == E_too_long) {
			rc = keep(k, &g, e);
			g.why = (struct err){ 0 };
		} else {
			*e = g.why;
			rc = -1;
		}
	}
	line_release(&in);
	return rc;
}

/* --- against the log itself ----------------------------------------------- */

/* Where the log of a certificate ends; -1 if it does not say. */
static int64_t
end_of(const struct given *g)
{
	struct json evidence, facts;
	struct err none;
	int64_t size;

	return json_find(&facts, &g->claims, "facts") &&
	    json_find(&evidence, &g->claims, "evidence") &&
	    !json_get_int(&evidence, "size", &size, &none) ? size : -1;
}

static int
by_end(const void *a, const void *b)
{
	int64_t x = end_of(*(struct given *const *)a);
	int64_t y = end_of(*(struct given *const *)b);

	return x < y ? -1 : x > y;
}

/* Those that are good so far, the one first whose log ends first. */
static struct given **
sort(const struct checking *k, size_t *n)
{
	struct given **by = mem_zero(k->n + 1, sizeof(*by)), *g;

	*n = 0;
	for (g = k->given; g < k->given + k->n; g++) {
		if (g->why.kind)
			continue;
		if (end_of(g) < 1)
			err_set(&g->why, E_bad_token, "it names no facts: ask "
			    "for one that was made with --facts");
		else
			by[(*n)++] = g;
	}
	qsort(by, *n, sizeof(*by), by_end);
	return by;
}

/* As far as the last of them needs it: 1 if it is as long as that. */
static int
read_log(struct attest_log *log, struct exported *from, struct given **by,
    size_t n, size_t *done, struct err *e)
{
	struct exported_entry x;
	int got = 1;

	while (*done < n && (got = exported_next(from, &x, e)) > 0) {
		if (attest_log_take(log, &x, e))
			return -1;
		for (; *done < n && end_of(by[*done]) ==
		    attest_log_size(log); (*done)++)
			if (attest_log_check(log, &by[*done]->claims,
			    &by[*done]->why))
				continue;
	}
	return got;
}

static int
answer_all(struct checking *k, struct err *e)
{
	struct attest_log *log = attest_log_new();
	struct exported *from = NULL;
	size_t n = 0, done = 0, i;
	struct given **by = sort(k, &n);
	struct err why = { 0 };
	int rc = exported_open(&from, k->export, e);

	if (!rc && !read_log(log, from, by, n, &done, &why))
		err_set(&why, E_too_short, "the log in '%s' has only %" PRId64
		    " entries", k->export, attest_log_size(log));
	for (; done < n; done++)
		by[done]->why = why;
	for (i = 0; i < k->n && !rc; i++)
		rc = answer(k, &k->given[i], e);
	exported_close(from);
	attest_log_free(log);
	free(by);
	return rc;
}

static int
check_usage(const struct cli *c, const struct desk_cri *d, struct err *e)
{
	if (d->pubkey && d->jwks)
		return err_set(e, E_usage, "--pubkey or --jwks, not both");
	if (d->facts && !strcmp(d->facts, "-") && !c->argc)
		return err_set(e, E_usage, "standard input is the log: say "
		    "which certificates");
	return 0;
}

int
desk_cri_verify(struct cli *c, const struct desk_cri *d, struct err *e)
{
	struct checking k = {
		.cli = c, .ask.iss = d->issuer, .export = d->facts,
	};
	char **token;
	size_t i;
	int rc;

	if (check_usage(c, d, e))
		return -1;
	rc = d->pubkey ? read_pem(&k, d->pubkey, e) :
	    d->jwks ? read_jwks(&k, d->jwks, e) : read_own(&k, e);
	k.ask.keys = &k.keys;
	for (token = c->argv; *token && !rc; token++) {
		k.number++;
		rc = take(&k, *token, strlen(*token), e);
	}
	if (!c->argc && !rc)
		rc = take_lines(&k, e);
	if (!rc && !k.number)
		rc = err_set(e, E_nothing_given, "there is no certificate");
	if (!rc && k.export)
		rc = answer_all(&k, e);
	for (i = 0; i < k.n; i++)
		json_release(&k.given[i].claims);
	jwks_release(&k.keys);
	free(k.given);
	return rc;
}
