/* ask - fetch a passphrase as a program does, and print what it got. */
#include "base/buf.h"
#include "base/enc.h"
#include "base/json.h"
#include "cli/cli.h"
#include "cli/pass.h"

static struct pass old, fresh;
static bool make, change;
static int64_t wait_ms;

static int
fetch(struct cli *c, const struct pass *p, enum pass_for what, struct err *e)
{
	static char hex[ENC_HEX(PASS_MAX)];
	struct buf line = BUF_INIT(2 * sizeof(hex));
	struct secret got = { 0 };
	int rc;

	if (cli_passphrase(c, p, what, &got, e))
		return got.data ? err_set(e, E_io_error, "not empty") : -1;
	enc_hex(hex, got.data, got.len);
	if (got.data[got.len])
		return err_set(e, E_io_error, "no NUL behind it");
	secret_release(&got);
	json_open(&line, NULL, '{');
	json_str(&line, "hex", hex);
	json_close(&line, '}');
	rc = cli_emit_buf(c, &line, e);
	buf_release(&line);
	return rc;
}

static int
run(struct cli *c, struct err *e)
{
	old.wait_ms = fresh.wait_ms = wait_ms;
	if (fetch(c, &old, make ? PASS_NEW : PASS_OPEN, e))
		return -1;
	return change ? fetch(c, &fresh, PASS_CHANGE, e) : 0;
}

int
main(int argc, char *argv[])
{
	static const struct opt opts[] = {
		OPT_PASS(&old),
		OPT_NEW_PASS(&fresh),
		OPT_STR(0, "of", "KEY", &old.of, "for the prompt"),
		OPT_FLAG(0, "make", &make, "it is for a new key"),
		OPT_FLAG(0, "change", &change, "fetch a new one, too"),
		OPT_NUM(0, "wait", "MS", &wait_ms, "so long at most"),
		OPT_END
	};
	static const struct verb verbs[] = {
		{ NULL, "", NULL, 0, 0, CLI_READ, opts, NULL, run },
		{ 0 }
	};
	static const struct prog prog = {
		.name = "ask", .brief = "fetch a passphrase",
		.examples = "", .statuses = "0 2 3 4 5", .verbs = verbs,
	};

	return cli_main(&prog, argc, argv);
}
