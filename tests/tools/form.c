/*
 * form - each line of standard input is JSON: print the four forms of it
 * whose hashes are proof hashes, as an object, or null if it has none.
 */
#include "base/json.h"
#include "base/line.h"
#include "cli/cli.h"
#include "validate/proof.h"

#define FORM_MAX (16 * JSON_MAX)

static int
tell(struct cli *c, const struct json *v, struct err *e)
{
	struct buf out = BUF_INIT(8 * FORM_MAX), form = BUF_INIT(FORM_MAX);
	enum proof_form how;
	struct err why;
	int rc;

	json_open(&out, NULL, '{');
	for (how = 0; how < PROOF__FORMS; how++) {
		buf_reset(&form);
		if (proof_write(&form, v, how, &why))
			json_raw(&out, proof_word(how), "null", 4);
		else
			json_strn(&out, proof_word(how), form.data, form.len);
	}
	json_close(&out, '}');
	rc = cli_emit_buf(c, &out, e);
	buf_release(&form);
	buf_release(&out);
	return rc;
}

static int
run(struct cli *c, struct err *e)
{
	struct json v = { 0 };
	struct line in;
	int got, rc = 0;

	line_init(&in, 0, "stdin");
	while (!rc && (got = line_next(&in, e)) != 0) {
		rc = got < 0 ? -1 : json_parse(&v, in.text.data, in.text.len,
		    e) || tell(c, &v, e);
		json_release(&v);
		v = (struct json){ 0 };
	}
	line_release(&in);
	return rc ? -1 : 0;
}

int
main(int argc, char *argv[])
{
	static const struct verb verbs[] = {
		{ NULL, "", NULL, 0, 0, CLI_READ, NULL, NULL, run },
		{ 0 }
	};
	static const struct prog prog = {
		.name = "form", .brief = "print the forms of outputs",
		.statuses = "0 3 7", .verbs = verbs,
	};

	return cli_main(&prog, argc, argv);
}
