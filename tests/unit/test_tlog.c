/* The tree against the reference roots of spec/ledger.md 5.1. */
#include "tap.h"

#include "base/buf.h"
#include "base/enc.h"
#include "crypto/pem.h"
#include "tlog/note.h"
#include "tlog/tlog.h"

static const char *
root_of(const struct tlog_edge *edge)
{
	static char hex[HASH_HEX];
	struct hash h;

	tlog_root(edge, &h);
	hash_hex(hex, &h);
	return hex;
}

static void
reference(void)
{
	static const struct { const char *leaf, *root; } rows[] = {
		{ "", "6e340b9cffb37a989ca544e6bb780a2c"
		    "78901d3fb33738768511a30617afa01d" },
		{ "00", "fac54203e7cc696cf0dfcb42c92a1d9d"
		    "baf70ad9e621f4bd8d98662f00e3c125" },
		{ "10", "aeb6bcfe274b70a14fb067a5e5578264"
		    "db0fa9b51af5e0ba159158f329e06e77" },
		{ "2021", "d37ee418976dd95753c1c73862b9398f"
		    "a2a2cf9b4ff0fdfe8b30cd95209614b7" },
		{ "3031", "4e3bbb1f7b478dcfe71fb631631519a3"
		    "bca12c9aefca1612bfce4c13a86264d4" },
		{ "40414243", "76e67dadbcdf1e10e1b74ddc608abd2f"
		    "98dfb16fbce75277b5232a127f2087ef" },
		{ "5051525354555657", "ddb89be403809e325750d3d263cd7892"
		    "9c2942b7942a34b77e122c9594a74c8c" },
		{ "606162636465666768696a6b6c6d6e6f",
		    "5dc9da79a70659a9ad559cb701ded9a2"
		    "ab9d823aad2f4960cfe370eff4604328" },
	};
	struct tlog_edge edge = { 0 };
	unsigned char leaf[16];
	struct hash h, all[8];
	size_t i, n;

	IS(root_of(&edge), "e3b0c44298fc1c149afbf4c8996fb924"
	    "27ae41e4649b934ca495991b7852b855");
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		n = strlen(rows[i].leaf) / 2;
		OK(enc_unhex(leaf, rows[i].leaf, n));
		tlog_leaf(&h, leaf, n);
		all[i] = h;
		tlog_push(&edge, &h);
		IS(root_of(&edge), rows[i].root);
	}
	tlog_fold(&h, all, 8);
	OK(!memcmp(&h, &edge.h[0], sizeof(h)));
}

static void
large(void)
{
	static const struct { uint64_t size; const char *root; } rows[] = {
		{ 1, "db3426e878068d28d269b6c87172322c"
		    "e5372b65756d0789001d34835f601c03" },
		{ 255, "32f85bcaa87d7bcd05728f09e9aeba35"
		    "0ba6a2f733830087f0597682848be5cb" },
		{ 256, "828515d033c19d8c901f37eccb8aed91"
		    "9667703486f8d2fff1cf7040321c5db1" },
		{ 257, "1eda049a4351d86f76252bd7ec0b7746"
		    "ad75b7fa0316ad5f541dbda458a312c4" },
		{ 1000, "638afa98022925bacfddadb15ef22fd0"
		    "199c1ac99c2973b6158243d13fce05c2" },
		{ 65537, "dc8795a25fd4bd52a0b84f639fd3139b"
		    "a160824023d188e428eb5db0f3ce221a" },
		{ 70000, "1a4cdfcb66374a0c0dcbef49acbd4976"
		    "d13ee864fb3cb241fc943cad04f02f7e" },
		{ 100003, "4a607c0c939be1ef014338ac2783df1a"
		    "941a064505016ae51e852b95e419ed5d" },
		{ 1048576, "a4401e8082b4a5eba51dbdd907c3a7dd"
		    "53e6a7897338b643afe50b7afefe574c" },
	};
	struct tlog_edge edge = { 0 };
	struct hash h;
	char text[24];
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		while (edge.size < rows[i].size) {
			snprintf(text, sizeof(text), "%lu",
			    (unsigned long)edge.size);
			tlog_leaf(&h, text, strlen(text));
			tlog_push(&edge, &h);
		}
		IS(root_of(&edge), rows[i].root);
	}
}

/* The log key of the demo log: seed 00 01 02 ... 1f. */
static void
vkey(void)
{
	struct buf out = BUF_INIT(256);
	struct secret seed, pem;
	struct sign_key key;
	struct err e;
	size_t i;

	secret_init(&seed, SIGN_SEED);
	for (i = 0; i < SIGN_SEED; i++)
		seed.data[seed.len++] = (unsigned char)i;
	sign_key_of(&key, &seed);
	note_vkey(&out, "ledger.example/demo", &key.pub);
	IS(out.data, "ledger.example/demo+7b8488d1+"
	    "AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4");
	OK(!pem_write(&pem, &key, NULL, &e));
	OK(!strncmp((char *)pem.data, "-----BEGIN PRIVATE KEY-----\n"
	    "MC4CAQAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhsc"
	    "HR4f\n", 93));
	secret_release(&pem);
	secret_release(&seed);
	sign_key_release(&key);
	buf_release(&out);
}

int
main(void)
{
	reference();
	large();
	vkey();
	return DONE();
}
