#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"

#define CODE(name, kind, http, meaning) \
	[E_##name] = { #name, ERR_##kind, http },
static const struct {
	const char *word;
	enum err_kind kind;
	int http;
} codes[] = {
#include "base/err.def"
};

static enum err_code
code_of(int errnum)
{
	switch (errnum) {
	case ENOENT:
	case ENOTDIR:
	case EISDIR:
	case ELOOP:
	case ENAMETOOLONG:
		return E_no_file;
	case EACCES:
	case EPERM:
		return E_denied;
	case ENOSPC:
	case EDQUOT:
	case EFBIG:
		return E_disk_full;
	default:
		return E_io_error;
	}
}

static void ERR_PRINTF(3, 0)
put(struct err *e, enum err_code code, const char *fmt, va_list ap)
{
	e->code = code;
	e->kind = codes[code].kind;
	vsnprintf(e->msg, sizeof(e->msg), fmt, ap);
}

static void
append(struct err *e, const char *text)
{
	size_t len = strlen(e->msg);

	snprintf(e->msg + len, sizeof(e->msg) - len, ": %s", text);
}

void
err_set_(struct err *e, enum err_code code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put(e, code, fmt, ap);
	va_end(ap);
}

void
err_sys_(struct err *e, const char *fmt, ...)
{
	int saved = errno;
	va_list ap;

	va_start(ap, fmt);
	put(e, code_of(saved), fmt, ap);
	va_end(ap);
	append(e, strerror(saved));
}

void
err_wrap_(struct err *e, const char *fmt, ...)
{
	char old[sizeof(e->msg)];
	va_list ap;

	memcpy(old, e->msg, sizeof(old));
	va_start(ap, fmt);
	put(e, e->code, fmt, ap);
	va_end(ap);
	append(e, old);
}

const char *
err_word(enum err_code code)
{
	return codes[code].word;
}

int
err_code_named(const char *word, enum err_code *out)
{
	size_t i;

	for (i = 0; i < E__COUNT; i++)
		if (!strcmp(codes[i].word, word)) {
			*out = (enum err_code)i;
			return 1;
		}
	return 0;
}

enum err_kind
err_kind(enum err_code code)
{
	return codes[code].kind;
}

bool
err_ends_run(const struct err *e)
{
	return (e->kind == ERR_BUSY && e->code != E_rate_limited) ||
	    e->kind == ERR_SYSTEM || e->kind == ERR_UNKNOWN;
}

/* The order in which a verdict over many records is formed (STYLE 2.9). */
enum err_kind
err_worse(enum err_kind a, enum err_kind b)
{
	static const enum err_kind worst[] = {
		ERR_UNKNOWN, ERR_SYSTEM, ERR_BUSY, ERR_DENIED, ERR_CONFLICT,
		ERR_INPUT, ERR_MISSING, ERR_REFUSED, ERR_NO, ERR_USAGE,
	};
	size_t i;

	for (i = 0; i < sizeof(worst) / sizeof(*worst); i++)
		if (a == worst[i] || b == worst[i])
			return worst[i];
	return ERR_OK;
}

int
err_http(enum err_code code)
{
	return codes[code].http;
}
