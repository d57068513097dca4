#include "cards/impl.h"
#include "cli/box.h"
#include "key/key.h"

int
cards_shut_in(struct cli *c, const struct cards *say, bool files,
    struct err *e)
{
	char identity[PATH_MAX];	/* may be a link to elsewhere */
	const char *const home[] = { c->home, NULL };
	const char *const own[] = { c->home, identity, NULL };
	const char *const *operands = (const char *const *)c->argv;

	return key_path(identity, c->home, "", e) || cli_sandbox(c,
	    say->require_sandbox, files ? operands : own,
	    c->store && !store_is_memory(c->store) ? home : NULL, e) ? -1 : 0;
}

int
cards_open_peers(struct cli *c, struct err *e)
{
	if (!cli_store_read(c, e))
		return 0;
	if (e->code != E_no_ledger)
		return -1;
	*e = (struct err){ 0 };
	return 0;
}

int
cards_need_peers(struct cli *c, struct err *e)
{
	if (!cli_store(c, e))
		return 0;
	return e->code != E_no_ledger ? -1 : err_set(e, E_node_missing,
	    "no peer '%.128s': none is known here yet, 'bzn-card import' "
	    "takes their cards", c->argv[0]);
}

int
cards_read(struct doc *d, const struct cards *say, const struct text *t,
    struct err *e)
{
	if (doc_read(d, t->p, t->n, e))
		return -1;
	if (!say->uri || d->kind == DOC_URI)
		return 0;
	doc_release(d);
	return err_set(e, E_bad_uri, "not a bzn: URI");
}
