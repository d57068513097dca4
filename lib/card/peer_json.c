#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"
#include "card/card.h"
#include "card/peer.h"
#include "key/ident.h"

#define OVERLAP_MS (30 * INT64_C(86400000))	/* spec/ops.md 2.6 */

void
peer_write(struct buf *out, const struct peer *p)
{
	char pem[SIGN_SPKI + 1], phrase[IDENT_PHRASE];
	struct ident id;

	ident_of(&id, &p->key);
	sign_spki(pem, &p->key);
	ident_phrase(phrase, &p->key);
	json_open(out, NULL, '{');
	json_str(out, "node_id", p->node_id);
	json_str(out, "name", p->name);
	json_str(out, "endpoint", p->endpoint);
	json_str(out, "state", peer_state_word(p->state));
	json_str(out, "words", phrase);
	json_str(out, "fingerprint", id.fingerprint);
	json_str(out, "public_key_pem", pem);
	json_time(out, "added_at", p->made_ms);
	json_time_if(out, "pinned_at", p->pinned_ms);
	json_time_if(out, "revoked_at", p->revoked_ms);
	json_str_if(out, "reason", p->reason);
	if (*p->moved_to)
		json_str(out, "moved_to", p->moved_to);
	if (p->proof)
		json_raw(out, "proof", p->proof, strlen(p->proof));
	if (p->card)
		json_raw(out, "card", p->card, strlen(p->card));
}

/* A date, rounded up to the next day if it is to end something. */
static void
put_date(struct buf *out, const char *option, int64_t ms, const char *behind)
{
	char text[CLOCK_TEXT];

	clock_text(ms, text);
	buf_addf(out, "%s=\"%.10s%s\"", option, text, behind);
}

/* Only what no parser of the line could take for something else. */
static void
put_plain(struct buf *out, const char *s, const char *also)
{
	for (; *s; s++)
		buf_addc(out, (*s >= 'a' && *s <= 'z') ||
		    (*s >= 'A' && *s <= 'Z') || (*s >= '0' && *s <= '9') ||
		    strchr(also, *s) ? *s : '_');
}

void
peer_trust(struct buf *out, const struct peer *p)
{
	if (p->state == PEER_PENDING)
		return;
	put_plain(out, !*p->endpoint || fit_is_loopback(p->endpoint) ?
	    p->node_id :
	    strstr(p->endpoint, "//") + 2, ".-:");
	buf_addc(out, ' ');
	if (p->state == PEER_REVOKED) {
		put_date(out, "revoked", p->revoked_ms, ",");
		buf_cut(out, out->len - 1);
		put_plain(out, p->reason, " .-:;()'");
		buf_adds(out, "\" ");
	} else if (*p->moved_to) {
		put_date(out, "valid-before", p->changed_ms + OVERLAP_MS, "");
		buf_addc(out, ' ');
	}
	buf_adds(out, "node:");
	buf_adds(out, p->node_id);
	buf_addc(out, '\n');
}
