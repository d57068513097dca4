/*
 * What answers say of nodes: canned ones, each member of which is made wrong
 * in turn, and every class in its order.
 */
#include <stdlib.h>

#include "tap.h"

#include "base/buf.h"
#include "base/chance.h"
#include "base/clock.h"
#include "key/domain.h"
#include "key/ident.h"
#include "probe/judge.h"

#define NONCE "0123456789abcdef0123456789abcdef"
#define NOW 1795161600000

static struct sign_key key, other;
static struct ident id;
static struct probe_how how;
static struct probe_target target;
static struct client_answer answer;
static struct sample got;

/* "ok", "slow" or the class, and whether it is signed. */
static const char *
judge(const char *body)
{
	answer.body = body;
	answer.n = strlen(body);
	memset(&got, 0xff, sizeof(got));
	probe_judge(&got, &how, &target, NONCE, &answer);
	if (got.ok)
		return got.slow ? got.is_signed ? "slow" : "slow unsigned" :
		    got.is_signed ? "ok" : "ok unsigned";
	return got.is_signed || got.slow || *got.version ? "not sane" :
	    sample_class_word(got.class);
}

/* A body that is signed by k, with that behind it. */
static const char *
sign(struct buf *b, const char *open, const struct sign_key *k,
    const char *rest)
{
	struct err e;

	buf_reset(b);
	buf_adds(b, open);
	if (domain_seal(b, DOMAIN_health, k, "signature", &e))
		return "";
	buf_adds(b, rest);
	buf_addc(b, '}');
	return b->data;
}

static void
reset(void)
{
	ident_of(&id, &key.pub);
	probe_how_defaults(&how);
	how.now_ms = NOW;
	how.mono_ms = 5000;
	how.sweep_id = "s";
	target = (struct probe_target){
		.node_id = id.node_id, .endpoint = "https://n.example",
		.key = &key.pub,
	};
	answer = (struct client_answer){
		.status = 200, .ip = "192.0.2.1", .began_us = 1500999,
		.dns_us = 1, .connect_us = 2, .tls_us = 3, .first_us = 4,
		.total_us = 1000000, .cert_ends_ms = NOW + 15 * CLOCK_DAY_MS,
	};
}

static void
test_good(void)
{
	struct buf b = BUF_INIT(4096), head = BUF_INIT(4096);

	reset();
	buf_addf(&head, "{\"status\":\"ok\",\"node_id\":\"%s\","
	    "\"version\":\"1.2\",\"nonce\":\"" NONCE "\"", id.node_id);
	sign(&b, head.data, &key, "");
	IS(judge(b.data), "ok");
	IS(got.version, "1.2");
	IS(got.node_id, id.node_id);
	IS(got.url, "https://n.example");
	IS(got.ip, "192.0.2.1");
	IS(got.sweep_id, "s");
	OK(got.started_ms == NOW + 1500 && got.mono_ms == 6500);
	OK(got.http == 200 && got.us[PHASE_DNS] == 1 &&
	    got.us[PHASE_CONNECT] == 2 && got.us[PHASE_TLS] == 3 &&
	    got.us[PHASE_FIRST] == 4 && got.us[PHASE_TOTAL] == 1000000);

	answer.total_us++;		/* at health_slow it is not slow yet */
	IS(judge(b.data), "slow");
	reset();
	answer.cert_ends_ms = NOW + 1500 + 14 * CLOCK_DAY_MS;
	IS(judge(b.data), "ok");
	answer.cert_ends_ms--;
	IS(judge(b.data), "slow");
	answer.cert_ends_ms = NOW - 1;
	IS(judge(b.data), "slow");
	answer.cert_ends_ms = 0;
	IS(judge(b.data), "ok");

	target.version = "1.2";
	IS(judge(b.data), "ok");
	target.version = "1.20";
	IS(judge(b.data), "slow");
	target.version = "";
	IS(judge(b.data), "ok");
	target.node_id = NULL;
	IS(judge(b.data), "ok");
	target.key = NULL;
	IS(judge(b.data), "slow unsigned");
	target.require_signed = true;
	IS(judge(b.data), "badsig");

	reset();
	buf_reset(&head);
	buf_adds(&head, "{\"status\":\"degraded\",\"nonce\":\"" NONCE "\"");
	IS(judge(sign(&b, head.data, &key, "")), "slow");
	IS(got.version, "");
	buf_release(&b);
	buf_release(&head);
}

/* No answer that has one byte changed is that of the node. */
static void
test_signature(void)
{
	static const char open[] = "{\"status\":\"ok\",\"version\":\"1.2\","
	    "\"uptime_s\":17,\"nonce\":\"" NONCE "\"";
	struct buf b = BUF_INIT(4096);
	size_t i, good = 0, wrong = 0;
	const char *said;
	int bit;

	reset();
	how.require_signed = true;
	IS(judge(sign(&b, open, &key, "")), "ok");
	IS(judge(sign(&b, open, &other, "")), "badsig");
	IS(judge(sign(&b, open, &key, ",\"more\":1")), "badsig");
	IS(judge(sign(&b, "{\"status\":\"ok\"", &key, "")), "badsig");
	IS(judge(sign(&b, "{\"status\":\"ok\",\"nonce\":\"\"", &key, "")),
	    "badsig");
	IS(judge(sign(&b, "{\"status\":\"ok\",\"nonce\":null", &key, "")),
	    "badsig");
	IS(judge(sign(&b, "{\"status\":\"ok\"", &key, ",\"nonce\":\"" NONCE
	    "\"")), "badsig");
	IS(judge("{\"status\":\"ok\",\"nonce\":\"" NONCE
	    "\",\"signature\":null}"), "badsig");
	sign(&b, open, &key, "");
	for (i = 0; i < b.len; i++)
		for (bit = 0; bit < 8; bit++) {
			b.data[i] ^= (char)(1 << bit);
			said = judge(b.data);
			/* A NUL ends the text earlier. */
			good += !strncmp(said, "ok", 2) ||
			    !strncmp(said, "slow", 4);
			wrong += !strcmp(said, "badsig");
			b.data[i] ^= (char)(1 << bit);
		}
	OK(good == 0 && wrong > b.len);
	IS(judge(b.data), "ok");
	buf_release(&b);
}

static void
test_unsigned(void)
{
	static const char old[] = "{\"status\":\"healthy\",\"timestamp\":\"t\","
	    "\"components\":{\"database\":\"healthy\"}}";
	char text[256];

	reset();
	IS(judge(old), "slow unsigned");
	IS(judge("{\"status\":\"degraded\"}"), "slow unsigned");
	target.version = "1";			/* it does not say any */
	IS(judge(old), "slow unsigned");
	snprintf(text, sizeof(text), "{\"status\":\"ok\",\"node_id\":\"%s\"}",
	    id.node_id);
	IS(judge(text), "slow unsigned");
	text[40] ^= 1;
	IS(judge(text), "badsig");
	IS(judge("{\"status\":\"ok\",\"node_id\":7}"), "badsig");
	IS(judge("{\"status\":\"ok\",\"node_id\":null}"), "slow unsigned");
	IS(judge("{\"status\":\"ok\",\"version\":\"a\\nb\"}"),
	    "slow unsigned");
	IS(got.version, "");
	IS(judge("{\"status\":\"ok\",\"version\":\"123456789012345678901234"
	    "56789012\"}"), "slow unsigned");
	IS(got.version, "12345678901234567890123456789012");
	IS(judge("{\"status\":\"ok\",\"version\":\"123456789012345678901234"
	    "567890123\"}"), "slow unsigned");
	IS(got.version, "");
	how.require_signed = true;
	IS(judge(old), "badsig");
}

static void
test_classes(void)
{
	static const char *const bodies[] = { "", "[]", "null", "\"ok\"", "1",
	    "{", "{}", "{\"status\":1}", "{\"status\":\"OK\"}",
	    "{\"status\":\"down\"}", "{\"status\":\"ok\"} x",
	    "{\"status\":\"ok\",\"status\":\"ok\"}",
	    "{\"status\":\"o\\u0000k\"}", "{\"status\":\"ok\xff\"}" };
	static const struct { enum client_end end; const char *word; } ends[] =
	{
		{ CLIENT_FORBIDDEN, "forbidden" }, { CLIENT_DNS, "dns" },
		{ CLIENT_CONNECT, "connect" }, { CLIENT_TLS, "tls" },
		{ CLIENT_TIMEOUT, "timeout" }, { CLIENT_BROKEN, "http" },
		{ CLIENT_LARGE, "body" },
	};
	size_t i;

	reset();
	for (i = 0; i < sizeof(bodies) / sizeof(*bodies); i++)
		IS(judge(bodies[i]), "body");
	for (i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		answer.end = ends[i].end;
		IS(judge("{\"status\":\"ok\"}"), ends[i].word);
	}
	/* The first that is wrong is what counts. */
	answer.status = 500;
	IS(judge(""), "http");			/* a large one */
	answer.end = CLIENT_TIMEOUT;
	IS(judge(""), "timeout");
	answer.end = CLIENT_ANSWERED;
	for (i = 100; i < 600; i++) {
		answer.status = (int)i;
		if (strcmp(judge("{\"status\":\"ok\"}"), i / 100 == 2 ?
		    "slow unsigned" : "http"))
			break;
	}
	OK(i == 600);
	target.reference = true;
	answer.total_us = 9000000;
	IS(judge("<html>"), "ok unsigned");
	answer.end = CLIENT_LARGE;
	IS(judge("<html>"), "ok unsigned");
	answer.end = CLIENT_TIMEOUT;
	IS(judge("<html>"), "timeout");
}

int
main(void)
{
	sign_key_new(&key);
	sign_key_new(&other);
	test_good();
	test_signature();
	test_unsigned();
	test_classes();
	sign_key_release(&key);
	sign_key_release(&other);
	return DONE();
}
