#include "gate/books.h"
#include "store/store.h"

#define NAME "ledger_invalid_ms"	/* of the number in the store */

int
gate_books(struct store *s, int64_t *since_ms, struct err *e)
{
	return store_number(s, NAME, since_ms, e);
}

int
gate_books_in(struct store *s, int64_t since_ms, struct err *e)
{
	return store_keep_number_in(s, NAME, since_ms, e);
}
