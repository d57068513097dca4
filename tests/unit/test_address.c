/* References are resolved as RFC 3986 has it, section 5.4, and others. */
#include "tap.h"

#include "schema/address.h"

static struct buf b = BUF_INIT(ADDRESS_MAX);

static const char *
at(const char *base, const char *reference)
{
	address_resolve(&b, base, reference);
	return b.full ? "too long" : b.data;
}

static const struct { const char *reference, *means; } examples[] = {
	{ "g:h", "g:h" },
	{ "g", "http://a/b/c/g" },
	{ "./g", "http://a/b/c/g" },
	{ "g/", "http://a/b/c/g/" },
	{ "/g", "http://a/g" },
	{ "//g", "http://g" },
	{ "?y", "http://a/b/c/d;p?y" },
	{ "g?y", "http://a/b/c/g?y" },
	{ "#s", "http://a/b/c/d;p?q" },
	{ "g#s", "http://a/b/c/g" },
	{ "g?y#s", "http://a/b/c/g?y" },
	{ ";x", "http://a/b/c/;x" },
	{ "g;x?y#s", "http://a/b/c/g;x?y" },
	{ "", "http://a/b/c/d;p?q" },
	{ ".", "http://a/b/c/" },
	{ "./", "http://a/b/c/" },
	{ "..", "http://a/b/" },
	{ "../", "http://a/b/" },
	{ "../g", "http://a/b/g" },
	{ "../..", "http://a/" },
	{ "../../", "http://a/" },
	{ "../../g", "http://a/g" },
	{ "../../../g", "http://a/g" },
	{ "../../../../g", "http://a/g" },
	{ "/./g", "http://a/g" },
	{ "/../g", "http://a/g" },
	{ "g.", "http://a/b/c/g." },
	{ ".g", "http://a/b/c/.g" },
	{ "g..", "http://a/b/c/g.." },
	{ "..g", "http://a/b/c/..g" },
	{ "./../g", "http://a/b/g" },
	{ "./g/.", "http://a/b/c/g/" },
	{ "g/./h", "http://a/b/c/g/h" },
	{ "g/../h", "http://a/b/c/h" },
	{ "g;x=1/./y", "http://a/b/c/g;x=1/y" },
	{ "g;x=1/../y", "http://a/b/c/y" },
	{ "g?y/./x", "http://a/b/c/g?y/./x" },
	{ "g?y/../x", "http://a/b/c/g?y/../x" },
	{ "http:g", "http:g" },
};

static void
test_resolve(void)
{
	size_t i;

	for (i = 0; i < sizeof examples / sizeof *examples; i++)
		IS(at("http://a/b/c/d;p?q", examples[i].reference),
		    examples[i].means);
	IS(at("http://a", "g"), "http://a/g");
	IS(at("", "g"), "g");
	IS(at("", "./g"), "g");
	IS(at("", "../g"), "g");
	IS(at("", "g/h/../i"), "g/i");
	IS(at("", "#x"), "");
	IS(at("urn:a:b", "#x"), "urn:a:b");
	IS(at("urn:a:b", "urn:c?+d"), "urn:c?+d");
	IS(at("file:///a/b", "c"), "file:///a/c");
	IS(at("a/b", "c"), "a/c");
}

static void
test_long(void)
{
	char text[ADDRESS_MAX + 2];

	memset(text, 'a', sizeof text);
	text[ADDRESS_MAX + 1] = '\0';
	IS(at("", text), "too long");
	IS(at("http://a/b", text), "too long");
	text[ADDRESS_MAX] = '\0';
	OK(strlen(at("", text)) == ADDRESS_MAX);
}

static const char *
fragment(const char *reference)
{
	return address_fragment(&b, reference) ? "bad" : b.data;
}

static void
test_fragment(void)
{
	IS(fragment("a"), "");
	IS(fragment("a#"), "");
	IS(fragment("a#b/c~1d"), "b/c~1d");
	IS(fragment("#/%61%20%2fb%C3%a9"), "/a /b\xc3\xa9");
	IS(fragment("#%"), "bad");
	IS(fragment("#%4"), "bad");
	IS(fragment("#%4g"), "bad");
	IS(fragment("#%00"), "bad");
}

int
main(void)
{
	test_resolve();
	test_long();
	test_fragment();
	buf_release(&b);
	return DONE();
}
