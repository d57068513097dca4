/*
 * peer - addresses: of whom, and for whom they speak.
 */
#ifndef PEER_H
#define PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#define PEER_TEXT 46		/* room for an address */
#define PEER_CIDRS 64

struct net_head;

/* IPv4 has the form ::ffff:a.b.c.d inside, and its own in text. */
struct peer {
	uint8_t addr[16];
	bool unix_socket, trusted, local;
	char text[PEER_TEXT];
};

struct cidrs {
	size_t n;
	struct { uint8_t addr[16]; unsigned bits; } net[PEER_CIDRS];
};

bool peer_is_v4(const uint8_t addr[16]);

/* "10.0.0.0/8, ::1"; NULL or "" is none.  False: not such a list. */
bool peer_cidrs(struct cidrs *, const char *text);

void peer_fill(struct peer *, const struct cidrs *,
    const struct sockaddr_storage *);

/* Did it come by way of a proxy, as far as its fields tell? */
bool peer_relayed(const struct net_head *);

/*
 * For whom a trusted peer speaks: the last address of Forwarded, or else of
 * X-Forwarded-For, that is not trusted itself.  Sets ip, in out, and local; no
 * change if there is no such field.  -1: one that had to be read is no
 * address.
 */
int peer_client(struct net_head *, const struct cidrs *, char out[PEER_TEXT]);

#endif
