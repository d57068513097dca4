/*
 * Signatures of files: one text and no other, every kind in the place of
 * every other, and objects by their domain.
 */
#include <stdlib.h>

#include "tap.h"

#include "key/domain.h"
#include "seed.h"
#include "sig/check.h"
#include "sig/space.h"

#define AT_MS 1795161600000
#define OBJECT "{\"node_id\":\"" A_ID "\",\"registry\":\"" A_ID "\""

static struct sign_key key;

static void
make(struct sig *s, const char *space)
{
	struct err e = { 0 };

	*s = (struct sig){
		.space = space, .at_ms = AT_MS, .size = 5, .seq = 7,
		.comment = "first",
	};
	hash_of(&s->content, "hello", 5);
	OK(!sig_make(s, &key, &e));
}

static void
exact(void)
{
	static const char want[] = "bzn-file-v1\n"
	    "namespace bzn-release-v1\n"
	    "key " A_ID "\n"
	    "public MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIa"
	    "aPcHURo=\n"
	    "time 2026-11-20T08:00:00.000Z\n"
	    "size 5\n"
	    "sha256 2cf24dba5fb0a30e26e83b2ac5b9e29e"
	    "1b161e5c1fa7425e73043362938b9824\n"
	    "seq 7\n"
	    "comment first\n"
	    "signature ";
	struct buf text = BUF_INIT(SIG_MAX);
	struct err e = { 0 };
	struct sig s, again;

	make(&s, "bzn-release-v1");
	sig_write(&text, &s);
	OK(!strncmp(text.data, want, strlen(want)));
	OK(text.len == strlen(want) + 88 + 1);
	OK(!sig_read(&again, text.data, text.len, &e) && sig_holds(&again));
	OK(again.size == 5 && again.seq == 7 && again.at_ms == AT_MS);
	IS(again.comment, "first");
	IS(again.space, "bzn-release-v1");
	buf_addc(&text, '\n');
	OK(sig_length(text.data, text.len) == text.len - 1);
	OK(!sig_length(text.data, text.len - 1));
	buf_release(&text);
}

/* What is cut or changed anywhere is not read, or not signed. */
static void
damaged(void)
{
	struct buf text = BUF_INIT(SIG_MAX);
	struct err e = { 0 };
	struct sig s;
	size_t i, n;
	int bit, held = 0, cut = 0;
	char old;

	make(&s, SPACE_FILE);
	sig_write(&text, &s);
	for (n = 0; n < text.len; n++)
		cut += !sig_read(&s, text.data, n, &e);
	OK(cut == 0);
	for (i = 0; i < text.len; i++)
		for (bit = 0; bit < 8; bit++) {
			old = text.data[i];
			text.data[i] = (char)(old ^ 1 << bit);
			held += !sig_read(&s, text.data, text.len, &e) &&
			    sig_holds(&s);
			text.data[i] = old;
		}
	OK(held == 0);
	OK(!sig_read(&s, text.data, text.len, &e) && sig_holds(&s));
	buf_release(&text);
}

/* Other spellings of the same are refused: a text has one hash. */
static void
spellings(void)
{
	static const struct { const char *from, *to; } change[] = {
		{ "size 5", "size 05" }, { "size 5", "size +5" },
		{ "size 5", "size 5 " }, { "size 5\n", "size 5\r\n" },
		{ ".000Z", "Z" }, { ".000Z", ".000+00:00" },
		{ "sha256 2c", "sha256 2C" }, { "key 7f", "key 7F" },
		{ "seq 7", "seq 07" }, { "seq 7", "seq -7" },
		{ "bzn-file-v1\n", "bzn-file-v1 \n" },
		{ "namespace bzn-file-v1", "namespace bzn-card-v1" },
		{ "namespace bzn-file-v1", "namespace  bzn-file-v1" },
		{ "comment first\n", "comment \n" },
		{ "comment first", "comment a\tb" },
		{ "comment first", "comment \x1b[31m" },
		{ "comment first", "comment \xff" },
		{ "public MCow", "public MCox" },
		{ "HURo=\n", "HURp=\n" }, { "HURo=\n", "HURo\n" },
	};
	struct buf text = BUF_INIT(SIG_MAX), other = BUF_INIT(SIG_MAX);
	struct err e = { 0 };
	struct sig s;
	const char *at;
	size_t i;

	make(&s, SPACE_FILE);
	sig_write(&text, &s);
	for (i = 0; i < sizeof(change) / sizeof(*change); i++) {
		at = strstr(text.data, change[i].from);
		buf_reset(&other);
		buf_add(&other, text.data, (size_t)(at - text.data));
		buf_adds(&other, change[i].to);
		buf_adds(&other, at + strlen(change[i].from));
		OK(sig_read(&s, other.data, other.len, &e) &&
		    e.code == E_bad_sig);
	}
	snprintf(s.comment, sizeof(s.comment), "a\nb");
	OK(sig_make(&s, &key, &e) && e.code == E_bad_sig);
	buf_release(&text);
	buf_release(&other);
}

static void
trust_all(struct trust *t)
{
	*t = (struct trust){ 0 };
	trust_give(t, TRUST_SELF, "here", &key.pub);
	trust_sort(t);
}

/*
 * Every namespace of files, both as ours and as that of ssh-keygen, and every
 * domain of objects or text, signs the same five bytes; each is offered as
 * each.
 */
static void
matrix(void)
{
	static const char object[] = OBJECT "}";
	struct buf made[64], out = BUF_INIT(4096);
	struct check_ask ask = { .at_ms = AT_MS };
	char sig[DOMAIN_SIG];
	const char *space[64];
	struct err e = { 0 };
	struct trust trust;
	struct json root;
	struct check c;
	struct content is;
	int i, j, n = 0, files, right = 0, wrong = 0;
	struct ssh ssh;
	struct sig s;

	trust_all(&trust);
	ask.trust = &trust;
	check_init(&c);
	content_of(&is, CONTENT_BOTH, "hello", 5);
	for (; space_at(n); n++) {
		space[n] = space_at(n);
		make(&s, space[n]);
		made[n] = (struct buf)BUF_INIT(4096);
		sig_write(&made[n], &s);
	}
	files = n;
	for (i = 0; i < files + 2; i++, n++) {
		space[n] = i < files ? space_at(i) : i == files ? "file" :
		    "git";
		ssh = (struct ssh){ .sha256 = false };
		snprintf(ssh.space, sizeof(ssh.space), "%s", space[n]);
		ssh_make(&ssh, &key, &is);
		made[n] = (struct buf)BUF_INIT(4096);
		ssh_write(&made[n], &ssh);
	}
	OK(!json_parse(&root, object, strlen(object), &e));
	for (i = 0; i < DOMAIN__COUNT; i++, n++) {
		space[n] = domain_word((enum domain)i);
		OK(!domain_sign(sig, (enum domain)i, &root, &key, &e));
		made[n] = (struct buf)BUF_INIT(4096);
		buf_addf(&made[n], OBJECT ",\"signature\":\"%s\"}", sig);
	}
	json_release(&root);
	for (i = 0; i < n; i++)
		for (j = 0; j < n; j++) {
			ask.space = space[j];
			check_reset(&c);
			if (json_parse(&root, made[i].data, made[i].len, &e)) {
				check_text(&c, &ask, made[i].data,
				    made[i].len, &is);
			} else {
				check_object(&c, &ask, &root);
				json_release(&root);
			}
			if (c.why.kind)
				continue;
			right += i == j;
			wrong += strcmp(space[i], space[j]) != 0;
		}
	OK(wrong == 0);
	/* Domains of text sign no objects. */
	OK(right == files + files + 2 + 18);
	printf("# %d kinds in the place of %d: %d wrong\n", n, n, wrong);
	for (i = 0; i < n; i++)
		buf_release(&made[i]);
	check_release(&c);
	trust_release(&trust);
	buf_release(&out);
}

/* A node's own words cannot be those of another that is named in them. */
static void
speaker(void)
{
	static const struct { enum domain d; bool node; } row[] = {
		{ DOMAIN_card, true }, { DOMAIN_revoke, true },
		{ DOMAIN_answer, false }, { DOMAIN_tier, false },
		{ DOMAIN_receipt, false },
	};
	static const char object[] = "{\"node_id\":\"" B_ID "\","
	    "\"registry\":\"" A_ID "\"}";
	struct check_ask ask = { .at_ms = AT_MS };
	struct buf text = BUF_INIT(4096);
	char sig[DOMAIN_SIG];
	struct err e = { 0 };
	struct trust trust;
	struct json root;
	struct check c;
	size_t i;

	trust_all(&trust);
	ask.trust = &trust;
	check_init(&c);
	for (i = 0; i < sizeof(row) / sizeof(*row); i++) {
		OK(!json_parse(&root, object, strlen(object), &e));
		OK(!domain_sign(sig, row[i].d, &root, &key, &e));
		json_release(&root);
		buf_reset(&text);
		buf_addf(&text, "{\"node_id\":\"" B_ID "\",\"registry\":\""
		    A_ID "\",\"signature\":\"%s\"}", sig);
		OK(!json_parse(&root, text.data, text.len, &e));
		ask.space = domain_word(row[i].d);
		check_reset(&c);
		check_object(&c, &ask, &root);
		OK(c.why.code == (row[i].node ? E_unknown_signer : E_ok));
		IS(c.key_id, row[i].node ? B_ID : A_ID);
		json_release(&root);
	}
	check_release(&c);
	trust_release(&trust);
	buf_release(&text);
}

static void
content(void)
{
	struct buf text = BUF_INIT(SIG_MAX), out = BUF_INIT(4096);
	struct check_ask ask = {
		.space = SPACE_FILE, .at_ms = AT_MS, .explain = true,
	};
	struct trust trust;
	struct check c;
	struct content is, longer;
	struct sig s;

	trust_all(&trust);
	ask.trust = &trust;
	make(&s, SPACE_FILE);
	sig_write(&text, &s);
	check_init(&c);
	content_of(&is, CONTENT_BOTH, "hello", 5);
	check_text(&c, &ask, text.data, text.len, &is);
	OK(!c.why.kind);
	check_write(&out, &c);
	OK(strstr(out.data, "\"code\":\"ok\"") &&
	    strstr(out.data, "\"principal\":\"self\"") &&
	    strstr(out.data, "\"comment\":\"first\"") &&
	    strstr(out.data, "here: trusted for bzn-file-v1"));
	check_reset(&c);
	longer = is;
	longer.size++;
	check_text(&c, &ask, text.data, text.len, &longer);
	OK(c.why.code == E_hash_mismatch);
	check_reset(&c);
	content_of(&is, CONTENT_BOTH, "hallo", 5);
	check_text(&c, &ask, text.data, text.len, &is);
	OK(c.why.code == E_hash_mismatch);
	check_reset(&c);
	ask.at_ms = AT_MS - CHECK_SKEW_MS - 1;
	check_text(&c, &ask, text.data, text.len, &is);
	OK(c.why.code == E_not_yet_valid);
	trust_release(&trust);
	check_reset(&c);
	ask.at_ms = AT_MS;
	check_text(&c, &ask, text.data, text.len, &is);
	OK(c.why.code == E_unknown_signer);
	buf_reset(&out);
	check_write(&out, &c);
	OK(!strstr(out.data, "first"));
	check_release(&c);
	buf_release(&text);
	buf_release(&out);
}

int
main(void)
{
	seed_key(&key, SEED_A);
	exact();
	damaged();
	spellings();
	matrix();
	speaker();
	content();
	sign_key_release(&key);
	return DONE();
}
