/*
 * letter.h - a second opinion on mails of alerts: one that knows what they
 * have to be, and nothing of how they are made.
 */
#ifndef LETTER_H
#define LETTER_H

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/enc.h"
#include "base/utf8.h"

#define LETTER_LINE 998		/* RFC 5322, 2.1.1 */

/* The end of the line, at its line feed; NULL: it is no line of a mail. */
static const char *
letter_line(const char *p)
{
	const char *end = p;

	while (*end >= ' ' && *end <= '~')
		end++;
	return *end == '\n' && end - p <= LETTER_LINE ? end : NULL;
}

/* Append what RFC 2047 makes of the value of a header; false: nothing. */
static bool
letter_decode(struct buf *out, const char *p, const char *end)
{
	static const char word[] = "=?UTF-8?B?";
	char bytes[128];
	const char *to;
	size_t n;

	if (strncmp(p, word, sizeof(word) - 1)) {
		buf_add(out, p, (size_t)(end - p));
		return !memchr(p, '\n', (size_t)(end - p)) &&
		    !strstr(out->data, "=?");
	}
	while (!strncmp(p, word, sizeof(word) - 1)) {
		p += sizeof(word) - 1;
		to = strstr(p, "?=");
		if (!to || !enc_unbase64(bytes, sizeof(bytes), &n, p,
		    (size_t)(to - p)) || memchr(bytes, '\0', n))
			return false;
		buf_add(out, bytes, n);
		if (to + 2 == end)
			return true;
		p = strncmp(to + 2, "\n ", 2) ? to : to + 4;
	}
	return false;
}

/* Nothing in it that a line is not made of, or that is not seen. */
static bool
letter_fit(const char *text)
{
	static const char *const bad[] = { "\342\200\250", "\342\200\251",
	    "\342\200\256", "\342\201\246" };
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		if (strstr(text, bad[i]))
			return false;
	return utf8_plain(text);
}

/* The body, as quoted-printable: lines of 76 at most. */
static bool
letter_body(struct buf *out, const char *p)
{
	const char *end;
	char hex[3] = "";

	for (; *p; p = end + 1) {
		end = letter_line(p);
		if (!end || end - p > 76 || *p == '.' ||
		    !strncmp(p, "From ", 5))
			return false;
		for (; p < end && (*p != '=' || p + 1 < end); p++) {
			if (*p == '=') {
				memcpy(hex, p + 1, 2);
				buf_addc(out, (char)strtol(hex, NULL, 16));
				p += 2;
			} else {
				buf_addc(out, *p);
			}
		}
		if (p == end)
			buf_addc(out, '\n');
	}
	return true;
}

/*
 * NULL, or what is wrong with a mail of so many alerts; its subject and its
 * text are what a reader would see.
 */
static const char *
letter_fault(const char *p, size_t alerts, struct buf *subject,
    struct buf *text)
{
	static const char *const names[] = { "From: ", "To: ", "Subject: ",
	    "Date: ", "Message-ID: <", "In-Reply-To:", "References:",
	    "Auto-Submitted: auto-generated", "X-Delivery-Id: ",
	    "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8",
	    "Content-Transfer-Encoding: quoted-printable" };
	const char *end, *value;
	char *line, *lf;
	size_t i;
	bool fit;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (i == 5 && alerts > 1)
			continue;
		if (strncmp(p, names[i], strlen(names[i])))
			return names[i];
		value = p + strlen(names[i]);
		do {
			end = letter_line(p);
			if (!end)
				return "a line of the head";
			p = end + 1;
		} while (*p == ' ');
		if (i == 2 && !letter_decode(subject, value, end))
			return "the encoding of the subject";
	}
	if (*p++ != '\n')
		return "another header";
	if (!letter_fit(subject->data))
		return "what is in the subject";
	if (!letter_body(text, p))
		return "the encoding of the text";
	for (line = text->data; (lf = strchr(line, '\n')); line = lf + 1) {
		*lf = '\0';
		fit = letter_fit(line);
		*lf = '\n';
		if (!fit)
			return "what is in the text";
	}
	return *line || strlen(text->data) != text->len ?
	    "the end of the text" : NULL;
}

#endif
