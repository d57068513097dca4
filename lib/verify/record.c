/* Findings and the summary as records: spec/ledger.md 6.3. */
#include "base/json.h"
#include "verify/impl.h"

void
verify_finding_write(struct buf *out, const struct finding *f)
{
	json_open(out, NULL, '{');
	json_int(out, "layer", f->layer);
	json_str(out, "code", err_word(f->code));
	json_int(out, "status", (int64_t)err_kind(f->code));
	if (f->seq >= 0)
		json_int(out, "seq", f->seq);
	json_str_if(out, "want", f->want);
	json_str_if(out, "got", f->got);
	json_str(out, "message", f->text);
}

static void
write_skipped(struct buf *out, const struct verified *v)
{
	int i;

	json_open(out, "skipped", '[');
	for (i = 1; i <= VERIFY_LAYERS; i++) {
		if (!(v->skipped & LAYER(i)))
			continue;
		json_open(out, NULL, '{');
		json_int(out, "layer", i);
		json_str(out, "reason", v->why[i]);
		json_close(out, '}');
	}
	json_close(out, ']');
}

void
verify_write(struct buf *out, const struct verified *v)
{
	static const char *const trusts[] = {
		[TRUST_SELF] = "self", [TRUST_VKEY] = "vkey",
		[TRUST_CARD] = "card", [TRUST_POLICY] = "policy",
	};
	char hex[HASH_HEX];
	size_t i;

	hash_hex(hex, &v->root);
	json_open(out, NULL, '{');
	json_str(out, "result", v->status == ERR_NO ? "false" :
	    v->status == ERR_OK || v->status == ERR_REFUSED ? "true" :
	    "unknown");
	json_int(out, "status", (int64_t)v->status);
	json_int(out, "size", v->size);
	json_str(out, "root", hex);
	if (*v->origin)
		json_str(out, "origin", v->origin);
	json_str(out, "trust", trusts[v->trust]);
	if (v->checkpoint >= 0)
		json_int(out, "checkpoint", v->checkpoint);
	json_open(out, "layers", '[');
	for (i = 1; i <= VERIFY_LAYERS; i++)
		if (v->layers & LAYER(i))
			json_int(out, NULL, (int64_t)i);
	json_close(out, ']');
	write_skipped(out, v);
	json_open(out, "notes", '[');
	for (i = 0; i < v->n_notes; i++)
		json_str(out, NULL, v->notes[i]);
	json_close(out, ']');
	json_int(out, "findings", v->findings);
}
