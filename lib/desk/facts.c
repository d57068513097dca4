#include <string.h>

#include "desk/facts.h"
#include "ledger/at.h"
#include "ledger/exported.h"
#include "ledger/ledger.h"
#include "ledger/read.h"

/* A log on its way into a tally. */
struct reading {
	struct tally *tally;
	facts_seen *seen;
	void *arg;
	struct at *at;			/* of what was exported; or NULL */
	bool over;			/* what follows does not count */
};

static int
take(void *reading, const struct entry *x, struct err *e)
{
	struct reading *r = reading;

	return tally_take(r->tally, x, e) ||
	    (r->seen && r->seen(r->arg, r->tally, x, e)) ? -1 : 0;
}

/* What comes behind a state of the past is judged, and not counted. */
static int
take_exported(struct reading *r, const struct exported_entry *x,
    struct err *e)
{
	int got;

	if (r->at && !r->over) {
		got = at_takes(r->at, x->entry, x->leaf, x->leaf_n, e);
		if (got < 0)
			return -1;
		r->over = !got;
	}
	return r->over ? 0 : take(r, x->entry, e);
}

static int
read_exported(struct facts *f, const struct desk_cri *d, struct reading *r,
    struct err *e)
{
	struct exported_entry entry;
	struct exported *x = NULL;
	bool none = true;
	int got;

	if (d->at && at_begin(&r->at, d->at, e))
		return -1;
	if (!strcmp(d->facts, "-"))
		cli_expect_stdin(f->cli);
	got = exported_open(&x, d->facts, e) ? -1 : 1;
	while (got > 0 && (got = exported_next(x, &entry, e)) > 0) {
		none = false;
		if (take_exported(r, &entry, e))
			got = -1;
	}
	exported_close(x);
	/* No log is empty; but a pipe is, whose writer has failed. */
	if (!got && none)
		got = err_set(e, E_bad_json, "'%s' has no entry", d->facts);
	if (!got && r->at)
		got = at_ends(r->at, e);
	at_free(r->at);
	return got;
}

/* The log of the store, as it is or as it was. */
static int
read_log(struct facts *f, const struct desk_cri *d, struct reading *r,
    struct err *e)
{
	struct units units = { 0 };
	struct ledger_head head;
	struct store *s;
	int64_t size;
	int rc;

	if (cli_store(f->cli, e))
		return -1;
	s = f->cli->store;
	if (store_snapshot(s, e) || ledger_head(s, &head, e))
		return -1;
	size = head.size;
	if ((d->at && at_size(s, d->at, &size, e)) ||
	    ledger_units_read(s, &units, e))
		return -1;
	rc = ledger_entries(s, size, &units, take, r, e);
	ledger_units_free(&units);
	return rc;
}

/* Of a state that is not named by a time, the clock is its last entry's. */
static void
set_clock(struct facts *f, const struct desk_cri *d)
{
	struct tally_end end;

	tally_end(f->tally, &end);
	if (f->now_ms < 0)
		f->now_ms = d->at ? end.at_ms : cli_now(f->cli);
}

int
facts_open(struct facts *f, struct cli *c, const struct desk_cri *d,
    facts_seen *seen, void *arg, struct err *e)
{
	struct reading r = { .seen = seen, .arg = arg };

	*f = (struct facts){ .cli = c, .now_ms = -1 };
	if (!d->facts && !d->at && !seen) {
		f->now_ms = cli_now(c);
		return cli_store(c, e) || store_snapshot(c->store, e) ? -1 :
		    0;
	}
	f->tally = r.tally = tally_new();
	if (d->at && at_moment(d->at, &f->now_ms, e))
		return -1;
	if (d->facts ? read_exported(f, d, &r, e) : read_log(f, d, &r, e))
		return -1;
	set_clock(f, d);
	return 0;
}

void
facts_close(struct facts *f)
{
	tally_free(f->tally);
	f->tally = NULL;
	if (f->cli->store)
		store_rollback(f->cli->store);
}

int
facts_node(const struct facts *f, const char *node_id,
    struct tally_node *out, struct err *e)
{
	const struct tally_node *t;

	if (!f->tally)
		return tally_stored(f->cli->store, node_id, out, e);
	t = tally_find(f->tally, node_id);
	if (!t || !t->registered)
		return err_set(e, E_node_missing, "no node '%.80s'", node_id);
	*out = *t;
	return 0;
}

/* Of those that the log only names nothing is said. */
struct telling {
	tally_told *told;
	void *arg;
};

static int
tell(void *telling, const struct tally_node *t, struct err *e)
{
	struct telling *to = telling;

	return t->registered ? to->told(to->arg, t, e) : 0;
}

int
facts_each(const struct facts *f, tally_told *told, void *arg, struct err *e)
{
	struct telling to = { told, arg };
	struct tally_node t;
	struct node n = { 0 };
	int got;

	if (f->tally)
		return tally_each(f->tally, tell, &to, e);
	while ((got = node_next(f->cli->store, &n, e)) > 0)
		if (tally_stored(f->cli->store, n.id, &t, e) ||
		    told(arg, &t, e))
			return -1;
	return got;
}

int
facts_check(const struct cli *c, const struct desk_cri *d, struct err *e)
{
	return d->all != (c->argc > 0) ? 0 : err_set(e, E_usage,
	    "which nodes? name some, or say --all");
}

int
facts_named(const struct facts *f, const struct desk_cri *d,
    tally_told *told, void *arg, struct err *e)
{
	struct tally_node t;
	char **id;

	if (d->all)
		return facts_each(f, told, arg, e);
	for (id = f->cli->argv; *id; id++)
		if (facts_node(f, *id, &t, e) || told(arg, &t, e))
			return -1;
	return 0;
}
