/*
 * deliver - rows of the outbox on their way: which are due, and what became of
 * an attempt.
 *
 * Those of one sweep and owner that are due at once are a parcel, unless they
 * are too many.  Which are is written down before any is sent, and a parcel
 * has a name, so that what is sent again has the same, whatever was dropped
 * from it since.
 *
 * There are ways to deliver, and a row is sent once it went all that are
 * wanted; a way that it went is not gone again.  After an attempt that failed
 * it waits 60, 300 and 1,800 s, and is given up after the fourth; what is
 * newer of the same ref waits for it.  Who delivers sees to it that nobody
 * else does at the time, and marks a row after it was sent.
 */
#ifndef DELIVER_H
#define DELIVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "alert/alert.h"

#define ALERT_REF 160
#define ALERT_OWNER 256

enum alert_way { ALERT_MAIL = 1, ALERT_HOOK = 2 };

struct alert_row {
	char id[ID_TEXT];
	enum alert_kind kind;
	int64_t n, made_ms, due_ms;
	unsigned done;			/* ways that it went */
	int64_t attempts;
	char ref[ALERT_REF], owner[ALERT_OWNER], sweep_id[ID_TEXT];
	char parcel[ID_TEXT];		/* "": it is in none yet */
	char *data;			/* owned: a JSON object */
};

struct alert_rows { struct alert_row *row; size_t n; };

/* Those that are due: those that go together stand together. */
int alert_due(struct store *, int64_t now_ms, struct alert_rows *out,
    struct err *) CHECKED;

/* The others: for their moment, or for what is older of the same. */
int alert_waiting(struct store *, int64_t now_ms, struct alert_rows *out,
    struct err *) CHECKED;
void alert_rows_release(struct alert_rows *);

/* Put each into a parcel that is in none, in the order of alert_due(). */
int alert_pack_in(struct store *, struct alert_row *, size_t n, struct err *)
    CHECKED;

/* How many from the first on are its parcel. */
size_t alert_parcel(const struct alert_row *, size_t n);

/* It went these ways, too; it is sent if they are all that is wanted. */
int alert_sent_in(struct store *, struct alert_row *, unsigned ways,
    unsigned wanted, int64_t now_ms, struct err *) CHECKED;

/* An attempt failed.  When the next one is: -1, it is given up. */
int alert_failed_in(struct store *, struct alert_row *, const char *why,
    int64_t now_ms, int64_t *next_ms, struct err *) CHECKED;

/* It is not true any longer. */
int alert_untrue_in(struct store *, const struct alert_row *, int64_t now_ms,
    struct err *) CHECKED;

#endif
