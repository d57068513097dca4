/* seed.h - keys of spec/node.md 22.1 and spec/protocols.md 6, by their seed. */
#ifndef SEED_H
#define SEED_H

#include "base/enc.h"
#include "crypto/sign.h"

#define SEED_A "9d61b19deffd5a60ba844af492ec2cc4" \
	"4449c5697b326919703bac031cae7f60"
#define SEED_B "4ccd089b28ff96da9db6c346ec114e0f" \
	"5b8a319f35aba624da8cf6ed4fb8a6fb"
#define SEED_K "9f8362f87a484a954e6e740c5b4c0e84" \
	"229139a20aa8ab56ff66586f6a7d29c5"
#define A_ID "7f2d9ed0b71b8e5a6c5cf30e647d6e20" \
	"b5bca6dac8071f11abe3fef8014db610"
#define B_ID "bf019c455f05e75ce74ca02a55a4b88b" \
	"ab561f85a76555d8281a79f7c2985233"
#define K_ID "22ce02aa18eb1ee5f39482d0f57a6ba5" \
	"6f4d549f81db547f3bea2863207c8a01"

static void
seed_key(struct sign_key *out, const char *hex)
{
	struct secret seed;

	secret_init(&seed, SIGN_SEED);
	seed.len = SIGN_SEED;
	if (enc_unhex(seed.data, hex, SIGN_SEED))
		sign_key_of(out, &seed);
	secret_release(&seed);
}

#endif
