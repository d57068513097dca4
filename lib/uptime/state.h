/*
 * state - is a node up?  The one machine that says so (spec/ops.md 3.3).
 *
 * It is fed with what probes found, in the order in which they were made, and
 * says when a node became something else: from which moment on that holds,
 * which is when a run of like findings began, and at which it was decided,
 * which is later.  What nobody looked at is STATE_UNKNOWN, and so is what was
 * seen by a clock that jumped or by an observer who was cut off.
 *
 * Moments at which changes hold never go back: where the clock does, a change
 * holds from the one before.  Plain values; the rows of lib/health are these.
 * Units: _ms since 1970 UTC; mono_ms of a clock that only goes forward while
 * the machine is up, asleep or not.
 */
#ifndef STATE_H
#define STATE_H

#include <stdbool.h>
#include <stdint.h>

enum state { STATE_UNKNOWN, STATE_UP, STATE_DEGRADED, STATE_DOWN };

#define STATE__COUNT 4

/* Why it changed. */
enum state_cause {
	CAUSE_PROBE,
	CAUSE_GAP,		/* nobody looked for too long */
	CAUSE_CLOCK,		/* the clock was set */
	CAUSE_OBSERVER,		/* whoever looked was cut off */
};

enum found { FOUND_OK, FOUND_SLOW, FOUND_FAILED };

const char *state_word(enum state);		/* "up" */
bool state_named(const char *, enum state *);
const char *state_cause_word(enum state_cause);	/* "probe" */

/* How many in a row it takes; all at least 1. */
struct state_rule {
	int down_after, up_after;
	int slow_after, ok_after;
	int64_t interval_ms;		/* from one probe to the next */
	int64_t max_gap_ms;		/* for which a probe speaks, at most */
	int flap_start, flap_stop;	/* percent of changes, weighted */
};

#define STATE_FLAPS 21			/* states that flapping looks at */

struct state_machine {
	enum state state;
	enum state before;		/* what it was before UNKNOWN */
	int64_t since_ms;		/* from when on state holds */
	int64_t probed_ms, probed_mono_ms;	/* the last; -1: none yet */
	int64_t good_ms;		/* the last that had not failed; -1 */
	int fails, slows, oks, goods;	/* in a row; goods: slow or ok */
	int64_t fails_ms, slows_ms, oks_ms, goods_ms;	/* their first */
	uint64_t seen;			/* states, two bits each, the last
					   lowest */
	int n_seen;
	bool flapping;
};

struct state_change {
	enum state from, to;
	int64_t effective_ms, decided_ms;
	enum state_cause cause;
};

/* A gap or a jump, then what the probe itself says. */
#define STATE_CHANGES 2

struct probed {
	int64_t at_ms, mono_ms;		/* mono_ms -1: not known */
	enum found finding;
};

/* Of a node that was never looked at. */
void state_begin(struct state_machine *, int64_t now_ms);

/*
 * Take one probe in; confirmations are probes like any other.  Returns how
 * many changes were written to out.
 */
int state_step(struct state_machine *, const struct state_rule *,
    const struct probed *, struct state_change out[STATE_CHANGES]);

/*
 * The observer was cut off during a sweep that began at that moment: what
 * its probes found is not told, and does not count.  Of its first probe only
 * the clocks are looked at.
 */
int state_cut_off(struct state_machine *, const struct state_rule *,
    const struct probed *first, int64_t began_ms,
    struct state_change out[STATE_CHANGES]);

/*
 * What it is now, to whoever asks: as it stands, or UNKNOWN because nobody
 * looked since.  The change is not made; true if there is one, in *out.
 */
bool state_lapsed(const struct state_machine *, const struct state_rule *,
    int64_t now_ms, struct state_change *out);

/* A run of findings has begun that may yet change it. */
bool state_suspect(const struct state_machine *);

/* Changes among the states seen, weighted, in percent, floored. */
int state_flap(const struct state_machine *);

#endif
