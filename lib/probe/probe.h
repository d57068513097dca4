/*
 * probe - asks many nodes how they are, and judges what they answer
 * (spec/ops.md 3.2, spec/node.md 12).
 *
 * A probe is GET <endpoint>/api/health?nonce=<32 digits>, of one address and
 * on a connection of its own; its finding is a struct sample.
 *
 * An answer is good if its status is of 200 to 299, its body an object whose
 * "status" is ok or healthy, and its signature that of the node.  It is slow,
 * which is good too, if the node says degraded, took longer than slow_ms,
 * runs another version than its card says, shows a certificate that ends
 * within cert_ms, or did not sign; who has no key to check it with takes it
 * as unsigned.  It failed, in this order: the name was not found (dns); there
 * was no connection (connect), no handshake or a wrong certificate (tls), not
 * all of the answer in time (timeout), another status or not HTTP (http); the
 * body is no such object, too large, or says something else (body); the
 * answer is signed wrongly or for another nonce, or names another node, or is
 * not signed though it has to be (badsig).  Who may not be called at all is
 * forbidden: no connection was made, nor begun.
 *
 * Units: _ms; of samples, see there.  Threads: what is called back is called
 * on the thread that runs.
 */
#ifndef PROBE_H
#define PROBE_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "health/sample.h"

struct chance;
struct sign_public;

#define PROBE_BODY (64 * 1024)	/* bytes of an answer, at most */

/* All borrowed until the run ends. */
struct probe_target {
	const char *node_id;	/* NULL: whoever is there */
	const char *endpoint;	/* as fit.h has it; others are forbidden */
	const struct sign_public *key;	/* NULL: not known */
	const char *version;	/* what its card says, or NULL */
	enum sample_family family;
	bool require_signed;	/* what is not signed has failed */
	bool reference;		/* any answer of HTTP is good: the endpoint
				   itself is asked, which need not be a node */
};

struct probe_how {
	unsigned in_flight;	/* at most, of all, */
	unsigned per_host;	/* and of one host and port */
	int64_t connect_ms, total_ms;
	int64_t spread_ms;	/* over which their starts are spread */
	int64_t deadline_ms;	/* for all of it, from the call; 0: none */
	int64_t again_least_ms, again_most_ms;	/* before a confirmation */
	int64_t slow_ms, cert_ms;
	bool require_signed;	/* of all targets */
	bool allow_private;	/* see addr.h */
	const char *ca_file;	/* NULL: those of the system */
	const char *agent;	/* "bzn-ping/1.0" */
	const char *sweep_id;
	int64_t now_ms, mono_ms;	/* of the call; what passes is added */
	struct chance *chance;
	const volatile sig_atomic_t *stop;	/* NULL, or: true ends it */
};

/* 64 in flight, 2 of a host, the times of ops.md 3.2; zeroes for the rest. */
void probe_how_defaults(struct probe_how *);

/*
 * A probe of target i has ended.  Set *again for one more of it, a
 * confirmation, to begin after a random while.  Do not wait for others in
 * here, such as who reads what is printed: all probes wait along (client.h).
 */
typedef void probe_told(void *arg, size_t i, const struct sample *,
    bool *again);

/*
 * Probe all targets once, in random order.  Of those that the deadline or
 * stop has left over nothing is told; *left says how many targets were not
 * told of at all.  E_no_file for the CA file, E_io_error and the like if it is
 * this machine that fails: nothing follows from that for any node.
 */
int probe_run(const struct probe_how *, const struct probe_target *, size_t n,
    probe_told *told, void *arg, size_t *left, struct err *) CHECKED;

#endif
