/*
 * How this node itself is: what its programs have left undone, and what they
 * depend on.  Each finding is one that a person should see; what is well is
 * not told of.
 */
#include <string.h>

#include "alert/alert.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"
#include "clerk/clerk.h"
#include "evidence/issue.h"
#include "health/health.h"
#include "hook/hook.h"
#include "ledger/ledger.h"
#include "ping/impl.h"
#include "settle/settle.h"
#include "store/health.h"

/* Sweeps and checkpoints that are so many intervals late were forgotten. */
#define LATE 5
#define LATE_LEAST_MS INT64_C(3600000)
#define LOCK_LONG_MS INT64_C(60000)

struct self {
	struct cli *c;
	int64_t now_ms;
	int n;				/* findings */
};

static int
put(struct self *s, struct buf *record, struct err *e)
{
	s->n++;
	return cli_emit_object(s->c, record, e);
}

static void
finding(struct buf *out, const char *word)
{
	json_open(out, NULL, '{');
	json_str(out, "finding", word);
}

static bool
late(const struct self *s, int64_t at_ms, int64_t every_ms)
{
	int64_t most_ms = LATE * every_ms;

	return s->now_ms - at_ms >
	    (most_ms > LATE_LEAST_MS ? most_ms : LATE_LEAST_MS);
}

static int
since(struct self *s, const char *word, int64_t at_ms, struct err *e)
{
	struct buf out = BUF_INIT(PING_RECORD);

	finding(&out, word);
	json_time(&out, "since", at_ms);
	return put(s, &out, e);
}

static int
count(struct self *s, const char *word, int64_t n, struct err *e)
{
	struct buf out = BUF_INIT(PING_RECORD);

	if (!n)
		return 0;
	finding(&out, word);
	json_int(&out, "count", n);
	return put(s, &out, e);
}

/* --- what it depends on --------------------------------------------------- */

/* A clock behind the log is a note to the books, but wrong here: probes and
   what is due go by it. */
static int
looked(void *arg, const char *check, enum clerk_look how, const char *text,
    struct err *e)
{
	struct buf out = BUF_INIT(PING_RECORD);

	if (how != CLERK_BAD && (how != CLERK_NOTE ||
	    strcmp(check, "clock")))
		return 0;
	finding(&out, check);
	json_str(&out, "detail", text);
	return put(arg, &out, e);
}

/* Writers hold it for moments; who has it for long is stuck. */
static int
check_lock(struct self *s, struct err *e)
{
	struct buf out = BUF_INIT(PING_RECORD);
	struct health h;
	const char *since;
	int64_t at_ms;
	struct err why;

	if (health_look(&h, s->c->home, e))
		return -1;
	since = strstr(h.holder, " since ");
	if (h.lock != LOCK_HELD || !since ||
	    clock_parse(since + strlen(" since "), &at_ms, &why) ||
	    s->now_ms - at_ms < LOCK_LONG_MS)
		return 0;
	finding(&out, "lock_held");
	json_time(&out, "since", at_ms);
	json_str(&out, "detail", h.holder);
	return put(s, &out, e);
}

/* --- what is left undone -------------------------------------------------- */

static int
settled(void *arg, struct buf *record, struct err *e)
{
	struct self *s = arg;

	s->n++;
	return cli_emit_buf(s->c, record, e);
}

/* Once somebody watches, it is expected to go on. */
static int
check_sweeps(struct self *s, struct err *e)
{
	int64_t at_ms;

	if (health_swept(s->c->store, &at_ms, e))
		return -1;
	return at_ms && late(s, at_ms,
	    s->c->params.value[PARAM_health_check_interval]) ?
	    since(s, "sweep_late", at_ms, e) : 0;
}

/* The log has grown, and nobody has signed it for long. */
static int
check_checkpoint(struct self *s, struct err *e)
{
	struct buf out = BUF_INIT(PING_RECORD);
	struct ledger_head head;
	int64_t size = 0, at_ms = 0;

	if (ledger_head(s->c->store, &head, e) ||
	    issue_newest(s->c->store, &size, &at_ms, e) < 0)
		return -1;
	if (head.size <= size || !late(s, at_ms,
	    s->c->params.value[PARAM_checkpoint_every_ms]))
		return 0;
	finding(&out, "checkpoint_late");
	json_int(&out, "size", head.size);
	json_int(&out, "signed_size", size);
	json_time_or_null(&out, "since", at_ms);
	return put(s, &out, e);
}

static int
check_outboxes(struct self *s, struct err *e)
{
	struct alert_stats alerts;
	struct hook_stats hooks;

	if (hook_stats(s->c->store, &hooks, e) ||
	    alert_stats(s->c->store, &alerts, e) ||
	    count(s, "webhooks_exhausted", hooks.exhausted, e) ||
	    count(s, "alerts_failed", alerts.failed, e))
		return -1;
	return alerts.pending && late(s, alerts.oldest_ms, 0) ?
	    since(s, "alerts_late", alerts.oldest_ms, e) : 0;
}

int
ping_self(struct cli *c, struct err *e)
{
	struct self s = { .c = c, .now_ms = cli_now(c) };

	if (clerk_look(c, looked, &s, e) || cli_store(c, e))
		return -1;
	store_rollback(c->store);
	if (check_lock(&s, e) || settle_check(c->store, &c->params,
	    s.now_ms, settled, &s, e) < 0 || check_sweeps(&s, e) ||
	    check_checkpoint(&s, e) || check_outboxes(&s, e))
		return -1;
	return s.n ? err_set(e, E_needs_a_person, "%d thing%s of this node "
	    "need%s a person", s.n, s.n > 1 ? "s" : "", s.n > 1 ? "" : "s") :
	    0;
}
