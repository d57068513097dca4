#include <assert.h>
#include <string.h>

#include "net/head.h"
#include "net/target.h"

enum state {
	BEFORE, BEFORE_LF, METHOD, TARGET, HTTP, LINE_LF,
	FIELD, NAME, VALUE, VALUE_LF, END_LF, END
};

/* What a byte may be part of. */
enum { TOKEN = 1, IN_TARGET = 2, IN_VALUE = 4 };

static const char *const names[NET_METHODS] = {
	[NET_GET] = "GET", [NET_HEAD] = "HEAD", [NET_POST] = "POST",
	[NET_PUT] = "PUT", [NET_PATCH] = "PATCH", [NET_DELETE] = "DELETE",
	[NET_OPTIONS] = "OPTIONS",
};

/* One digit a byte: the sum of those above. */
static const char kinds[] =
    "0000000004000000" "0000000000000000"	/* HTAB */
    "4765777766776776" "7777777777666666"	/* blank to '?' */
    "6777777777777777" "7777777777766677"	/* '@' to '_' */
    "7777777777777777" "7777777777767670"	/* '`' to DEL */
    "4444444444444444" "4444444444444444"
    "4444444444444444" "4444444444444444"
    "4444444444444444" "4444444444444444"
    "4444444444444444" "4444444444444444";

static int
is(char c, int kind)
{
	return (kinds[(unsigned char)c] - '0') & kind;
}

static int
refuse(struct net_scan *s, int status, const char *reason)
{
	s->status = status;
	s->reason = reason;
	return -1;
}

void
net_scan_init(struct net_scan *s)
{
	s->state = BEFORE;
	s->at = 0;
	s->trailer = false;
	s->fields = 0;
	s->method_len = s->target_len = 0;
	s->version_len = 0;
	s->major = s->minor = 0;
	s->status = 0;
	s->reason = NULL;
}

void
net_scan_trailer(struct net_scan *s, unsigned fields)
{
	net_scan_init(s);
	s->state = FIELD;
	s->trailer = true;
	s->fields = fields;
}

const char *
net_method_name(enum net_method m)
{
	return m < NET_METHODS ? names[m] : NULL;
}

static enum net_method
find_method(const struct net_scan *s)
{
	enum net_method m;

	for (m = 0; m < NET_METHODS; m++)
		if (strlen(names[m]) == s->method_len &&
		    !memcmp(names[m], s->word, s->method_len))
			break;
	return m;
}

/* The version before the method: the preface of HTTP/2 names one of its own. */
static int
end_line(struct net_scan *s)
{
	if (s->major != 1 || s->minor > 1)
		return refuse(s, 505, "version");
	if (s->method_len > sizeof(s->word) || find_method(s) == NET_METHODS)
		return refuse(s, 501, "method");
	s->state = FIELD;
	return 0;
}

static int
in_version(struct net_scan *s, char c)
{
	static const char form[] = "HTTP/#.#";
	unsigned i = s->version_len++;

	if (c == '\r' && i == sizeof(form) - 1) {
		s->state = LINE_LF;
		return 0;
	}
	if (i >= sizeof(form) - 1 ||
	    (form[i] == '#' ? c < '0' || c > '9' : c != form[i]))
		return refuse(s, 400, "request_line");
	if (i == 5)
		s->major = c - '0';
	else if (i == 7)
		s->minor = c - '0';
	return 0;
}

static int
begin_field(struct net_scan *s, char c)
{
	if (c == '\r') {
		s->state = END_LF;
		return 0;
	}
	if (!is(c, TOKEN))
		return refuse(s, 400, "field_name");
	if (s->fields == NET_FIELDS)
		return refuse(s, 431, "fields");
	if (!s->trailer) {
		s->field[s->fields].name = (uint16_t)s->at;
		s->field[s->fields].value_len = 0;
	}
	s->state = NAME;
	return 0;
}

static int
in_name(struct net_scan *s, char c)
{
	struct net_span *f = &s->field[s->fields];

	if (is(c, TOKEN))
		return 0;
	if (c != ':')
		return refuse(s, 400, "field_name");
	if (!s->trailer)
		f->name_len = (uint16_t)(s->at - f->name);
	s->state = VALUE;
	return 0;
}

static int
in_value(struct net_scan *s, char c)
{
	struct net_span *f = &s->field[s->fields];

	if (c == '\r') {
		s->state = VALUE_LF;
		return 0;
	}
	if (!is(c, IN_VALUE))
		return refuse(s, 400, "field_value");
	if (s->trailer || c == ' ' || c == '\t')
		return 0;
	if (!f->value_len)
		f->value = (uint16_t)s->at;
	f->value_len = (uint16_t)(s->at + 1 - f->value);
	return 0;
}

static int
in_method(struct net_scan *s, char c)
{
	if (c == ' ' && s->method_len) {
		s->target = (uint16_t)(s->at + 1);
		s->state = TARGET;
		return 0;
	}
	if (!is(c, TOKEN))
		return refuse(s, 400, "request_line");
	if (!s->method_len)
		s->method = (uint16_t)s->at;
	if (s->method_len < sizeof(s->word))
		s->word[s->method_len] = c;
	s->method_len++;
	return 0;
}

static int
in_target(struct net_scan *s, char c)
{
	if (c == ' ' && s->target_len) {
		s->state = HTTP;
		return 0;
	}
	if (!is(c, IN_TARGET))
		return refuse(s, 400, "target");
	if (s->target_len == NET_TARGET_MAX)
		return refuse(s, 414, "target");
	s->target_len++;
	return 0;
}

static int
feed(struct net_scan *s, char c, enum state next)
{
	if (c != '\n')
		return refuse(s, 400, "line_end");
	s->state = (int)next;
	return 0;
}

static int
step(struct net_scan *s, char c)
{
	switch ((enum state)s->state) {
	case BEFORE:
		s->state = c == '\r' ? BEFORE_LF : METHOD;
		return c == '\r' ? 0 : in_method(s, c);
	case BEFORE_LF:
		return feed(s, c, BEFORE);
	case METHOD:
		return in_method(s, c);
	case TARGET:
		return in_target(s, c);
	case HTTP:
		return in_version(s, c);
	case LINE_LF:
		return feed(s, c, FIELD) ? -1 : end_line(s);
	case FIELD:
		return begin_field(s, c);
	case NAME:
		return in_name(s, c);
	case VALUE:
		return in_value(s, c);
	case VALUE_LF:
		s->fields++;
		return feed(s, c, FIELD);
	case END_LF:
		return feed(s, c, END);
	case END:
		break;
	}
	assert(false);	/* a scan that is over */
	return -1;
}

int
net_scan(struct net_scan *s, const char *next, size_t n, size_t *used)
{
	size_t i;

	for (i = 0; i < n && s->state != END; i++) {
		if (step(s, next[i]))
			return -1;
		s->at++;
		if (s->at == NET_HEAD_MAX && s->state != END && !s->trailer)
			return refuse(s, 431, "head");
	}
	*used = i;
	return s->state == END;
}

const char *
net_field(const struct net_head *h, const char *name)
{
	size_t i;

	for (i = 0; i < h->fields; i++)
		if (!strcmp(h->field[i].name, name))
			return h->field[i].value;
	return NULL;
}

size_t
net_field_count(const struct net_head *h, const char *name)
{
	size_t i, n = 0;

	for (i = 0; i < h->fields; i++)
		n += !strcmp(h->field[i].name, name);
	return n;
}

static bool
same_word(const char *text, size_t n, const char *lower)
{
	size_t i;

	for (i = 0; i < n; i++)
		if ((text[i] >= 'A' && text[i] <= 'Z' ? text[i] | 32 :
		    text[i]) != lower[i])
			return false;
	return !lower[n];
}

static bool
lists(const char *value, const char *word)
{
	size_t n, all;

	for (;;) {
		value += strspn(value, " \t,");
		if (!*value)
			return false;
		n = all = strcspn(value, ",");
		while (n && (value[n - 1] == ' ' || value[n - 1] == '\t'))
			n--;
		if (same_word(value, n, word))
			return true;
		value += all;
	}
}

bool
net_field_lists(const struct net_head *h, const char *name, const char *word)
{
	size_t i;

	for (i = 0; i < h->fields; i++)
		if (!strcmp(h->field[i].name, name) &&
		    lists(h->field[i].value, word))
			return true;
	return false;
}

/* What the head says of the body.  NULL, or a reason; 400 unless *status. */
static const char *
judge_length(struct net_head *h, int *status)
{
	const char *length = net_field(h, "content-length");
	const char *coding = net_field(h, "transfer-encoding");
	const char *c;

	h->length = 0;
	if (coding) {
		if (length || h->minor < 1 ||
		    net_field_count(h, "transfer-encoding") > 1)
			return "transfer_encoding";
		if (!same_word(coding, strlen(coding), "chunked")) {
			*status = 501;
			return "transfer_encoding";
		}
		h->length = -1;
	}
	if (!length)
		return NULL;
	if (net_field_count(h, "content-length") > 1 || !*length)
		return "content_length";
	for (c = length; *c; c++) {
		if (*c < '0' || *c > '9' ||
		    h->length > (INT64_MAX - (*c - '0')) / 10)
			return "content_length";
		h->length = h->length * 10 + (*c - '0');
	}
	return NULL;
}

static const char *
judge_host(struct net_head *h, struct net_field *field)
{
	size_t i, n = net_field_count(h, "host");

	if (n > 1 || (!n && h->minor > 0))
		return "host";
	for (i = 0; n && i < h->fields; i++)
		if (!strcmp(field[i].name, "host")) {
			/* The bytes are ours, in text. */
			if (!net_host((char *)(uintptr_t)field[i].value))
				return "host";
			if (!h->host)
				h->host = field[i].value;
		}
	return NULL;
}

static const char *
judge_strict(const struct net_head *h, const char *const *strict)
{
	const char *value, *c;

	for (; strict && *strict; strict++) {
		value = net_field(h, *strict);
		if (!value)
			continue;
		if (net_field_count(h, *strict) > 1)
			return "repeated_field";
		for (c = value; *c; c++)
			if ((unsigned char)*c >= 0x80)
				return "field_value";
	}
	return NULL;
}

static const char *
judge_rest(struct net_head *h, int *status)
{
	const char *expect = net_field(h, "expect");
	const char *coding = net_field(h, "content-encoding");

	h->keep = h->minor > 0 || net_field_lists(h, "connection",
	    "keep-alive");
	if (net_field_lists(h, "connection", "close") ||
	    (net_field(h, "upgrade") && net_field_lists(h, "connection",
	    "upgrade")))
		h->keep = false;
	if (expect) {
		if (net_field_count(h, "expect") > 1 ||
		    !same_word(expect, strlen(expect), "100-continue")) {
			*status = 417;
			return "expect";
		}
		h->expects = h->minor > 0;
	}
	if (coding && (net_field_count(h, "content-encoding") > 1 ||
	    !same_word(coding, strlen(coding), "identity"))) {
		*status = 415;
		return "content_encoding";
	}
	return NULL;
}

/* Names in lower case, and a NUL behind each name and value. */
static void
cut_fields(struct net_head *h, const struct net_scan *s, char *text,
    struct net_field *field)
{
	const struct net_span *f;
	size_t i;
	char *c;

	for (i = 0; i < s->fields; i++) {
		f = &s->field[i];
		text[f->name + f->name_len] = '\0';
		for (c = text + f->name; *c; c++)
			if (*c >= 'A' && *c <= 'Z')
				*c = (char)(*c | 32);
		field[i].name = text + f->name;
		if (f->value_len)
			text[f->value + f->value_len] = '\0';
		field[i].value = f->value_len ? text + f->value : "";
	}
	h->field = field;
	h->fields = s->fields;
}

int
net_head_make(struct net_head *h, const struct net_scan *s, char *text,
    struct net_field *field, const char *const *strict, int *status,
    const char **reason)
{
	*h = (struct net_head){ .minor = s->minor, .method = NET_METHODS };
	*status = 400;
	cut_fields(h, s, text, field);
	if (s->state >= FIELD)
		h->method = find_method(s);
	if (s->state != END) {		/* the fields, for the refusal */
		*status = s->status;
		*reason = s->reason;
		return -1;
	}
	*reason = net_target(h, text + s->target, s->target_len,
	    text + s->at + 1);
	if (!*reason)
		*reason = judge_length(h, status);
	if (!*reason)
		*reason = judge_host(h, field);
	if (!*reason)
		*reason = judge_strict(h, strict);
	if (!*reason)
		*reason = judge_rest(h, status);
	return *reason ? -1 : 0;
}
