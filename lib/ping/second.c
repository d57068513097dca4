#include "ping/second.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/chance.h"
#include "base/enc.h"
#include "base/mem.h"
#include "cli/note.h"
#include "key/ident.h"
#include "key/key.h"
#include "net/client.h"
#include "ping/targets.h"
#include "probe/judge.h"
#include "sig/http.h"

#define LONGEST_MS 10000
#define CONNECT_MS 3000
#define IN_FLIGHT 64
#define PER_HOST 4
#define NONCE_BYTES 16
#define FIELDS 4

/* One peer, asked about one case. */
struct question {
	const struct target *peer;
	char nonce[2 * NONCE_BYTES + 1];
	struct buf url, lines;		/* fields of the request, each ended
					   by NUL */
	const char *field[FIELDS];	/* of these, and NULL */
};

struct asking {
	struct second *second;
	struct cli *c;
	struct sign_key key;
	char own[HASH_HEX];
	struct targets all;		/* who may be asked, the well first */
	size_t well;
	struct question *question;
};

/* --- the key -------------------------------------------------------------- */

void
second_ready(struct cli *c, const struct pass *said, struct secret *out)
{
	struct pass pass = *said;
	struct err why = { 0 };

	*out = (struct secret){ 0 };
	pass.unasked = true;
	if (!key_has_node(c->home) ||
	    !cli_passphrase(c, &pass, PASS_OPEN, out, &why) ||
	    (why.code == E_no_passphrase && !said->fd))
		return;
	(void)err_wrap(&why, "peers are not asked");
	cli_complain(c, &why);
}

/* A key that is not encrypted needs none. */
static int
give(void *arg, struct secret *out, struct err *e)
{
	const struct secret *kept = arg;

	if (!kept || !kept->len)
		return err_set(e, E_no_passphrase, "no passphrase was given");
	secret_init(out, kept->cap);
	memcpy(out->data, kept->data, kept->len);
	out->len = kept->len;
	return 0;
}

/* --- whom ----------------------------------------------------------------- */

static int
by_node(const void *id, const void *sample)
{
	return strcmp(id, ((const struct sample *)sample)->node_id);
}

/* Has it failed in this sweep?  Then it is likely to keep us waiting. */
static bool
failed(const struct second *s, const char *node_id)
{
	const struct sample *at = s->samples ? bsearch(node_id, s->sample,
	    s->samples, sizeof(*s->sample), by_node) : NULL;
	const struct sample *end = s->sample + s->samples;

	if (!at)
		return false;
	while (at > s->sample && !by_node(node_id, at - 1))
		at--;
	for (; at < end && !by_node(node_id, at); at++)
		if (at->ok)
			return false;
	return true;
}

static int
find_peers(struct asking *a, struct err *e)
{
	struct targets known = { .target = NULL }, *all = &a->all;
	const struct target *t;
	int rc = targets_known(&known, a->c, e), wanted;

	if (!rc && known.n)
		all->target = mem_zero(known.n, sizeof(*all->target));
	for (wanted = 0; !rc && wanted < 2; wanted++) {
		for (t = known.target; t < known.target + known.n; t++)
			if (t->pinned && strcmp(t->node_id, a->own) &&
			    failed(a->second, t->node_id) == wanted)
				all->target[all->n++] = *t;
		if (!wanted)
			a->well = all->n;
	}
	targets_release(&known);
	return rc;
}

/* --- what ----------------------------------------------------------------- */

/* RFC 9421, as lib/sig does it: lines become fields. */
static int
sign(struct asking *a, struct question *q, struct err *e)
{
	const struct http_sign how = { a->own, q->nonce, cli_now(a->c) };
	struct http_request r = { .method = "GET" };
	struct http_base base;
	char *at;
	size_t n;

	if (http_url(&base, &r.target, q->url.data, e))
		return -1;
	memcpy(r.scheme, base.scheme, sizeof(r.scheme));
	memcpy(r.authority, base.authority, sizeof(r.authority));
	if (http_sign(&q->lines, &r, &how, &a->key, e))
		return -1;
	for (n = 0, at = q->lines.data; *at && n < FIELDS - 1; n++) {
		q->field[n] = at;
		at += strcspn(at, "\n");
		if (*at)
			*at++ = '\0';
	}
	return 0;
}

static int
put(struct asking *a, const struct witness_case *of,
    const struct target *peer, struct err *e)
{
	struct second *s = a->second;
	struct question *q;
	struct witness *w;
	uint8_t bytes[NONCE_BYTES];

	a->question = mem_grow(a->question, s->n + 1, sizeof(*q));
	s->witness = mem_grow(s->witness, s->n + 1, sizeof(*w));
	q = &a->question[s->n];
	w = &s->witness[s->n++];
	*w = (struct witness){ .of = *of, .class = CLASS_TIMEOUT,
	    .asked_ms = cli_now(a->c) };
	if (w->asked_ms < of->decided_ms)
		w->asked_ms = of->decided_ms;
	snprintf(w->peer, sizeof(w->peer), "%s", peer->node_id);
	*q = (struct question){ .peer = peer, .url = BUF_INIT(CLIENT_URL),
	    .lines = BUF_INIT(HTTP_HEAD) };
	chance_bytes(&a->c->chance, bytes, sizeof(bytes));
	enc_hex(q->nonce, bytes, sizeof(bytes));
	buf_addf(&q->url, "%s/api/health/of/%s?nonce=%s", peer->endpoint,
	    of->node_id, q->nonce);
	return sign(a, q, e);
}

/* Of n of them, from one on, by chance: who is asked cannot be known. */
static int
choose(struct asking *a, const struct witness_case *of,
    const struct target *peer, size_t n, int *left, struct err *e)
{
	size_t i, at = n ? (size_t)chance_below(&a->c->chance, n) : 0;

	for (i = 0; i < n && *left; i++, at = (at + 1) % n) {
		if (!strcmp(peer[at].node_id, of->node_id))
			continue;
		if (put(a, of, &peer[at], e))
			return -1;
		--*left;
	}
	return 0;
}

static int
choose_all(struct asking *a, struct err *e)
{
	const struct target *peer = a->all.target;
	const struct witness_case *of = a->second->of;
	size_t i;
	int left;

	for (i = 0; i < a->second->cases; i++) {
		left = WITNESS_ASKED;
		if (choose(a, &of[i], peer, a->well, &left, e) ||
		    choose(a, &of[i], peer + a->well, a->all.n - a->well,
		    &left, e))
			return -1;
	}
	return 0;
}

/* --- asking --------------------------------------------------------------- */

static void
begin(void *arg, size_t i, struct buf *url)
{
	const struct asking *a = arg;

	buf_adds(url, a->question[i].url.data);
}

static int64_t
end(void *arg, size_t i, const struct client_answer *answer)
{
	struct asking *a = arg;
	struct question *q = &a->question[i];
	struct witness *w = &a->second->witness[i];

	w->http = answer->status;
	w->class = probe_class(answer->end);
	if (answer->end == CLIENT_LARGE)
		w->class = CLASS_BODY;
	else if (answer->end == CLIENT_ANSWERED && answer->status != 200)
		w->class = CLASS_HTTP;
	if (w->class == CLASS_NONE)
		witness_judge(w, &q->peer->key, q->nonce, answer->body,
		    answer->n);
	return -1;
}

static int
ask(struct asking *a, struct err *e)
{
	static const struct client_calls calls = { begin, end };
	const struct second *s = a->second;
	const struct client_how how = {
		.in_flight = IN_FLIGHT, .per_host = PER_HOST,
		.connect_ms = CONNECT_MS, .total_ms = LONGEST_MS,
		.deadline_ms = s->left_ms < LONGEST_MS ? s->left_ms :
		    LONGEST_MS,
		.body_max = WITNESS_MAX,
		.allow_private = s->plan->say->allow_private,
		.ca_file = s->plan->say->ca_file, .agent = "bzn-ping",
		.accept = "application/json", .chance = &a->c->chance,
		.stop = s->plan->stop,
	};
	struct client_ask *to;
	size_t i;
	int rc;

	to = mem_zero(s->n, sizeof(*to));
	for (i = 0; i < s->n; i++)
		to[i] = (struct client_ask){ .host =
		    a->question[i].peer->endpoint,
		    .fields = a->question[i].field };
	rc = client_run(&how, to, s->n, &calls, a, e);
	free(to);
	return rc;
}

/* --- all ------------------------------------------------------------------ */

static int
ask_all(struct asking *a, struct err *e)
{
	struct sign_public own;

	if (key_node_public(a->c->home, &own, e))
		return -1;
	ident_id(a->own, &own);
	if (find_peers(a, e))
		return -1;
	if (!a->all.n)
		return 0;
	if (key_node(a->c->home, give, a->second->plan->pass,
	    &a->key, e))
		return -1;
	if (choose_all(a, e))
		return -1;
	return a->second->n ? ask(a, e) : 0;
}

static void
asking_release(struct asking *a)
{
	size_t i;

	for (i = 0; a->question && i < a->second->n; i++) {
		buf_release(&a->question[i].url);
		buf_release(&a->question[i].lines);
	}
	free(a->question);
	targets_release(&a->all);
	sign_key_release(&a->key);
}

void
second_add(struct second *s, const struct witness_case *of)
{
	s->of = mem_grow(s->of, s->cases + 1, sizeof(*s->of));
	s->of[s->cases++] = *of;
}

/* Without a key, or one that is locked, it is as without peers. */
void
second_ask(struct second *s, struct cli *c)
{
	struct asking a = { .second = s, .c = c };
	struct err why = { 0 };

	if (s->cases && s->left_ms > 0 && ask_all(&a, &why)) {
		(void)err_wrap(&why, "peers are not asked");
		if (why.code != E_no_key && why.code != E_no_passphrase)
			cli_complain(c, &why);
		else if (c->verbose)
			cli_note(c, "%s", why.msg);
	}
	asking_release(&a);
}

void
second_release(struct second *s)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		witness_release(&s->witness[i]);
	free(s->witness);
	free(s->of);
}
