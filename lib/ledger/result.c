#include "base/json.h"
#include "ledger/result.h"

void
result_init(struct result *r, bool streamed, bool dry, size_t most)
{
	*r = (struct result){
		.out = BUF_INIT(most), .streamed = streamed, .dry = dry,
		.at_ms = INT64_MIN,
	};
}

static void
put_number(struct buf *out, const char *key, int64_t n)
{
	char text[AMOUNT_TEXT];

	buf_adds(out, key);
	buf_add(out, text, amount_print(n, 0, text));
}

/* Of an id that is one, no byte needs an escape. */
static void
begin(struct result *r, unsigned long line, const char *id)
{
	if (r->streamed)
		put_number(&r->out, "{\"line\":", (int64_t)line);
	else
		buf_addc(&r->out, '{');
	if (!id)
		return;
	buf_adds(&r->out, r->streamed ? ",\"id\":\"" : "\"id\":\"");
	buf_adds(&r->out, id);
	buf_addc(&r->out, '"');
}

static void
end(struct result *r)
{
	if (r->dry)
		json_bool(&r->out, "dry_run", true);
	if (*r->root)
		json_str(&r->out, "root", r->root);
	buf_adds(&r->out, "}\n");
}

void
result_posted(struct result *r, unsigned long line, const char *id,
    const struct posted *p)
{
	begin(r, line, id);
	put_number(&r->out, p->existed ? ",\"result\":\"exists\",\"seq\":" :
	    ",\"result\":\"posted\",\"seq\":", p->seq);
	if (r->at_ms != p->at_ms) {	/* many are of one moment */
		r->at_ms = p->at_ms;
		clock_text(p->at_ms, r->at);
	}
	buf_adds(&r->out, ",\"at\":\"");
	buf_adds(&r->out, r->at);
	buf_addc(&r->out, '"');
	end(r);
}

void
result_open(struct buf *out, const char *id, const struct posted *p)
{
	json_open(out, NULL, '{');
	json_str(out, "id", id);
	json_str(out, "result", p->existed ? "exists" : "posted");
	json_int(out, "seq", p->seq);
	json_time(out, "at", p->at_ms);
}

/* What else is known of a refusal. */
static void
tell_why(struct buf *out, const struct refused *why, enum err_code code)
{
	unsigned i;

	if (code == E_id_conflict && why->fields) {
		json_int(out, "seq", why->seq);
		json_open(out, "fields", '[');
		for (i = 0; post_field_word(i); i++)
			if (why->fields & 1u << i)
				json_str(out, NULL, post_field_word(i));
		json_close(out, ']');
	}
	if (!*why->account || !why->unit)
		return;
	json_str(out, "account", why->account);
	json_str(out, "unit", why->unit->code);
	json_amount(out, code == E_condition_false ||
	    code == E_assertion_failed ? "balance" : "available",
	    (struct amount){ why->available, why->unit });
}

const char *
result_word(const struct err *e)
{
	return e->kind == ERR_INPUT ? "invalid" :
	    e->kind == ERR_CONFLICT ? "conflict" : "refused";
}

void
result_failed(struct result *r, unsigned long line, const char *id,
    const struct err *e, const struct refused *why)
{
	struct err ignored;

	begin(r, line, id && !leaf_check_id(id, &ignored) ? id : NULL);
	json_str(&r->out, "result", result_word(e));
	json_int(&r->out, "status", (int64_t)e->kind);
	json_str(&r->out, "code", err_word(e->code));
	if (why)
		tell_why(&r->out, why, e->code);
	json_str(&r->out, "message", e->msg);
	end(r);
}
