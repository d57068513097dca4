/*
 * Third-party vectors for what is standard: tree heads of RFC 6962, verifier
 * keys of signed notes.
 */
#include "tap.h"

#include "base/enc.h"
#include "base/json.h"
#include "tlog/note.h"
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

static const char *
member(const struct json *object, const char *key)
{
	const char *value = "";
	struct err e = { 0 };

	(void)!json_opt_str(object, key, &value, &e);
	return value;
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

static void
vkeys(void)
{
	struct buf out = BUF_INIT(1024);
	struct json root, list, one = { 0 };
	struct sign_public key;
	struct err e = { 0 };
	int64_t type;
	int n = 0;

	if (vectors(&root, &list, "signed-note/vkeys.json", "vkeys")) {
		SKIP(3, "verifier keys");
		return;
	}
	while (json_next(&one, &list)) {
		type = 0;
		if (strcmp(member(&one, "expect"), "ok") ||
		    json_opt_int(&one, "type", &type, &e) || type != 1)
			continue;
		OK(enc_unhex(key.b, member(&one, "public_key"),
		    SIGN_PUBLIC));
		buf_reset(&out);
		note_vkey(&out, member(&one, "name"), &key);
		IS(out.data, member(&one, "vkey"));
		n++;
	}
	OK(n > 2);
	json_release(&root);
	buf_release(&out);
}

int
main(void)
{
	tree_heads();
	vkeys();
	buf_release(&text);
	return DONE();
}
