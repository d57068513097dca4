/*
 * A receipt of a trade is judged or refused; what nobody who is trusted has
 * signed is never true, and neither is one whose core was changed.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "receipt/exam.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const char vkey[] = "ledger.example/demo+7b8488d1+"
	    "AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4";
	struct exam_trust trust = { 0 };
	struct buf out = BUF_INIT(JSON_MAX);
	struct err e = { 0 };
	struct policy policy;
	struct exam x;
	int known;

	policy_init(&policy);
	policy.keys = 1;
	if (note_key_read(&policy.key[0], vkey, &e))
		return 0;
	for (known = 0; known < 2; known++) {
		trust.policy = known ? &policy : NULL;
		if (exam_receipt(&x, (const char *)data, n, &trust, &e)) {
			assert(e.kind == ERR_INPUT);
		} else {
			assert(known || x.why.kind == ERR_NO);
			exam_write(&out, &x, "-");
		}
		exam_release(&x);
		buf_reset(&out);
	}
	buf_release(&out);
	return 0;
}
