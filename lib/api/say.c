/* Refusals, in the dialect of their route: spec/vmp.md 1.5. */
#include <stdio.h>
#include <string.h>

#include "api/impl.h"
#include "escrow/hire.h"

static const struct say {
	enum err_code code;
	const char *word, *text;
} says[] = {
#define SAY(code, word, text) { E_##code, #word, text },
#include "api/say.def"
};

static const struct say *
find(enum err_code code)
{
	size_t i;

	for (i = 0; i < sizeof(says) / sizeof(*says); i++)
		if (says[i].code == code)
			return says + i;
	return NULL;
}

const char *
say_word(enum err_code code)
{
	const struct say *s = find(code);

	return s ? s->word : err_word(code);
}

/*
 * By its code; some have another on some routes, as what is signed badly is
 * 401 if that was to say who calls, and 422 if it was only brought along.
 */
int
say_status(const struct job *j)
{
	int status = err_http(j->err.code);

	if (j->call.status >= 400)
		return j->call.status;
	return status < 400 ? 409 : status;	/* a "no" that is none here */
}

/*
 * What broke inside is for the log, not for callers.  A message is a sentence
 * there, which begins as one.
 */
static const char *
text_of(struct job *j)
{
	const struct say *s = find(j->err.code);

	if (j->call.detail)
		return j->call.detail;
	if (s)
		return s->text;
	if (j->err.kind == ERR_SYSTEM)
		return find(E_internal)->text;
	if (*j->err.msg >= 'a' && *j->err.msg <= 'z')
		*j->err.msg -= 'a' - 'A';
	return j->err.msg;
}

static void
add_more(struct buf *out, const struct buf *more)
{
	if (more->len) {
		if (out->data[out->len - 1] != '{')
			buf_addc(out, ',');
		buf_add(out, more->data, more->len);
	}
}

/* Has the handler said this member itself? */
static bool
told(const struct job *j, const char *member)
{
	const struct buf *more = &j->call.more;

	return !j->faulty && more->len && strstr(more->data, member);
}

/* RFC 9457: the list of a 422 is "errors". */
static void
problem(struct job *j, struct buf *out)
{
	int status = say_status(j);
	char type[128];

	snprintf(type, sizeof(type), "urn:bzn:error:%s",
	    say_word(j->err.code));
	json_str(out, "type", type);
	json_str(out, "title", net_status_text(status));
	json_int(out, "status", status);
	json_str(out, "detail", text_of(j));
	json_str(out, "instance", net_request(j->x)->path);
	if (j->faulty) {
		json_open(out, "errors", '[');
		buf_add(out, j->call.more.data, j->call.more.len);
		json_close(out, ']');
	} else {
		add_more(out, &j->call.more);
	}
}

/* The four shapes of VMP-1.0. */
static void
vmp(struct job *j, struct buf *out)
{
	bool filter = j->address || j->err.code == E_human_interface ||
	    j->err.code == E_guardian_rejected;

	if (j->faulty) {
		json_open(out, "detail", '[');
		buf_add(out, j->call.more.data, j->call.more.len);
		json_close(out, ']');
		return;
	}
	json_str(out, filter ? "error" : "detail", text_of(j));
	add_more(out, &j->call.more);
}

static void
nested(struct job *j, struct buf *out)
{
	json_open(out, "error", '{');
	json_str(out, "code", say_word(j->err.code));
	if (!told(j, "\"message\":"))
		json_str(out, "message", text_of(j));
	if (j->faulty) {
		json_open(out, "fields", '[');
		buf_add(out, j->call.more.data, j->call.more.len);
		json_close(out, ']');
	} else {
		add_more(out, &j->call.more);
	}
	json_close(out, '}');
}

/*
 * What is refused before its handler looks as for any other route, but for a
 * key that was used for something else.
 */
static bool
is_bridge(const struct job *j)
{
	return j->row && j->row->route->dialect == DIALECT_MCP &&
	    (j->err.code == E_id_conflict || told(j, "\"error_type\":"));
}

/* A handler may have said more, and words of its own. */
static void
bridge(struct job *j, struct buf *out)
{
	struct hire_word word;

	if (!told(j, "\"message\":"))
		json_str(out, "message", text_of(j));
	if (!told(j, "\"error_type\":")) {
		word = escrow_hire_word(j->err.code, false);
		json_str(out, "error_type", word.type);
		json_str(out, "retry_hint", word.hint);
	}
	add_more(out, &j->call.more);
}

static bool
asks_problem(const struct job *j)
{
	const char *accept = net_field(net_request(j->x), "accept");

	return accept && strstr(accept, "application/problem+json");
}

/* Routes of spec/node.md, and those below them that do not exist. */
static bool
is_nested(const struct job *j)
{
	const char *path = net_request(j->x)->path;

	if (j->row)
		return j->row->route->dialect == DIALECT_ERROR;
	return !strncmp(path, "/aeis/", 6) || (!strncmp(path, "/api/", 5) &&
	    strncmp(path, "/api/v1/", 8));
}

void
say_refusal(struct job *j, struct buf *out, const char **type)
{
	*type = NULL;
	json_open(out, NULL, '{');
	if (is_bridge(j)) {
		bridge(j, out);
	} else if (asks_problem(j)) {
		*type = "application/problem+json";
		problem(j, out);
	} else if (is_nested(j)) {
		nested(j, out);
	} else {
		vmp(j, out);
	}
	if (!is_nested(j) || *type)
		json_str(out, "code", say_word(j->err.code));
	json_str(out, "request_id", j->request_id);
	json_close(out, '}');
}

/* What fails before there is a call: lib/net says how. */
void
say_early(int status, const char *reason, const char *request_id,
    struct buf *out)
{
	json_open(out, NULL, '{');
	json_str(out, "detail", status == 413 ? find(E_body_too_large)->text :
	    status == 503 ? find(E_overloaded)->text : net_status_text(status));
	json_str(out, "code", status == 413 ? "body_too_large" :
	    status == 503 ? "overloaded" : "bad_request");
	if (reason && status != 503)
		json_str(out, "reason", reason);
	json_str(out, "request_id", request_id);
	json_close(out, '}');
}
