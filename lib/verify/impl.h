/* impl - what the files of verify share; for lib/verify only. */
#ifndef VERIFY_IMPL_H
#define VERIFY_IMPL_H

#include "evidence/trail.h"
#include "ledger/fold.h"
#include "tlog/tlog.h"
#include "verify/verify.h"

#define LAYER(n) (1u << (n))
#define LEVELS 8		/* 256^8 leaves are out of reach */
#define LEVEL_BITS 56
#define BATCH TLOG_TILE		/* leaves that are hashed at once */
#define SUSPECTS 1000		/* leaves unlike their tile that are named */

/* The tree as the leaves make it, tile by tile. */
struct tree {
	struct hash tile[LEVELS][TLOG_TILE];
	unsigned filled[LEVELS];
	int64_t tiles[LEVELS], n_tiles;
	uint64_t size;
	bool broken;			/* a leaf is missing: no root */
};

/* A root that somebody has stated of the first size leaves. */
struct ask {
	uint64_t size;
	struct hash root;
	int layer;			/* of the finding if it is another */
	enum err_code code;
	enum err_code beyond;		/* if the log is shorter */
	const char *what;		/* "the checkpoint" */
};

/* A leaf whose hash is not that in its tile; which of them is wrong? */
struct suspect {
	int64_t seq;
	struct hash want, got;
};

/* Names by their hash, which is never 0: that is room. */
struct marks {
	uint64_t *at;
	size_t n, room;
};

struct clearing_all;

struct run {
	struct store *store;		/* NULL: leaves in a file */
	const struct verify_how *how;
	struct verified *out;
	struct err *e;
	unsigned want;			/* layers that are judged */
	bool stop;			/* whoever is told wants no more */

	/* The scan. */
	struct fold *fold;
	struct leaf leaf;
	struct tree tree;
	struct clearing_all *clearing;
	int64_t next;			/* seq that has to follow */
	int64_t last_ms;
	int group_n, group_i;		/* of the last leaf; 0 outside */
	bool blind;			/* a leaf could not be read: no fold */
	int64_t postings, posted;	/* so many; those below are stored */

	struct ask *ask;
	size_t n_ask, next_ask;
	struct suspect *suspect;
	size_t n_suspect;

	struct ledger_head head;
	bool has_head;
	bool unique;			/* layer 3 has shown that ids are */

	struct trail trail;
	bool no_trail;			/* a leaf of it is wrong */

	/* Of accounts that are forgotten, those that were as they should. */
	uint8_t *seen;
	size_t seen_n;

	int64_t *erased;		/* entries whose memo is gone */
	size_t n_erased;

	struct whole *whole;		/* layer 3, while a thread is at it */
	struct leaves *file;
};

/*
 * Report; 0 to go on.  What is found in a layer that nobody asked for, or
 * that is skipped, is passed over.
 */
int verify_find(struct run *, int layer, enum err_code, int64_t seq,
    const char *fmt, ...) ERR_PRINTF(5, 6);
int verify_find_hash(struct run *, int layer, enum err_code, int64_t seq,
    const struct hash *want, const struct hash *got, const char *text);

/*
 * The layers of a set cannot be judged: what is found there from now on is
 * not reported, and the answer is not yes.
 */
void verify_skip(struct run *, unsigned layers, enum err_kind,
    const char *why, ...) ERR_PRINTF(4, 5);

/* After a step that failed: 0 to go on without it, -1 if the run is over. */
int verify_failed(struct run *, unsigned layers) CHECKED;

/* file.c: layers 1, 2, 3 and 12 */
int verify_file(struct run *) CHECKED;

/* whole.c: layer 3, done or begun; and told, as late as can be */
int verify_whole(struct run *) CHECKED;
int verify_whole_end(struct run *) CHECKED;

/* hash.c: layers 6 and 7 */
int verify_add_hashes(struct run *, const struct hash *, size_t n,
    const struct hash *root) CHECKED;
void verify_edge(const struct tree *, struct tlog_edge *);
int verify_ask(struct run *, const struct ask *) CHECKED;
void verify_asks_ready(struct run *);	/* when all are asked */
int verify_hashes_end(struct run *) CHECKED;

/* scan.c */
int verify_scan(struct run *) CHECKED;

/* judge.c: layers 5, 8 and 9, and the form of leaves */
int verify_leaf(struct run *, const struct stored *) CHECKED;
int verify_judge_end(struct run *) CHECKED;

/* rows.c: layer 10 */
int verify_rows(struct run *) CHECKED;
int verify_forget(struct run *, const char *name, const struct unit *)
    CHECKED;
int verify_projections(struct run *) CHECKED;

/* memos.c: of layer 10; entries that say so are gathered by the scan */
void verify_erased(struct run *, const struct entry *);
int verify_memos(struct run *) CHECKED;

/* marks.c: a set that grows; kind parts names of several sorts. */
bool verify_mark(struct marks *, const char *name, int kind);	/* is it new? */
bool verify_marked(const struct marks *, const char *name, int kind);

/* clearing.c: the escrows in the log, of layers 9, 10 and 11 */
struct clearing_all *verify_clearing_new(void);
void verify_clearing_free(struct clearing_all *);
int verify_clearing(struct run *, const struct entry *) CHECKED;
int verify_clearing_end(struct run *) CHECKED;

/* promise.c: layer 11 */
int verify_asserted(struct run *, const struct entry *) CHECKED;
int verify_promises(struct run *) CHECKED;

/*
 * notes.c: what was noted elsewhere is asked of the scan, or without one of
 * the tiles.
 */
int verify_notes(struct run *) CHECKED;
int verify_ask_tiles(struct run *) CHECKED;

/* A note that the caller gave, by its form; who signed it comes later. */
int verify_read_note(struct run *, const struct buf *text, struct note *,
    struct checkpoint *, const char *what) CHECKED;

/* sign.c: layer 4, after the scan */
int verify_signatures(struct run *) CHECKED;

/* leaves.c: leaves in a file, a line each, or in the store */
int verify_leaves_open(struct run *) CHECKED;
int verify_leaves_next(struct run *, struct stored *) CHECKED;
/* An earlier one: 1, 0, -1. */
int verify_leaves_past(void *run, int64_t seq, struct leaf *, struct err *);
/* Of leaves in a file: was this id there before?  1, 0, -1. */
int verify_leaves_known(struct run *, const char *id) CHECKED;
void verify_leaves_close(struct run *);

#endif
