/*
 * text - an alert as mail (RFC 5322).
 *
 * Names are foreign text.  Control characters in them, ends of lines, and what
 * turns the writing around become blanks, and in a title they are cut; what is
 * not plain ASCII is encoded (RFC 2047), and the body is quoted-printable:
 * whatever a name is, no header can be made of it.
 * Lines end in LF.  A mail is named by what it delivers, and all mails about
 * one thing refer to one name that is made of it.
 */
#ifndef TEXT_H
#define TEXT_H

#include "alert/deliver.h"

struct alert_letter {
	const struct alert_row *row;	/* at least one; borrowed */
	size_t n;
	const char *to, *from;		/* addresses */
	int64_t now_ms;
};

/* "[bzn] DOWN name (connect) since 14:03Z", in UTF-8, without such. */
int alert_subject(struct buf *out, const struct alert_letter *, struct err *)
    CHECKED;

/* The whole message.  E_bad_email for an address that is none. */
int alert_mail(struct buf *out, const struct alert_letter *, struct err *)
    CHECKED;

struct json;

/* What one is about: an object, to be released.  E_bad_json. */
int alert_about(struct json *out, const struct alert_row *, struct err *)
    CHECKED;

/* One address that is safe in a header and an envelope.  E_bad_email. */
int alert_address(const char *, struct err *) CHECKED;

#endif
