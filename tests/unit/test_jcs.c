/* Canonical bytes are those of RFC 8785, and numbers those of ECMAScript. */
#include <inttypes.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "tap.h"
#include "vectors.h"

#include "base/jcs.h"
#include "base/num.h"

static struct err e;

/* The canonical form, or the complaint. */
static const char *
canon(const char *text)
{
	static struct buf b = BUF_INIT(JSON_MAX);

	buf_reset(&b);
	return jcs_text(&b, text, strlen(text), &e) ? e.msg : b.data;
}

static const char *
shown(double v)
{
	static char text[NUM_TEXT];

	num_text(v, text);
	return text;
}

static void
test_forms(void)
{
	IS(canon(" [ ] "), "[]");
	IS(canon("{\"b\":[1, {\"z\":null,\"y\":true}],\"a\":false}"),
	    "{\"a\":false,\"b\":[1,{\"y\":true,\"z\":null}]}");
	IS(canon("\"\\u0022\\u005c\\/\\u0008\\u001F\\u007f\\u20ac\""),
	    "\"\\\"\\\\/\\b\\u001f\x7f\xe2\x82\xac\"");
	IS(canon("{\"a\":1,\"\":2,\"aa\":3,\"A\":4}"),
	    "{\"\":2,\"A\":4,\"a\":1,\"aa\":3}");
	/* U+1F602 is d83d de02: after U+20AC and U+D7FF, before U+E000. */
	IS(canon("{\"\\ufb33\":1,\"\\ue000\":2,\"\\ud83d\\ude02\":3,"
	    "\"\\ud7ff\":4,\"x\\ud83d\\ude02\":5,\"x\\uffff\":6}"),
	    "{\"x\xf0\x9f\x98\x82\":5,\"x\xef\xbf\xbf\":6,"
	    "\"\xed\x9f\xbf\":4,\"\xf0\x9f\x98\x82\":3,"
	    "\"\xee\x80\x80\":2,\"\xef\xac\xb3\":1}");
	IS(canon("[1.0,1e2,-0,0e9,-0.0,1E-7,100000000000000000000]"),
	    "[1,100,0,0,0,1e-7,100000000000000000000]");
	IS(canon("[9007199254740993,0.1e1,1e21,1e-400]"),
	    "[9007199254740992,1,1e+21,0]");
	IS(canon("{\"x\":[0,1e309]}"), "'/x/1' is too large for a double");
	OK(e.code == E_bad_json);
	IS(canon("-1e99999999999999999999999999999999999999999999999999"),
	    "the document is too large for a double");
	IS(canon("1e-9999999999999999999999999999999999999999999999999"), "0");
	IS(canon("[1"), "byte 2: the text ends too soon");
}

static void
test_failure(void)
{
	struct buf b = BUF_INIT(8);

	buf_adds(&b, "ab");
	OK(!jcs_text(&b, "[1, 2]", 6, &e));
	IS(b.data, "ab[1,2]");
	buf_cut(&b, 2);
	OK(jcs_text(&b, "[1,1e999]", 9, &e) == -1);
	IS(b.data, "ab");
	OK(jcs_text(&b, "[1,2,3]", 7, &e) == -1 && e.code == E_too_long);
	IS(b.data, "ab");
	buf_adds(&b, "1234567");
	OK(jcs_text(&b, "1", 1, &e) == -1 && e.code == E_too_long && b.full);
	buf_release(&b);
}

static void
test_numbers(void)
{
	uint64_t bits, seed = 88172645463325252u;
	char text[NUM_TEXT];
	int i, wrong = 0;
	double v;

	IS(shown(0.1), "0.1");
	IS(shown(-1.5), "-1.5");
	IS(shown(123456789012345680000.0), "123456789012345680000");
	IS(shown(1e21), "1e+21");
	IS(shown(1.25e-7), "1.25e-7");
	IS(shown(0.000001234567890123456), "0.000001234567890123456");
	IS(shown(5e-324), "5e-324");
	IS(shown(1.5e-323), "1.5e-323");
	IS(shown(2.2250738585072014e-308), "2.2250738585072014e-308");
	IS(shown(2.225073858507201e-308), "2.225073858507201e-308");
	/* The nearest 16 digits read as another double, the next as this. */
	IS(shown(0x1p-1017), "7.120236347223045e-307");
	IS(shown(0x1p-957), "8.209073602596753e-289");
	OK(num_read("-12.5e-1", 8) == -1.25 && num_read("1E+2", 4) == 100);
	OK(signbit(num_read("-0", 2)) && isinf(num_read("1e400", 5)));

	/* Any double comes back as itself (xorshift, so always the same). */
	for (i = 0; i < 200000; i++) {
		seed ^= seed << 13;
		seed ^= seed >> 7;
		seed ^= seed << 17;
		bits = i % 4 ? seed : seed & ~((UINT64_C(1) << 52) - 1);
		memcpy(&v, &bits, sizeof v);
		if (!isfinite(v))
			continue;
		num_text(v, text);
		wrong += num_read(text, strlen(text)) != v;
	}
	OK(wrong == 0);
}

static void
test_number_vectors(void)
{
	struct buf list = BUF_INIT(JSON_MAX);
	char *line, *want, *rest, text[40];
	int count = 0, wrong = 0;
	uint64_t bits;
	double v;

	if (vector_read(&list, "jcs/numbers.tsv")) {
		SKIP(27, "jcs/numbers.tsv");
		return;
	}
	for (line = strtok_r(list.data, "\n", &rest); line;
	    line = strtok_r(NULL, "\n", &rest)) {
		if (*line == '#')
			continue;
		bits = strtoull(line, &want, 16);
		want++;
		memcpy(&v, &bits, sizeof v);
		count++;
		if (!strcmp(want, "ERROR")) {
			wrong += isfinite(v) != 0;
			continue;
		}
		snprintf(text, sizeof text, "%.17g", v);
		if (!isfinite(v) || strcmp(shown(v), want) ||
		    strcmp(canon(text), want)) {
			printf("# %s: %s, wanted %s\n", line, shown(v), want);
			wrong++;
		}
	}
	printf("# jcs: %d numbers\n", count);
	OK(count == 27 && wrong == 0);
	buf_release(&list);
}

/* Hex digits in lines become bytes, in place. */
static void
unhex(struct buf *b)
{
	char *from, *end;
	size_t n = 0;

	for (from = b->data; *from; from = end) {
		b->data[n] = (char)strtoul(from, &end, 16);
		if (end == from)
			break;
		n++;
	}
	buf_cut(b, n);
}

static void
test_documents(void)
{
	static const char *const names[] = {
		"arrays", "french", "structures", "unicode", "values", "weird"
	};
	struct buf in = BUF_INIT(JSON_MAX), want = BUF_INIT(JSON_MAX);
	struct buf hex = BUF_INIT(JSON_MAX), got = BUF_INIT(JSON_MAX);
	char path[3][64];
	size_t i;

	for (i = 0; i < sizeof names / sizeof *names; i++) {
		snprintf(path[0], 64, "jcs/input/%s.json", names[i]);
		snprintf(path[1], 64, "jcs/output/%s.json", names[i]);
		snprintf(path[2], 64, "jcs/outhex/%s.txt", names[i]);
		if (vector_read(&in, path[0])) {
			SKIP(6, "jcs documents");
			break;
		}
		OK(!vector_read(&want, path[1]) && !vector_read(&hex, path[2]));
		unhex(&hex);
		buf_reset(&got);
		OK(!jcs_text(&got, in.data, in.len, &e));
		IS(got.data, want.data);
		OK(got.len == hex.len && !memcmp(got.data, hex.data, hex.len));
		buf_reset(&got);
		OK(!jcs_text(&got, want.data, want.len, &e));
		IS(got.data, want.data);
	}
	printf("# jcs: %zu documents\n", i);
	buf_release(&in);
	buf_release(&want);
	buf_release(&hex);
	buf_release(&got);
}

int
main(void)
{
	test_forms();
	test_failure();
	test_numbers();
	test_number_vectors();
	test_documents();
	return DONE();
}
