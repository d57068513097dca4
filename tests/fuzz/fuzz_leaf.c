/*
 * A leaf that is read renders as the same bytes, and as what a caller may
 * say if it is a caller's; golden/demo.leaves, a line a file, is where to
 * begin.
 */
#include <assert.h>
#include <string.h>

#include "base/buf.h"
#include "ledger/leaf.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const struct unit *const four[] = {
		&unit_builtin[0], &unit_builtin[1], &unit_builtin[2],
		&unit_builtin[3],
	};
	static const struct units units = { four, 4 };
	struct buf out = BUF_INIT(LEAF_MAX);
	static struct leaf leaf;
	struct err e = { 0 };

	if (leaf_parse(&leaf, data, n, &units, &e)) {
		assert(e.code == E_leaf_not_canonical ||
		    e.code == E_bad_unit || e.code == E_unbalanced_entry);
		return 0;
	}
	assert(!leaf_check(&leaf.entry, &e));
	assert(!leaf_render(&out, &leaf.entry, &e));
	assert(out.len == n && !memcmp(out.data, data, n));
	buf_release(&out);
	return 0;
}
