/*
 * route - which route a request is for.
 *
 * The table is made once, from the families, and is only read afterwards, by
 * any thread.  Segments are compared whole: a literal before a {name}, a
 * {name} before a "*", and the way to a longer match is taken back where it
 * leads nowhere.  A segment that was sent with %2F is none of what a "*" takes.
 */
#ifndef ROUTE_H
#define ROUTE_H

#include <stddef.h>

#include "api/api.h"
#include "net/head.h"

struct shape;

/* A route and what was made of it. */
struct row {
	const struct route *route;
	enum net_method method;
	size_t number;			/* in the table */
	struct shape *query, *body;	/* owned; NULL: nothing is read */
};

struct routes {
	struct row *row;		/* owned */
	size_t n;
	struct step *root;		/* owned */
};

struct found {
	const struct row *row;		/* NULL: there is none */
	const char *param[ROUTE_PARAMS];
	unsigned methods;		/* 1 << enum net_method, of the path */
};

/*
 * Make the table; families is ended by NULL.  E_internal for two rows of one
 * method and path, and what is wrong with a schema.
 */
int routes_make(struct routes *out, const struct route *const *families,
    struct err *) CHECKED;
void routes_release(struct routes *);

/* The families of this server, up to a NULL. */
const struct route *const *routes_all(void);

/*
 * Look a path up; room is for a parameter that takes several segments, and
 * keeps it.  HEAD finds GET.
 */
void routes_find(const struct routes *, enum net_method,
    const char *const *segment, size_t segments, struct buf *room,
    struct found *out);

/* "GET, HEAD, OPTIONS" */
void routes_methods(struct buf *, unsigned methods);

#endif
