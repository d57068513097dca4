/*
 * kdf - stands between a program and what makes keys from passphrases, to make
 * it cheap: a file says 600,000 rounds, and one was done.
 *
 *	LD_PRELOAD=.../kdf.so
 *
 * For tests that run a program hundreds of times, and ask what is on the disk
 * afterwards.  What was locked with it only opens with it.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stddef.h>
#include <stdint.h>

struct evp_md_st;
typedef int pbkdf2_fn(const char *, int, const unsigned char *, int, int,
    const struct evp_md_st *, int, unsigned char *);
typedef int scrypt_fn(const uint8_t *, size_t, const uint8_t *, size_t,
    uint64_t, uint32_t, uint32_t, uint8_t *, size_t);

pbkdf2_fn PKCS5_PBKDF2_HMAC;
scrypt_fn crypto_pwhash_scryptsalsa208sha256_ll;

int
PKCS5_PBKDF2_HMAC(const char *pass, int n, const unsigned char *salt,
    int nsalt, int rounds, const struct evp_md_st *md, int nkey,
    unsigned char *key)
{
	pbkdf2_fn *next;

	(void)rounds;
	*(void **)&next = dlsym(RTLD_NEXT, "PKCS5_PBKDF2_HMAC");
	return next(pass, n, salt, nsalt, 1, md, nkey, key);
}

int
crypto_pwhash_scryptsalsa208sha256_ll(const uint8_t *pass, size_t n,
    const uint8_t *salt, size_t nsalt, uint64_t cost, uint32_t r, uint32_t p,
    uint8_t *key, size_t nkey)
{
	scrypt_fn *next;

	(void)cost;
	*(void **)&next = dlsym(RTLD_NEXT,
	    "crypto_pwhash_scryptsalsa208sha256_ll");
	return next(pass, n, salt, nsalt, 2, r, p, key, nkey);
}
