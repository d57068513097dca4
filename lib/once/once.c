#include <string.h>

#include "base/buf.h"
#include "base/jcs.h"
#include "base/json.h"
#include "crypto/hash.h"
#include "once/once.h"
#include "store/store.h"

#define KEY_MAX 128

int
once_hash(struct hash *out, const struct json *request, struct err *e)
{
	struct buf text = BUF_INIT(2 * JSON_MAX);
	int rc = jcs_write(&text, request, e);

	hash_of(out, text.data, text.len);
	buf_release(&text);
	return rc;
}

int
once_check_key(const char *key, struct err *e)
{
	size_t n = 0;

	while (key[n] > ' ' && key[n] < 0x7f)
		n++;
	return n && n <= KEY_MAX && !key[n] ? 0 : err_set(e, E_bad_id,
	    "'%.40s' is not a key of 1 to %d visible characters", key,
	    KEY_MAX);
}

static int
hash_of_it(struct hash *out, const struct once *o, struct err *e)
{
	if (!o->hash)
		return once_hash(out, o->request, e);
	*out = *o->hash;
	return 0;
}

int
once_find_in(struct store *s, const struct once *o, struct buf *out,
    struct err *e)
{
	const void *kept;
	struct query q;
	struct hash h;
	size_t n;
	int got;

	if (once_check_key(o->key, e) || hash_of_it(&h, o, e))
		return -1;
	query_open(&q, s, SQL_ONCE_FIND);
	query_text(&q, o->scope);
	query_text(&q, o->key);
	got = query_row(&q, e);
	if (got > 0) {
		kept = query_get_bytes(&q, 1, &n);
		if (n != HASH_BYTES || memcmp(kept, h.b, n))
			got = err_set(e, E_id_conflict, "'%s' was used for "
			    "another request", o->key);
		else
			buf_adds(out, query_get_text(&q, 0));
		if (got > 0 && o->status)
			*o->status = (int)query_get_int(&q, 2);
	}
	query_close(&q);
	return got;
}

int
once_keep_in(struct store *s, const struct once *o, const char *answer,
    int64_t now_ms, struct err *e)
{
	struct query q;
	struct hash h;

	if (hash_of_it(&h, o, e))
		return -1;
	query_open(&q, s, SQL_ONCE_KEEP);
	query_text(&q, o->scope);
	query_text(&q, o->key);
	query_bytes(&q, h.b, HASH_BYTES);
	query_text(&q, answer);
	query_int(&q, now_ms);
	query_int(&q, o->status && *o->status ? *o->status : 200);
	return query_run(&q, NULL, e) < 0 ? -1 : 0;
}
