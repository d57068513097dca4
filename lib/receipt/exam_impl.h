/* exam_impl - what the files of an examination share. */
#ifndef EXAM_IMPL_H
#define EXAM_IMPL_H

#include "receipt/exam.h"

/* Note an answer: false remains, and why is said for it. */
void exam_answer(struct exam *, enum exam_part, enum exam_answer,
    const char *why);

/* The part core. */
void exam_copies(struct exam *, const struct json *core);

/* The parts checkpoint, proofs and entries; -1 only if the policy is full. */
int exam_evidence(struct exam *, const struct json *core,
    const struct exam_trust *, struct err *) CHECKED;

#endif
