/*
 * Where calls to others may go: addresses by their nets, the first and the
 * last of each and what is beside them; URLs; and every spelling of a host
 * that must not be called (spec/ops.md 7, spec/vmp.md 7.4).
 */
#include "tap.h"

#include "base/buf.h"
#include "hook/target.h"

static struct params params;

static bool
is_global(const char *text)
{
	struct addr a;

	OK(addr_read(&a, text));
	return addr_global(&a);
}

/* The edges of each forbidden net, and their neighbours outside of it. */
static void
nets(void)
{
	static const struct { const char *before, *first, *last, *after; }
	    nets[] = {
		{ NULL, "0.0.0.0", "0.255.255.255", "1.0.0.0" },
		{ "9.255.255.255", "10.0.0.0", "10.255.255.255", "11.0.0.0" },
		{ "100.63.255.255", "100.64.0.0", "100.127.255.255",
		    "100.128.0.0" },
		{ "126.255.255.255", "127.0.0.0", "127.255.255.255",
		    "128.0.0.0" },
		{ "169.253.255.255", "169.254.0.0", "169.254.255.255",
		    "169.255.0.0" },
		{ "172.15.255.255", "172.16.0.0", "172.31.255.255",
		    "172.32.0.0" },
		{ "191.255.255.255", "192.0.0.0", "192.0.0.255", "192.0.1.0" },
		{ "192.0.1.255", "192.0.2.0", "192.0.2.255", "192.0.3.0" },
		{ "192.88.98.255", "192.88.99.0", "192.88.99.255",
		    "192.88.100.0" },
		{ "192.167.255.255", "192.168.0.0", "192.168.255.255",
		    "192.169.0.0" },
		{ "198.17.255.255", "198.18.0.0", "198.19.255.255",
		    "198.20.0.0" },
		{ "198.51.99.255", "198.51.100.0", "198.51.100.255",
		    "198.51.101.0" },
		{ "203.0.112.255", "203.0.113.0", "203.0.113.255",
		    "203.0.114.0" },
		{ "223.255.255.255", "224.0.0.0", "255.255.255.255", NULL },
		{ NULL, "::", "1fff:ffff::", "2000::" },
		{ "2000:ffff::", "2001::", "2001:1ff:ffff::", "2001:200::" },
		{ "2001:db7:ffff::", "2001:db8::", "2001:db8:ffff::",
		    "2001:db9::" },
		{ "2001:ffff::", "2002::", "2002:ffff::", "2003::" },
		{ "3ffe:ffff::", "3fff::", "3fff:0fff:ffff::", "3fff:1000::" },
		{ "3fff:ffff::", "4000::",
		    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", NULL },
	};
	static const char *const no[] = {
		"169.254.169.254", "255.255.255.255", "::1", "::ffff:8.8.8.8",
		"::ffff:10.0.0.1", "::8.8.8.8", "64:ff9b::8.8.8.8",
		"64:ff9b::a00:1", "64:ff9b:1::1", "100::1", "2001::1",
		"2001:0:5ef5:79fd::1", "2001:2::1", "2001:10::1", "2001:20::1",
		"2002:0a00:0001::1", "2002:808:808::", "fc00::1", "fd00::1",
		"fe80::1", "febf::1", "fec0::1", "ff02::1", "5f00::1",
	};
	static const char *const yes[] = {
		"1.1.1.1", "8.8.8.8", "9.9.9.9", "2606:4700:4700::1111",
		"2a00:1450:4001:81b::200e", "2620:fe::fe",
	};
	size_t i;

	for (i = 0; i < sizeof(nets) / sizeof(*nets); i++) {
		OK(!nets[i].before || is_global(nets[i].before));
		OK(!is_global(nets[i].first));
		OK(!is_global(nets[i].last));
		OK(!nets[i].after || is_global(nets[i].after));
	}
	for (i = 0; i < sizeof(no) / sizeof(*no); i++)
		OK(!is_global(no[i]));
	for (i = 0; i < sizeof(yes) / sizeof(*yes); i++)
		OK(is_global(yes[i]));
}

static void
odd_addresses(void)
{
	static const char *const odd[] = {
		"", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4",
		"1.2.3.04", "0x1.2.3.4", " 1.2.3.4", "1.2.3.4 ", "1.2.3.4.",
		"2130706433", "fe80::1%eth0", "::1%1", "[::1]", ":::",
		"1::2::3",
		"1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "12345::", "::1.2.3",
	};
	struct addr a;
	size_t i;

	for (i = 0; i < sizeof(odd) / sizeof(*odd); i++)
		OK(!addr_read(&a, odd[i]));
}

static void
urls(void)
{
	static const struct {
		const char *text;
		enum url_is is;
		const char *host;
		unsigned port;
	} cases[] = {
		{ "https://node.example", URL_GOOD, "node.example", 443 },
		{ "https://node.example/", URL_GOOD, "node.example", 443 },
		{ "https://node.example?q", URL_GOOD, "node.example", 443 },
		{ "HTTPS://Node.Example./a%20b?c=d&e", URL_GOOD,
		    "node.example", 443 },
		{ "https://fdic.gov/hook", URL_GOOD, "fdic.gov", 443 },
		{ "https://fd00.example/", URL_GOOD, "fd00.example", 443 },
		{ "https://10.example/", URL_GOOD, "10.example", 443 },
		{ "https://1.2.3.4.example/", URL_GOOD, "1.2.3.4.example",
		    443 },
		{ "https://xn--bcher-kva.example/", URL_GOOD,
		    "xn--bcher-kva.example", 443 },
		{ "https://node.example:8443/", URL_GOOD, "node.example",
		    8443 },
		{ "https://8.8.8.8:65535/", URL_GOOD, "8.8.8.8", 65535 },
		{ "https://[2606:4700::1]:443/", URL_GOOD, "2606:4700::1",
		    443 },

		{ "", URL_BAD, NULL, 0 },
		{ "https:", URL_BAD, NULL, 0 },
		{ "https://", URL_BAD, NULL, 0 },
		{ "https:///path", URL_BAD, NULL, 0 },
		{ "https:node.example", URL_BAD, NULL, 0 },
		{ "http://node.example/", URL_BAD, NULL, 0 },
		{ "ftp://node.example/", URL_BAD, NULL, 0 },
		{ "file:///etc/passwd", URL_BAD, NULL, 0 },
		{ "//node.example/", URL_BAD, NULL, 0 },
		{ " https://node.example/", URL_BAD, NULL, 0 },
		{ "https://node.example/ ", URL_BAD, NULL, 0 },
		{ "https://node.example/a b", URL_BAD, NULL, 0 },
		{ "https://node.example/\n", URL_BAD, NULL, 0 },
		{ "https://node.example/\r\nHost: x", URL_BAD, NULL, 0 },
		{ "https://node.example\t/", URL_BAD, NULL, 0 },
		{ "https://node.example/#frag", URL_BAD, NULL, 0 },
		{ "https://node.example#@evil.example/", URL_BAD, NULL, 0 },
		{ "https://node.example\\@evil.example/", URL_BAD, NULL, 0 },
		{ "https://node.example/\\x", URL_BAD, NULL, 0 },
		{ "https://node.example/%", URL_BAD, NULL, 0 },
		{ "https://node.example/%2", URL_BAD, NULL, 0 },
		{ "https://node.example/%zz", URL_BAD, NULL, 0 },
		{ "https://node.example/\"", URL_BAD, NULL, 0 },
		{ "https://node.example/\xc3\xa9", URL_BAD, NULL, 0 },
		{ "https://user@node.example/", URL_BAD, NULL, 0 },
		{ "https://user:pw@node.example/", URL_BAD, NULL, 0 },
		{ "https://@node.example/", URL_BAD, NULL, 0 },
		{ "https://8.8.8.8@127.0.0.1/", URL_BAD, NULL, 0 },
		{ "https://node.example:/", URL_BAD, NULL, 0 },
		{ "https://node.example:0/", URL_BAD, NULL, 0 },
		{ "https://node.example:0443/", URL_BAD, NULL, 0 },
		{ "https://node.example:65536/", URL_BAD, NULL, 0 },
		{ "https://node.example:99999/", URL_BAD, NULL, 0 },
		{ "https://node.example:443443/", URL_BAD, NULL, 0 },
		{ "https://node.example:44a/", URL_BAD, NULL, 0 },
		{ "https://node.example:+443/", URL_BAD, NULL, 0 },
		{ "https://:443/", URL_BAD, NULL, 0 },
		{ "https://./", URL_BAD, NULL, 0 },
		{ "https://.node.example/", URL_BAD, NULL, 0 },
		{ "https://node..example/", URL_BAD, NULL, 0 },
		{ "https://node.example../", URL_BAD, NULL, 0 },
		{ "https://-node.example/", URL_BAD, NULL, 0 },
		{ "https://node-.example/", URL_BAD, NULL, 0 },
		{ "https://no_de.example/", URL_BAD, NULL, 0 },
		{ "https://%6eode.example/", URL_BAD, NULL, 0 },
		{ "https://node%2eexample/", URL_BAD, NULL, 0 },
		{ "https://b\xc3\xbc" "cher.example/", URL_BAD, NULL, 0 },
		/* Dots of other scripts: U+3002, U+FF0E, U+FF61. */
		{ "https://127\xe3\x80\x82" "0.0.1/", URL_BAD, NULL, 0 },
		{ "https://127\xef\xbc\x8e" "0.0.1/", URL_BAD, NULL, 0 },
		{ "https://127\xef\xbd\xa1" "0.0.1/", URL_BAD, NULL, 0 },
		/* Digits in circles, and wide ones. */
		{ "https://\xe2\x91\xa0.1.1.1/", URL_BAD, NULL, 0 },
		{ "https://\xef\xbc\x91.1.1.1/", URL_BAD, NULL, 0 },
		{ "https://[::1", URL_BAD, NULL, 0 },
		{ "https://[::1]x/", URL_BAD, NULL, 0 },
		{ "https://[]/", URL_BAD, NULL, 0 },
		{ "https://[fe80::1%25eth0]/", URL_BAD, NULL, 0 },
		{ "https://[fe80::1%eth0]/", URL_BAD, NULL, 0 },
		{ "https://[127.0.0.1]/", URL_BAD, NULL, 0 },
		{ "https://[v1.x]/", URL_BAD, NULL, 0 },
		{ "https://::1/", URL_BAD, NULL, 0 },

		{ "https://2130706433/", URL_NUMBER, NULL, 0 },
		{ "https://0/", URL_NUMBER, NULL, 0 },
		{ "https://127.1/", URL_NUMBER, NULL, 0 },
		{ "https://127.0.1/", URL_NUMBER, NULL, 0 },
		{ "https://0177.0.0.1/", URL_NUMBER, NULL, 0 },
		{ "https://0x7f.0.0.1/", URL_NUMBER, NULL, 0 },
		{ "https://0x7f000001/", URL_NUMBER, NULL, 0 },
		{ "https://0X7F000001/", URL_NUMBER, NULL, 0 },
		{ "https://0x/", URL_NUMBER, NULL, 0 },
		{ "https://127.0.0.0x1/", URL_NUMBER, NULL, 0 },
		{ "https://017700000001/", URL_NUMBER, NULL, 0 },
		{ "https://256.0.0.1/", URL_NUMBER, NULL, 0 },
		{ "https://1.2.3.4.5/", URL_NUMBER, NULL, 0 },
		{ "https://node.1/", URL_NUMBER, NULL, 0 },
	};
	struct url u;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		OK(url_read(&u, cases[i].text) == cases[i].is);
		if (cases[i].is != URL_GOOD)
			continue;
		IS(u.host, cases[i].host);
		OK(u.port == cases[i].port);
	}
}

/* A label of 63 letters is one, of 64 none; a name of 253 is one. */
static void
long_names(void)
{
	struct buf b = BUF_INIT(1024);
	struct url u;
	int i, n;

	for (n = 63; n <= 64; n++) {
		buf_reset(&b);
		buf_adds(&b, "https://");
		for (i = 0; i < n; i++)
			buf_addc(&b, 'a');
		buf_adds(&b, ".example/");
		OK((url_read(&u, b.data) == URL_GOOD) == (n == 63));
	}
	for (n = 125; n <= 127; n++) {
		buf_reset(&b);
		buf_adds(&b, "https://a");
		for (i = 0; i < n; i++)
			buf_adds(&b, ".a");
		OK((url_read(&u, b.data) == URL_GOOD) == (n <= 126));
	}
	buf_release(&b);
}

/* --- Targets ------------------------------------------------------------- */

struct answer {
	const char *addr[4];
	size_t asked;
	char host[URL_HOST];
};

static size_t
resolve(void *arg, const char *host, struct addr *out, size_t most)
{
	struct answer *a = arg;
	size_t n = 0;

	a->asked++;
	snprintf(a->host, sizeof(a->host), "%s", host);
	for (; n < 4 && n < most && a->addr[n]; n++)
		OK(addr_read(&out[n], a->addr[n]));
	return n;
}

static enum err_code
ask(const char *url, struct answer *a, bool allow)
{
	const struct hook_rules rules = { &params, allow };
	const struct hook_resolver r = { resolve, a };
	struct hook_target t;
	struct err e = { 0 };
	int rc = hook_target(&t, url, &r, &rules, &e);

	OK(t.good == !rc);
	return rc ? e.code : E_ok;
}

static void
private_hosts(void)
{
	static const char *const hosts[] = {
		"127.0.0.1", "127.0.0.1.", "10.1.2.3", "172.16.0.1",
		"192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
		"224.0.0.1", "255.255.255.255", "198.18.0.1", "192.0.2.1",
		"198.51.100.1", "203.0.113.1", "[::1]", "[::]",
		"[::ffff:10.0.0.1]", "[::FFFF:127.0.0.1]", "[::ffff:7f00:1]",
		"[::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]",
		"[2001:0:7f00:1::]", "[fd12:3456::1]", "[fe80::1]",
		"[ff02::1]", "localhost", "LOCALHOST", "localhost.",
		"a.localhost", "2130706433", "0x7f.1", "0177.1", "127.1",
		"0xa9fea9fe", "2852039166", "0251.0376.0251.0376",
	};
	struct answer a = { { "8.8.8.8" }, 0, "" };
	char url[128];
	size_t i;

	for (i = 0; i < sizeof(hosts) / sizeof(*hosts); i++) {
		snprintf(url, sizeof(url), "https://%s/hook", hosts[i]);
		OK(ask(url, &a, false) == E_webhook_private);
		snprintf(url, sizeof(url), "https://%s:443", hosts[i]);
		OK(ask(url, &a, false) == E_webhook_private);
	}
	OK(!a.asked);		/* of the DNS, for none of them */
}

static void
targets(void)
{
	static const char good[] = "https://Node.Example./hook";
	struct answer yes = { { "8.8.8.8", "2606:4700::1" }, 0, "" };
	struct answer none = { { NULL }, 0, "" };
	struct answer one = { { "8.8.8.8", "1.1.1.1", "10.0.0.1" }, 0, "" };
	struct answer six = { { "2606:4700::1", "::ffff:8.8.8.8" }, 0, "" };
	char url[HOOK_URL + 1];

	OK(ask(good, &yes, false) == E_ok && yes.asked == 1);
	IS(yes.host, "node.example");
	OK(ask("https://fdic.gov/", &yes, false) == E_ok);
	OK(ask("https://8.8.8.8/", &none, false) == E_ok && !none.asked);
	OK(ask("https://[2606:4700::1]/", &none, false) == E_ok);
	OK(ask(good, &none, false) == E_webhook_dns);
	OK(ask(good, &one, false) == E_webhook_resolves_private);
	OK(ask(good, &six, false) == E_webhook_resolves_private);
	OK(ask("https://notlocalhost/", &yes, false) == E_ok);

	OK(ask("http://node.example/", &yes, false) == E_webhook_https);
	OK(ask("https://u:p@node.example/", &yes, false) == E_webhook_https);
	OK(ask("https://node.example:80/", &yes, false) == E_webhook_https);
	OK(ask("https://node.example:8443/", &yes, false) ==
	    E_webhook_https);
	/* Of two reasons the first is told: https, then private. */
	OK(ask("http://127.0.0.1/", &yes, false) == E_webhook_https);

	OK(ask("https://127.0.0.1/", &none, true) == E_ok);
	OK(ask(good, &one, true) == E_ok);
	OK(ask(good, &none, true) == E_webhook_dns);
	OK(ask("http://node.example/", &yes, true) == E_webhook_https);

	memset(url, 'a', sizeof(url));
	memcpy(url, "https://node.example/", 21);
	url[HOOK_URL] = '\0';
	OK(ask(url, &yes, false) == E_webhook_https);
	url[HOOK_URL - 1] = '\0';
	OK(ask(url, &yes, false) == E_ok);
}

static void
ports(void)
{
	static const struct { const char *list; bool tls, alt; } cases[] = {
		{ "443", true, false }, { "443,8443", true, true },
		{ "443, 8443", true, true }, { "8443", false, true },
		{ "", false, false }, { "4430", false, false },
		{ "x", false, false }, { "44,3", false, false },
		{ "x,443", true, false },
	};
	struct answer yes = { { "8.8.8.8" }, 0, "" };
	struct params conf;
	struct err e;
	char line[64];
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		param_defaults(&conf);
		snprintf(line, sizeof(line), "webhook_ports %s\n",
		    cases[i].list);
		if (*cases[i].list)
			OK(!param_read(&conf, line, "conf", &e));
		else
			continue;
		params = conf;
		OK((ask("https://node.example/", &yes, false) == E_ok) ==
		    cases[i].tls);
		OK((ask("https://node.example:8443/", &yes, false) == E_ok) ==
		    cases[i].alt);
	}
	param_defaults(&params);
}

int
main(void)
{
	param_defaults(&params);
	nets();
	odd_addresses();
	urls();
	long_names();
	private_hosts();
	targets();
	ports();
	return DONE();
}
