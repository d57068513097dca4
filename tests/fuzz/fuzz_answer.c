/*
 * Answers of nodes: whatever one says, what is found is a record that can be
 * read and says the same; and none is taken as signed whose signature it is
 * not, which nobody but the key can make.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "key/ident.h"
#include "probe/judge.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* The padding between members is nobody's. */
static void
read_back(const struct sample *s)
{
	struct buf text = BUF_INIT(16384), again = BUF_INIT(16384);
	struct sample other;
	struct json root;
	struct err e;

	sample_write(&text, s);
	assert(!text.full && !json_parse(&root, text.data, text.len, &e) &&
	    !sample_read(&other, &root, &e));
	sample_write(&again, &other);
	assert(!strcmp(text.data, again.data));
	json_release(&root);
	buf_release(&text);
	buf_release(&again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const struct sign_public key = { { 1 } };
	struct probe_how how;
	struct client_answer a = { .status = 200, .ip = "::1" };
	struct probe_target t = { .endpoint = "http://[::1]", .key = &key };
	struct ident id;
	struct sample s;

	if (n > PROBE_BODY)
		return 0;
	ident_of(&id, &key);
	t.node_id = id.node_id;
	probe_how_defaults(&how);
	how.sweep_id = "s";
	a.body = (const char *)data;
	a.n = n;
	probe_judge(&s, &how, &t, "0123456789abcdef0123456789abcdef", &a);
	assert(!s.is_signed && (s.ok || s.class == CLASS_BODY ||
	    s.class == CLASS_BADSIG));
	read_back(&s);
	how.require_signed = true;
	probe_judge(&s, &how, &t, "0123456789abcdef0123456789abcdef", &a);
	assert(!s.ok);
	return 0;
}
