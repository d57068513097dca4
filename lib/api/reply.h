/*
 * reply - what a 200 is made of, in few words.
 *
 * The member "reply" of a route says it, and the shapes of reply.def do, which
 * several routes have in common:
 *
 *	{ task_id, escrow_id: text|null, amount: money, late: bool?,
 *	  kind: 'task'|'direct', stats: { total: int, *: int },
 *	  tasks: [Task] }
 *	Task & { closed_at: time|null }
 *
 * A member without a type is text; one whose type ends in "?" need not be
 * there; "*" are all that have no name here.  Types are text, int, number,
 * bool, null, any, object, money (text of a decimal), time (text of RFC 3339,
 * in UTC), hash (64 hexadecimal digits), a word in quotes, [a list], { an
 * object } and the Name of a shape.  Members beside those named may always be
 * there.  It is JSON Schema in few words, and stands for one: the document has
 * that, and tests hold each reply against it.
 */
#ifndef REPLY_H
#define REPLY_H

#include "api/api.h"

/* The schema, which refers to shapes by "#/components/schemas/Name". */
void reply_schema(struct buf *, const char *key, const char *reply);

/* The shapes, as members of the open object; "x-shape" has their words. */
void reply_shapes(struct buf *);

/* Is the 200 that a handler wrote as its row says?  E_internal and why. */
int reply_fits(const struct call *, struct err *) CHECKED;

#endif
