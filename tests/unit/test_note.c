/*
 * Signed notes, verifier keys and checkpoints: the C2SP vectors, and those of
 * spec/ledger.md 5.3 to 5.8; receipts, those of 5.5 and of C2SP.
 */
#include <stdlib.h>

#include "tap.h"

#include "base/enc.h"
#include "base/file.h"
#include "base/json.h"
#include "tlog/checkpoint.h"
#include "tlog/note.h"
#include "tlog/receipt.h"
#include "vectors.h"

#define LOG "ledger.example/demo+7b8488d1+" \
	"AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
#define NEXT "ledger.example/demo+3943ab50+" \
	"ARdFU7RW3d/GkI7KscEB/mqyHiuqBhd5W31DpjSCmT/V"
#define WITNESS "witness.example/w1+b72bab2e+" \
	"BCVDuS/xCVURR2rcg2nbbdyTNmWhGXjdoUBO4QZsqVWd"
#define TEN "ledger.example/demo\n10\n" \
	"bmekEsTGmwuge27a+xcfnKTGrH/j5KwhZ10laALCFn0=\n"
#define TEN_SIG "\xe2\x80\x94 ledger.example/demo e4SI0X5JdPjncyMb2ZxWbIWR" \
	"LtuYtgbvW4SJXAurjy1SJhz0m4hNos1INavD8HX2nUVmnsjLmCG4mCxWVhL1Igiqzg0=\n"
#define TEN_COSIG "\xe2\x80\x94 witness.example/w1 tyurLgAAAABrAV30Y4+90cfX" \
	"D9Db8bYMV0LnQCqe5XzsWoBi8ASuWj3hRKAd428kOCzAiJMblV7MZXp2cwWnE8f6B2s" \
	"SSWpg1gigDA==\n"

static struct buf text = BUF_INIT(JSON_MAX), out = BUF_INIT(JSON_MAX);

static const char *
member(const struct json *object, const char *key)
{
	const char *value = "";
	struct err e = { 0 };

	(void)!json_opt_str(object, key, &value, &e);
	return value;
}

static void
key_from(struct sign_key *key, unsigned first)
{
	struct secret seed;

	secret_init(&seed, SIGN_SEED);
	while (seed.len < SIGN_SEED)
		seed.data[seed.len++] = (unsigned char)first++;
	sign_key_of(key, &seed);
	secret_release(&seed);
}

/* Ours, made from the seeds of 5.3, byte for byte. */
static void
ours(void)
{
	struct note_key log, witness, key;
	struct sign_key secret;
	struct checkpoint c;
	struct err e = { 0 };
	struct note n;

	key_from(&secret, 0);
	OK(!note_key_of(&log, "ledger.example/demo", NOTE_PLAIN, &secret.pub,
	    &e));
	note_key_write(&out, &log);
	IS(out.data, LOG);
	buf_reset(&out);
	note_sign(&out, &log, &secret, TEN, strlen(TEN));
	IS(out.data, TEN_SIG);
	sign_key_release(&secret);
	key_from(&secret, 0x40);
	OK(!note_key_of(&witness, "witness.example/w1", NOTE_COSIGNED,
	    &secret.pub, &e));
	buf_reset(&out);
	note_key_write(&out, &witness);
	IS(out.data, WITNESS);
	buf_reset(&out);
	note_cosign(&out, &witness, &secret, 1795251700, TEN, strlen(TEN));
	IS(out.data, TEN_COSIG);
	sign_key_release(&secret);

	OK(!note_parse(&n, TEN "\n" TEN_SIG TEN_COSIG,
	    strlen(TEN "\n" TEN_SIG TEN_COSIG), &e));
	OK(n.n == 2 && n.text_n == strlen(TEN));
	OK(!note_check(&n, &witness, 1, &e));
	OK(!n.line[0].verified && n.line[1].verified &&
	    n.line[1].time_s == 1795251700);
	OK(!checkpoint_read(&c, n.text, n.text_n, &e) && c.size == 10);
	buf_reset(&out);
	checkpoint_write(&out, &c);
	IS(out.data, TEN);
	OK(!note_key_read(&key, NEXT, &e));
	OK(note_check(&n, &key, 1, &e) && e.code == E_unknown_signer);
	buf_reset(&out);
}

/* The note of 5.3 that is somebody else's. */
static void
theirs(void)
{
	static const char note[] = "This is an example message.\n\n"
	    "\xe2\x80\x94 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXp"
	    "pzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
	struct note_key key;
	struct err e = { 0 };
	struct note n;

	OK(!note_key_read(&key, "example.com/foo+530d903a+"
	    "AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", &e));
	OK(!note_parse(&n, note, sizeof(note) - 1, &e) &&
	    !note_check(&n, &key, 1, &e) && n.n == 1);
}

/* The checkpoints of 5.4 and 5.8, of which the last has two signatures. */
static void
of_the_log(void)
{
	static const struct {
		const char *name, *vkey;
		uint64_t size;
	} all[] = {
		{ "demo.5.ckpt", LOG, 5 }, { "demo.10.ckpt", LOG, 10 },
		{ "demo.10.ckpt", WITNESS, 10 }, { "demo.11.ckpt", LOG, 11 },
		{ "demo.11.ckpt", NEXT, 11 },
	};
	const char *src = getenv("BZN_SRC");
	struct note_key key;
	struct checkpoint c;
	struct err e = { 0 };
	char path[4096];
	struct note n;
	size_t i;

	for (i = 0; i < sizeof(all) / sizeof(*all); i++) {
		snprintf(path, sizeof(path), "%s/tests/golden/%s",
		    src ? src : ".", all[i].name);
		buf_reset(&text);
		OK(!file_read(&text, path, &e) &&
		    !note_key_read(&key, all[i].vkey, &e) &&
		    !note_parse(&n, text.data, text.len, &e) &&
		    !note_check(&n, &key, 1, &e) &&
		    !checkpoint_read(&c, n.text, n.text_n, &e));
		OK(c.size == all[i].size);
	}
	buf_reset(&text);
}

static void
verifier_keys(void)
{
	struct json root, list, one = { 0 };
	struct note_key key;
	struct err e = { 0 };
	char copy[256];
	size_t i, j, len;
	int n = 0, bad = 0;

	if (vector_read(&text, "signed-note/vkeys.json")) {
		SKIP(15, "verifier keys");
		return;
	}
	OK(!json_parse(&root, text.data, text.len, &e) &&
	    !json_get(&list, &root, "vkeys", JSON_ARRAY, &e));
	for (; json_next(&one, &list); n++) {
		if (!strcmp(member(&one, "expect"), "ok")) {
			OK(!note_key_read(&key, member(&one, "vkey"), &e));
			IS(key.name, member(&one, "name"));
			buf_reset(&out);
			note_key_write(&out, &key);
			IS(out.data, member(&one, "vkey"));
		} else {
			OK(note_key_read(&key, member(&one, "vkey"), &e) &&
			    e.code == E_bad_vkey);
		}
	}
	printf("# verifier keys: %d\n", n);
	OK(n == 15);
	/* No part, and no neighbour. */
	len = strlen(LOG);
	for (i = 0; i < len; i++) {
		for (j = i; j <= len; j++) {
			snprintf(copy, sizeof(copy), "%.*s", (int)(j - i),
			    &LOG[i]);
			bad += j - i < len && !note_key_read(&key, copy, &e);
		}
		snprintf(copy, sizeof(copy), "%s", LOG);
		copy[i]++;
		bad += !note_key_read(&key, copy, &e);
	}
	OK(bad == 0);
	json_release(&root);
}

/* Open a note with the keys listed; the word for how that went. */
static const char *
open_with(struct note *n, const struct json *test, const struct buf *bytes)
{
	struct note_key key[8];
	struct json list, one = { 0 };
	struct err e = { 0 };
	size_t keys = 0;

	if (json_get(&list, test, "vkeys", JSON_ARRAY, &e))
		return "no keys";
	while (json_next(&one, &list))
		if (note_key_read(&key[keys++], json_string(&one), &e))
			return "bad vkey";
	if (note_parse(n, bytes->data, bytes->len, &e))
		return e.code == E_bad_note ? "malformed" : "?";
	if (note_check(n, key, keys, &e))
		return e.code == E_bad_signature ? "invalid signature" :
		    "unverified";
	return "ok";
}

static size_t
counted(const struct note *n, bool verified)
{
	size_t i, count = 0;

	for (i = 0; i < n->n; i++)
		count += n->line[i].verified == verified;
	return count;
}

static void
notes(void)
{
	struct buf bytes = BUF_INIT(NOTE_MAX + 1);
	struct json root, test = { 0 }, list;
	struct err e = { 0 };
	const char *hex;
	struct note n;
	int seen = 0;
	size_t i;

	if (vector_read(&text, "signed-note/notes.json")) {
		SKIP(25, "signed notes");
		return;
	}
	OK(!json_parse(&root, text.data, text.len, &e));
	for (; json_next(&test, &root); seen++) {
		buf_reset(&bytes);
		buf_adds(&bytes, member(&test, "note"));
		hex = member(&test, "note_hex");
		for (i = 0; hex[i]; i += 2)
			buf_addc(&bytes, (char)strtol((char[]){ hex[i],
			    hex[i + 1], 0 }, NULL, 16));
		if (strcmp(member(&test, "expect"), "ok")) {
			IS(open_with(&n, &test, &bytes),
			    member(&test, "reason"));
			continue;
		}
		IS(open_with(&n, &test, &bytes), "ok");
		OK(n.text_n == strlen(member(&test, "text")) &&
		    !memcmp(n.text, member(&test, "text"), n.text_n));
		OK(!json_get(&list, &test, "verified", JSON_ARRAY, &e) &&
		    json_count(&list) == counted(&n, true));
		OK(!json_get(&list, &test, "unverified", JSON_ARRAY, &e) &&
		    json_count(&list) == counted(&n, false));
	}
	printf("# signed notes: %d\n", seen);
	OK(seen == 25);
	json_release(&root);
	buf_release(&bytes);
}

static void
checkpoints(void)
{
	struct json root, test = { 0 };
	struct checkpoint c;
	struct err e = { 0 };
	const char *s;
	int n = 0, accept;

	if (vector_read(&text, "signed-note/checkpoints.json")) {
		SKIP(18, "checkpoints");
		return;
	}
	OK(!json_parse(&root, text.data, text.len, &e));
	for (; json_next(&test, &root); n++) {
		s = member(&test, "text");
		accept = !strcmp(member(&test, "spec"), "accept");
		OK((checkpoint_read(&c, s, strlen(s), &e) == 0) == accept);
	}
	printf("# checkpoints: %d\n", n);
	OK(n == 18);
	json_release(&root);
}

/* The receipt of 5.5: the settlement of the demo log, at size 10. */
static const char receipt[] = "c2sp.org/tlog-proof@v1\n"
    "extra eyJhdF9tcyI6MTc5NTI1MTYwMDAwMCwiZ3JvdXAiOnsiaSI6MCwibiI6Mn0sImlk"
    "IjoiMDFhMWY3ZjgtM2ZhMC03MDAwLTgwMDAtMDAwMDAwMDAwMDAzOmNsb3NlIiwia2luZCI"
    "6InRyYW5zZmVyIiwibGVncyI6W3siYWNjb3VudCI6IkVTQ1JPVzowMWExZjdmOC0zZmEwLT"
    "cwMDAtODAwMC0wMDAwMDAwMDAwMDMiLCJhbW91bnQiOiItOS43MCIsInVuaXQiOiJUQ0sif"
    "Sx7ImFjY291bnQiOiJib2IiLCJhbW91bnQiOiI5LjcwIiwidW5pdCI6IlRDSyJ9XSwicmVm"
    "IjoiMDFhMWY3ZjgtM2ZhMC03MDAwLTgwMDAtMDAwMDAwMDAwMDAzIiwic2VxIjo2LCJ0eXB"
    "lIjoiRVNDUk9XX1NFVFRMRSIsInYiOjF9\n"
    "index 6\n"
    "6SRi6DZpHmeJ5ZpYeuztBwUbcjW5hxQUuj4j3a8BVUs=\n"
    "v1mAugGQJRG9W+iSGlCWdyUi7J9bP7nnpRv40sRlSME=\n"
    "NXIJ9cOfNUShWr2X5eQYqCkRHt5lyjvuwkY11me0RTg=\n"
    "DIjr8k9qa/VfGWnsD6edJsQeb6AVu5TziGXvf+qyg74=\n"
    "\n" TEN "\n" TEN_SIG TEN_COSIG;

/* Nothing that differs in a bit before the witness's line is good for it. */
static void
receipts(void)
{
	struct receipt r = RECEIPT_INIT;
	struct note_key keys[2];
	struct checkpoint c;
	struct err e = { 0 };
	char copy[sizeof(receipt)];
	size_t i, n = sizeof(receipt) - 1, signed_n = n - strlen(TEN_COSIG);
	int bad = 0, bit;

	OK(n == 985);
	OK(!note_key_read(&keys[0], LOG, &e) &&
	    !note_key_read(&keys[1], WITNESS, &e));
	OK(!receipt_read(&r, receipt, n, &e) && r.index == 6 &&
	    r.proof.n == 4);
	OK(!receipt_check(&r, keys, 2, &c, &e) && c.size == 10);
	buf_reset(&out);
	receipt_write(&out, &r);
	IS(out.data, receipt);
	OK(!receipt_read(&r, receipt, signed_n, &e) &&
	    !receipt_check(&r, keys, 2, &c, &e));
	OK(!note_key_read(&keys[1], NEXT, &e));
	OK(receipt_check(&r, keys + 1, 1, &c, &e) &&
	    e.code == E_unknown_signer);
	for (i = 0; i < signed_n; i++) {
		memcpy(copy, receipt, sizeof(copy));
		for (bit = 0; bit < 8; bit++) {
			copy[i] = (char)(receipt[i] ^ 1 << bit);
			bad += !receipt_read(&r, copy, n, &e) &&
			    !receipt_check(&r, keys, 1, &c, &e);
		}
		bad += !receipt_read(&r, receipt, i, &e) &&
		    !receipt_check(&r, keys, 1, &c, &e);
	}
	OK(bad == 0);
	OK(receipt_read(&r, receipt, 22, &e) && e.code == E_bad_receipt);
	OK(!receipt_read(&r, receipt, n, &e));
	r.index++;
	OK(receipt_check(&r, keys, 1, &c, &e) && e.code == E_proof_mismatch);
	receipt_release(&r);
}

static void
foreign_receipts(void)
{
	struct buf bytes = BUF_INIT(RECEIPT_MAX);
	struct receipt r = RECEIPT_INIT;
	struct json root, test = { 0 };
	struct err e = { 0 };
	const char *s;
	int n = 0, i;
	bool ok;

	if (vector_read(&text, "signed-note/tlog_proofs.json")) {
		SKIP(13, "receipts");
		return;
	}
	OK(!json_parse(&root, text.data, text.len, &e));
	for (; json_next(&test, &root); n++) {
		s = member(&test, "text");
		ok = !strcmp(member(&test, "expect"), "ok");
		buf_reset(&bytes);
		buf_adds(&bytes, s);
		if (!*s) {		/* the case of the long line */
			buf_adds(&bytes, "c2sp.org/tlog-proof@v1\nindex 0\n");
			for (i = 0; i < 66560; i++)
				buf_addc(&bytes, 'a');
			buf_addc(&bytes, '\n');
		}
		OK((receipt_read(&r, bytes.data, bytes.len, &e) == 0) == ok);
		if (!ok)
			continue;
		IS(r.note, member(&test, "checkpoint"));
		OK(r.leaf.len == strlen(member(&test, "extra")) &&
		    !strncmp(r.leaf.data, member(&test, "extra"), r.leaf.len));
	}
	printf("# receipts: %d\n", n);
	OK(n == 13);
	receipt_release(&r);
	buf_release(&bytes);
	json_release(&root);
}

int
main(void)
{
	ours();
	theirs();
	of_the_log();
	verifier_keys();
	notes();
	checkpoints();
	receipts();
	foreign_receipts();
	buf_release(&text);
	buf_release(&out);
	return DONE();
}
