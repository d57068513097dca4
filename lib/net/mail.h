/*
 * mail - gives one message to an SMTP server (RFC 5321), by libcurl.
 *
 * smtp:// or smtps:// only.  With smtp:// the server has to offer STARTTLS,
 * and a certificate that is good for its name, unless the connection goes to
 * this machine: to an address of 127.0.0.0/8 or ::1, whatever its name.
 */
#ifndef MAIL_H
#define MAIL_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct mail_how {
	const char *url;
	const char *user, *password;	/* NULL: none; borrowed */
	const char *ca_file;		/* NULL: the system's */
	int64_t total_ms;
};

struct mail {
	const char *from, *to;		/* addresses, which were judged */
	const char *text;		/* lines that end in LF */
	size_t n;
};

/* Is it a URL of a mail server?  E_bad_conf. */
int mail_url(const char *, struct err *) CHECKED;

/*
 * 0 once the server has taken it.  E_bad_conf for a URL of another kind;
 * E_not_delivered, and then it may be that it was taken if the connection
 * broke at the very end.
 */
int mail_send(const struct mail_how *, const struct mail *, struct err *)
    CHECKED;

#endif
