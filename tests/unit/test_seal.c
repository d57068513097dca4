/* Sealed secrets: they open with their key, for their owner, whole or not. */
#include "tap.h"

#include "crypto/seal.h"
#include "hook/hook.h"

#define TEXT "whsec_0123"
#define SIZE (sizeof(TEXT) - 1)

static void
pepper(struct secret *out, int first)
{
	secret_init(out, 32);
	for (; out->len < 32; out->len++)
		out->data[out->len] = (unsigned char)(first + (int)out->len);
}

/* Does it open, to what was sealed? */
static bool
opens(const struct secret *key, const char *owner, const uint8_t *box,
    size_t n)
{
	struct secret s = { 0 };
	struct err e = { 0 };
	bool same;

	if (seal_open(&s, key, owner, box, n, &e)) {
		OK(e.code == E_bad_seal && !s.data);
		return false;
	}
	same = s.len == SIZE && !memcmp(s.data, TEXT, SIZE + 1);
	secret_release(&s);
	return same;
}

int
main(void)
{
	uint8_t box[SIZE + SEAL_MORE], again[sizeof(box)];
	struct secret root, other, key, same, foreign;
	size_t i;

	pepper(&root, 0);
	pepper(&other, 1);
	hook_key(&key, &root);
	hook_key(&same, &root);
	hook_key(&foreign, &other);
	OK(key.len == SEAL_KEY && !memcmp(key.data, same.data, SEAL_KEY));
	OK(memcmp(key.data, root.data, SEAL_KEY));
	OK(memcmp(key.data, foreign.data, SEAL_KEY));
	secret_release(&same);
	seal_key(&same, &root, "another purpose");
	OK(memcmp(key.data, same.data, SEAL_KEY));

	seal_close(box, &key, "owner", TEXT, SIZE);
	seal_close(again, &key, "owner", TEXT, SIZE);
	OK(memcmp(box, again, sizeof(box)));
	OK(opens(&key, "owner", box, sizeof(box)));
	OK(opens(&key, "owner", again, sizeof(again)));
	OK(!opens(&key, "ownes", box, sizeof(box)));
	OK(!opens(&key, "", box, sizeof(box)));
	OK(!opens(&same, "owner", box, sizeof(box)));
	OK(!opens(&foreign, "owner", box, sizeof(box)));
	for (i = 0; i < sizeof(box); i++) {
		OK(!opens(&key, "owner", box, i));
		box[i] ^= 1;
		OK(!opens(&key, "owner", box, sizeof(box)));
		box[i] ^= 1;
	}
	OK(opens(&key, "owner", box, sizeof(box)));
	secret_release(&root);
	secret_release(&other);
	secret_release(&key);
	secret_release(&same);
	secret_release(&foreign);
	return DONE();
}
