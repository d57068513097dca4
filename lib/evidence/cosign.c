#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "evidence/cosign.h"
#include "evidence/pin.h"

/* 1 if the pin is to be moved, 0 if it is there already. */
static int
grown(const struct cosign *c, const struct checkpoint *pin,
    const struct checkpoint *to, struct err *e)
{
	const struct growth *g = c->growth;

	if (to->size < pin->size)
		return err_set(e, E_below_pin, "a checkpoint of %" PRIu64
		    " entries is pinned, this is of %" PRIu64, pin->size,
		    to->size);
	if (to->size == pin->size)
		return memcmp(&to->root, &pin->root, sizeof(to->root)) ?
		    err_set(e, E_forked, "another log of %" PRIu64 " entries "
		    "is pinned", pin->size) : 0;
	if (!pin->size)
		return 1;
	if (!g)
		return err_set(e, E_proof_mismatch, "a proof of growth from %"
		    PRIu64 " is needed", pin->size);
	if (g->old != pin->size)
		return err_set(e, E_proof_mismatch, "the proof is from %"
		    PRIu64 ", the pin is of %" PRIu64, g->old, pin->size);
	return proof_growth_holds(&g->proof, pin->size, &pin->root, to->size,
	    &to->root) ? 1 : err_set(e, E_proof_mismatch, "the log of %"
	    PRIu64 " entries did not grow out of that of %" PRIu64, to->size,
	    pin->size);
}

int
cosign_note(const struct cosign *c, const char *bytes, size_t n,
    struct buf *out, struct err *e)
{
	struct pin pin = PIN_INIT;
	struct checkpoint to;
	struct note note;
	int fd, got;

	if (policy_open(c->policy, bytes, n, &to, &note, e))
		return -1;
	if (note.n == NOTE_LINES)
		return err_set(e, E_bad_note, "it has %d signatures already",
		    NOTE_LINES);
	if (pin_lock(&fd, c->pins, e))
		return -1;
	got = pin_read(&pin, c->pins, to.origin, e);
	if (got >= 0)
		got = got ? grown(c, &pin.at, &to, e) : 1;
	if (got > 0)
		got = pin_put(c->pins, to.origin, bytes, n, e);
	close(fd);
	pin_release(&pin);
	if (got < 0)
		return -1;
	buf_add(out, bytes, n);
	note_cosign(out, c->key, c->secret, c->time_s, note.text,
	    note.text_n);
	return 0;
}
