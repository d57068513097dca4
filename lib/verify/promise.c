/* Layer 11: what was asserted of balances, in the log and outside it. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "ledger/cond.h"
#include "verify/impl.h"

/* NAME, or with a subtree NAME:... too. */
static bool
within(const struct cond *c, const char *account)
{
	size_t n = strlen(c->account);

	return !strncmp(account, c->account, n) &&
	    (!account[n] || (c->subtree && account[n] == ':'));
}

/* What the entries behind at_seq and before seq have moved there. */
static int
moved_since(struct run *r, const struct cond *c, int64_t at_seq, int64_t seq,
    int64_t *out)
{
	struct leaf past = { 0 };
	const struct leg *leg;
	int64_t i;
	int got = 1;

	for (i = at_seq + 1; i < seq && got > 0; i++) {
		got = verify_leaves_past(r, i, &past, r->e);
		if (got <= 0)
			break;
		for (leg = past.entry.legs; leg < past.entry.legs +
		    past.entry.n_legs; leg++)
			if (leg->unit == c->unit && within(c, leg->account))
				*out += leg->minor;
	}
	leaf_release(&past);
	return got < 0 ? -1 : 0;
}

int
verify_asserted(struct run *r, const struct entry *x)
{
	int64_t at_seq = -1, balance = 0, moved = 0;
	struct json data = { 0 };
	struct err why = { 0 };
	struct cond c;
	int rc = 0;

	if (!(r->want & LAYER(11)))
		return 0;
	/* Of one that asserts nothing the fold has told. */
	if (json_parse(&data, x->data, strlen(x->data), &why) ||
	    cond_read_leaf(&c, &data, fold_units(r->fold), &at_seq, &why) ||
	    at_seq >= x->seq)
		goto out;
	if (fold_balance(r->fold, &c, &balance, r->e) ||
	    moved_since(r, &c, at_seq, x->seq, &moved)) {
		rc = verify_failed(r, LAYER(11));
		goto out;
	}
	rc = cond_holds(&c, balance - moved) ? 0 : verify_find(r, 11,
	    E_assertion_false, x->seq,
	    "entry %lld asserts of '%s' what is not so", (long long)x->seq,
	    c.account);
out:
	json_release(&data);
	return rc;
}

static int
check_line(struct run *r, char *line, int n)
{
	int64_t balance = 0;
	struct err why = { 0 };
	struct cond c;

	if (cond_line(&c, line, fold_units(r->fold), &why)) {
		*r->e = why;
		err_wrap_(r->e, "assertion %d", n);
		r->stop = true;
		return -1;
	}
	if (fold_balance(r->fold, &c, &balance, r->e))
		return -1;
	return cond_holds(&c, balance) ? 0 : verify_find(r, 11,
	    E_assertion_failed, -1, "assertion %d: '%s' is not %s that", n,
	    c.account, cond_op_word(c.op));
}

/* One a line; # begins a comment. */
int
verify_promises(struct run *r)
{
	struct buf text = BUF_INIT(1 << 20);
	char *line, *next;
	int n = 0, rc = 0;

	if (!r->how->assertions || r->blind)
		return 0;
	buf_add(&text, r->how->assertions->data, r->how->assertions->len);
	for (line = text.data; !rc && line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		n++;
		line[strcspn(line, "#\r")] = '\0';
		line += strspn(line, " \t");
		if (*line)
			rc = check_line(r, line, n);
	}
	buf_release(&text);
	return rc;
}
