/*
 * face - what the files of "bzn-ping status" share; nobody else includes it.
 */
#ifndef PING_FACE_H
#define PING_FACE_H

#include "base/buf.h"
#include "crypto/sign.h"
#include "health/health.h"
#include "ping/status.h"
#include "uptime/zone.h"

#define FACE_DAYS 90
#define FACE_DATE 11			/* "2026-11-20" */
#define FACE_UUID 37
#define FACE_RECENT_MS (14 * INT64_C(86400000))

/* As people see it, the worst first. */
enum shown { SHOWN_DOWN, SHOWN_DEGRADED, SHOWN_UNKNOWN, SHOWN_MAINT,
    SHOWN_UP, SHOWN__COUNT };

struct face_word {
	const char *word, *class, *sign, *status;	/* of Statuspage */
};
extern const struct face_word face_words[SHOWN__COUNT];

/* A series; those of one node stand together, by name. */
struct face_row {
	struct health_series series;
	enum shown shown;
	int64_t since_ms;
	struct span_figures figures;	/* of all days */
	int days;			/* that it is known, of these */
	size_t at, n;			/* its text, in rows */
};

struct face_maint {
	const struct health_maint *maint;
	struct window window;		/* the next, or the one that is */
};

struct face {
	struct cli *c;
	const struct ping_status *say;
	struct sign_key key;		/* of the node, if it is signed */
	bool is_signed;
	char signer[HASH_HEX];		/* its id, or "" */
	const char *title, *zone;
	char id[13], uuid[FACE_UUID];	/* of the page */
	int64_t now_ms;
	struct window day[FACE_DAYS];	/* the last is today, so far */
	char date[FACE_DAYS][FACE_DATE];
	struct health_calendar calendar;
	struct face_row *row;		/* owned */
	size_t n;
	size_t *of;			/* row of a series, by its id */
	int64_t ids;
	struct health_incident *incident;	/* owned, oldest first */
	size_t incidents;
	struct face_maint *maint;	/* owned */
	size_t maints;
	struct health_swept swept;
	bool any_sweep, stale;
	int64_t count[SHOWN__COUNT], nodes;	/* by node, the worst of each */
	enum shown worst;		/* of all nodes */
	struct buf headline, rows;
	struct buf data, path;		/* of what is written just now */
	const char *indicator;
	int64_t written, same, pages;
};

/* How many rows from this one on are of one node, and how that is. */
size_t face_node(const struct face *, size_t at, enum shown *);
const char *face_status(const struct face *, size_t at, size_t n);

/*
 * What a node is called in files that all can see: its id, and of a job, which
 * is nobody else's business, a hash of that.
 */
void face_id(const struct health_series *, char out[HASH_HEX]);

/* The row that an incident is of. */
const struct face_row *face_whose(const struct face *,
    const struct health_incident *);

/* A time, and under key_text how people of that zone write it. */
int face_time(const struct face *, struct buf *, const char *key, int64_t ms,
    struct err *) CHECKED;

/* "6 min 10 s" */
#define FACE_LONG 48
void face_long(int64_t ms, char out[FACE_LONG]);

/* Append the row of a series, whose days these were. */
int face_row_write(struct face *, struct face_row *, const struct span *,
    struct err *) CHECKED;

/* Put a file in its place, unless it is there already. */
int face_put(struct face *, const char *name, const struct buf *,
    struct err *) CHECKED;

/* Render a template with data that is still open, and put that. */
int face_render(struct face *, struct buf *out, const char *template,
    struct buf *data, struct err *) CHECKED;

/*
 * Open the node's key.  Without one, or with no passphrase said for it,
 * nothing is signed, and a note says so, unless it has to be.
 */
int face_sign_open(struct face *, struct err *) CHECKED;

/* Sign a page that will have that name; and put NAME.sig beside a file. */
int face_sign_page(const struct face *, const char *name, struct buf *page,
    struct err *) CHECKED;
int face_sign_file(struct face *, const char *name, const struct buf *,
    struct err *) CHECKED;

int face_pages(struct face *, struct err *) CHECKED;
int face_summary(struct face *, struct err *) CHECKED;
int face_feed(struct face *, struct err *) CHECKED;
int face_badges(struct face *, struct err *) CHECKED;

#endif
