/*
 * html - a signature within a page of HTML.
 *
 * It is a text of file.h in an element that browsers neither run nor show,
 * right before the end of the page:
 *
 *	<script type="text/plain" id="signature">
 *	bzn-file-v1
 *	...
 *	</script>
 *	</body>
 *	</html>
 *
 * What is signed is the page without that element: the page as it is where
 * nobody signs.  There is one such element, and one place for it.
 */
#ifndef SIG_HTML_H
#define SIG_HTML_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "sig/file.h"

/*
 * Sign a page, and put the signature in; of sig space, at_ms, seq and comment
 * are the caller's.  E_bad_sig if the page does not end as pages do, has
 * such an element already, or has a NUL in it.
 */
int html_sign(struct buf *page, struct sig *, const struct sign_key *,
    struct err *) CHECKED;

/*
 * Take a page apart: the text of its signature, and what is signed; both are
 * appended.  E_no_signature if there is none, E_bad_sig if it is not where it
 * has to be.
 */
int html_split(const struct buf *page, struct buf *sig, struct buf *content,
    struct err *) CHECKED;

#endif
