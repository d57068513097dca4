/* What stands at the edges: times and amounts as members, whole files. */
#include "base/amount.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"

void
json_time(struct buf *b, const char *key, int64_t ms)
{
	char text[CLOCK_TEXT];

	clock_text(ms, text);
	json_str(b, key, text);
}

void
json_time_if(struct buf *b, const char *key, int64_t ms)
{
	if (ms)
		json_time(b, key, ms);
}

void
json_time_or_null(struct buf *b, const char *key, int64_t ms)
{
	if (ms)
		json_time(b, key, ms);
	else
		json_null(b, key);
}

void
json_amount(struct buf *b, const char *key, struct amount a)
{
	char text[AMOUNT_TEXT];

	amount_text(a, text);
	json_str(b, key, text);
}

int
json_read_file(struct buf *out, const char *path, enum json_kind kind,
    struct err *e)
{
	struct json root = { 0 };
	int rc = -1;

	if (file_read(out, path, e))
		return -1;
	if (!json_parse(&root, out->data, out->len, e) &&
	    !json_want(&root, kind, e)) {
		buf_reset(out);
		json_copy(out, NULL, &root);
		rc = 0;
	} else {
		(void)err_wrap(e, "%s", path);
	}
	json_release(&root);
	return rc;
}
