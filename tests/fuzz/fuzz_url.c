/*
 * URLs that are called.  What is read as a name is nothing that the C library
 * would take for an address; what is read as an address is that address.
 */
#include <arpa/inet.h>
#include <assert.h>
#include <netdb.h>
#include <stdint.h>
#include <string.h>

#include "base/url.h"

#define LONGEST 1024

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
check_name(const char *host)
{
	const struct addrinfo only = { .ai_flags = AI_NUMERICHOST };
	struct addrinfo *found = NULL;
	struct in_addr four;

	assert(getaddrinfo(host, NULL, &only, &found));
	assert(!inet_aton(host, &four));
	assert(!strpbrk(host, ":@/\\%?#[] "));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char text[LONGEST + 1];
	uint8_t bytes[16];
	struct url u;

	if (n > LONGEST)
		return 0;
	memcpy(text, data, n);
	text[n] = '\0';
	if (url_read(&u, text) != URL_GOOD)
		return 0;
	assert(u.port >= 1 && u.port <= 65535 && *u.host);
	assert(!memchr(text, '@', strcspn(text + 8, "/?") + 8));
	if (!u.literal) {
		check_name(u.host);
		return 0;
	}
	assert(inet_pton(u.addr.six ? AF_INET6 : AF_INET, u.host, bytes) == 1);
	assert(!memcmp(bytes, u.addr.b, u.addr.six ? 16 : 4));
	(void)addr_global(&u.addr);
	return 0;
}
