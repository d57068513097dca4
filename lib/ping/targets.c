#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/line.h"
#include "base/mem.h"
#include "card/card.h"
#include "card/peer.h"
#include "health/health.h"
#include "ping/targets.h"
#include "registry/registry.h"
#include "trust/event.h"

#define DIGITS 15		/* of an id, as a number below 2^60 */

struct reading {
	struct targets *all;
	struct cli *c;
};

void
targets_release(struct targets *t)
{
	free(t->target);
	*t = (struct targets){ .target = NULL };
}

/* --- one ------------------------------------------------------------------ */

static struct target *
fresh(struct targets *all)
{
	if (all->n == all->cap) {
		all->cap = all->cap ? 2 * all->cap : 64;
		all->target = mem_grow(all->target, all->cap,
		    sizeof(*all->target));
	}
	all->target[all->n] = (struct target){ .endpoint = "" };
	return &all->target[all->n];
}

/* What is known of it here: where it says it is, and what it has. */
static int
complete(struct store *s, struct target *t, struct err *e)
{
	struct health_setting own;
	struct registry_node r;
	char hash[2 + HASH_HEX];
	int got;

	trust_node_hash(hash, t->node_id);
	got = registry_get(s, hash, &r, e);
	if (got > 0 && *r.endpoint)
		snprintf(t->endpoint, sizeof(t->endpoint), "%s", r.endpoint);
	if (got < 0 || health_setting(s, t->node_id, &own, e))
		return -1;
	t->interval_ms = own.interval_ms;
	t->is_signed = own.is_signed;
	return 0;
}

static void
put_version(struct target *t, const struct json *card)
{
	const char *version = NULL;
	struct err none;

	if (!json_opt_str(card, "version", &version, &none) && version)
		snprintf(t->version, sizeof(t->version), "%s", version);
}

static int
add_card(struct targets *all, struct store *s, const struct card *card,
    struct err *e)
{
	struct target *t = fresh(all);

	snprintf(t->node_id, sizeof(t->node_id), "%s", card->node_id);
	snprintf(t->name, sizeof(t->name), "%s", card->name);
	snprintf(t->endpoint, sizeof(t->endpoint), "%s", card->endpoint);
	t->key = card->key;
	put_version(t, &card->json);
	if (complete(s, t, e))
		return -1;
	all->n++;
	return 0;
}

static int
check_peer(const struct peer *p, struct err *e)
{
	if (p->state == PEER_REVOKED)
		return err_set(e, E_revoked, "the key of '%.80s' was revoked",
		    p->name);
	if (*p->moved_to)
		return err_set(e, E_wrong_state, "'%.80s' has moved to the "
		    "key %.16s...", p->name, p->moved_to);
	return 0;
}

/* 1, or 0 if nobody knows where it is. */
static int
add_peer(struct targets *all, struct store *s, const struct peer *p,
    struct err *e)
{
	struct target *t = fresh(all);
	struct json card = { 0 };
	struct err none;

	snprintf(t->node_id, sizeof(t->node_id), "%s", p->node_id);
	snprintf(t->name, sizeof(t->name), "%s", p->name);
	snprintf(t->endpoint, sizeof(t->endpoint), "%s", p->endpoint);
	t->key = p->key;
	t->pinned = p->state == PEER_PINNED;
	if (p->card && !json_parse(&card, p->card, strlen(p->card), &none))
		put_version(t, &card);
	json_release(&card);
	if (complete(s, t, e))
		return -1;
	if (!*t->endpoint)
		return 0;
	all->n++;
	return 1;
}

/* --- all, and those that are named ---------------------------------------- */

int
targets_known(struct targets *all, struct cli *c, struct err *e)
{
	struct peer p = { 0 };
	int got;

	while ((got = peer_next(c->store, &p, e)) > 0)
		if (p.state != PEER_REVOKED && !*p.moved_to &&
		    add_peer(all, c->store, &p, e) < 0) {
			got = -1;
			break;
		}
	peer_release(&p);
	return got;
}

static int
named(struct targets *all, struct cli *c, const char *typed, struct err *e)
{
	struct peer p = { 0 };
	int got;

	if (peer_find(c->store, typed, &p, e))
		return -1;
	got = check_peer(&p, e) ? -1 : add_peer(all, c->store, &p, e);
	if (!got)
		got = err_set(e, E_node_missing, "nobody has said where "
		    "'%.80s' is", p.name);
	peer_release(&p);
	return got < 0 ? -1 : 0;
}

int
targets_named(struct targets *all, struct cli *c, char **typed,
    struct err *e)
{
	for (; *typed; typed++)
		if (named(all, c, *typed, e))
			return -1;
	return 0;
}

/* --- those of a file ------------------------------------------------------ */

/* What is kept of a peer was checked when it came in. */
static int
check_card(const struct card *card, const struct peer *known,
    const char *text, size_t n, int64_t now_ms, struct err *e)
{
	return known->card && strlen(known->card) == n &&
	    !memcmp(known->card, text, n) ? card_check_time("the card",
	    card->issued_ms, card->expires_ms, now_ms, e) :
	    card_check(card, now_ms, e);
}

static int
take_card(struct reading *r, const char *text, size_t n, struct err *e)
{
	struct peer p = { 0 };
	struct store *s = r->c->store;
	struct card card;
	int got, rc = -1;

	if (card_read(&card, text, n, e))
		return -1;
	got = peer_get(s, card.node_id, &p, e);
	if (got >= 0 &&
	    !check_card(&card, &p, text, n, cli_now(r->c), e) &&
	    (!got || !check_peer(&p, e)) && !peer_check_pins(s, &card, e))
		rc = add_card(r->all, s, &card, e);
	peer_release(&p);
	card_release(&card);
	return rc;
}

/* Of what bzn-card list prints, also those that nobody asks any more. */
static bool
is_gone(const struct json *in)
{
	const char *state = NULL;
	struct err none;

	return json_has(in, "moved_to") || (!json_opt_str(in, "state",
	    &state, &none) && state && !strcmp(state, "revoked"));
}

static int
take_record(struct reading *r, const struct line *line, struct err *e)
{
	struct buf text = BUF_INIT(LINE_MAX_BYTES);
	struct json in = { 0 }, card;
	const char *node_id;
	int rc = -1;

	if (json_parse(&in, line->text.data, line->text.len, e) ||
	    json_want(&in, JSON_OBJECT, e))
		goto out;
	if (json_has(&in, "signature")) {
		rc = take_card(r, line->text.data, line->text.len, e);
	} else if (is_gone(&in)) {
		rc = 0;
	} else if (json_has(&in, "card")) {
		if (json_get(&card, &in, "card", JSON_OBJECT, e))
			goto out;
		json_copy(&text, NULL, &card);
		rc = take_card(r, text.data, text.len, e);
	} else if (!json_get_str(&in, "node_id", &node_id, e)) {
		rc = named(r->all, r->c, node_id, e);
	}
out:
	json_release(&in);
	buf_release(&text);
	return rc;
}

static int
take_line(struct reading *r, const struct line *line, struct err *e)
{
	const char *p = line->text.data + strspn(line->text.data, " \t");

	if (*p == '#')
		return 0;
	return *p == '{' ? take_record(r, line, e) :
	    named(r->all, r->c, p, e);
}

/* Who has the store open to read keeps its log from being used again. */
static int
next_line(struct cli *c, struct line *in, struct err *e)
{
	int got;

	if (!line_would_block(in))
		return line_next(in, e);
	store_rollback(c->store);
	got = line_next(in, e);
	return got > 0 && store_snapshot(c->store, e) ? -1 : got;
}

int
targets_read(struct targets *all, struct cli *c, const char *path,
    size_t *lines, struct err *e)
{
	struct reading r = { .all = all, .c = c };
	bool is_stdin = !strcmp(path, "-");
	int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	struct line in;
	int got;

	*lines = 0;
	if (fd < 0)
		return err_sys(e, "cannot open '%s'", path);
	line_init(&in, fd, is_stdin ? "stdin" : path);
	while ((got = next_line(c, &in, e)) != 0) {
		++*lines;
		if (got > 0 && !take_line(&r, &in, e))
			continue;
		if (got < 0 && e->code != E_too_long)
			break;
		(void)err_wrap(e, "%s:%lu", in.name, in.number);
		if (err_ends_run(e)) {
			got = -1;
			break;
		}
		cli_complain(c, e);
		*e = (struct err){ 0 };
	}
	line_release(&in);
	if (!is_stdin)
		close(fd);
	return got;
}

/* --- order ---------------------------------------------------------------- */

static int
by_id(const void *a, const void *b)
{
	return strcmp(((const struct target *)a)->node_id,
	    ((const struct target *)b)->node_id);
}

/* A node_id is a hash, of which so many digits are as good as any. */
static int64_t
number_of(const char *node_id)
{
	char digits[DIGITS + 1];

	snprintf(digits, sizeof(digits), "%.*s", DIGITS, node_id);
	return (int64_t)strtoull(digits, NULL, 16);
}

void
targets_sort(struct targets *all, int64_t number, int64_t many)
{
	struct target *t = all->target;
	size_t i, n = 0;

	if (!all->n)
		return;
	qsort(t, all->n, sizeof(*t), by_id);
	for (i = 0; i < all->n; i++)
		if ((!n || strcmp(t[n - 1].node_id, t[i].node_id)) &&
		    number_of(t[i].node_id) % many == number)
			t[n++] = t[i];
	all->n = n;
}

const struct target *
targets_find(const struct targets *all, const char *node_id)
{
	struct target key = { .name = "" };

	snprintf(key.node_id, sizeof(key.node_id), "%s", node_id);
	return all->n ? bsearch(&key, all->target, all->n,
	    sizeof(*all->target), by_id) : NULL;
}
