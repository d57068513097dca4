/*
 * sample - what one probe of a node found (spec/ops.md 3.2).
 *
 * {v, node_id, url, family, started_at, mono_ms, ok, slow, class, http,
 * version, ip, dns_ms, connect_ms, tls_ms, first_ms, total_ms,
 * cert_expires_at, signed, confirm, sweep_id}: class, http, version, ip and
 * the durations are null where there was nothing; exit is there of a job
 * only, and is the status with which it ended.  Each phase has its own:
 * the name, the connection, the handshake, the answer's first byte after all
 * that; total is from the beginning to the end.  In records they are in
 * milliseconds with up to three decimals, which are all that is known.
 * Units: _ms since 1970 UTC, _us; mono_ms as in uptime/state.h.
 */
#ifndef SAMPLE_H
#define SAMPLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/id.h"
#include "base/json.h"
#include "card/fit.h"
#include "crypto/hash.h"
#include "uptime/state.h"

struct buf;

/*
 * Which addresses of a name were asked: a series of its own each.  Of a push
 * none was: it is a job's own word, and has no url.
 */
enum sample_family {
	FAMILY_ANY, FAMILY_V4, FAMILY_V6, FAMILY_PUSH,
	FAMILY__COUNT
};

enum sample_class {
	CLASS_NONE,		/* it did not fail */
	CLASS_DNS, CLASS_CONNECT, CLASS_TLS, CLASS_TIMEOUT, CLASS_HTTP,
	CLASS_BODY, CLASS_BADSIG, CLASS_FORBIDDEN,
	CLASS_EXIT,		/* a job that pushed says that it failed */
	CLASS__COUNT
};

enum sample_phase {
	PHASE_DNS, PHASE_CONNECT, PHASE_TLS, PHASE_FIRST, PHASE_TOTAL,
	PHASE__COUNT
};

#define SAMPLE_VERSION 33
#define SAMPLE_IP 46
#define SAMPLE_EXIT_MOST 255

struct sample {
	char node_id[HASH_HEX];
	char url[FIT_ENDPOINT + 1];	/* the endpoint of the node */
	enum sample_family family;
	int64_t started_ms, mono_ms;
	bool ok, slow;			/* slow only if ok */
	enum sample_class class;
	int http;			/* 0: there was no answer; of a job:
					   the status with which it ended */
	char version[SAMPLE_VERSION];	/* or "" */
	char ip[SAMPLE_IP];		/* or "" */
	int64_t us[PHASE__COUNT];	/* -1: not reached, or there is none */
	int64_t cert_expires_ms;	/* 0: none was shown */
	bool is_signed;			/* by the node, and truly */
	bool confirm;			/* of a failure just before */
	char sweep_id[ID_TEXT];
};

const char *sample_family_word(enum sample_family);	/* "any" */
bool sample_family_named(const char *, enum sample_family *);
const char *sample_class_word(enum sample_class);	/* "dns"; NULL */
bool sample_class_named(const char *, enum sample_class *);
const char *sample_phase_word(enum sample_phase);	/* "dns" */

/* A duration as a member, in milliseconds; null if it is -1. */
void sample_us_write(struct buf *, const char *key, int64_t us);

enum found sample_finding(const struct sample *);

/*
 * Append the record, which is closed; read one.  E_bad_json.  What is signed
 * has no fractions (spec/node.md 2): whole milliseconds, rounded down.
 */
void sample_write(struct buf *, const struct sample *);
void sample_write_whole(struct buf *, const struct sample *);
int sample_read(struct sample *, const struct json *, struct err *) CHECKED;

#endif
