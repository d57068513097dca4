#include <assert.h>
#include <stdbool.h>

#include "base/amount.h"
#include "ledger/clearing.h"

int64_t
clearing_tax(int64_t minor, int64_t bp)
{
	return (int64_t)(((amount_wide)minor * bp + CLEARING_WHOLE / 2) /
	    CLEARING_WHOLE);
}

void
clearing_split(int64_t minor, const int64_t *share, size_t n, int64_t *out)
{
	int64_t left = minor, rest[CLEARING_PAYEES];
	size_t i, most;

	assert(n >= 1 && n <= CLEARING_PAYEES);
	for (i = 0; i < n; i++) {
		out[i] = (int64_t)((amount_wide)minor * share[i] /
		    CLEARING_WHOLE);
		rest[i] = (int64_t)((amount_wide)minor * share[i] %
		    CLEARING_WHOLE);
		left -= out[i];
	}
	for (; left > 0; left--) {
		for (i = 1, most = 0; i < n; i++)
			if (rest[i] > rest[most])
				most = i;
		out[most]++;
		rest[most] = -1;
	}
}
