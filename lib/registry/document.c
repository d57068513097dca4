/* Papers of nodes. */
#include <string.h>

#include "registry/impl.h"

/* A CIDv1 in base32, as it is written today. */
static bool
is_cid(const char *s)
{
	size_t n = strlen(s);

	return n > 8 && n < REGISTRY_CID && *s == 'b' &&
	    strspn(s, "abcdefghijklmnopqrstuvwxyz234567") == n;
}

static bool
is_kind(const char *s)
{
	size_t n = strlen(s);

	return n && n < REGISTRY_KIND &&
	    strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_-") == n;
}

static int
check(const struct registry_document *d, struct err *e)
{
	if (strlen(d->sha256) != HASH_HEX - 1 ||
	    strspn(d->sha256, "0123456789abcdef") != HASH_HEX - 1)
		return err_set(e, E_bad_json, "'sha256' is not 64 digits of "
		    "hex in lower case");
	if (!is_cid(d->cid))
		return err_set(e, E_bad_json, "'cid' is not a CIDv1 in "
		    "base32");
	return is_kind(d->kind) ? 0 : err_set(e, E_bad_json, "'kind' is not "
	    "a word of at most %d letters, digits, '_' and '-'",
	    REGISTRY_KIND - 1);
}

/* 1 if it is there, 0, -1. */
static int
existing(struct store *s, const char *node_hash, struct registry_document *d,
    struct err *e)
{
	char cid[REGISTRY_CID];
	struct query q;
	int got;

	query_open(&q, s, SQL_REGISTRY_DOCUMENT_GET);
	query_text(&q, node_hash);
	query_text(&q, d->sha256);
	query_text(&q, d->kind);
	got = query_row(&q, e);
	if (got > 0) {
		query_put_text(&q, 0, cid, sizeof(cid));
		if (strcmp(cid, d->cid) || query_get_int(&q, 1) != d->sealed)
			got = err_set(e, E_id_conflict, "this paper is known "
			    "with another cid, or sealed otherwise");
		d->made_ms = query_get_int(&q, 2);
	}
	query_close(&q);
	return got;
}

static int
check_room(struct store *s, const char *node_hash, const struct params *p,
    struct err *e)
{
	struct query q;
	int64_t n = 0;

	query_open(&q, s, SQL_REGISTRY_DOCUMENT_COUNT);
	query_text(&q, node_hash);
	if (query_run(&q, &n, e) < 0)
		return -1;
	return n < p->value[PARAM_registry_documents] ? 0 : err_set(e,
	    E_registry_full, "the node has %d papers already", (int)n);
}

int
registry_document_in(struct store *s, const char *node_hash,
    struct registry_document *d, const struct params *p, int64_t now_ms,
    bool *existed, struct err *e)
{
	struct registry_node r;
	struct query q;
	int got;

	if (check(d, e))
		return -1;
	got = registry_get(s, node_hash, &r, e);
	if (!got)
		return err_set(e, E_node_missing, "no node '%.80s' is "
		    "registered", node_hash);
	if (got > 0)
		got = existing(s, node_hash, d, e);
	*existed = got > 0;
	if (got)
		return got < 0 ? -1 : 0;
	if (check_room(s, node_hash, p, e))
		return -1;
	d->made_ms = now_ms;
	query_open(&q, s, SQL_REGISTRY_DOCUMENT_ADD);
	query_text(&q, node_hash);
	query_text(&q, d->sha256);
	query_text(&q, d->kind);
	query_text(&q, d->cid);
	query_int(&q, d->sealed);
	query_int(&q, d->made_ms);
	return query_run(&q, NULL, e) < 0 ? -1 : 0;
}

int
registry_documents(struct store *s, const char *node_hash,
    registry_document_told *told, void *arg, struct err *e)
{
	struct registry_document d;
	struct query q;
	int got;

	query_open(&q, s, SQL_REGISTRY_DOCUMENT_LIST);
	query_text(&q, node_hash);
	while ((got = query_row(&q, e)) > 0) {
		d = (struct registry_document){ 0 };
		query_put_text(&q, 0, d.sha256, sizeof(d.sha256));
		query_put_text(&q, 1, d.kind, sizeof(d.kind));
		query_put_text(&q, 2, d.cid, sizeof(d.cid));
		d.sealed = query_get_int(&q, 3) != 0;
		d.made_ms = query_get_int(&q, 4);
		if (told(arg, &d, e)) {
			got = -1;
			break;
		}
	}
	query_close(&q);
	return got;
}
