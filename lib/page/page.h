/*
 * page - what people see: text made of a template and of JSON.
 *
 * A template is a file beside this one, embedded when the programs are built.
 *
 *	{{a.b}}			the value, escaped for HTML; null is nothing
 *	{{#a}} ... {{/a}}	for each item of an array, inside of an object,
 *				or once if a is true, a number, or not ""
 *	{{^a}} ... {{/a}}	if there is none of these
 *	{{> name}}		another file: a template too, if it is .html
 *
 * Names are looked for from the innermost value outwards; "." is that value
 * itself.  There is no way to have a value that is not escaped, and values
 * stand in text and in quoted attributes only; characters that would turn the
 * text around them, or are none, become U+FFFD.
 */
#ifndef PAGE_H
#define PAGE_H

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"

/* E_internal for a template that is none; it is not a caller's fault. */
int page_render(struct buf *out, const char *name, const struct json *data,
    struct err *) CHECKED;

/*
 * The value of Content-Security-Policy for what a template makes: nothing
 * from elsewhere, and of styles and scripts those in it, by their hashes.
 */
void page_policy(struct buf *out, const char *name);

/* The text of a file as it is; NULL if there is none of that name. */
const char *page_file(const char *name);

/* Escape text as values are. */
void page_escape(struct buf *out, const char *text, size_t n);

#endif
