#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "tlog/policy.h"

#define WORDS (2 + POLICY_KEYS + POLICY_GROUPS + 2)
#define NONE "none"

/* A line, cut into its words. */
struct words {
	const char *p[WORDS];
	size_t n[WORDS];
	size_t count;
};

void
policy_init(struct policy *p)
{
	memset(p, 0, sizeof(*p));
	p->quorum = -1;
}

static bool
cut(struct words *w, const char *s, const char *end)
{
	static const char blank[] = " \t\r";

	for (w->count = 0;;) {
		while (s < end && memchr(blank, *s, 3))
			s++;
		if (s == end || *s == '#')
			return true;
		if (w->count == WORDS)
			return false;
		w->p[w->count] = s;
		while (s < end && !memchr(blank, *s, 3))
			s++;
		w->n[w->count] = (size_t)(s - w->p[w->count]);
		w->count++;
	}
}

static bool
is(const struct words *w, size_t i, const char *word)
{
	return w->n[i] == strlen(word) && !memcmp(w->p[i], word, w->n[i]);
}

static bool
same_key(const struct note_key *a, const struct note_key *b)
{
	return a->type == b->type && !strcmp(a->name, b->name) &&
	    !memcmp(&a->pub, &b->pub, sizeof(a->pub));
}

static int
add_key(struct policy *p, const struct note_key *k, struct err *e)
{
	if (p->keys == POLICY_KEYS)
		return err_set(e, E_bad_policy, "over %d keys", POLICY_KEYS);
	p->key[p->keys++] = *k;
	return 0;
}

/* The i-th word as a key, which must be of that type and a new one. */
static int
read_key(struct policy *p, const struct words *w, size_t i,
    enum note_type type, struct err *e)
{
	char text[2 * NOTE_NAME];
	struct note_key k;
	size_t j;

	if (w->n[i] >= sizeof(text))
		return err_set(e, E_bad_policy, "the key is too long");
	memcpy(text, w->p[i], w->n[i]);
	text[w->n[i]] = '\0';
	if (note_key_read(&k, text, e)) {
		e->code = E_bad_policy;
		return -1;
	}
	if (k.type != type)
		return err_set(e, E_bad_policy, "'%.80s' is not the key of a "
		    "%s", k.name, type == NOTE_PLAIN ? "log" : "witness");
	for (j = 0; j < p->keys; j++)
		if (!memcmp(&p->key[j].pub, &k.pub, sizeof(k.pub)) &&
		    (k.type == NOTE_COSIGNED || same_key(&p->key[j], &k)))
			return err_set(e, E_bad_policy,
			    "the key of '%.80s' is there already", k.name);
	return add_key(p, &k, e);
}

static int
find(const struct policy *p, const struct words *w, size_t i)
{
	size_t j;

	for (j = 0; j < p->members; j++)
		if (is(w, i, p->member[j].name))
			return (int)j;
	return -1;
}

static int
add_member(struct policy *p, const struct words *w,
    const struct policy_member *of, struct err *e)
{
	struct policy_member *m = &p->member[p->members];

	if (w->n[1] >= POLICY_NAME)
		return err_set(e, E_bad_policy, "a name has at most %d bytes",
		    POLICY_NAME - 1);
	if (is(w, 1, NONE) || find(p, w, 1) >= 0)
		return err_set(e, E_bad_policy, "the name '%.*s' is taken",
		    (int)w->n[1], w->p[1]);
	*m = *of;
	memcpy(m->name, w->p[1], w->n[1]);
	m->name[w->n[1]] = '\0';
	m->group = -1;
	p->members++;
	return 0;
}

static int
read_group(struct policy *p, const struct words *w, struct err *e)
{
	size_t most = w->count - 3, i, groups = 0;
	struct policy_member of = { .key = -1 };
	uint64_t need = 0;
	int m;

	for (i = 0; i < p->members; i++)
		groups += p->member[i].key < 0;
	if (groups == POLICY_GROUPS)
		return err_set(e, E_bad_policy, "over %d groups",
		    POLICY_GROUPS);
	if (is(w, 2, "any"))
		need = 1;
	else if (is(w, 2, "all"))
		need = most;
	else if (!checkpoint_number(&need, w->p[2], w->n[2]))
		need = 0;
	if (!need || need > most)
		return err_set(e, E_bad_policy, "'%.*s' is not all, any, or a "
		    "number from 1 to %zu", (int)w->n[2], w->p[2], most);
	of.need = (int)need;
	for (i = 3; i < w->count; i++) {
		m = find(p, w, i);
		if (m < 0)
			return err_set(e, E_bad_policy, "no witness or group "
			    "'%.*s' above", (int)w->n[i], w->p[i]);
		if (p->member[m].group >= 0)
			return err_set(e, E_bad_policy, "'%s' is a member "
			    "already", p->member[m].name);
		p->member[m].group = (int)p->members;
	}
	return add_member(p, w, &of, e);
}

static int
read_quorum(struct policy *p, const struct words *w, bool *seen,
    struct err *e)
{
	if (*seen)
		return err_set(e, E_bad_policy, "a second quorum");
	*seen = true;
	if (is(w, 1, NONE))
		return 0;
	p->quorum = find(p, w, 1);
	return p->quorum >= 0 ? 0 : err_set(e, E_bad_policy,
	    "no witness or group '%.*s' above", (int)w->n[1], w->p[1]);
}

static int
read_line(struct policy *p, const struct words *w, bool *quorum,
    struct err *e)
{
	struct policy_member of = { .key = (int)p->keys };

	if (!w->count)
		return 0;
	if (is(w, 0, "log") && (w->count == 2 || w->count == 3))
		return read_key(p, w, 1, NOTE_PLAIN, e);
	if (is(w, 0, "witness") && (w->count == 3 || w->count == 4))
		return read_key(p, w, 2, NOTE_COSIGNED, e) ||
		    add_member(p, w, &of, e) ? -1 : 0;
	if (is(w, 0, "group") && w->count > 3)
		return read_group(p, w, e);
	if (is(w, 0, "quorum") && w->count == 2)
		return read_quorum(p, w, quorum, e);
	return err_set(e, E_bad_policy, "not a line of log, witness, group or "
	    "quorum");
}

int
policy_read(struct policy *out, const char *text, size_t n, const char *name,
    struct err *e)
{
	const char *s = text, *end = text + n, *feed;
	unsigned long line = 1;
	bool quorum = false;
	struct words w;
	int rc = 0;

	policy_init(out);
	if (n > POLICY_MAX || memchr(text, '\0', n))
		return err_set(e, E_bad_policy, "%.80s: not a policy", name);
	for (; s < end && !rc; s = feed + (feed < end), line += !rc) {
		feed = memchr(s, '\n', (size_t)(end - s));
		if (!feed)
			feed = end;
		rc = cut(&w, s, feed) ? read_line(out, &w, &quorum, e) :
		    err_set(e, E_bad_policy, "too many words");
	}
	if (rc)
		return err_wrap(e, "%.80s:%lu", name, line);
	return quorum ? 0 : err_set(e, E_bad_policy, "%.80s: no quorum: say "
	    "'quorum none' if none is needed", name);
}

int
policy_add_log(struct policy *p, const struct note_key *k, struct err *e)
{
	size_t i;

	for (i = 0; i < p->keys; i++)
		if (same_key(&p->key[i], k))
			return 0;
	return add_key(p, k, e);
}

/* A key that nobody can sign with: indexes of witnesses stay as they are. */
void
policy_drop_log(struct policy *p, const struct note_key *k)
{
	size_t i;

	for (i = 0; i < p->keys; i++)
		if (same_key(&p->key[i], k))
			*p->key[i].name = '\0';
}

static bool
signed_by(const struct note *note, const struct note_key *k)
{
	const struct note_line *l;
	size_t i;

	for (i = 0; i < note->n; i++) {
		l = &note->line[i];
		if (l->verified && !memcmp(l->id, k->id, NOTE_ID) &&
		    l->name_n == strlen(k->name) &&
		    !memcmp(l->name, k->name, l->name_n))
			return true;
	}
	return false;
}

/* Members come before their group, so one pass from the first will do. */
static bool
met(const struct policy *p, const struct note *note)
{
	int have[POLICY_KEYS + POLICY_GROUPS] = { 0 };
	const struct policy_member *m;
	bool good = true;
	size_t i;

	for (i = 0; i < p->members && p->quorum >= 0; i++) {
		m = &p->member[i];
		good = m->key < 0 ? have[i] >= m->need :
		    signed_by(note, &p->key[m->key]);
		if ((int)i == p->quorum)
			return good;
		if (good && m->group >= 0)
			have[m->group]++;
	}
	return p->quorum < 0;
}

int
policy_open(const struct policy *p, const char *bytes, size_t n,
    struct checkpoint *out, struct note *note, struct err *e)
{
	size_t i;

	if (note_parse(note, bytes, n, e) ||
	    checkpoint_read(out, note->text, note->text_n, e) ||
	    note_check(note, p->key, p->keys, e))
		return -1;
	for (i = 0; i < p->keys; i++)
		if (p->key[i].type == NOTE_PLAIN &&
		    !strcmp(p->key[i].name, out->origin) &&
		    signed_by(note, &p->key[i]))
			break;
	if (i == p->keys)
		return err_set(e, E_unknown_signer, "no key that is known for "
		    "'%.80s' has signed", out->origin);
	return met(p, note) ? 0 : err_set(e, E_witness_missing,
	    "'%s' is not met by those who have signed",
	    p->member[p->quorum].name);
}

void
policy_write_signers(struct buf *out, const char *key,
    const struct note *note, const struct policy *p, enum note_type type)
{
	size_t i;

	json_open(out, key, '[');
	for (i = 0; i < p->keys; i++)
		if (p->key[i].type == type && signed_by(note, &p->key[i]))
			json_str(out, NULL, p->key[i].name);
	json_close(out, ']');
}
