#include <stdbool.h>
#include <string.h>

#include "base/buf.h"
#include "base/jcs.h"
#include "card/card.h"
#include "card/diff.h"
#include "key/ident.h"

/* Two values of one member; either may be none. */
struct pair {
	const char *key;
	const struct json *old, *new;
};

static bool
equal(const struct json *a, const struct json *b)
{
	struct buf x = BUF_INIT(CARD_MAX), y = BUF_INIT(CARD_MAX);
	struct err ignored;
	bool same = !jcs_write(&x, a, &ignored) &&
	    !jcs_write(&y, b, &ignored) && !strcmp(x.data, y.data);

	buf_release(&x);
	buf_release(&y);
	return same;
}

static int
tell(const struct pair *p, const struct card *old, const struct card *new,
    diff_emit *emit, void *arg, struct err *e)
{
	struct buf record = BUF_INIT(4 * CARD_MAX);
	char phrase[IDENT_PHRASE];
	int rc;

	json_open(&record, NULL, '{');
	json_str(&record, "member", p->key);
	if (p->old)
		json_copy(&record, "old", p->old);
	if (p->new)
		json_copy(&record, "new", p->new);
	if (!strncmp(p->key, "public_key", 10)) {
		ident_phrase(phrase, &old->key);
		json_str(&record, "old_words", phrase);
		ident_phrase(phrase, &new->key);
		json_str(&record, "new_words", phrase);
	}
	json_close(&record, '}');
	rc = emit(arg, &record, e);
	buf_release(&record);
	return rc;
}

int
diff_cards(const struct card *old, const struct card *new, diff_emit *emit,
    void *arg, struct err *e)
{
	struct json a, b;
	struct pair p;
	bool both;
	size_t i;
	int n = 0;

	for (i = 0; !json_sorted(&a, &old->json, i); i++) {
		p.key = json_key(&a);
		both = json_find(&b, &new->json, p.key);
		p.old = &a;
		p.new = both ? &b : NULL;
		if (!strcmp(p.key, "signature") || (both && equal(&a, &b)))
			continue;
		if (tell(&p, old, new, emit, arg, e))
			return -1;
		n++;
	}
	for (i = 0; !json_sorted(&b, &new->json, i); i++) {
		p = (struct pair){ .key = json_key(&b), .new = &b };
		if (json_find(&a, &old->json, p.key))
			continue;
		if (tell(&p, old, new, emit, arg, e))
			return -1;
		n++;
	}
	return n;
}
