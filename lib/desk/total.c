#include "base/buf.h"
#include "base/json.h"
#include "desk/total.h"

int
desk_total(struct cli *c, int64_t total, int64_t limit, int64_t offset,
    struct err *e)
{
	struct buf out = BUF_INIT(1024);
	int rc;

	json_open(&out, NULL, '{');
	json_int(&out, "total", total);
	if (limit)
		json_int(&out, "limit", limit);
	json_int(&out, "offset", offset);
	json_close(&out, '}');
	cli_columns(c, ">total >limit >offset");
	rc = cli_emit_buf(c, &out, e);
	buf_release(&out);
	return rc;
}
