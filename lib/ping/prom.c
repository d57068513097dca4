#include "base/buf.h"
#include "base/file.h"
#include "health/prom.h"
#include "ping/status.h"

#define TEXT_MAX ((size_t)256 << 20)

int
ping_prom(struct cli *c, const char *path, struct err *e)
{
	struct buf text = BUF_INIT(TEXT_MAX);
	int rc = cli_store(c, e) || health_prom(&text, c->store, &c->params,
	    false, cli_now(c), e) || file_write(path, text.data, text.len,
	    0644, e) ? -1 : 0;

	buf_release(&text);
	return rc;
}
