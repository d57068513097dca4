#include <string.h>

#include "base/enc.h"
#include "base/file.h"
#include "key/fresh.h"
#include "key/key.h"

/* 64 digits and a line feed, so that it can be copied by hand. */
static int
make(const char *home, const char *path, struct err *e)
{
	struct secret random, text;
	char dir[PATH_MAX];
	int rc;

	if (key_path(dir, home, "", e) || file_mkdir(dir, 0700, e))
		return -1;
	secret_random(&random, FRESH_BYTES);
	secret_init(&text, ENC_HEX(FRESH_BYTES));
	enc_hex((char *)text.data, random.data, FRESH_BYTES);
	text.len = ENC_HEX(FRESH_BYTES);
	text.data[text.len - 1] = '\n';
	rc = key_write_secret(path, &text, false, e);
	secret_release(&text);
	secret_release(&random);
	return rc;
}

int
fresh_secret(const char *home, const char *name, struct secret *out,
    struct err *e)
{
	char path[PATH_MAX];
	bool tried = false;

	if (key_path(path, home, name, e))
		return -1;
	while (key_read_secret(path, out, FRESH_MAX, e)) {
		if (e->code != E_no_file || tried)
			return -1;
		tried = true;
		*e = (struct err){ 0 };
		if (make(home, path, e) && e->code != E_id_conflict)
			return -1;
		*e = (struct err){ 0 };		/* another was first */
	}
	if (out->len && out->data[out->len - 1] == '\n')
		out->len--;
	out->data[out->len] = '\0';
	if (strlen((char *)out->data) == out->len)
		return 0;
	secret_release(out);
	return err_set(e, E_bad_key, "'%s' is not a line of text", path);
}
