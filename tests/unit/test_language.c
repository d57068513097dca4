/* Which language a text is in: codes, aliases, samples, and its price. */
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "tap.h"

#include "base/buf.h"
#include "validate/language.h"

static struct language l = LANGUAGE_INIT(LANGUAGE_DIR);
static struct err e;

/* Articles 1 of the Universal Declaration of Human Rights. */
static const struct { const char *code, *text; } samples[] = {
	{ "en", "All human beings are born free and equal in dignity and "
	    "rights. They are endowed with reason and conscience and should "
	    "act towards one another in a spirit of brotherhood." },
	{ "de", "Alle Menschen sind frei und gleich an W\xc3\xbcrde und "
	    "Rechten geboren. Sie sind mit Vernunft und Gewissen begabt und "
	    "sollen einander im Geist der Br\xc3\xbc" "derlichkeit begegnen." },
	{ "es", "Todos los seres humanos nacen libres e iguales en dignidad y "
	    "derechos y, dotados como est\xc3\xa1n de raz\xc3\xb3n y "
	    "conciencia, deben comportarse fraternalmente los unos con los "
	    "otros." },
	{ "fr", "Tous les \xc3\xaatres humains naissent libres et \xc3\xa9gaux "
	    "en dignit\xc3\xa9 et en droits. Ils sont dou\xc3\xa9s de raison "
	    "et de conscience et doivent agir les uns envers les autres dans "
	    "un esprit de fraternit\xc3\xa9." },
	{ "pt", "Todos os seres humanos nascem livres e iguais em dignidade e "
	    "em direitos. Dotados de raz\xc3\xa3o e de consci\xc3\xaancia, "
	    "devem agir uns para com os outros em esp\xc3\xadrito de "
	    "fraternidade." },
	{ "no", "Alle mennesker er f\xc3\xb8" "dt frie og med samme "
	    "menneskeverd og menneskerettigheter. De er utstyrt med fornuft og "
	    "samvittighet og b\xc3\xb8r handle mot hverandre i "
	    "brorskapets \xc3\xa5nd." },
	{ "ru", "\xd0\x9e\xd0\xbd \xd1\x81\xd0\xba\xd0\xb0\xd0\xb7\xd0\xb0"
	    "\xd0\xbb, \xd1\x87\xd1\x82\xd0\xbe \xd1\x8d\xd1\x82"
	    "\xd0\xbe \xd0\xbd\xd0\xb5 \xd0\xb5\xd0\xb3\xd0\xbe "
	    "\xd0\xb4\xd0\xb5\xd0\xbb\xd0\xbe \xd0\xb8 \xd1\x87\xd1\x82"
	    "\xd0\xbe \xd0\xbe\xd0\xbd \xd0\xbd\xd0\xb8\xd1\x87\xd0\xb5"
	    "\xd0\xb3\xd0\xbe \xd0\xbe\xd0\xb1 \xd1\x8d\xd1\x82\xd0\xbe"
	    "\xd0\xbc \xd0\xbd\xd0\xb5 \xd0\xb7\xd0\xbd\xd0\xb0\xd0\xb5"
	    "\xd1\x82." },
	{ "zh", "\xe4\xba\xba\xe4\xba\xba\xe7\x94\x9f\xe8\x80\x8c\xe8\x87\xaa"
	    "\xe7\x94\xb1\xef\xbc\x8c\xe5\x9c\xa8\xe5\xb0\x8a\xe4\xb8\xa5\xe5"
	    "\x92\x8c\xe6\x9d\x83\xe5\x88\xa9\xe4\xb8\x8a\xe4\xb8\x80\xe5\xbe"
	    "\x8b\xe5\xb9\xb3\xe7\xad\x89\xe3\x80\x82" },
};

static void
test_codes(void)
{
	static const char *const some[] = {
		"ab", "az-cyrillic", "bn", "en", "ha-ng", "haw", "nb", "nn",
		"pt", "sh", "sr", "uz-cyrl", "zh-cn", "zh-tw", "zu",
	};
	size_t i, wrong = 0;
	const char *s;

	OK(!language_load(&l, &e) && !language_load(&l, &e));
	OK(!strncmp(language_version(&l), "3.4.", 4));
	OK(strlen(language_version(&l)) == 5 + 1 + 16);
	for (i = 0; language_code(&l, i); i++) {
		s = language_code(&l, i);
		wrong += strspn(s, "abcdefghijklmnopqrstuvwxyz-") != strlen(s);
		wrong += s[strlen(s) - 1] == '-' || strstr(s, "utf8");
		wrong += i && strcmp(language_code(&l, i - 1), s) >= 0;
	}
	OK(wrong == 0 && i > 150);
	for (i = 0; i < sizeof some / sizeof *some; i++)
		wrong += !language_known(&l, some[i]);
	OK(wrong == 0);
	OK(language_known(&l, "EN") && language_known(&l, "zh-CN"));
	OK(language_known(&l, "zh") && language_known(&l, "No"));
	OK(!language_known(&l, "te") && !language_known(&l, "xx"));
	OK(!language_known(&l, "") && !language_known(&l, "en-utf8"));
	OK(!language_known(&l, "english, please, and nothing else"));
	IS(language_alias(0), "no");
	IS(language_alias(1), "zh");
	OK(!language_alias(2));
}

static void
test_samples(void)
{
	struct language_guess g;
	size_t i;

	for (i = 0; i < sizeof samples / sizeof *samples; i++) {
		OK(!language_guess(&l, samples[i].text,
		    strlen(samples[i].text), &g, &e));
		OK(g.count >= 1 && g.count <= LANGUAGE_GUESSES);
		OK(language_among(&g, samples[i].code));
		OK(!language_among(&g, "vi") && !language_among(&g, "hu"));
	}
	OK(language_among(&g, "ZH") && language_among(&g, "zh-cn"));
	OK(!language_among(&g, "no"));
	OK(!language_guess(&l, "", 0, &g, &e) && g.count == 0);
	OK(!language_guess(&l, " 12 ", 4, &g, &e) && g.count == 0);
}

/* What stands before the text, if it says nothing, does not hide it. */
static void
test_cut(void)
{
	struct language_guess plain, g;
	struct buf b = BUF_INIT(1 << 20);
	size_t i;

	OK(!language_guess(&l, samples[1].text, strlen(samples[1].text),
	    &plain, &e));
	for (i = 0; i < 100000; i++)
		buf_adds(&b, i % 3 ? "12 " : "\xe3\x80\x80\n");
	buf_adds(&b, samples[1].text);
	OK(!language_guess(&l, b.data, b.len, &g, &e));
	OK(language_among(&g, "de") && !strcmp(g.code[0], plain.code[0]));

	/* And of a long text only the first part counts. */
	buf_reset(&b);
	while (b.len < 2 * LANGUAGE_SAMPLE)
		buf_adds(&b, samples[0].text);
	while (b.len < 1000000)
		buf_adds(&b, samples[6].text);
	OK(!language_guess(&l, b.data, b.len, &g, &e));
	OK(language_among(&g, "en") && !language_among(&g, "ru"));
	buf_release(&b);
}

/*
 * The library's table of n-grams has 8,192 places, and its hash is known: a
 * text whose n-grams all meet in five of them is the dearest there is.
 */
static void
test_price(void)
{
	struct language_guess g;
	struct buf b = BUF_INIT(1 << 20);
	struct timespec from, to;
	char chars[256][4];
	unsigned c, hash, seed = 1;
	double ms;
	size_t n = 0, i;
	int k;

	for (c = 0x10000; c < 0x110000 && n < 256; c++) {
		char s[4] = {
			(char)(0xf0 | c >> 18), (char)(0x80 | (c >> 12 & 63)),
			(char)(0x80 | (c >> 6 & 63)), (char)(0x80 | (c & 63)),
		};

		for (hash = 0, k = 0; k < 4; k++)
			hash = hash * 31 + (unsigned)s[k];
		if (hash % 8192 == 4711)
			memcpy(chars[n++], s, 4);
	}
	OK(n > 100);
	for (i = 0; i < 200000; i++) {
		seed = seed * 1103515245 + 12345;
		buf_add(&b, chars[(seed >> 16) % n], 4);
	}
	clock_gettime(CLOCK_MONOTONIC, &from);
	OK(!language_guess(&l, b.data, b.len, &g, &e));
	clock_gettime(CLOCK_MONOTONIC, &to);
	ms = (double)(to.tv_sec - from.tv_sec) * 1e3 +
	    (double)(to.tv_nsec - from.tv_nsec) / 1e6;
	printf("# the dearest text: %.1f ms\n", ms);
	OK(ms < 1000);			/* 200,000 characters are minutes */
	buf_release(&b);
}

static void *
ask(void *wrong)
{
	struct language_guess g;
	struct err mine;
	size_t i, k;

	for (k = 0; k < 50; k++)
		for (i = 0; i < sizeof samples / sizeof *samples; i++)
			if (language_guess(&l, samples[i].text,
			    strlen(samples[i].text), &g, &mine) ||
			    !language_among(&g, samples[i].code))
				++*(int *)wrong;
	return NULL;
}

static void
test_threads(void)
{
	int wrong[4] = { 0 }, i;
	pthread_t t[4];

	for (i = 0; i < 4; i++)
		pthread_create(&t[i], NULL, ask, &wrong[i]);
	for (i = 0; i < 4; i++)
		pthread_join(t[i], NULL);
	OK(!wrong[0] && !wrong[1] && !wrong[2] && !wrong[3]);
}

static void
write_to(const char *name, const char *text)
{
	FILE *f = fopen(name, "w");

	fputs(text, f);
	fclose(f);
}

static void
test_data(void)
{
	struct language own = LANGUAGE_INIT(".");
	char first[LANGUAGE_VERSION];
	struct language none = LANGUAGE_INIT("/nonexistent");
	struct language_guess g;

	OK(language_load(&none, &e) == -1 && e.code == E_io_error);
	OK(strstr(e.msg, "/nonexistent/fpdb.conf") != NULL);
	OK(language_guess(&none, "text", 4, &g, &e) == -1);
	language_release(&none);

	/* The version is that of what was read. */
	unlink("r.lm");
	write_to("fpdb.conf", "# two\nq.lm  q--utf8 # a\n\nr.lm r-X-utf8\n");
	write_to("q.lm", "q 1\n");
	OK(language_load(&own, &e) == -1 && e.code == E_io_error);
	OK(strstr(e.msg, "r.lm") != NULL);
	write_to("r.lm", "r 1\n");
	OK(!language_load(&own, &e));
	IS(language_code(&own, 0), "q");
	IS(language_code(&own, 1), "r-x");
	OK(!language_code(&own, 2));
	memcpy(first, language_version(&own), sizeof first);
	language_release(&own);
	write_to("r.lm", "r 2\n");
	OK(!language_load(&own, &e) && strcmp(first, own.version));
	language_release(&own);
}

int
main(void)
{
	test_codes();
	test_samples();
	test_cut();
	test_price();
	test_threads();
	test_data();
	language_release(&l);
	return DONE();
}
