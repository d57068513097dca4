/*
 * show - how replies tell of nodes: levels, skills, numbers, and what is wrong
 * with a member.
 */
#ifndef API_SHOW_H
#define API_SHOW_H

#include "api/api.h"
#include "cri/level.h"

/* A number with decimals, from a whole number of its last one. */
void show_number(struct buf *, const char *key, int64_t value, int scale);

/* A complaint of a domain about a member of the body: 422; always -1. */
int show_fault(struct call *, const char *member, struct err *);

/*
 * A refusal of an act between two nodes, in the words of the contract: of the
 * realm that the caller is of.  Always -1.
 */
int show_refused(struct call *, const struct err *);

/* {"id","name","emoji"}; open, for what the caller has to add. */
void show_level(struct buf *, const char *key, const struct cri_level *);

/* The score of a node, signed: spec/vmp.md 5.7. */
int show_certificate(struct call *, const char *node_id, struct err *)
    CHECKED;

/* What members of a skill are called in a reply. */
struct show_names {
	const char *list, *id, *price;
};

/* The skills that a node offers, newest first, as a list of objects. */
int show_skills(struct call *, const struct show_names *,
    const struct node *, int64_t *n, struct err *) CHECKED;

#endif
