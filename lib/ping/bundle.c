/*
 * What there is to show the other party of an incident, in one signed object:
 * the probes, the addresses and certificates that they met, the changes and
 * the maintenance with a receipt of the log for each, and the checkpoint that
 * these lead to.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "evidence/prove.h"
#include "key/domain.h"
#include "key/ident.h"
#include "key/key.h"
#include "ping/impl.h"
#include "ping/seen.h"

#define ENDS 400		/* samples from its beginning and its end */
#define MODE 0644

/* What of the incident does not count. */
struct left_out { struct health_maint maint; struct window window; };

struct bundle {
	struct ping_past past;
	struct health_incident incident;
	struct health_series series;
	struct span span;
	struct sample *sample;		/* owned */
	size_t n, n_changes, n_out;
	int64_t left_out;
	struct health_change *change;	/* owned */
	struct left_out *out;		/* owned */
	struct seen seen;
	struct issuer issuer;
	struct issued issued;
	struct sign_key key;
};

/* --- reading -------------------------------------------------------------- */

static int
read_samples(struct bundle *b, const struct window *w, struct err *e)
{
	struct sample one;
	struct query q;
	int got;

	health_samples_of(&q, b->past.store, b->series.id, w);
	while ((got = health_samples_next(&q, &one, e)) > 0) {
		if (b->n == (size_t)2 * ENDS) {
			memmove(b->sample + ENDS, b->sample + ENDS + 1,
			    (ENDS - 1) * sizeof(*b->sample));
			b->n--;
			b->left_out++;
		}
		if (!(b->n & (b->n - 1)))
			b->sample = mem_grow(b->sample, b->n ? 2 * b->n : 1,
			    sizeof(*b->sample));
		b->sample[b->n++] = one;
	}
	query_close(&q);
	return got;
}

static int
read_changes(struct bundle *b, const struct window *w, struct err *e)
{
	struct health_change c;
	struct query q;
	int got;

	health_changes_open(&q, b->past.store, b->series.id, w->from_ms);
	while ((got = health_changes_next(&q, &c, e)) > 0 &&
	    c.change.effective_ms < w->to_ms) {
		b->change = mem_grow(b->change, b->n_changes + 1,
		    sizeof(*b->change));
		b->change[b->n_changes++] = c;
	}
	query_close(&q);
	return got < 0 ? -1 : 0;
}

static int
read_maintenance(struct bundle *b, const struct window *w, struct err *e)
{
	struct health_cut *cut;
	size_t i;

	if (health_calendar_cuts(&b->past.calendar, b->series.node_id, w,
	    &cut, &b->n_out, e))
		return -1;
	b->out = mem_zero(b->n_out + 1, sizeof(*b->out));
	for (i = 0; i < b->n_out; i++)
		b->out[i] = (struct left_out){ *cut[i].maint, cut[i].window };
	free(cut);
	return 0;
}

static int
read_all(struct cli *c, struct bundle *b, struct err *e)
{
	struct health_incident *i = &b->incident;
	struct window w;

	if (ping_past_open(&b->past, c, e) || health_incident(b->past.store,
	    c->argv[0], i, e) || ping_series(b->past.store, i->series,
	    &b->series, e) || ping_incident_down(&b->past, &b->series, i,
	    NULL, &b->span, e))
		return -1;
	w.from_ms = i->good_ms > 0 && i->good_ms < i->began_ms ? i->good_ms :
	    i->began_ms;
	w.to_ms = (i->ended_ms ? i->ended_decided_ms : cli_now(c)) + 1;
	return read_samples(b, &w, e) || read_changes(b, &w, e) ||
	    read_maintenance(b, &w, e) ||
	    seen_read(&b->seen, b->past.store, i, e) ? -1 : 0;
}

/* --- writing -------------------------------------------------------------- */

/* Each that was met, once, with when that was first. */
static void
write_addresses(struct buf *out, const struct bundle *b)
{
	size_t i, k;

	json_open(out, "addresses", '[');
	for (i = 0; i < b->n; i++) {
		for (k = 0; k < i; k++)
			if (!strcmp(b->sample[k].ip, b->sample[i].ip))
				break;
		if (k < i || !*b->sample[i].ip)
			continue;
		json_open(out, NULL, '{');
		json_str(out, "ip", b->sample[i].ip);
		json_time(out, "first_at", b->sample[i].started_ms);
		json_close(out, '}');
	}
	json_close(out, ']');
}

static void
write_certificates(struct buf *out, const struct bundle *b)
{
	const struct sample *s = b->sample;
	size_t i, k;

	json_open(out, "certificates", '[');
	for (i = 0; i < b->n; i++) {
		for (k = 0; k < i; k++)
			if (s[k].cert_expires_ms == s[i].cert_expires_ms)
				break;
		if (k < i || !s[i].cert_expires_ms)
			continue;
		json_open(out, NULL, '{');
		json_time(out, "expires_at", s[i].cert_expires_ms);
		json_time(out, "first_at", s[i].started_ms);
		json_close(out, '}');
	}
	json_close(out, ']');
}

static void
write_samples(struct buf *out, const struct bundle *b)
{
	struct buf one = BUF_INIT(PING_RECORD);
	size_t i;

	json_open(out, "samples", '[');
	for (i = 0; i < b->n; i++) {
		buf_reset(&one);
		sample_write_whole(&one, &b->sample[i]);
		json_raw(out, NULL, one.data, one.len);
	}
	json_close(out, ']');
	json_int(out, "samples_left_out", b->left_out);
	buf_release(&one);
}

/* Which entry of the log says so, and the receipt for it. */
static int
write_entry(struct buf *out, struct bundle *b, const char *prefix,
    int64_t seq, struct err *e)
{
	struct buf receipt = BUF_INIT(JSON_MAX);
	char id[LEAF_ID], key[32];
	int rc = prove_receipt(&b->issuer, seq, &b->issued, &receipt, id, e);

	if (!rc) {
		snprintf(key, sizeof(key), "%sseq", prefix);
		json_int(out, key, seq);
		snprintf(key, sizeof(key), "%sid", prefix);
		json_str(out, key, id);
		snprintf(key, sizeof(key), "%sreceipt", prefix);
		json_str(out, key, receipt.data);
	}
	buf_release(&receipt);
	return rc;
}

static int
write_changes(struct buf *out, struct bundle *b, struct err *e)
{
	const struct health_change *c;
	size_t i;
	int rc = 0;

	json_open(out, "changes", '[');
	for (i = 0; i < b->n_changes && !rc; i++) {
		c = &b->change[i];
		json_open(out, NULL, '{');
		json_str(out, "from", state_word(c->change.from));
		json_str(out, "to", state_word(c->change.to));
		json_time(out, "effective_at", c->change.effective_ms);
		json_time(out, "decided_at", c->change.decided_ms);
		json_str(out, "cause", state_cause_word(c->change.cause));
		json_str_or_null(out, "class", sample_class_word(c->class));
		rc = write_entry(out, b, "", c->seq, e);
		json_close(out, '}');
	}
	json_close(out, ']');
	return rc;
}

static int
write_maintenance(struct buf *out, struct bundle *b, struct err *e)
{
	const struct health_maint *m;
	size_t i;
	int rc = 0;

	json_open(out, "maintenance", '[');
	for (i = 0; i < b->n_out && !rc; i++) {
		m = &b->out[i].maint;
		json_open(out, NULL, '{');
		json_str(out, "maintenance_id", m->id);
		ask_write_window(out, &b->out[i].window);
		json_str(out, "reason", m->reason);
		json_time(out, "announced_at", m->made_ms);
		rc = write_entry(out, b, "", m->seq, e) || (m->end_seq >= 0 &&
		    write_entry(out, b, "end_", m->end_seq, e)) ? -1 : 0;
		json_close(out, '}');
	}
	json_close(out, ']');
	return rc;
}

static int
write(struct cli *c, struct bundle *b, struct buf *out, struct err *e)
{
	char node_id[HASH_HEX], pem[SIGN_SPKI + 1];

	ident_id(node_id, &b->key.pub);
	sign_spki(pem, &b->key.pub);
	json_open(out, NULL, '{');
	json_int(out, "v", 1);
	json_str(out, "observer", node_id);
	json_str(out, "public_key_pem", pem);
	json_time(out, "issued_at", cli_now(c));
	ping_incident_write(out, &b->series, &b->incident, &b->span);
	write_addresses(out, b);
	write_certificates(out, b);
	write_samples(out, b);
	if (seen_write(out, c->store, &b->seen, e) ||
	    write_changes(out, b, e) || write_maintenance(out, b, e))
		return -1;
	json_str(out, "checkpoint", b->issued.note.data);
	if (domain_seal(out, DOMAIN_incident, &b->key, "signature", e))
		return -1;
	json_close(out, '}');
	return out->full ? err_set(e, E_too_long, "there is more to show "
	    "than a record can hold") : 0;
}

static int
put(struct cli *c, const struct ping_bundle *say, struct buf *out,
    struct err *e)
{
	if (!say->output || !strcmp(say->output, "-"))
		return cli_emit_buf(c, out, e);
	buf_addc(out, '\n');
	return say->force ? file_write(say->output, out->data, out->len, MODE,
	    e) : file_create(say->output, out->data, out->len, MODE, e);
}

/* All that is shown has to be below the checkpoint. */
static int64_t
last_seq(const struct bundle *b)
{
	const struct health_maint *m;
	int64_t seq = 0;
	size_t i;

	for (i = 0; i < b->n_changes; i++)
		if (b->change[i].seq > seq)
			seq = b->change[i].seq;
	for (i = 0; i < b->n_out; i++) {
		m = &b->out[i].maint;
		if (m->seq > seq)
			seq = m->seq;
		if (m->end_seq > seq)
			seq = m->end_seq;
	}
	return seq;
}

static int
prove(struct cli *c, struct bundle *b, struct err *e)
{
	if (issue_begin(&b->issuer, c->store, c->home, &c->params,
	    cli_now(c), e))
		return -1;
	b->issuer.sane = !c->accept_clock;
	return prove_against(&b->issuer, last_seq(b), -1, &b->issued, e);
}

int
ping_bundle(struct cli *c, struct ping_bundle *say, struct err *e)
{
	struct bundle b = { .issued = ISSUED_INIT };
	struct pass_asker asker = { c, &say->pass };
	struct buf out = BUF_INIT(JSON_MAX);
	int rc = -1;

	if (c->dry_run || c->id)
		return err_set(e, E_usage, "--dry-run and --id are not for "
		    "bundles: they change nothing");
	say->pass.of = "the node key";
	if (cli_store(c, e))
		goto out;
	rc = read_all(c, &b, e);
	ping_past_close(&b.past);
	if (rc || key_node(c->home, pass_ask, &asker, &b.key, e) ||
	    prove(c, &b, e) || write(c, &b, &out, e)) {
		rc = -1;
		goto out;
	}
	rc = put(c, say, &out, e);
out:
	sign_key_release(&b.key);
	issue_release(&b.issued);
	free(b.sample);
	free(b.change);
	free(b.out);
	seen_release(&b.seen);
	buf_release(&out);
	return rc;
}
