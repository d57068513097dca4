#include "base/buf.h"
#include "base/file.h"
#include "card/card.h"
#include "evidence/whom.h"

int
whom_policy(struct policy *out, const char *vkey, const char *file,
    struct err *e)
{
	struct buf text = BUF_INIT(POLICY_MAX);
	int rc;

	if (vkey && file)
		return err_set(e, E_usage, "--vkey or --policy, not both");
	policy_init(out);
	if (vkey) {
		out->keys = 1;
		return note_key_read(&out->key[0], vkey, e) ? -1 : 1;
	}
	if (!file)
		return 0;
	rc = file_read(&text, file, e) ||
	    policy_read(out, text.data, text.len, file, e) ? -1 : 1;
	buf_release(&text);
	return rc;
}

int
whom_card(struct sign_public *out, const char *file, int64_t now_ms,
    struct err *e)
{
	struct buf text = BUF_INIT(CARD_MAX);
	struct card card = { 0 };
	int rc = 0;

	if (!file)
		return 0;
	if (file_read(&text, file, e)) {
		rc = -1;
	} else if (card_read(&card, text.data, text.len, e) ||
	    card_check(&card, now_ms, e)) {
		rc = err_wrap(e, "%s", file);
	} else {
		*out = card.key;
		rc = 1;
	}
	card_release(&card);
	buf_release(&text);
	return rc;
}
