#include <string.h>

#include "base/buf.h"
#include "base/enc.h"
#include "crypto/hash.h"
#include "tlog/note.h"

void
note_vkey(struct buf *out, const char *name, const struct sign_public *key)
{
	uint8_t typed[1 + SIGN_PUBLIC] = { 1 };	/* 01: Ed25519 */
	struct buf id = BUF_INIT(1024);
	struct hash h;
	char hex[ENC_HEX(4)];

	memcpy(typed + 1, key->b, SIGN_PUBLIC);
	buf_addf(&id, "%s\n", name);
	buf_add(&id, typed, sizeof(typed));
	hash_of(&h, id.data, id.len);
	enc_hex(hex, h.b, 4);
	buf_addf(out, "%s+%s+", name, hex);
	enc_base64(out, typed, sizeof(typed));
	buf_release(&id);
}

int
note_check_name(const char *name, struct err *e)
{
	size_t n = 0;

	while (name[n] > ' ' && name[n] < 0x7f && !strchr("+\"\\", name[n]))
		n++;
	return n && n <= 200 && !name[n] ? 0 : err_set(e, E_bad_origin,
	    "'%.80s' is not an origin such as ledger.example.com/main", name);
}
