/*
 * fit - what the members of a card may say (spec/node.md 2, 3.2, 9.1).
 *
 * Each is true or false; what is false is refused in cards that are read and
 * in those that are made.  An endpoint has one spelling only, so that two are
 * the same if their bytes are.
 */
#ifndef FIT_H
#define FIT_H

#include <stdbool.h>
#include <stddef.h>

#define FIT_NAME 128		/* bytes */
#define FIT_ENDPOINT 255
#define FIT_REASON 200

/* UTF-8 of 1 to most bytes, none of it control characters. */
bool fit_text(const char *, size_t most);

/*
 * The name of a card: such a text that does not look like another one.  It
 * has no blanks at an end or two in a row, no other blanks that look like
 * the usual one, and nothing that is not seen or turns the others around.
 */
bool fit_name(const char *);

#define FIT_TEXT_IS_NOT "is not text of 1 to 128 bytes without control " \
	"characters"
#define FIT_NAME_IS_NOT FIT_TEXT_IS_NOT ", invisible ones, blanks at an " \
	"end or two in a row"

/*
 * http:// or https://, a host, a port if it is not the usual one, and nothing
 * else; in lower case.
 */
bool fit_endpoint(const char *);

/* Of this machine only, so that every node may have it? */
bool fit_is_loopback(const char *endpoint);

bool fit_class(const char *);		/* mobile, edge, cloud */
bool fit_dns(const char *);		/* an alias and ".1bz" */
bool fit_wallet(const char *);		/* EIP-55, its checksum right */
bool fit_channel_key(const char *);	/* 32 bytes in base64url */

#endif
