/* Small modules: chance, id, param, file. */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tap.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/id.h"
#include "base/param.h"

static void
ids(void)
{
	struct chance c = { 0 }, seeded, again;
	char last[ID_TEXT] = "", next[ID_TEXT];
	int i, falls = 0, spread[7] = { 0 };

	for (i = 0; i < 20000; i++) {
		id_new(next, 1795161600000 + i / 10000, &c);
		falls += strcmp(last, next) >= 0;
		memcpy(last, next, sizeof(last));
	}
	OK(falls == 0 && strlen(next) == 36);
	OK(next[14] == '7' && strchr("89ab", next[19]));
	OK(!strncmp(next, "01a1f7f8-", 9));
	chance_seed(&seeded, 7);
	chance_seed(&again, 7);
	id_new(last, 1, &seeded);
	id_new(next, 1, &again);
	IS(last, next);
	for (i = 0; i < 7000; i++)
		spread[chance_below(&seeded, 7)]++;
	for (i = 0; i < 7; i++)
		OK(spread[i] > 800 && spread[i] < 1200);
}

static const char *
conf(const char *text)
{
	static struct err e;
	struct params p;

	param_defaults(&p);
	return param_read(&p, text, "bzn.conf", &e) ? e.msg : "";
}

static void
params(void)
{
	struct params p;
	struct err e = { 0 };
	char text[PARAM_TEXT];

	param_defaults(&p);
	OK(p.value[PARAM_listing_fee] == 50);
	OK(p.value[PARAM_pending_escrow_timeout] == 72 * 3600000);
	OK(!param_read(&p, "# all\n\n\tlisting_fee   1.5 # dear\r\n"
	    "dispute_window 90m\ntest_clock yes", "x", &e));
	OK(p.value[PARAM_listing_fee] == 150 && p.line[PARAM_listing_fee] == 3);
	OK(p.value[PARAM_dispute_window] == 5400000 && p.line[0] == 0);
	param_text(&p, PARAM_dispute_window, text);
	IS(text, "90m");
	param_text(&p, PARAM_listing_fee, text);
	IS(text, "1.50");
	param_text(&p, PARAM_test_clock, text);
	IS(text, "yes");
	IS(param_string(&p, PARAM_pin_dir), "pins");
	IS(param_string(&p, PARAM_policy_deny), "");
	OK(!param_read(&p, "policy_deny  a b,c # d\npin_dir /x", "x", &e));
	IS(param_string(&p, PARAM_pin_dir), "/x");
	param_text(&p, PARAM_policy_deny, text);
	IS(text, "a b,c");
	IS(conf("listing_fe 1"), "bzn.conf:1: no parameter 'listing_fe'");
	IS(conf("\nlisting_fee"), "bzn.conf:2: 'listing_fee' needs a value");
	IS(conf("listing_fee 1\nlisting_fee 2"),
	    "bzn.conf:2: 'listing_fee' is set in line 1");
	IS(conf("protocol_tax_bp 2501"), "bzn.conf:1: protocol_tax_bp: "
	    "'2501' is not within 0 and 2500");
	IS(conf("listing_fee 0.005"), "bzn.conf:1: listing_fee: '0.005' has "
	    "more than 2 decimals");
	IS(conf("test_clock maybe"), "bzn.conf:1: test_clock: 'maybe' is "
	    "neither yes nor no");
	IS(conf("test_clock yes please"), "bzn.conf:1: test_clock: "
	    "'yes please' is neither yes nor no");
}

static void
files(void)
{
	char dir[] = "/tmp/bzn-unit-XXXXXX", path[99], deep[64];
	struct buf b = BUF_INIT(10);
	struct err e = { 0 };
	struct stat st;

	OK(mkdtemp(dir) != NULL);
	snprintf(deep, sizeof(deep), "%s/a/b", dir);
	OK(!file_mkdir(deep, 0700, &e) && !file_mkdir(deep, 0700, &e));
	OK(!stat(deep, &st) && (st.st_mode & 0777) == 0700);
	snprintf(path, sizeof(path), "%s/x", deep);
	OK(!file_create(path, "one", 3, 0600, &e));
	OK(file_create(path, "two", 3, 0600, &e) && e.code == E_id_conflict);
	OK(!file_read(&b, path, &e));
	IS(b.data, "one");
	OK(!file_write(path, "0123456789a", 11, 0644, &e));
	OK(!stat(path, &st) && (st.st_mode & 0777) == 0644);
	buf_reset(&b);
	OK(file_read(&b, path, &e) && e.code == E_too_long);
	buf_release(&b);
	OK(!unlink(path));
	OK(file_read(&b, path, &e) && e.code == E_no_file);
	OK(rmdir(deep) == 0);		/* no temporary file is left */
	OK(file_write(path, "", 0, 0600, &e) && e.code == E_no_file);
	snprintf(deep, sizeof(deep), "%s/a", dir);
	OK(rmdir(deep) == 0 && rmdir(dir) == 0);
}

int
main(void)
{
	ids();
	params();
	files();
	return DONE();
}
