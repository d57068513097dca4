/*
 * The registry: who enters, under what names, and that it is never fuller
 * than it may be; its count is that of its rows.
 */
#include "tap.h"

#include "home.h"

#include "base/param.h"
#include "key/ident.h"
#include "registry/registry.h"
#include "trust/event.h"

#define NODES 5
#define NOW HOME_MS

static struct sign_key key[NODES];
static char id[NODES][HASH_HEX], node_hash[NODES][REGISTRY_HASH];
static struct store *store;
static struct params params;
static struct err e;

static void
make_keys(void)
{
	struct secret seed;
	int i;

	for (i = 0; i < NODES; i++) {
		secret_init(&seed, SIGN_SEED);
		seed.len = SIGN_SEED;
		memset(seed.data, i + 1, SIGN_SEED);
		sign_key_of(&key[i], &seed);
		secret_release(&seed);
		ident_id(id[i], &key[i].pub);
		trust_node_hash(node_hash[i], id[i]);
	}
}

/* One that says nothing but who it is. */
static struct registry_wish
wish(int i)
{
	return (struct registry_wish){
		.node_hash = node_hash[i], .node_id = id[i],
		.key = &key[i].pub,
	};
}

/* E_ok and whether it was there before, or why not: then nothing changed. */
static enum err_code
enter(const struct registry_wish *w, struct registry_node *out,
    bool *updated)
{
	int rc;

	e = (struct err){ 0 };
	if (store_begin(store, &e))
		home_die("store_begin", &e);
	rc = registry_register_in(store, w, &params, NOW, out, updated, &e);
	if (rc)
		store_rollback(store);
	else if (store_commit(store, &e))
		home_die("store_commit", &e);
	return e.code;
}

static enum err_code
is_refused(struct registry_wish w)
{
	struct registry_node r;
	bool updated;

	return enter(&w, &r, &updated);
}

static int64_t
counted(void)
{
	int64_t n = -1;

	if (registry_total(store, &n, &e) ||
	    n != home_number(store, "SELECT count(*) FROM registry_node"))
		return -1;
	return n;
}

static void
comes_and_changes(void)
{
	struct registry_wish w = wish(0);
	struct registry_node r;
	bool updated;

	w.dns_name = "acme.1bz";
	w.endpoint = "https://acme.example";
	w.ip = "192.0.2.1";
	w.wallet = "0x7e5f4552091a69125d5dfcb7b8c2659029395bdf";
	OK(counted() == 0);
	OK(enter(&w, &r, &updated) == E_ok && !updated && counted() == 1);
	IS(r.wallet, "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf");
	OK(r.made_ms == NOW && r.seen_ms == NOW);
	/* What is not said again stays. */
	w = wish(0);
	w.ip = "2001:db8::1";
	OK(enter(&w, &r, &updated) == E_ok && updated && counted() == 1);
	IS(r.dns_name, "acme.1bz");
	IS(r.ip, "2001:db8::1");
	IS(r.endpoint, "https://acme.example");
	/* The key is known by now, and need not come along. */
	w.key = NULL;
	OK(enter(&w, &r, &updated) == E_ok && updated);
}

static void
is_nobody_else(void)
{
	struct registry_wish w = wish(1);

	w.key = NULL;
	OK(is_refused(w) == E_unknown_peer);
	w = wish(1);
	w.key = &key[2].pub;
	OK(is_refused(w) == E_id_mismatch);
	w = wish(1);
	w.node_hash = node_hash[2];
	OK(is_refused(w) == E_hash_mismatch);
	w = wish(1);
	w.node_id = "abc";
	OK(is_refused(w) == E_bad_id);
	w = wish(1);
	w.dns_name = "acme.1bz";
	OK(is_refused(w) == E_name_taken);
	w.dns_name = "Acme.1bz";
	OK(is_refused(w) == E_bad_name);
	w = wish(1);
	w.ip = "192.0.2.256";
	OK(is_refused(w) == E_bad_json);
	w.ip = NULL;
	w.endpoint = "https://acme.example/path";
	OK(is_refused(w) == E_bad_json);
	w.endpoint = NULL;
	w.wallet = "0x12";
	OK(is_refused(w) == E_bad_address);
	OK(counted() == 1);
}

static void
is_found(void)
{
	struct registry_node r;
	char name[80];

	OK(!registry_find(store, "acme.1bz", &r, &e));
	IS(r.node_id, id[0]);
	OK(!registry_find(store, "ACME.1BZ", &r, &e));
	OK(!registry_find(store, id[0], &r, &e));
	OK(!registry_find(store, node_hash[0], &r, &e));
	snprintf(name, sizeof(name), "%.32s.%.32s.bzn", id[0], id[0] + 32);
	OK(!registry_find(store, name, &r, &e));
	IS(r.node_hash, node_hash[0]);
	OK(registry_find(store, "other.1bz", &r, &e) &&
	    e.code == E_node_missing);
	OK(registry_find(store, "no name", &r, &e) && e.code == E_bad_name);
	OK(registry_find(store, "", &r, &e) && e.code == E_bad_name);
}

/* A name is free once its key has no use, and not before. */
static void
passes_on_a_name(void)
{
	struct registry_wish w = wish(1);
	struct registry_node r;
	bool updated;

	w.dns_name = "two.1bz";
	OK(enter(&w, &r, &updated) == E_ok && counted() == 2);
	/* One may change to another, and the first is to be had again. */
	w.dns_name = "deux.1bz";
	OK(enter(&w, &r, &updated) == E_ok && counted() == 2);
	w = wish(0);
	w.dns_name = "two.1bz";
	OK(enter(&w, &r, &updated) == E_ok);
	w.dns_name = "deux.1bz";
	OK(is_refused(w) == E_name_taken);
}

static void
is_full(void)
{
	params.value[PARAM_registry_nodes] = 3;
	OK(is_refused(wish(2)) == E_ok && counted() == 3);
	OK(is_refused(wish(3)) == E_registry_full && counted() == 3);
	/* Who is in may still say something new. */
	OK(is_refused(wish(2)) == E_ok && counted() == 3);
	params.value[PARAM_registry_nodes] = 4;
	OK(is_refused(wish(3)) == E_ok && counted() == 4);
	params.value[PARAM_registry_nodes] = 0;
	OK(is_refused(wish(4)) == E_registry_full && counted() == 4);
	params.value[PARAM_registry_nodes] = 100;
	OK(is_refused(wish(4)) == E_ok && counted() == NODES);
}

static enum err_code
paper(int node, char digit, const char *kind, const char *cid, bool *existed)
{
	struct registry_document d = { 0 };
	int rc;

	memset(d.sha256, digit, sizeof(d.sha256) - 1);
	snprintf(d.kind, sizeof(d.kind), "%s", kind);
	snprintf(d.cid, sizeof(d.cid), "%s", cid);
	e = (struct err){ 0 };
	if (store_begin(store, &e))
		home_die("store_begin", &e);
	rc = registry_document_in(store, node < 0 ? "0x" : node_hash[node],
	    &d, &params, NOW, existed, &e);
	if (rc)
		store_rollback(store);
	else if (store_commit(store, &e))
		home_die("store_commit", &e);
	return e.code;
}

static int
see(void *n, const struct registry_document *d, struct err *unused)
{
	(void)unused;
	++*(int *)n;
	return d->made_ms == NOW ? 0 : -1;
}

static void
papers(void)
{
	static const char cid[] = "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzd";
	bool existed;
	int n = 0;

	params.value[PARAM_registry_documents] = 2;
	OK(paper(0, 'a', "license", cid, &existed) == E_ok && !existed);
	OK(paper(0, 'a', "license", cid, &existed) == E_ok && existed);
	OK(paper(0, 'a', "license", "bafkreihdwdcefgh", &existed) ==
	    E_id_conflict);
	OK(paper(0, 'a', "permit", cid, &existed) == E_ok && !existed);
	OK(paper(0, 'b', "license", cid, &existed) == E_registry_full);
	OK(paper(0, 'a', "permit", cid, &existed) == E_ok && existed);
	OK(paper(1, 'b', "license", cid, &existed) == E_ok);
	OK(paper(1, 'x', "license", cid, &existed) == E_bad_json);
	OK(paper(1, 'c', "two words", cid, &existed) == E_bad_json);
	OK(paper(1, 'c', "", cid, &existed) == E_bad_json);
	OK(paper(1, 'c', "license", "Qm12", &existed) == E_bad_json);
	OK(paper(-1, 'c', "license", cid, &existed) == E_node_missing);
	OK(!registry_documents(store, node_hash[0], see, &n, &e) && n == 2);
}

static int
note(void *ids, const struct registry_node *r, struct err *unused)
{
	struct buf *b = ids;

	(void)unused;
	buf_addf(b, "%.4s ", r->node_id);
	return 0;
}

/* Pages end where the next begins, and miss nobody. */
static void
pages(void)
{
	struct buf all = BUF_INIT(1024), parts = BUF_INIT(1024);
	int i;

	OK(!registry_list(store, false, 100, 0, note, &all, &e));
	for (i = 0; i < NODES; i++)
		OK(!registry_list(store, false, 1, i, note, &parts, &e));
	OK(all.len == NODES * 5);
	IS(all.data, parts.data);
	buf_reset(&all);
	OK(!registry_list(store, true, 100, 0, note, &all, &e));
	OK(!all.len);		/* nobody was seen on a chain */
	buf_release(&all);
	buf_release(&parts);
}

int
main(void)
{
	param_defaults(&params);
	make_keys();
	store = home_new("registry.home");
	comes_and_changes();
	is_nobody_else();
	is_found();
	passes_on_a_name();
	is_full();
	papers();
	pages();
	store_close(store);
	return DONE();
}
