/*
 * page - what is JSON for programs, as a page for people.
 *
 * A page is a template (page/page.h) and an object: what the route of the
 * same thing says, so that both say the same, and some members more.
 */
#ifndef API_PAGE_H
#define API_PAGE_H

#include "api/api.h"

struct shown {
	const char *file;		/* the template */
	const char *title, *description, *type;	/* of Open Graph */
	const char *path, *image;	/* below base_url */
	bool timeless;			/* it says nothing of now */
};

/*
 * Append what another route says to this caller, whose path has the same
 * values: one JSON value, into a buffer of one's own.  As its act().
 */
int page_ask(struct call *, const char *pattern, struct buf *, struct err *)
    CHECKED;

/*
 * Make the page of an object, whose members are in data without its closing
 * bracket, and which has none called page, base or now: the reply.
 */
int page_show(struct call *, const struct shown *, struct buf *data,
    struct err *) CHECKED;

/* 404, as a page. */
int page_missing(struct call *, struct err *) CHECKED;

/* The first page, for whoever shares its path with a page for programs. */
route_act pages_home;

/* The page of all routes: docs.c. */
route_act docs_show;

/* What this grid is called: grid_name, else the host of base_url. */
void page_site(const struct call *, struct buf *);

/* A member that is a path below base_url, as an URL. */
void page_url(const struct call *, struct buf *, const char *key,
    const char *path);

#endif
