/*
 * What a person may type: amounts, times, spans, bzn.conf.  What is read must
 * print, and read again, as the same.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/amount.h"
#include "base/clock.h"
#include "base/param.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
amounts(const char *text)
{
	char out[AMOUNT_TEXT];
	int64_t n, again;
	struct err e;
	int scale;

	for (scale = 0; scale <= 18; scale++) {
		if (!amount_digits(text, scale, &n, &e)) {
			amount_print(n, scale, out);
			assert(!amount_digits(out, scale, &again, &e));
			assert(n == again);
			assert(amount_canonical(out, strlen(out), scale,
			    &again) && n == again);
		}
		if (amount_canonical(text, strlen(text), scale, &n)) {
			amount_print(n, scale, out);
			assert(!strcmp(out, text));
		}
	}
}

static void
times(const char *text)
{
	char out[CLOCK_TEXT];
	int64_t ms, again;
	struct err e;

	if (!clock_parse(text, &ms, &e)) {
		clock_text(ms, out);
		if (ms >= INT64_C(-62135596800000) &&
		    ms <= INT64_C(253402300799999))
			assert(!clock_parse(out, &again, &e) && again == ms);
	}
	if (!clock_span(text, &ms, &e)) {
		clock_span_text(ms, out);
		assert(!clock_span(out, &again, &e) && again == ms);
	}
}

static void
conf(const char *text)
{
	char line[2 * PARAM_TEXT], value[PARAM_TEXT];
	struct params p, again;
	struct err e;
	enum param i;

	param_defaults(&p);
	if (param_read(&p, text, "x", &e))
		return;
	for (i = 0; i < PARAM__COUNT; i++) {
		param_text(&p, i, value);
		snprintf(line, sizeof(line), "%s %s", param_word(i), value);
		param_defaults(&again);
		assert(!param_read(&again, line, "x", &e));
		assert(again.value[i] == p.value[i]);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	if (!text)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	amounts(text);
	times(text);
	conf(text);
	free(text);
	return 0;
}
