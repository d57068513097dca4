/* The table is the contract: statuses 0 to 10, no word twice. */
#include <errno.h>

#include "tap.h"

#include "base/err.h"

int
main(void)
{
	struct err e = { 0 };
	enum err_code a, b;
	int twice = 0, odd = 0;

	for (a = 0; a < E__COUNT; a++) {
		for (b = 0; b < a; b++)
			twice += !strcmp(err_word(a), err_word(b));
		odd += err_http(a) < 200 || err_http(a) > 599;
		odd += !err_code_named(err_word(a), &b) || a != b;
	}
	OK(twice == 0 && odd == 0);
	OK(err_set(&e, E_insufficient_funds, "'%s' is poor", "a") == -1);
	OK(e.kind == ERR_REFUSED && err_http(e.code) == 402);
	OK(err_wrap(&e, "line %d", 3) == -1);
	IS(e.msg, "line 3: 'a' is poor");
	IS(err_word(e.code), "insufficient_funds");
	errno = EISDIR;
	OK(err_sys(&e, "cannot read") == -1 && e.code == E_no_file);
	errno = ENAMETOOLONG;
	OK(err_sys(&e, "cannot open") == -1 && e.code == E_no_file);
	errno = EIO;
	OK(err_sys(&e, "cannot read") == -1 && e.code == E_io_error);
	OK(err_worse(ERR_OK, ERR_REFUSED) == ERR_REFUSED);
	OK(err_worse(ERR_CONFLICT, ERR_INPUT) == ERR_CONFLICT);
	OK(err_worse(ERR_SYSTEM, ERR_UNKNOWN) == ERR_UNKNOWN);
	OK(err_worse(ERR_NO, ERR_REFUSED) == ERR_REFUSED);
	return DONE();
}
