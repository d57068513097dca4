/* Exports, read back: the leaves that they are of, or what is wrong. */
#include <stdlib.h>
#include <unistd.h>

#include "tap.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/json.h"
#include "base/line.h"
#include "ledger/explain.h"
#include "ledger/exported.h"
#include "tlog/tlog.h"

#define LOG 11			/* entries of the golden log */

static struct buf leaves = BUF_INIT(1 << 20);

/* The text of all records, but for one. */
static void
put_records(struct buf *out, int without)
{
	struct stored s = { 0 };
	struct line in;
	struct err e;

	line_init_text(&in, leaves.data, leaves.len, "leaves");
	for (; line_next(&in, &e) > 0; s.seq++) {
		s.leaf = in.text.data;
		s.leaf_n = in.text.len;
		if (s.seq == without)
			continue;
		explain_leaf(out, &s);
		json_str(out, "memo", "after it");
		json_close(out, '}');
		buf_addc(out, '\n');
	}
	line_release(&in);
}

/* How many entries can be read, and the root over them. */
static int
count(const struct buf *text, struct hash *root, struct err *e)
{
	struct tlog_edge edge = { 0 };
	struct exported_entry out;
	struct exported *x;
	struct hash h;
	int got, n = 0;

	*e = (struct err){ 0 };
	if (file_write("export", text->data, text->len, 0600, e) ||
	    exported_open(&x, "export", e))
		return -1;
	while ((got = exported_next(x, &out, e)) > 0) {
		n += out.entry->seq == n;
		tlog_leaf(&h, out.leaf, out.leaf_n);
		tlog_push(&edge, &h);
	}
	exported_close(x);
	tlog_root(&edge, root);
	return got ? -1 - n : n;
}

static void
test_forms(void)
{
	struct buf records = BUF_INIT(1 << 20);
	struct hash a, b;
	struct err e;

	OK(count(&leaves, &a, &e) == LOG);
	put_records(&records, -1);
	OK(count(&records, &b, &e) == LOG);
	OK(!memcmp(&a, &b, sizeof(a)));
	buf_reset(&records);
	put_records(&records, 4);
	OK(count(&records, &b, &e) == -1 - 4);
	OK(e.code == E_seq_gap);
	IS(e.msg, "export:5: it is entry 5, where 4 has to be");
	buf_release(&records);
}

static void
test_refused(void)
{
	struct buf text = BUF_INIT(1 << 20);
	struct exported *x;
	struct hash root;
	struct err e;
	char *at;

	put_records(&text, -1);
	at = strstr(text.data, "\"leaf_hash\":\"") + 13;
	*at ^= *at == 'a' ? 3 : 1;
	OK(count(&text, &root, &e) == -1 && e.code == E_leaf_mismatch);
	*at = 'x';
	OK(count(&text, &root, &e) == -1 && e.code == E_bad_json);
	buf_reset(&text);
	buf_adds(&text, "{\"seq\":0,\"entry\":[]}\n");
	OK(count(&text, &root, &e) == -1 && e.code == E_bad_json);
	buf_reset(&text);
	buf_adds(&text, "{}\n");
	OK(count(&text, &root, &e) == -1 && e.code == E_bad_json);
	buf_reset(&text);
	OK(count(&text, &root, &e) == 0);
	OK(exported_open(&x, "none", &e) && e.code == E_no_file && !x);
	exported_close(x);
	buf_release(&text);
}

int
main(void)
{
	const char *src = getenv("BZN_SRC");
	char path[4096];
	struct err e;

	snprintf(path, sizeof(path), "%s/tests/golden/demo.leaves",
	    src ? src : ".");
	OK(!file_read(&leaves, path, &e));
	test_forms();
	test_refused();
	buf_release(&leaves);
	return DONE();
}
