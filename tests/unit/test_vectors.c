/*
 * Third-party vectors for what is standard: tree heads of RFC 6962.
 */
#include "tap.h"

#include "base/enc.h"
#include "base/json.h"
#include "tlog/tlog.h"
#include "vectors.h"

static struct buf text = BUF_INIT(JSON_MAX);

/* Open a file of vectors, and the array in it; 0, or -1 without it. */
static int
vectors(struct json *root, struct json *list, const char *name,
    const char *key)
{
	struct err e = { 0 };

	if (vector_read(&text, name))
		return -1;
	OK(json_parse(root, text.data, text.len, &e) == 0);
	OK(json_get(list, root, key, JSON_ARRAY, &e) == 0);
	return 0;
}

static void
tree_heads(void)
{
	struct json root, leaves, roots, one = { 0 };
	struct tlog_edge edge = { 0 };
	unsigned char data[64];
	struct err e = { 0 };
	char hex[HASH_HEX];
	struct hash h;
	size_t i, n;

	if (vectors(&root, &leaves, "merkle-rfc6962/tree_heads.json",
	    "leaf_data_hex")) {
		SKIP(9, "tree heads of RFC 6962");
		return;
	}
	OK(json_get(&roots, &root, "root_by_size_hex", JSON_ARRAY, &e) == 0);
	OK(json_count(&roots) == json_count(&leaves) + 1);
	for (i = 0; i < json_count(&roots); i++) {
		tlog_root(&edge, &h);
		hash_hex(hex, &h);
		OK(json_at(&one, &roots, i) == 0);
		IS(hex, json_string(&one));
		if (json_at(&one, &leaves, i))
			break;
		n = strlen(json_string(&one)) / 2;
		OK(enc_unhex(data, json_string(&one), n));
		tlog_leaf(&h, data, n);
		tlog_push(&edge, &h);
	}
	OK(edge.size == 8);
	json_release(&root);
}

int
main(void)
{
	tree_heads();
	buf_release(&text);
	return DONE();
}
