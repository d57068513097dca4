/* API keys: the vectors of spec/vmp.md 12.3, and the form of new ones. */
#include <stdio.h>

#include "tap.h"

#include "base/enc.h"
#include "key/apikey.h"

static void
vectors(void)
{
	static const char alice[] =
	    "bn_alice_0123456789abcdef0123456789abcdef";
	static const char node_1[] =
	    "bn_my_node_1_0123456789abcdef0123456789abcdef";
	struct secret pepper;
	char hash[HASH_HEX];

	secret_init(&pepper, APIKEY_PEPPER);
	while (pepper.len < APIKEY_PEPPER) {
		pepper.data[pepper.len] = (unsigned char)pepper.len;
		pepper.len++;
	}
	apikey_hash(hash, &pepper, alice, strlen(alice));
	IS(hash, "e312d3678751d8974c4ff1899f57431e"
	    "6c2d992b19d92a28e1732762e82a22aa");
	apikey_hash(hash, &pepper, node_1, strlen(node_1));
	IS(hash, "7d470091a38b9643c4269cab3fb5b1d0"
	    "48b1f8e5a79f1301453a9110eb28de78");
	secret_release(&pepper);
}

/* A new key has so many digits behind the last underscore, never the same. */
static void
form(const char *node, size_t digits)
{
	struct secret one, two;
	char begin[128];
	const char *text;
	size_t n = (size_t)snprintf(begin, sizeof(begin), "bn_%s_", node);

	apikey_new(&one, node);
	apikey_new(&two, node);
	text = (const char *)one.data;
	OK(one.len == n + digits && text[one.len] == '\0');
	OK(!strncmp(text, begin, n));
	OK(strspn(text + n, "0123456789abcdef") == digits);
	OK(strcmp(text, (const char *)two.data));
	secret_release(&one);
	secret_release(&two);
}

int
main(void)
{
	vectors();
	form("alice", 32);
	form("a_b-c", 32);
	form("sandbox-0123456789abcdef", 48);
	return DONE();
}
