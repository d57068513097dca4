/*
 * client_impl - one ask in flight: what client.c plans and client_slot.c does.
 *
 * A slot is a handle of libcurl with what one ask needs, used for one after
 * the other; nothing of the one before is left in it but memory.
 */
#ifndef CLIENT_IMPL_H
#define CLIENT_IMPL_H

#include <curl/curl.h>

#include "base/buf.h"
#include "net/client.h"

struct client_slot {
	CURL *easy;
	const struct client_how *how;
	size_t ask;
	bool busy;
	int64_t began_us;
	struct buf url, body;
	const struct curl_slist *fields;	/* of all asks */
	struct curl_slist *own;		/* with those of this one, or NULL */
	size_t heads;			/* bytes of fields so far */
	bool opened;			/* a socket: the only one it gets */
	int fd;				/* that; -1 */
	bool forbidden, large, flooded;
	int local;			/* errno, if it is ours */
	char why[CURL_ERROR_SIZE];	/* as libcurl says, or "" */
	char ip[CLIENT_IP];
	struct client_slot *next;	/* another that is free */
};

/* -1: libcurl cannot do what is wanted.  The fields are borrowed. */
int client_slot_open(struct client_slot *, const struct client_how *,
    const struct curl_slist *fields, struct err *) CHECKED;
void client_slot_close(struct client_slot *);

/* For another ask, whose URL is in the slot. */
int client_slot_aim(struct client_slot *, const struct client_ask *,
    struct err *) CHECKED;

/* It lacked what others in flight have: it can be asked when they ended. */
bool client_slot_short(const struct client_slot *, CURLcode);

/* What became of it; -1 if it was this machine that failed. */
int client_slot_answer(struct client_slot *, CURLcode,
    struct client_answer *out, struct err *) CHECKED;

/*
 * Leave of so many those for which there are files; the limit of the process
 * is raised for that if it may be.  E_io_error if there are none for one.
 */
int client_room(unsigned *in_flight, struct err *) CHECKED;

/*
 * Has more come than what such a body can need?  What is between chunks no
 * limit of libcurl counts.
 */
bool client_floods(int fd, size_t body_max);

#endif
